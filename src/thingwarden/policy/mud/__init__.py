"""Manufacturer Usage Descriptions (RFC 8520) <-> rules."""
