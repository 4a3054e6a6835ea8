"""Can it move to another provider, place or network? -> CHECKS."""

from thingwarden.checks.portability import other_dns_resolver

CHECKS = (other_dns_resolver.CHECK,)
