"""Capture files, as they come -> batches of packets as columns."""
