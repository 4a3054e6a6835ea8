"""The contract of `policy/entries.py`, packet by packet and as plainly as can be: what both judges must say.

What a header must be like is what the kernel asks of it: `_whole4` and `_whole6` say where it can be read.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from thingwarden.model import ANY
from thingwarden.policy.entries import Way, list_entries
from thingwarden.policy.gateway.chains import written
from thingwarden.policy.gateway.ground import list_wrapped
from thingwarden.policy.gateway.matches import can_be_written
from thingwarden.policy.gateway.names import read_mac, read_name, read_network
from thingwarden.policy.gateway.sets import known_addresses

TAGS, ARP, IP4, IP6 = (0x8100, 0x88A8), 0x0806, 0x0800, 0x86DD
EXTENSIONS, FRAGMENT, AUTHENTICATION = (0, 43, 44, 60), 44, 51
UNREADABLE = (*EXTENSIONS, AUTHENTICATION)
TCP, UDP, ICMPS = 6, 17, (1, 58)


@dataclass(frozen=True)
class Packet:
    """What of a frame is judged."""

    kind: int
    source: object = None
    target: object = None
    later: bool = False
    """A fragment behind the first."""
    protocol: int | None = None
    """None: its headers do not fit together, so that nothing fits it."""
    rest: bytes = b""
    """From the transport header to the end of the frame."""


class Reference:
    """A policy, ready to judge frames."""

    def __init__(self, policy, names=None):
        self.network = policy.network
        wrapped, _ = list_wrapped(policy)
        known = known_addresses(wrapped) if names is None else names
        self.names = {name: set(map(ip_address, some)) for name, some in known.items()}
        self.devices = {mac: one for one in wrapped for mac in one.macs}
        self.entries = {one.name: list_entries(one.policy, policy.network) for one in wrapped}

    def passes(self, frame):
        """Whether the frame passes where all rules are enforced."""
        by, to = _mac(frame[6:12]), _mac(frame[:6])
        packet = read_packet(frame)
        sender, receiver = self.devices.get(by), self.devices.get(to)
        if sender and self.stops_sender(sender, packet, to):
            return False
        return not (receiver and packet.kind in (IP4, IP6)) or self.allows(
            receiver, packet, Way.TO, by
        )

    def stops_sender(self, sender, packet, to):
        if packet.kind in TAGS:
            return True
        if packet.kind not in (ARP, IP4, IP6):
            return False
        if not self.may_send_from(sender, packet):
            return True
        return packet.kind != ARP and not self.allows(sender, packet, Way.FROM, to)

    def may_send_from(self, sender, packet):
        if packet.source is None:
            return False
        bound = [ip_address(text) for text in sender.addresses]
        if packet.kind == IP6:
            networks = [net for net in map(read_network, self.network.locals) if net]
            homes = [net for net in networks if net.version == 6 and net.prefixlen <= 64]
            homes += [ip_network("fe80::/10"), ip_network("::/128")]
            return packet.source in bound or any(packet.source in net for net in homes)
        if packet.source == IPv4Address(0) or packet.source in bound:
            return True
        if any(address.version == 4 for address in bound):
            return False
        networks = [net for net in map(read_network, self.network.locals) if net]
        return any(packet.source in net for net in networks if net.version == 4)

    def allows(self, device, packet, way, other_mac):
        for entry in self.entries[device.name]:
            if entry.way is way and can_be_written(entry) and self.fits(entry, packet, other_mac):
                return entry.allow
        return False

    def fits(self, entry, packet, other_mac):
        version = 4 if packet.kind == IP4 else 6
        if packet.protocol != entry.protocol or entry.version not in (None, version):
            return False
        other = packet.target if entry.way is Way.FROM else packet.source
        if not self.is_among(written(entry).ends, other, other_mac):
            return False
        if any(self.is_among(ends, other, other_mac) for ends in entry.unless):
            return False
        return packet.later or _fits_header(entry, packet.rest)

    def is_among(self, ends, address, mac):
        if ends.macs is not None and mac not in {read_mac(one) for one in ends.macs}:
            return False
        if ends.networks is not None:
            networks = [net for net in map(read_network, ends.networks) if net]
            if address is None or not any(address in net for net in networks):
                return False
        return ends.name is None or address in self.names.get(read_name(ends.name), ())


def read_packet(frame):
    """What is judged of a frame; of two tags of VLANs the first is taken off, as the kernel does."""
    kind, data = int.from_bytes(frame[12:14]), frame[14:]
    if kind in TAGS:
        kind, data = int.from_bytes(data[2:4]), data[4:]
    if kind == ARP:
        return Packet(kind, _address4(data[14:18]))
    if kind == IP4:
        return _packet4(data)
    if kind == IP6:
        return _packet6(data)
    return Packet(kind)


def _packet4(data):
    later = len(data) >= 8 and bool(int.from_bytes(data[6:8]) & 0x1FFF)
    head = (data[0] & 15) * 4 if data else 0
    protocol = data[9] if _whole4(data, head) else None
    return Packet(IP4, _address4(data[12:16]), _address4(data[16:20]), later, protocol, data[head:])


def _whole4(data, head):
    if len(data) < 20 or data[0] >> 4 != 4 or head < 20:
        return False
    return head <= int.from_bytes(data[2:4]) <= len(data)


def _packet6(data):
    source, target = _address6(data[8:24]), _address6(data[24:40])
    whole = len(data) >= 40 and data[0] >> 4 == 6
    whole = whole and int.from_bytes(data[4:6]) + 40 <= len(data)
    protocol, start, later = _walk(data) if whole else (None, 0, False)
    rest = data[start:] if start else b""
    return Packet(IP6, source, target, later=later, protocol=protocol, rest=rest)


def _walk(data):
    """Protocol behind the extension headers, where it begins, and whether this is a later fragment.

    The kernel takes an authentication header for the protocol, and 0 stands for a header that is not here.
    """
    kind, start, pieces = data[6], 40, 0
    while kind in EXTENSIONS:
        if len(data) < start + (4 if kind == FRAGMENT else 2):
            return None, 0, False
        behind, size = data[start], (data[start + 1] + 1) * 8
        if kind == FRAGMENT:
            size = 8
            pieces += 1
            if int.from_bytes(data[start + 2 : start + 4]) & 0xFFF8:
                return None if behind in UNREADABLE else behind, 0, pieces == 1
        kind, start = behind, start + size
    return kind, start, False


def _fits_header(entry, rest):
    if entry.protocol in ICMPS:
        return bool(rest) and entry.own.first <= rest[0] <= min(entry.own.last, 255)
    if entry.protocol not in (TCP, UDP):
        return True
    spans = (entry.own, entry.peer) if entry.way is Way.FROM else (entry.peer, entry.own)
    asked = [place for place in (0, 1) if spans[place] != ANY] or [1]
    for place in asked:
        port = rest[2 * place : 2 * place + 2]
        if len(port) < 2 or not spans[place].first <= int.from_bytes(port) <= spans[place].last:
            return False
    return entry.opens or entry.protocol == UDP or (len(rest) > 13 and rest[13] & 0x12 != 2)


def _mac(data):
    return data.hex(":")


def _address4(data):
    return IPv4Address(data) if len(data) == 4 else None


def _address6(data):
    return IPv6Address(data) if len(data) == 16 else None
