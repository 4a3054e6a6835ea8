"""The layers below IP -> who sent to whom, what follows, and where.

Every load stands behind a comparison with `end`, the end of what was captured.
"""

from typing import Final

from thingwarden.capture import kinds
from thingwarden.capture.loads_kernel import be16, be32, le16
from thingwarden.native import inner

MAX_TAGS: Final = 4  # VLAN tags; 802.1ad knows two
MAX_LABELS: Final = 8  # MPLS labels above each other

LLC: Final = 0  # written to `ethertype` for frames with a length there (IEEE 802.3)
WIFI: Final = 1  # written to `ethertype` for 802.11 frames without readable content

# What is expected next at an offset.
ETHERNET, BY_TYPE, BY_NIBBLE, IPV4, IPV6, STOP = 0, 1, 2, 3, 4, 5


@inner
def _mac(data, at):
    return (be32(data, at) << 16) | be16(data, at + 4)


@inner
def _wifi(data, at, end, row):
    """802.11 (IEEE 802.11-2020 section 9.2): who is there; offset of LLC/SNAP, or -1."""
    row.ethertype = WIFI
    if at + 10 > end:
        row.flaw = kinds.FLAW_LINK_CUT
        return -1
    first, second = data[at], data[at + 1]
    frame_type, subtype = (first >> 2) & 3, first >> 4
    row.dst_mac = _mac(data, at + 4)
    if frame_type == 1 and subtype != 10 and subtype != 11:  # no sender but in PS-Poll and RTS
        return -1
    if at + 16 > end:
        row.flaw = kinds.FLAW_LINK_CUT if frame_type != 1 else kinds.FLAW_NONE
        return -1
    row.src_mac = _mac(data, at + 10)
    if frame_type != 2:
        return -1
    if at + 24 > end:
        row.flaw = kinds.FLAW_LINK_CUT
        return -1
    head = 24
    to_ds, from_ds = second & 1, (second >> 1) & 1
    if to_ds and from_ds:
        head = 30
        if at + head > end:
            row.flaw = kinds.FLAW_LINK_CUT
            return -1
        row.dst_mac, row.src_mac = _mac(data, at + 16), _mac(data, at + 24)
    elif to_ds:
        row.dst_mac = _mac(data, at + 16)
    elif from_ds:
        row.src_mac = _mac(data, at + 16)
    if subtype & 8:
        head += 2
        if second & 0x80:
            head += 4
    if subtype & 4:  # carries no data
        return -1
    if second & 0x40:
        row.flaw = kinds.FLAW_ENCRYPTED
        return -1
    return at + head


@inner
def _snap(data, at, end, row):
    """LLC with SNAP (IEEE 802.2, RFC 1042): offset behind it with `ethertype` set, or -1."""
    if at + 8 > end or be32(data, at) & 0xFFFFFF00 != 0xAAAA0300:
        return -1
    row.ethertype = be16(data, at + 6)
    return at + 8


@inner
def _cooked(data, at, end, row, version):
    """Linux cooked capture v1 and v2: offset of the payload, or -1."""
    head = 16 if version == 1 else 20
    if at + head > end:
        row.flaw = kinds.FLAW_LINK_CUT
        return -1
    if version == 1:
        row.ethertype = be16(data, at + 14)
        length, place = be16(data, at + 4), at + 6
    else:
        row.ethertype = be16(data, at)
        length, place = data[at + 11], at + 12
    if length == 6:
        row.src_mac = _mac(data, place)
    if row.ethertype < 0x600:  # 802.2 inside (4), or CAN and others
        row.ethertype = LLC
        return _snap(data, at + head, end, row)
    return at + head


@inner
def _ppp(data, at, end, row):
    """Point-to-point protocol field (RFC 1661 section 2): offset of the payload, or -1."""
    if at + 4 > end:
        row.flaw = kinds.FLAW_LINK_CUT
        return -1
    if data[at] == 0xFF and data[at + 1] == 0x03:
        at += 2
    protocol = be16(data, at)
    row.ethertype = 0x0800 if protocol == 0x21 else 0x86DD if protocol == 0x57 else 0x880B
    return at + 2


