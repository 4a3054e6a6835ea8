"""Does its maker update it, say until when, and safely? -> CHECKS."""

from thingwarden.checks.vendor import update_without_tls

CHECKS = (update_without_tls.CHECK,)
