"""A flow as a person writes it -> the two packets that it begins with."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from thingwarden.errors import GatewayError
from thingwarden.model import DeviceId, DevicePolicy, Policy
from thingwarden.policy.entries import ECHO
from thingwarden.policy.gateway.names import read_address, read_mac, read_name
from thingwarden.policy.needs import ICMP, ICMP6, IGMP, TCP, UDP

PROTOCOLS = {"tcp": TCP, "udp": UDP, "icmp": ICMP, "icmp6": ICMP6, "icmpv6": ICMP6, "igmp": IGMP}

ASKING = 50_000
"""A port from which one asks (RFC 6335 section 6), where none was given."""

FORM = re.compile(
    r"\s*(?P<source>\S+)\s*(?:->|>)\s*(?P<target>\S+)\s+(?P<protocol>[a-z0-9]+)(?:\s+type\s+(?P<type>\d+))?\s*",
    re.IGNORECASE,
)
PORT = re.compile(
    r"(?P<who>\[[^\]]+\]|(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?:/(?:\[[^\]]+\]|[^:]+))?|[^:]+)(?::(?P<port>\d+))?",
    re.I,
)

HINT = 'Such as "192.168.1.5 > 1.2.3.4:443 tcp", "[fe80::1] > time.example:123 udp" or "02:00:00:00:00:05 > 192.168.1.1 icmp type 8".'


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a packet; what is None is not known, and fits no entry that asks for it."""

    port: int = 0
    address: str | None = None
    mac: str | None = None
    name: str | None = None
    """A name that stands for its addresses."""
    device: DeviceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """What an entry looks at."""

    source: End
    target: End
    protocol: int
    type: int = 0
    """Of ICMP."""
    begins: bool = True
    """For TCP: SYN without ACK."""


def read_flow(text: str, policy: Policy) -> tuple[Packet, Packet]:
    """The packet that begins a flow, and its answer; raises `GatewayError`."""
    found = FORM.fullmatch(text)
    if found is None:
        raise GatewayError(f"not a flow: {text[:80]!a}", hint=HINT)
    protocol = _protocol(found["protocol"])
    source = _end(found["source"], policy, ASKING)
    target = _end(found["target"], policy, 0)
    if protocol in {TCP, UDP} and not target.port:
        raise GatewayError(f"no port behind {found['target'][:80]!a}", hint=HINT)
    asks, answers = ECHO.get(protocol, (0, 0))
    kind = int(found["type"]) if found["type"] else asks
    there = Packet(source=source, target=target, protocol=protocol, type=kind)
    back = answers if kind == asks else kind
    return there, Packet(source=target, target=source, protocol=protocol, type=back, begins=False)


def _protocol(text: str) -> int:
    number = PROTOCOLS.get(text.lower(), int(text) if text.isdecimal() else 256)
    if number > 255:
        raise GatewayError(f"no such protocol: {text[:20]!a}", hint=HINT)
    return number


def _end(text: str, policy: Policy, port: int) -> End:
    """Who is meant, completed by what the policy knows of its devices and of the gateway."""
    found = PORT.fullmatch(text) if read_address(text) is None else None
    who = found["who"].strip("[]") if found else text
    if found and found["port"]:
        port = int(found["port"])
    if port > 65535:
        raise GatewayError(f"no such port: {port}", hint=HINT)
    who, _, given = who.partition("/")
    device = _find(who, policy)
    if device:
        first = next(iter(device.addresses), None)
        address = read_address(given.strip("[]")) or read_address(who) or first
        mac = read_mac(who) or next(iter(device.macs), None)
        return End(port=port, address=address, mac=mac, device=device.device_id)
    address, mac = read_address(who), read_mac(who)
    if given:
        raise GatewayError(f"only a device has an address to claim: {text[:80]!a}", hint=HINT)
    if address:
        return End(port=port, address=address, mac=_mac_of(address, policy))
    if mac or read_name(who):
        return End(port=port, mac=mac, name=None if mac else read_name(who))
    raise GatewayError(f"neither an address nor a name: {who[:80]!a}", hint=HINT)


def _find(who: str, policy: Policy) -> DevicePolicy | None:
    address, small = read_address(who), who.lower()
    for one in policy.devices:
        ours = {str(one.device_id).lower(), one.name.lower(), *one.macs, *one.addresses}
        if small in ours or (address and address in ours):
            return one
    return None


def _mac_of(address: str, policy: Policy) -> str | None:
    """The gateway's, where it routes; None for other addresses of the site."""
    gateways = policy.network.gateways
    if address in policy.network.gateway_addresses or ip_address(address).is_global:
        return next(iter(gateways), None)
    return None
