"""One captured frame -> one row: link layer, tunnels, IPv4/IPv6, TCP, UDP, ICMP.

Cost: one pass over the headers, about 60 ns a packet, nothing allocated. Every load stands behind a
comparison with `end`, the end of what was captured. Loops that a packet can drive are counted.
"""

from thingwarden.capture import kinds
from thingwarden.capture.link_kernel import (
    BY_NIBBLE,
    BY_TYPE,
    ETHERNET,
    IPV4,
    IPV6,
    LLC,
    STOP,
    read_by_type,
    read_ethernet,
    read_link,
)
from thingwarden.capture.loads_kernel import be16, be32, be64
from thingwarden.native import inner

MAPPED = 0xFFFF00000000  # ::ffff:0:0/96, RFC 4291 section 2.5.5.2

MAX_DEPTH = 6  # IP headers inside each other; more is no network that anyone runs
MAX_EXTENSIONS = 8  # RFC 8200 section 4.1 orders seven
FRAGMENT_SLOTS = 1024  # fragments trains remembered at a time


@inner
def _clear(row, at, captured, wire):
    row.frame_at = at
    row.captured = captured
    row.wire = wire
    row.src_hi = 0
    row.src_lo = 0
    row.dst_hi = 0
    row.dst_lo = 0
    row.src_mac = 0
    row.dst_mac = 0
    row.flow_id = -1
    row.ip_bytes = 0
    row.payload_at = 0
    row.payload_captured = 0
    row.payload_wire = 0
    row.seq = 0
    row.ack = 0
    row.src_port = 0
    row.dst_port = 0
    row.vlan = 0xFFFF
    row.ethertype = LLC
    row.ip_version = 0
    row.protocol = 0
    row.ttl = 0
    row.tcp_flags = 0
    row.fragment = 0
    row.tunnel = 0
    row.kind = kinds.LINK
    row.flaw = kinds.FLAW_NONE


@inner
def _remember_fragment(row, number, fragments):
    """Ports of the first fragment for the later ones of the same packet (RFC 791 section 3.2)."""
    key = row.src_lo ^ (row.dst_lo * 31) ^ row.src_hi ^ row.dst_hi ^ (number << 17) ^ row.protocol
    slot = (key ^ (key >> 23)) & (FRAGMENT_SLOTS - 1)
    if row.fragment == 1:
        fragments[slot, 0] = key
        fragments[slot, 1] = (row.src_port << 16) | row.dst_port
    elif fragments[slot, 0] == key:
        row.src_port = (fragments[slot, 1] >> 16) & 0xFFFF
        row.dst_port = fragments[slot, 1] & 0xFFFF


@inner
def _ipv4(data, at, end, wire_end, row):
    """IPv4 (RFC 791 section 3.1): protocol (-1: stop), payload offset, its ends, fragment number."""
    if at + 20 > end:
        row.flaw = kinds.FLAW_IP_CUT
        return -1, at, end, wire_end, 0
    head = (data[at] & 15) * 4
    total = int(be16(data, at + 2))
    room = wire_end - at
    if total == 0 or total > room:  # left to the network card, or a lie: what is there counts
        total = room
    if data[at] >> 4 != 4 or head < 20 or total < head:
        row.flaw = kinds.FLAW_IP_WRONG
        return -1, at, end, wire_end, 0
    if at + head > end:
        row.flaw = kinds.FLAW_IP_CUT
        return -1, at, end, wire_end, 0
    row.src_hi = 0
    row.dst_hi = 0
    row.src_lo, row.dst_lo = MAPPED | be32(data, at + 12), MAPPED | be32(data, at + 16)
    row.ip_version = 4
    row.ttl = data[at + 8]
    row.protocol = data[at + 9]
    row.ip_bytes = total
    row.kind = kinds.NONE
    place = be16(data, at + 6)
    row.fragment = 2 if place & 0x1FFF else (1 if place & 0x2000 else 0)
    return int(data[at + 9]), at + head, min(end, at + total), at + total, int(be16(data, at + 4))


