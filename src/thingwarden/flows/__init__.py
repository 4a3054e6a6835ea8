"""Packets -> flows, and the messages that they carry."""
