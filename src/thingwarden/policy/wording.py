"""Behaviours, rules and peers -> words for people."""

from thingwarden.model import (
    ANY,
    DNS,
    NTP,
    Behaviour,
    DeviceId,
    DevicePolicy,
    Initiator,
    Origin,
    Peer,
    PeerKind,
    Policy,
    Rule,
    Span,
)
from thingwarden.policy.mud.terms import MANUFACTURER, MODEL, MY_CONTROLLER
from thingwarden.policy.needs import ICMP, ICMP6, IGMP, TCP, UDP

PROTOCOLS = {ICMP: "ICMP", IGMP: "IGMP", TCP: "TCP", UDP: "UDP", ICMP6: "ICMPv6"}

ROLES = {DNS: "the network's name server", NTP: "the network's time server"}

ROLE_STARTS = {
    MY_CONTROLLER: "its own controller",
    MANUFACTURER: "things made by {}",
    MODEL: "things of the model {}",
}

WHOM = {
    PeerKind.GATEWAY: "the gateway",
    PeerKind.LOCAL: "anything on the local network",
    PeerKind.ANYONE: "anyone",
}

LONGEST = 120
"""Letters of what others chose, such as a name: more is no reading matter."""


class Words:
    """What a policy says, with the names of its own devices."""

    def __init__(self, policy: Policy) -> None:
        self._names = {mac: short_name(device) for device in policy.devices for mac in device.macs}
        self.devices = {device.device_id: short_name(device) for device in policy.devices}

    def device(self, device_id: DeviceId) -> str:
        """What people call a device; its id where it has no name."""
        return self.devices.get(device_id, str(device_id))

    def behaviour(self, behaviour: Behaviour) -> str:
        """Such as "reaches time.example, UDP port 123"."""
        verb = "reaches" if behaviour.initiator is Initiator.DEVICE else "is reached by"
        return f"{verb} {self.peer(behaviour.peer)}, {say_service(behaviour)}"

    def peer(self, peer: Peer) -> str:
        """Whom a behaviour is with."""
        value = printable(peer.value).removesuffix("/32").removesuffix("/128")
        if peer.kind is PeerKind.NAME:
            return f"names below {value[2:]}" if value.startswith("*.") else value
        if peer.kind is PeerKind.DEVICE:
            return self._names.get(peer.value, value)
        if peer.kind is PeerKind.CONTROLLER:
            return ROLES.get(peer.value) or _say_role(value)
        if peer.kind is PeerKind.GROUP:
            return f"the group {value}"
        return WHOM.get(peer.kind, value)


def short_name(device: DevicePolicy) -> str:
    """What people call it: its name, or its maker and model, or its id."""
    made = " ".join(filter(None, (device.vendor, device.model or device.category)))
    return printable(device.name or made or str(device.device_id))


def say_service(behaviour: Behaviour) -> str:
    """Protocol and ports, such as "TCP port 443" or "UDP ports 1024 to 65535"."""
    protocol = PROTOCOLS.get(behaviour.protocol, f"IP protocol {behaviour.protocol}")
    kind = "type" if behaviour.protocol in {ICMP, ICMP6} else "port"
    span = _say_span(behaviour.service, kind)
    only = f" over IPv{behaviour.version}" if behaviour.version else ""
    return f"{protocol}{span}{only}"


def _say_role(urn: str) -> str:
    for start, said in ROLE_STARTS.items():
        if urn.startswith(start):
            return said.format(urn.removeprefix(start))
    return f"whoever is {urn}"


def _say_span(span: Span, kind: str) -> str:
    if span == ANY:
        return ""
    if span.first == span.last:
        return f" {kind} {span.first}"
    return f" {kind}s {span.first} to {span.last}"


def say_ground(rule: Rule) -> str:
    """What a rule rests on, such as "seen on 5 days, in 88 hours"."""
    if rule.learnt is None:
        return {
            Origin.NEEDED: "needed by every device",
            Origin.MUD: "said by its maker",
            Origin.USER: "said by you",
            Origin.INVARIANT: "demanded by a safety invariant",
        }.get(rule.origin, printable(rule.note) or "not seen")
    learnt = rule.learnt
    seen = f"seen on {_count(learnt.days, 'day')}, in {_count(learnt.hours, 'hour')}"
    return seen if rule.firm else f"{seen}: provisional"


def printable(text: str) -> str:
    """Without what would move a terminal's cursor or turn its writing round, and not endless."""
    kept = "".join(letter if letter.isprintable() else "�" for letter in text)
    return kept if len(kept) <= LONGEST else f"{kept[:LONGEST]}…"


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"