@inner
def _ipv6(data, at, end, wire_end, row):
    """IPv6 with extension headers (RFC 8200 sections 3 and 4): as `_ipv4`."""
    if at + 40 > end:
        row.flaw = kinds.FLAW_IP_CUT
        return -1, at, end, wire_end, 0
    if data[at] >> 4 != 6:
        row.flaw = kinds.FLAW_IP_WRONG
        return -1, at, end, wire_end, 0
    total = 40 + int(be16(data, at + 4))
    room = wire_end - at
    if total == 40 or total > room:
        total = room
    row.src_hi, row.src_lo = be64(data, at + 8), be64(data, at + 16)
    row.dst_hi, row.dst_lo = be64(data, at + 24), be64(data, at + 32)
    row.ip_version = 6
    row.ttl = data[at + 7]
    row.ip_bytes = total
    row.kind = kinds.NONE
    row.fragment = 0
    following, number = int(data[at + 6]), 0
    end, wire_end = min(end, at + total), at + total
    at += 40
    for _ in range(MAX_EXTENSIONS):
        if following not in (0, 43, 44, 51, 60, 135, 139, 140):
            break
        if at + 8 > end:
            row.flaw = kinds.FLAW_IP_CUT
            row.protocol = following
            return -1, at, end, wire_end, 0
        if following == 44:
            place = be16(data, at + 2)
            row.fragment = 2 if place & 0xFFF8 else (1 if place & 1 else 0)
            number = int(be32(data, at + 4))
            step = 8
        else:
            step = (data[at + 1] + 2) * 4 if following == 51 else (data[at + 1] + 1) * 8
        following = int(data[at])
        at += step
        if row.fragment == 2:
            break
    row.protocol = following
    return following, at, end, wire_end, number


@inner
def _kind_by_port(port):
    if port == 53:
        return kinds.DNS
    if port == 5353:
        return kinds.MDNS
    if port == 123:
        return kinds.NTP
    if port == 1900:
        return kinds.SSDP
    if port == 67 or port == 68:
        return kinds.DHCP
    if port == 5355:
        return kinds.LLMNR
    if port == 546 or port == 547:
        return kinds.DHCPV6
    if port == 5683:
        return kinds.COAP
    if port == 5351:
        return kinds.PORTMAP
    return kinds.NONE


@inner
def _is_quic_initial(data, at, end):
    """A long header with a known version and packet type Initial (RFC 9000 17.2, RFC 9369 3.2)."""
    if at + 7 > end or data[at] & 0xC0 != 0xC0 or data[at + 5] > 20:
        return False
    version = be32(data, at + 1)
    if version == 0x6B3343CF:
        return data[at] & 0x30 == 0x10
    if version == 1 or version >> 8 == 0xFF0000:
        return data[at] & 0x30 == 0
    return version >> 24 == 0x51 and version >> 16 == 0x5130  # Google QUIC: 'Q0..'


@inner
def _udp(data, at, end, wire_end, row):
    """UDP (RFC 768): kind of payload; True if a VXLAN frame (RFC 7348 section 5) lies inside."""
    if at + 8 > end:
        row.flaw = kinds.FLAW_TRANSPORT_CUT
        return False
    row.src_port, row.dst_port = be16(data, at), be16(data, at + 2)
    length = int(be16(data, at + 4))
    if length == 0 or length > wire_end - at:
        length = wire_end - at
    if length < 8:
        row.flaw = kinds.FLAW_TRANSPORT_WRONG
        return False
    row.payload_at = at + 8
    row.payload_wire = length - 8
    row.payload_captured = min(end, at + length) - (at + 8)
    if row.payload_captured <= 0:
        row.payload_captured = 0
        return False
    kind = _kind_by_port(row.dst_port)
    if kind == kinds.NONE:
        kind = _kind_by_port(row.src_port)
    if kind == kinds.NONE and _is_quic_initial(data, at + 8, at + 8 + row.payload_captured):
        kind = kinds.QUIC
    row.kind = kind
    return row.dst_port == 4789 and at + 30 <= end and data[at + 8] == 0x08


@inner
def _tcp(data, at, end, wire_end, row):
    """TCP (RFC 9293 section 3.1)."""
    if at + 14 > end:
        if at + 4 <= end:
            row.src_port, row.dst_port = be16(data, at), be16(data, at + 2)
        row.flaw = kinds.FLAW_TRANSPORT_CUT
        return
    row.src_port, row.dst_port = be16(data, at), be16(data, at + 2)
    row.seq, row.ack = be32(data, at + 4), be32(data, at + 8)
    head = (data[at + 12] >> 4) * 4
    row.tcp_flags = data[at + 13]
    if head < 20 or at + head > wire_end:
        row.flaw = kinds.FLAW_TRANSPORT_WRONG
        return
    row.payload_at = at + head
    row.payload_wire = wire_end - (at + head)
    row.payload_captured = max(0, end - (at + head))