@inner
def read_link(data, at, end, link, row):
    """The outermost layer, by its number in the LINKTYPE registry: what follows, and where."""
    if link == 1:
        return ETHERNET, at
    if link in (101, 12, 14, 228, 229):
        return BY_NIBBLE, at
    if link in (113, 276):
        at = _cooked(data, at, end, row, 1 if link == 113 else 2)
        return (BY_TYPE, at) if at >= 0 else (STOP, at)
    if link in (0, 108):
        return BY_NIBBLE, at + 4
    if link in (105, 127):
        if link == 127:
            length = le16(data, at + 2) if at + 4 <= end else 0
            if length < 8 or at + length > end:
                row.flaw = kinds.FLAW_LINK_CUT
                return STOP, at
            at += length
        at = _wifi(data, at, end, row)
        if at >= 0:
            at = _snap(data, at, end, row)
        return (BY_TYPE, at) if at >= 0 else (STOP, at)
    if link in (9, 50):
        at = _ppp(data, at, end, row)
        return (BY_TYPE, at) if at >= 0 else (STOP, at)
    if link == 51:  # PPPoE without Ethernet: RFC 2516 section 4
        at = _ppp(data, at + 6, end, row)
        return (BY_TYPE, at) if at >= 0 else (STOP, at)
    if link == 104 and at + 4 <= end:  # Cisco HDLC
        row.ethertype = be16(data, at + 2)
        return BY_TYPE, at + 4
    row.flaw = kinds.FLAW_LINK_TYPE if link != 104 else kinds.FLAW_LINK_CUT
    row.ethertype = link  # a flawed row says here which link type it was
    return STOP, at


@inner
def read_ethernet(data, at, end, row):
    """Ethernet II or 802.3 with tags (IEEE 802.3, 802.1Q): what follows, and where."""
    if at + 14 > end:
        row.flaw = kinds.FLAW_LINK_CUT
        return STOP, at
    row.dst_mac, row.src_mac = _mac(data, at), _mac(data, at + 6)
    kind = be16(data, at + 12)
    at += 14
    for _ in range(MAX_TAGS):
        if kind != 0x8100 and kind != 0x88A8 and kind != 0x9100:
            break
        if at + 4 > end:
            row.flaw = kinds.FLAW_LINK_CUT
            return STOP, at
        row.vlan = be16(data, at) & 0xFFF
        kind = be16(data, at + 2)
        at += 4
    if kind < 0x600:
        row.ethertype = LLC
        at = _snap(data, at, end, row)
        return (BY_TYPE, at) if at >= 0 else (STOP, at)
    row.ethertype = kind
    return BY_TYPE, at


@inner
def read_by_type(data, at, end, row):
    """What an ethertype says that follows, and where."""
    kind = row.ethertype
    if kind == 0x0800:
        return IPV4, at
    if kind == 0x86DD:
        return IPV6, at
    if kind == 0x0806:
        row.kind = kinds.ARP
        row.payload_at, row.payload_captured = at, end - at
        row.payload_wire = row.payload_captured
        return STOP, at
    if kind == 0x8864:  # PPPoE session, RFC 2516 section 4
        at = _ppp(data, at + 6, end, row)
        if at >= 0 and row.ethertype != 0x880B:
            return (IPV4 if row.ethertype == 0x0800 else IPV6), at
        return STOP, at
    if kind == 0x8847 or kind == 0x8848:  # MPLS, RFC 3032 section 2.1
        for _ in range(MAX_LABELS):
            if at + 4 > end:
                row.flaw = kinds.FLAW_LINK_CUT
                return STOP, at
            bottom = data[at + 2] & 1
            at += 4
            if bottom:
                row.tunnel = kinds.TUNNEL_MPLS
                return BY_NIBBLE, at
    return STOP, at
