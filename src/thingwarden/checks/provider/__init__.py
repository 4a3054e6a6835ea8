"""Whom does it need on the Internet, and where are they? -> CHECKS."""

from thingwarden.checks.provider import concentrated_destinations

CHECKS = (concentrated_destinations.CHECK,)
