"""A box of packets -> one of them, in words and as a frame that anyone can hold against the rules."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from thingwarden.model import Policy
from thingwarden.policy.entries import ANYONE, Ends, Way
from thingwarden.policy.gateway.ground import wrap
from thingwarden.policy.needs import ICMP, ICMP6, TCP, UDP
from thingwarden.policy.proof.judge import DEFAULT
from thingwarden.policy.safety.boxes import WHOEVER, Interval
from thingwarden.policy.safety.ends import intervals, places, site_of
from thingwarden.policy.safety.prove import Breach
from thingwarden.policy.wording import PROTOCOLS, printable, short_name

STRANGER = "02:00:5e:00:53:01"
"""A hardware address that stands for whoever else there is."""

SOMEWHERE = {4: "198.51.100.1", 6: "2001:db8::1"}
"""An address of a name that nobody was told (RFC 5737, RFC 3849)."""

OWN = {4: "0.0.0.0", 6: "fe80::1"}  # noqa: S104  # not to bind to
ETHERTYPES = {4: 0x0800, 6: 0x86DD}
SYN, ACK = 0x02, 0x10
FIRST_PLAIN = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One packet of a box."""

    way: Way
    own_mac: str
    own: str
    peer_mac: str
    peer: str
    protocol: int
    own_port: int
    """For ICMP the type."""
    peer_port: int
    begins: bool


def sample_of(breach: Breach, policy: Policy) -> Sample:
    """The packet of a breach that people recognise best: usual ports, addresses that were seen."""
    where, own, peer, begins = breach.box
    device = wrap(breach.device)
    mine = [one for one in device.addresses if ip_address(one).version == breach.version]
    return Sample(
        way=breach.entry.way,
        own_mac=next(iter(device.macs), STRANGER),
        own=next(iter(mine), OWN[breach.version]),
        peer_mac=_peer_mac(breach, policy),
        peer=_peer(breach, policy, where),
        protocol=breach.entry.protocol,
        own_port=_port(own),
        peer_port=_port(peer),
        begins=begins[1] == 1,
    )


def say_breach(breach: Breach, policy: Policy) -> str:
    """Such as "pump cannot send to 10.0.0.9, TCP port 8883 (from port 1024): no rule allows it"."""
    one = sample_of(breach, policy)
    who = short_name(breach.device)
    whom = (
        f"{one.peer} (an address of {printable(breach.entry.ends.name)})"
        if breach.entry.ends.name
        else one.peer
    )
    there = "sent to" if one.way is Way.FROM else "that comes from"
    why = f"{printable(breach.rule)} {'lets it pass' if breach.passes else 'stops it'}"
    why = "no rule allows it" if breach.rule == DEFAULT else why
    return f"{who}, a packet {there} {whom}, {_what(one)}: {why}"


def frame_of(sample: Sample) -> bytes:
    """The packet on Ethernet, without checksums, which no rule looks at."""
    ends = [
        (sample.own_mac, sample.own, sample.own_port),
        (sample.peer_mac, sample.peer, sample.peer_port),
    ]
    source, target = ends if sample.way is Way.FROM else ends[::-1]
    load = _load(sample, source[2], target[2])
    version = ip_address(sample.peer).version
    addresses = ip_address(source[1]).packed + ip_address(target[1]).packed
    if version == 4:
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(load), 0, 0, 64, sample.protocol, 0)
    else:
        head = struct.pack("!IHBB", 6 << 28, len(load), sample.protocol, 64)
    link = _mac(target[0]) + _mac(source[0]) + struct.pack("!H", ETHERTYPES[version])
    return link + head + addresses + load


def _load(sample: Sample, source: int, target: int) -> bytes:
    if sample.protocol == TCP:
        flags = SYN if sample.begins else ACK
        return struct.pack("!HHIIBBHHH", source, target, 0, 0, 5 << 4, flags, 0, 0, 0)
    if sample.protocol == UDP:
        return struct.pack("!HHHH", source, target, 8, 0)
    if sample.protocol in (ICMP, ICMP6):
        return struct.pack("!BBHI", sample.own_port, 0, 0, 0)
    return bytes(8)


def _peer(breach: Breach, policy: Policy, where: Interval) -> str:
    """An address that the invariant means and, where one decides, the rule: one that was seen if there is."""
    ends, by = breach.entry.ends, breach.by or ANYONE
    spans = [where]
    if places(ends, breach.version) == [WHOEVER]:
        spans = intervals(by.networks, breach.version)
    for one in _seen(ends, by, policy):
        if ip_address(one).version == breach.version and _is_in(int(ip_address(one)), spans):
            return one
    usual = int(ip_address(SOMEWHERE[breach.version]))
    low, high = spans[0]
    return _text(usual if _is_in(usual, spans) else min(low + (low < high), high), breach.version)


def _seen(ends: Ends, by: Ends, policy: Policy) -> Iterator[str]:
    site = site_of(policy)
    for one in (ends, by):
        yield from site.known.get(one.name or "", ())
        for mac in one.macs or ():
            yield from site.by_mac.get(mac, ())


def _is_in(number: int, spans: Iterable[Interval]) -> bool:
    return any(low <= number <= high for low, high in spans)


def _text(number: int, version: int) -> str:
    packed = number.to_bytes(4 if version == 4 else 16, "big")
    return str(ip_address(packed))


def _peer_mac(breach: Breach, policy: Policy) -> str:
    by = breach.by.macs if breach.by else None
    macs = breach.entry.ends.macs or by or policy.network.gateways
    return next(iter(macs), STRANGER)


def _port(interval: tuple[int, int]) -> int:
    """The port itself, or of many one from which people ask."""
    low, high = interval
    return max(low, FIRST_PLAIN) if high >= FIRST_PLAIN and low < FIRST_PLAIN else low


def _what(sample: Sample) -> str:
    protocol = PROTOCOLS.get(sample.protocol, f"IP protocol {sample.protocol}")
    if sample.protocol in (ICMP, ICMP6):
        return f"{protocol} type {sample.own_port}"
    if sample.protocol not in (TCP, UDP):
        return protocol
    begins = ", which begins a connection" if sample.begins else ""
    return f"{protocol} port {sample.peer_port}, own port {sample.own_port}{begins}"


def _mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))
