"""A packet -> which rule of which device lets it pass or stops it, and what that rule was learnt from."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from thingwarden.model import ANY, DevicePolicy, Network, Policy, Span
from thingwarden.policy.entries import Ends, Entry, Way, list_entries
from thingwarden.policy.gateway.chains import DEFAULT, SPOOF
from thingwarden.policy.gateway.enforcing.flows import End, Packet
from thingwarden.policy.gateway.ground import (
    GROUPS,
    inside_of,
    list_wrapped,
    prefixes_of,
    sources_of,
)
from thingwarden.policy.gateway.names import TABLE, read_mac, read_name, set_name
from thingwarden.policy.gateway.sets import known_addresses
from thingwarden.policy.gateway.steps import Step
from thingwarden.policy.needs import ICMP, ICMP6, NEEDED, TCP, UDP
from thingwarden.policy.wording import Words, printable, say_ground

Addresses = Mapping[str, frozenset[str]]
"""Set of nftables -> addresses in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one device's list says of a packet."""

    device: DevicePolicy
    way: Way
    rule: str
    allowed: bool
    words: str
    ground: str
    """What the rule rests on; empty for none."""


def explain(packet: Packet, policy: Policy, addresses: Addresses) -> tuple[Verdict, ...]:
    """A verdict for each wrapped device at an end of the packet: it passes if all allow it."""
    devices = {device.device_id: device for device in policy.devices}
    ends = ((packet.source, Way.FROM), (packet.target, Way.TO))
    return tuple(
        _judge(packet, devices[end.device], way, policy, addresses)
        for end, way in ends
        if end.device is not None
    )


def is_stopped(packet: Packet, verdicts: tuple[Verdict, ...], step: Step, network: Network) -> bool:
    """Whether the packet is stopped at a step."""
    return any(not one.allowed and _stops(packet, one.way, step, network) for one in verdicts)


def learnt_addresses(policy: Policy, listed: Any) -> Addresses:  # noqa: ANN401  # JSON of nft
    """Addresses of each name: those that the kernel's sets have, or else those of the policy."""
    found = {
        item["set"]["name"]: frozenset(map(_address, item["set"].get("elem", ())))
        for item in listed["nftables"]
        if item.get("set", {}).get("table") == TABLE
    }
    known = known_addresses(list_wrapped(policy)[0])
    for name, addresses in known.items():
        for version in (4, 6):
            some = frozenset(one for one in addresses if ip_address(one).version == version)
            found.setdefault(set_name(name, version), some)
    return found


def _judge(
    packet: Packet, device: DevicePolicy, way: Way, policy: Policy, addresses: Addresses
) -> Verdict:
    if way is Way.FROM and _is_foreign(packet.source, device, policy.network):
        return _unruled(device, way, SPOOF)
    for entry in list_entries(device, policy.network):
        if entry.way is way and _fits(entry, packet, addresses):
            return _ruled(device, entry, policy)
    return _unruled(device, way, DEFAULT)


def _unruled(device: DevicePolicy, way: Way, rule: str) -> Verdict:
    words = {
        (DEFAULT, Way.FROM): "no rule lets it send this",
        (DEFAULT, Way.TO): "no rule lets it be sent this",
        (SPOOF, Way.FROM): "the source is not an address of this device",
    }[rule, way]
    return Verdict(device=device, way=way, rule=rule, allowed=False, words=words, ground="")


def _ruled(device: DevicePolicy, entry: Entry, policy: Policy) -> Verdict:
    says = Words(policy)
    for patch in device.patches:
        if patch.id == entry.rule and not entry.allow:
            ground = f"{printable(patch.reason)}, until {printable(patch.until)}"
            words = f"patched: {says.behaviour(patch.behaviour)}"
            return _verdict(device, entry, words, ground)
    for rule in (*NEEDED, *device.rules):
        if rule.id == entry.rule:
            note = f"; {printable(rule.note)}" if rule.note else ""
            seen = ", ".join(map(printable, rule.learnt.examples)) if rule.learnt else ""
            ground = f"{say_ground(rule)}{f' as {seen}' if seen else ''}{note}"
            return _verdict(device, entry, says.behaviour(rule.behaviour), ground)
    return _verdict(device, entry, entry.rule, "")


def _verdict(device: DevicePolicy, entry: Entry, words: str, ground: str) -> Verdict:
    return Verdict(
        device=device,
        way=entry.way,
        rule=entry.rule,
        allowed=entry.allow,
        words=words,
        ground=ground,
    )


def _fits(entry: Entry, packet: Packet, addresses: Addresses) -> bool:
    near, far = packet.source, packet.target
    if entry.way is Way.TO:
        near, far = far, near
    version = _version(packet)
    if entry.protocol != packet.protocol or (entry.version or version) != version:
        return False
    if packet.protocol == TCP and packet.begins and not entry.opens:
        return False
    if not _ports_fit(entry, packet, near, far) or not _is_one(far, entry.ends, addresses):
        return False
    return not any(_is_one(far, ends, addresses) for ends in entry.unless)


def _version(packet: Packet) -> int | None:
    ends = (packet.source.address, packet.target.address)
    return next((ip_address(one).version for one in ends if one), None)


def _ports_fit(entry: Entry, packet: Packet, near: End, far: End) -> bool:
    if packet.protocol in {TCP, UDP}:
        return _is_in(near.port, entry.own) and _is_in(far.port, entry.peer)
    if packet.protocol in {ICMP, ICMP6}:
        return _is_in(packet.type, entry.own)
    return (entry.own, entry.peer) == (ANY, ANY)


def _is_in(number: int, span: Span) -> bool:
    return span.first <= number <= span.last


def _is_one(end: End, ends: Ends, addresses: Addresses) -> bool:
    """Whether an entry is about whoever is at this end."""
    if ends.macs is not None and end.mac not in {read_mac(mac) for mac in ends.macs}:
        return False
    if ends.networks is not None and not _is_among(end.address, ends.networks):
        return False
    return ends.name is None or _has_name(end, ends.name, addresses)


def _has_name(end: End, name: str, addresses: Addresses) -> bool:
    sound = read_name(name)
    if sound is None:
        return False
    if end.name is not None:
        below = sound.startswith("*.") and end.name.endswith(sound[1:])
        return below or end.name == sound
    if end.address is None:
        return False
    version = ip_address(end.address).version
    return end.address in addresses.get(set_name(sound, version), ())


def _is_among(address: str | None, networks: tuple[str, ...]) -> bool:
    if address is None:
        return False
    one = ip_address(address)
    return any(one in network for network in prefixes_of(tuple(networks), one.version))


def _is_foreign(source: End, device: DevicePolicy, network: Network) -> bool:
    """As the chains `source_4` and `source_6` have it."""
    if source.address is None or source.address in {"0.0.0.0", "::", *device.addresses}:  # noqa: S104
        return False
    if ip_address(source.address).version == 6:
        return not _is_among(source.address, ("fe80::/10", *sources_of(network)))
    bound = any(ip_address(one).version == 4 for one in device.addresses)
    return bound or not _is_among(source.address, sources_of(network))


def _stops(packet: Packet, way: Way, step: Step, network: Network) -> bool:
    if step is not Step.INTERNET:
        return step is Step.ALL
    far = packet.target if way is Way.FROM else packet.source
    inside = (*inside_of(network), *GROUPS)
    return far.name is not None or not _is_among(far.address, inside)


def _address(element: Any) -> str:  # noqa: ANN401
    inner = element.get("elem", element) if isinstance(element, dict) else element
    return str(inner.get("val", "")) if isinstance(inner, dict) else str(inner)
