"""Contacts and activity -> inline SVG: who, where, when, how much."""
