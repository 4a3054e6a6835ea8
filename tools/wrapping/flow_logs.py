"""Zeek's logs of connections -> the first packet of each attack in them, as one device would have it.

Logs hold no packets: what is judged is the packet that must pass for anything to come of a flow.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from tests import frames
from tools.wrapping.campaigns import Place, is_inside

NUMBERS = {"icmp": 1, "tcp": 6, "udp": 17}

ONLY_PORTS: Mapping[str, int] = {"003-zeek-scenario-malicious": 1337}
"""Where a unit's README says which port the malware uses, and nothing labels single flows."""

MOST_FLOWS = 2_000
"""Of one log."""

HIGHEST_TYPE = 255

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """A flow that belongs to an attack."""

    outward: bool
    """The attacked network's own host began it."""
    peer: str
    protocol: int
    ports: tuple[int, int]
    """Of who began and of who was reached; of ICMP, type and code."""


def read_attacks(log: Path, unit: str) -> list[Attack]:
    """Attacks by IPv4 in a log: flows labelled so; without labels, those of who begins most."""
    rows = [row for row in _rows(log) if ":" not in f"{row['id.orig_h']}{row['id.resp_h']}"]
    rows = [row for row in rows if row["proto"] in NUMBERS]
    if any("label" in row for row in rows):
        rows = [row for row in rows if row.get("label") == "Malicious"]
    port = ONLY_PORTS.get(unit)
    if port:
        rows = [row for row in rows if row["id.resp_p"] == port]
    if not rows:
        return []
    counted = Counter(str(row[end]) for row in rows for end in ("id.orig_h", "id.resp_h"))
    host = counted.most_common(1)[0][0]
    return [_attack(row, host) for row in rows if host in _ends(row)][:MOST_FLOWS]


def move(attacks: Sequence[Attack], place: Place) -> list[bytes]:
    """The first packet of each flow, as the device sends or gets it."""
    return [_frame(each, place) for each in attacks]


def _ends(row: Row) -> tuple[str, str]:
    return str(row["id.orig_h"]), str(row["id.resp_h"])


def _attack(row: Row, host: str) -> Attack:
    begins, reached = _ends(row)
    ports = int(str(row["id.orig_p"])), int(str(row["id.resp_p"]))
    return Attack(
        outward=begins == host,
        peer=reached if begins == host else begins,
        protocol=NUMBERS[str(row["proto"])],
        ports=ports,
    )


def _frame(attack: Attack, place: Place) -> bytes:
    near = is_inside(IPv4Address(attack.peer))
    peer = place.neighbour_ip if near else attack.peer
    peer_mac = place.neighbour_mac if near else place.gateway_mac
    addresses = (place.ip, peer) if attack.outward else (peer, place.ip)
    macs = (place.mac, peer_mac) if attack.outward else (peer_mac, place.mac)
    packet = frames.ip(*addresses, _payload(attack, addresses), attack.protocol)
    return frames.ethernet(*macs, packet)


def _payload(attack: Attack, addresses: tuple[str, str]) -> bytes:
    if attack.protocol == NUMBERS["tcp"]:
        return frames.tcp(addresses, attack.ports, frames.SYN)
    if attack.protocol == NUMBERS["udp"]:
        return frames.udp(*addresses, *attack.ports, b"")
    kind, code = (min(each, HIGHEST_TYPE) for each in attack.ports)
    return frames.icmp(kind, code, bytes(4))


def _rows(log: Path) -> Iterator[Row]:
    """Rows of either form of such logs: JSON, or values between tabs."""
    fields: list[str] = []
    for line in log.read_text(encoding="utf-8").splitlines():
        if line.startswith("{"):
            yield json.loads(line)
        elif line.startswith("#fields"):
            fields = line.split("\t")[1:]
        elif line and not line.startswith("#"):
            row: dict[str, object] = dict(zip(fields, line.split("\t"), strict=False))
            yield row | {"id.resp_p": int(str(row["id.resp_p"]))}
