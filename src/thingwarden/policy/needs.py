"""What no device works without, whatever else it does: addresses, neighbours, groups, errors."""

from thingwarden.model import ANY, Behaviour, Initiator, Origin, Peer, PeerKind, Rule, Span

ICMP, IGMP, TCP, UDP, ICMP6 = 1, 2, 6, 17, 58

SITE_LINK = ("fe80::/10",)
"""Addresses of the link itself, which every IPv6 host has (RFC 4291 section 2.5.6)."""

EVERYONE4, GROUPS4, GROUPS6 = "255.255.255.255/32", "224.0.0.0/4", "ff02::/16"
LOCAL, GROUP, ANYONE = Peer(kind=PeerKind.LOCAL), PeerKind.GROUP, Peer(kind=PeerKind.ANYONE)
DEVICE, PEER = Initiator.DEVICE, Initiator.PEER


def _need(name: str, initiator: Initiator, peer: Peer, protocol: int, service: Span = ANY) -> Rule:
    behaviour = Behaviour(initiator=initiator, peer=peer, protocol=protocol, service=service)
    return Rule(id=name, behaviour=behaviour, origin=Origin.NEEDED)


def _one(port: int) -> Span:
    return Span(first=port, last=port)


def _group(value: str) -> Peer:
    return Peer(kind=GROUP, value=value)


NEEDED = (
    # RFC 2131 section 4.1: to everyone, later to the server; answers come to port 68
    _need("need-dhcp-ask", DEVICE, _group(EVERYONE4), UDP, _one(67)),
    _need("need-dhcp-renew", DEVICE, LOCAL, UDP, _one(67)),
    _need("need-dhcp-answer", PEER, LOCAL, UDP, _one(68)),
    # RFC 8415 sections 7.1 and 7.2
    _need("need-dhcp6-ask", DEVICE, _group(GROUPS6), UDP, _one(547)),
    _need("need-dhcp6-renew", DEVICE, LOCAL, UDP, _one(547)),
    _need("need-dhcp6-answer", PEER, LOCAL, UDP, _one(546)),
    # RFC 4861 section 4: router and neighbour discovery; redirects are left out
    _need("need-nd-ask", DEVICE, _group(GROUPS6), ICMP6, Span(first=133, last=136)),
    _need("need-nd-to", DEVICE, LOCAL, ICMP6, Span(first=133, last=136)),
    _need("need-nd-from", PEER, LOCAL, ICMP6, Span(first=133, last=136)),
    # RFC 3376, RFC 2710, RFC 3810: membership of groups
    _need("need-igmp", DEVICE, _group(GROUPS4), 2),
    _need("need-mld", DEVICE, _group(GROUPS6), ICMP6, Span(first=130, last=132)),
    _need("need-mld2", DEVICE, _group(GROUPS6), ICMP6, _one(143)),
    # RFC 1191, RFC 4443 section 3: without errors a path with a smaller packet size goes dark
    _need("need-errors4-unreachable", PEER, ANYONE, ICMP, _one(3)),
    _need("need-errors4-time", PEER, ANYONE, ICMP, Span(first=11, last=12)),
    _need("need-errors6", PEER, ANYONE, ICMP6, Span(first=1, last=4)),
    _need("need-errors4-out", DEVICE, LOCAL, ICMP, _one(3)),
    _need("need-errors6-out", DEVICE, LOCAL, ICMP6, Span(first=1, last=4)),
)
"""Rules that every policy has, without being told."""
