"""Frames by dice that lie near a policy: made to fit an entry, then bent a little, or a lot."""

import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from thingwarden.model import ANY, Policy, Span
from thingwarden.policy.entries import Ends, Entry, Way, list_entries

from tools.wrapping.random_policies import (
    GATEWAY_MACS,
    GROUPS,
    HOMES4,
    HOMES6,
    MACS,
    OUTSIDE4,
    OUTSIDE6,
    PORTS,
    PROTOCOLS,
    TYPES,
)

STRANGER_MAC = "02:09:00:00:00:09"
GROUP_MACS = ("ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:fb", "33:33:00:00:00:fb")
FLAGS = (0x02, 0x02, 0x12, 0x10, 0x18, 0x04, 0x00, 0x3F, 0xC2, 0x06)
EXTENSIONS = (0, 43, 44, 51, 59, 60)
KINDS = (0x0800, 0x86DD, 0x0806, 0x8100, 0x88A8, 0x888E, 0x88CC, 0x0026, 0x8864)
FAR = tuple(text for text in (*OUTSIDE4, *OUTSIDE6, *HOMES4, *HOMES6))


@dataclass
class Draft:
    """A frame before it is written."""

    to: str
    by: str
    target: str
    source: str
    protocol: int
    ports: tuple[int, int]
    flags: int = 2


def random_frames(policy: Policy, count: int, dice: random.Random) -> Iterator[bytes]:
    """Frames for one policy."""
    lists = [(device, list_entries(device, policy.network)) for device in policy.devices]
    for _ in range(count):
        device, entries = dice.choice(lists)
        if dice.random() < 0.06:
            yield _bend(_arp(device.macs, device.addresses, dice), dice)
            continue
        own = [entry for entry in entries if not entry.rule.startswith("need")]
        entry = dice.choice(own if own and dice.random() < 0.8 else entries)
        yield _bend(_write(_near(entry, device.macs, device.addresses, policy, dice), dice), dice)


def _near(
    entry: Entry, macs: Sequence[str], addresses: Sequence[str], policy: Policy, dice: random.Random
) -> Draft:
    """Something that fits the entry, mostly, in most of its parts."""
    version = entry.version or dice.choice((4, 6))
    ends = dice.choice(entry.unless) if entry.unless and dice.random() < 0.3 else entry.ends
    there = _address(ends, version, policy, dice)
    version = ip_address(there).version
    here = _own_address(addresses, version, dice)
    own, peer = _port(entry.own, entry.protocol, dice), _port(entry.peer, 6, dice)
    mac, other = dice.choice(macs), _mac(ends, dice)
    protocol = entry.protocol if dice.random() < 0.93 else dice.choice(PROTOCOLS)
    flags = dice.choice(FLAGS)
    if entry.way is Way.FROM:
        return Draft(other, mac, there, here, protocol, (own, peer), flags)
    ports = (own, peer) if entry.protocol in (1, 58) else (peer, own)
    return Draft(mac, other, here, there, protocol, ports, flags)


def _address(ends: Ends, version: int, policy: Policy, dice: random.Random) -> str:
    if dice.random() < 0.1:
        return dice.choice(FAR)
    networks = [] if ends.networks is None else _sound(ends.networks)
    if ends.name is not None:
        known = [one for device in policy.devices for one in device.known]
        texts = [text for one in known for text in one.addresses]
        return dice.choice(texts) if texts else dice.choice(OUTSIDE4)
    if not networks:
        return dice.choice([text for text in FAR if ip_address(text).version == version])
    fitting = [net for net in networks if net.version == version] or networks
    net = dice.choice(fitting)
    first, last = int(net.network_address), int(net.broadcast_address)
    places = (first, last, dice.randint(first, last), first - 1, last + 1, first + 1)
    place = dice.choice(places[:3] if dice.random() < 0.8 else places)
    return str(type(net.network_address)(min(max(place, 0), 2**net.max_prefixlen - 1)))


def _sound(networks: Sequence[str]) -> list[IPv4Network | IPv6Network]:
    found = []
    for text in networks:
        try:
            found.append(ip_network(text, strict=False))
        except ValueError:
            continue
    return found


def _own_address(addresses: Sequence[str], version: int, dice: random.Random) -> str:
    bound = [text for text in addresses if ip_address(text).version == version]
    if bound and dice.random() < 0.85:
        return dice.choice(bound)
    if version == 4:
        return dice.choice((*HOMES4, *OUTSIDE4[:1], "0.0.0.0", *GROUPS[:2]))
    return dice.choice(
        (*HOMES6, *OUTSIDE6[:1], "::", "fe80::99", "fd00:1::99", "febf::1", "fec0::1")
    )


def _port(span: Span, protocol: int, dice: random.Random) -> int:
    if protocol in (1, 58) and span == ANY:
        return dice.choice(TYPES)
    if span == ANY:
        return dice.choice(PORTS)
    places = (span.first, span.last, dice.randint(span.first, span.last))
    if dice.random() < 0.12:
        places = (span.first - 1, span.last + 1, dice.randint(0, 65535))
    return min(max(dice.choice(places), 0), 65535)


