"""A policy -> what dnsmasq is told: answers for which names fill which sets.

A line of dnsmasq is about a name and all that lies below it, and of several lines only the longest counts.
So the line of each name has the sets of all patterns above it too, and a name without a longer line below it
lets in the addresses of names below it: wider than the policy, since dnsmasq cannot say less.
"""

from collections.abc import Iterable, Mapping, Sequence

from thingwarden.model import PeerKind, Policy
from thingwarden.policy.gateway.ground import (
    FAMILIES,
    list_wrapped,
    needed_entries,
    own_unit,
)
from thingwarden.policy.gateway.names import TABLE, comment, read_name, set_name
from thingwarden.policy.gateway.sets import TYPES, names_of

MOST_CACHE_SECONDS = 600
"""A cached answer fills no set, so it is soon asked for again: far below the life of an address."""

MOST_LINE = 1000
"""Bytes that dnsmasq reads of a line, 1,024, with some air."""


def write_dnsmasq(policy: Policy, *, families: Sequence[str] = FAMILIES) -> str:
    """The file to include; dnsmasq 2.87 or newer, with nftset, as root or with CAP_NET_ADMIN."""
    names = _names(policy)
    lines = [
        "# Written by thingwarden: answers for these names fill the sets of its nftables rules.",
        "# A line holds for its name and for all names below it that have no line of their own.",
        *(f"# Not said: {comment(sentence)}" for sentence in list_unsaid(policy)),
        f"max-cache-ttl={MOST_CACHE_SECONDS}",
    ]
    for domain, sets in _lines(names, families).items():
        lines += [line] if len(line := f"nftset=/{domain}/{sets}") <= MOST_LINE else []
    return "\n".join(lines) + "\n"


def list_unsaid(policy: Policy) -> tuple[str, ...]:
    """What the files of a gateway cannot say of a policy, each in a sentence."""
    names = _names(policy)
    said = _lines(names, FAMILIES)
    broken = sorted(
        {
            rule.behaviour.peer.value
            for device in policy.devices
            for rule in device.rules
            if rule.behaviour.peer.kind is PeerKind.NAME
            and not read_name(rule.behaviour.peer.value)
        }
    )
    return (
        *list_wrapped(policy)[1],
        *(
            f"{name[:80]!a} is no name of the DNS: rules for it let nothing pass."
            for name in broken
        ),
        *(
            f"{domain}: more patterns lie above it than fit into a line of dnsmasq."
            for domain, sets in said.items()
            if len(f"nftset=/{domain}/{sets}") > MOST_LINE
        ),
    )


def _names(policy: Policy) -> tuple[str, ...]:
    wrapped, _ = list_wrapped(policy)
    own = (entry for device in wrapped for entry in own_unit(device, policy.network).entries)
    return names_of([*needed_entries(policy.network), *own])


def _lines(names: Iterable[str], families: Sequence[str]) -> Mapping[str, str]:
    """Name or suffix of a pattern -> the sets that it fills, in both versions."""
    known = set(names)
    domains = sorted({name.removeprefix("*.") for name in known})
    return {domain: ",".join(_targets(_covering(domain, known), families)) for domain in domains}


def _covering(domain: str, known: set[str]) -> list[str]:
    """The name itself, the pattern for what is below it, and all patterns above it."""
    labels = domain.split(".")
    above = [f"*.{'.'.join(labels[start:])}" for start in range(len(labels))]
    return [name for name in (domain, *above) if name in known]


def _targets(names: Iterable[str], families: Sequence[str]) -> list[str]:
    return [
        f"{version}#{family}#{TABLE}#{set_name(name, version)}"
        for name in names
        for family in families
        for version in TYPES
    ]
