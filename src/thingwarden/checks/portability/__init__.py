"""Can it move to another provider, place or network? -> CHECKS."""

from thingwarden.checks.portability import (
    fixed_time_server,
    hard_coded_address,
    hidden_dns,
    locked_protocol,
    no_ipv6,
    no_local_control,
    one_domain,
    other_dns_resolver,
)

CHECKS = (
    no_local_control.CHECK,
    other_dns_resolver.CHECK,
    hidden_dns.CHECK,
    hard_coded_address.CHECK,
    locked_protocol.CHECK,
    one_domain.CHECK,
    fixed_time_server.CHECK,
    no_ipv6.CHECK,
)