def _mac(ends: Ends, dice: random.Random) -> str:
    named = [mac for mac in ends.macs or () if len(mac) == 17]
    if named and dice.random() < 0.85:
        return dice.choice(named)
    return dice.choice((*MACS, *GATEWAY_MACS, *GATEWAY_MACS, STRANGER_MAC, *GROUP_MACS))


def _write(draft: Draft, dice: random.Random) -> bytes:
    transport = _transport(draft, dice)
    if ip_address(draft.target).version == 4 and ip_address(draft.source).version == 4:
        kind, packet = 0x0800, _ip4(draft, transport, dice)
    else:
        kind, packet = 0x86DD, _ip6(draft, transport, dice)
    if dice.random() < 0.01:
        kind = dice.choice(KINDS)
    tags = b""
    while dice.random() < 0.02:
        tags += struct.pack(">HH", dice.choice((0x8100, 0x88A8)), dice.randint(0, 4095))
    return _bytes(draft.to) + _bytes(draft.by) + tags + kind.to_bytes(2) + packet


def _transport(draft: Draft, dice: random.Random) -> bytes:
    first, second = draft.ports
    rest = dice.randbytes(dice.choice((0, 0, 3, 40)))
    if draft.protocol in (1, 58):
        return struct.pack(">BBHI", first & 255, 0, 0, 0) + rest
    if draft.protocol == 6:
        head = struct.pack(">HHIIBBHHH", first, second, 1, 1, 0x50, draft.flags, 9, 0, 0)
        return head + rest
    return struct.pack(">HHHH", first, second, 8 + len(rest), 0) + rest


def _ip4(draft: Draft, transport: bytes, dice: random.Random) -> bytes:
    options = dice.choice((0,) * 12 + (1, 2, 10))
    offset = dice.choice((0,) * 20 + (0x4000, 0x2000, 0x2000, 1, 0x2001, 0x1FFF, 185, 0x8000))
    size = 20 + 4 * options + len(transport)
    if dice.random() < 0.03:
        size = dice.choice((0, 19, 20, size - 1, size + 1, size - 8, 65535)) & 0xFFFF
    head = dice.choice((0x40,) * 60 + (0x50, 0x60, 0x00)) | (5 + options)
    if dice.random() < 0.02:
        head = dice.randrange(256)
    fields = struct.pack(">BBHHHBBH", head, 0, size, 7, offset, 64, draft.protocol, 0)
    ends = _packed(draft.source, 4) + _packed(draft.target, 4)
    return fields + ends + bytes(4 * options) + transport


def _ip6(draft: Draft, transport: bytes, dice: random.Random) -> bytes:
    kind, body = draft.protocol, transport
    while dice.random() < 0.18:
        kind, body = _extension(kind, body, dice)
    size = len(body)
    if dice.random() < 0.03:
        size = dice.choice((0, size - 1, size + 1, 65535)) & 0xFFFF
    head = dice.choice((0x60,) * 60 + (0x40, 0x50, 0x00))
    fields = struct.pack(">BBHHBB", head, 0, 0, size, kind, 64)
    return fields + _packed(draft.source, 16) + _packed(draft.target, 16) + body


def _extension(behind: int, body: bytes, dice: random.Random) -> tuple[int, bytes]:
    kind = dice.choice(EXTENSIONS)
    if kind == 44:
        offset = dice.choice((0, 0, 1, 8, 9, 0xFFF8, 6))
        return kind, struct.pack(">BBHI", behind, dice.choice((0, 9)), offset, 5) + body
    units = dice.choice((0, 0, 0, 1, 2, 4))
    told = units if dice.random() < 0.9 else dice.randrange(256)
    size = (units + 2) * 4 if kind == 51 else (units + 1) * 8
    return kind, bytes((behind, told)) + bytes(size - 2) + body


def _arp(macs: Sequence[str], addresses: Sequence[str], dice: random.Random) -> bytes:
    by, to = dice.choice(macs), dice.choice((*GROUP_MACS[:1], *MACS, *GATEWAY_MACS))
    if dice.random() < 0.2:
        by, to = to, by
    source = _packed(_own_address(addresses, 4, dice), 4)
    head = struct.pack(">HHBBH", dice.choice((1,) * 9 + (6,)), 0x0800, 6, 4, dice.choice((1, 2)))
    if dice.random() < 0.05:
        head = head[:4] + dice.randbytes(2) + head[6:]
    said = _bytes(by if dice.random() < 0.8 else dice.choice(MACS))
    rest = _packed(dice.choice(HOMES4), 4)
    return (
        _bytes(to) + _bytes(by) + b"\x08\x06" + head + said + source + bytes(6) + rest + bytes(18)
    )


def _bend(frame: bytes, dice: random.Random) -> bytes:
    """Cut, filled or with another byte, sometimes."""
    luck = dice.random()
    if luck < 0.02:
        return frame[: dice.randint(14, len(frame))]
    if luck < 0.06:
        return frame + bytes(dice.choice((1, 6, 26)))
    if luck < 0.09:
        place = dice.randrange(12, len(frame))
        return frame[:place] + dice.randbytes(1) + frame[place + 1 :]
    return frame


def _bytes(mac: str) -> bytes:
    return bytes.fromhex(mac.replace(":", ""))


def _packed(text: str, size: int) -> bytes:
    """An address in so many bytes; one of the other version is cut or filled."""
    return ip_address(text).packed.rjust(size, b"\0")[-size:]
