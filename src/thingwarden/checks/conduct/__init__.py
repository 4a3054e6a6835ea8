"""Does it behave like itself? -> CHECKS."""

from thingwarden.checks.conduct import port_sweep

CHECKS = (port_sweep.CHECK,)