@inner
def _icmp(data, at, end, wire_end, row):
    """ICMP (RFC 792), ICMPv6 (RFC 4443): type and code ride in the port columns."""
    if at + 4 > end:
        row.flaw = kinds.FLAW_TRANSPORT_CUT
        return
    row.src_port = data[at]
    row.dst_port = data[at + 1]
    row.payload_at = at
    row.payload_captured = end - at
    row.payload_wire = wire_end - at
    neighbours = row.protocol == 58 and 133 <= data[at] <= 137
    row.kind = kinds.NDP if neighbours else kinds.ICMP


@inner
def _gre(data, at, end, row):
    """GRE (RFC 2784, RFC 2890; PPTP's RFC 2637): what lies inside, and where."""
    if at + 4 > end:
        row.flaw = kinds.FLAW_TRANSPORT_CUT
        return STOP, at
    flags, kind = be16(data, at), be16(data, at + 2)
    at += 4
    if flags & 0x8000 or flags & 0x4000:
        at += 4
    if flags & 0x2000:
        at += 4
    if flags & 0x1000:
        at += 4
    if flags & 7 == 1 and flags & 0x80:
        at += 4
    if kind == 0x0800:
        return IPV4, at
    if kind == 0x86DD:
        return IPV6, at
    if kind == 0x6558:
        return ETHERNET, at
    if kind == 0x88BE:  # ERSPAN: type I has no header of its own, type II has 8 bytes
        row.tunnel = kinds.TUNNEL_ERSPAN
        return ETHERNET, at + (8 if flags & 0x1000 else 0)
    return STOP, at


@inner
def _transport(data, at, end, wire_end, row):
    """Behind an IP header: what lies inside, and where (STOP: the packet ends here)."""
    protocol = row.protocol
    if protocol == 6:
        _tcp(data, at, end, wire_end, row)
    elif protocol == 17:
        if _udp(data, at, end, wire_end, row):
            row.tunnel = kinds.TUNNEL_VXLAN
            return ETHERNET, at + 16
    elif protocol == 1 or protocol == 58:
        _icmp(data, at, end, wire_end, row)
    elif protocol == 47:
        if row.tunnel == 0:
            row.tunnel = kinds.TUNNEL_GRE
        return _gre(data, at, end, row)
    elif protocol == 4:
        row.tunnel = kinds.TUNNEL_IPIP
        return IPV4, at
    elif protocol == 41:
        row.tunnel = kinds.TUNNEL_6IN4
        return IPV6, at
    return STOP, at


@inner
def decode_frame(data, at, captured, wire, link, row, fragments):
    """Fill `row` from the frame of `captured` bytes at `at`; `fragments` is a (slots, 2) memory."""
    end = at + captured
    wire_end = at + wire
    _clear(row, at, captured, wire)
    layer, at = read_link(data, at, end, link, row)
    for _ in range(MAX_DEPTH * 3):
        if layer == ETHERNET:
            layer, at = read_ethernet(data, at, end, row)
        elif layer == BY_TYPE:
            layer, at = read_by_type(data, at, end, row)
        elif layer == BY_NIBBLE:
            version = data[at] >> 4 if at < end else 0
            layer = IPV4 if version == 4 else IPV6 if version == 6 else STOP
            if layer != STOP and row.ethertype == LLC:
                row.ethertype = 0x0800 if version == 4 else 0x86DD
        elif layer == IPV4 or layer == IPV6:
            if layer == IPV4:
                protocol, at, end, wire_end, number = _ipv4(data, at, end, wire_end, row)
            else:
                protocol, at, end, wire_end, number = _ipv6(data, at, end, wire_end, row)
            if protocol < 0 or row.kind == kinds.LINK:
                break
            layer = STOP
            if row.fragment != 2:
                layer, at = _transport(data, at, end, wire_end, row)
            if row.fragment != 0:
                _remember_fragment(row, number, fragments)
        else:
            break
    if layer != STOP and row.flaw == kinds.FLAW_NONE:
        row.flaw = kinds.FLAW_DEPTH
