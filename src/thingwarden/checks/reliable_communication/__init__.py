"""Does it get through, and what happens when it does not? -> CHECKS."""

from thingwarden.checks.reliable_communication import retry_storm

CHECKS = (retry_storm.CHECK,)
