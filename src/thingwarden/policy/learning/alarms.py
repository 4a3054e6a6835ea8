"""Findings of bad conduct -> what of a device's behaviour is not learnt while they stand.

An alarm that is grave and likely closes the time in which its evidence lies: what was seen only then is
not learnt. What an alarm names (an address, a port, a domain) is not learnt whenever it was seen.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address

from thingwarden.model import Concern, Confidence, Finding, Severity
from thingwarden.policy.learning.species import Species

LEAST = Severity.MEDIUM
"""What is only a guess at something small does not keep a device from working."""

ROGUE = frozenset({"dhcp-server", "router-advertiser"})
"""Checks that find who pretends to run the network."""

THIEF = "arp-spoof"

ADDRESS = re.compile(r"[0-9a-f.:]*[.:][0-9a-f.:]+")
PORT = re.compile(r"\bport (\d{1,5})\b")
PROTOCOL = re.compile(r"\b(tcp|udp|icmp)\b")
DOMAIN = re.compile(r"\b(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*[a-z0-9]\b")

AFTER_US = 3_600_000_000
"""An alarm's time goes on so long past the last that it shows."""

NEVER_US = 1 << 62
"""Later than any packet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What an alarm names: all that is given must fit, and something is given."""

    ips: frozenset[str]
    port: int | None
    protocol: str | None
    domains: tuple[str, ...]
    anyone: bool = False
    """Whoever it is with, where it is known from elsewhere that it is the one."""

    def fits(self, species: Species) -> bool:
        """Whether the alarm is about this species."""
        if self.port is not None and species.service != self.port:
            return False
        if self.protocol and species.protocol != self.protocol:
            return False
        name = species.name or ""
        below = any(name == each or name.endswith(f".{each}") for each in self.domains)
        if self.ips or self.domains:
            return not self.ips.isdisjoint(species.ips) or below
        return self.anyone or self.port is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A finding of bad conduct that nobody accepted."""

    check: str
    named: tuple[Named, ...]
    from_us: int
    to_us: int
    closes: bool
    """Grave and likely: nothing is learnt from its time."""

    def covers(self, species: Species) -> bool:
        """Whether this species is not to be learnt."""
        inside = self.from_us <= species.first_us and species.last_us <= self.to_us
        return (self.closes and inside) or any(named.fits(species) for named in self.named)


def open_alarms(findings: Iterable[Finding]) -> tuple[Alarm, ...]:
    """Alarms among the findings about one device."""
    return tuple(_alarm(finding) for finding in findings if _is_open(finding))


def seen_from(alarms: Iterable[Alarm], addresses: Collection[str]) -> tuple[Alarm, ...]:
    """The same alarms as they look to a device with these `addresses`: the culprit is its peer.

    What they name is left out unless it is the device itself, or nobody in particular.
    """
    return tuple(
        replace(
            alarm, named=tuple(filter(None, (_turned(named, addresses) for named in alarm.named)))
        )
        for alarm in alarms
    )


def taken_addresses(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Addresses of others that a device claims."""
    claims = (each for each in findings if each.check == THIEF and _is_open(each))
    rows = (row.about for finding in claims for row in finding.evidence)
    return tuple(sorted({ip for about in rows for ip in _addresses(about)}))


def is_rogue(findings: Iterable[Finding]) -> bool:
    """Whether a device pretends to run the network."""
    return any(each.check in ROGUE and _is_open(each) for each in findings)


def _turned(named: Named, addresses: Collection[str]) -> Named | None:
    if named.domains or (named.ips and named.ips.isdisjoint(addresses)):
        return None
    return replace(named, ips=frozenset(), anyone=bool(named.ips))


def _is_open(finding: Finding) -> bool:
    return (
        finding.concern is Concern.CONDUCT
        and finding.severity.rank >= LEAST.rank
        and finding.suppressed is None
    )


def _alarm(finding: Finding) -> Alarm:
    times: Sequence[int] = [row.time_us for row in finding.evidence]
    grave = finding.severity.rank > LEAST.rank and finding.confidence is not Confidence.GUESS
    more = _has_more(finding)
    return Alarm(
        check=finding.check,
        named=tuple({_named(row.about): None for row in finding.evidence}),
        from_us=min(times),
        to_us=NEVER_US if more else max(times) + AFTER_US,
        closes=grave or more,
    )


def _has_more(finding: Finding) -> bool:
    """Whether it is about more things than it shows: which, is not told, so nothing since is learnt."""
    shown = len(finding.evidence)
    things = {row.about for row in finding.evidence}
    return finding.evidence_total > shown == len(things) > 1


def _named(about: str) -> Named:
    """What the words of an evidence's subject name."""
    said = about.casefold()
    port, protocol, ips = PORT.search(said), PROTOCOL.search(said), frozenset(_addresses(said))
    return Named(
        ips=ips,
        port=int(port[1]) if port else None,
        protocol=protocol[1] if protocol else None,
        domains=() if ips else tuple(DOMAIN.findall(said)),
    )


def _addresses(said: str) -> list[str]:
    found = []
    for text in ADDRESS.findall(said.casefold()):
        try:
            found.append(str(ip_address(text)))
        except ValueError:
            continue
    return found
