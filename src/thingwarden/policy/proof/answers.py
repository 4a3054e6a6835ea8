"""Frames of a batch -> what the network's resolvers said in them, aliases followed."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from thingwarden.capture.packets import Packets
from thingwarden.policy.gateway.names import read_name
from thingwarden.policy.proof.headers import Headers
from thingwarden.policy.proof.judge import VERSIONS, Answer
from thingwarden.policy.proof.names import Address, read_number, read_told_address
from thingwarden.protocols.reader import Payloads

DNS_PORT = 53
CNAME, ADDRESSES = 5, (1, 28)

LONGEST_ALIAS = 16
"""Names in a row that stand for each other; RFC 1034 section 3.6.2 wishes for one."""

Records = Mapping[str, list[tuple[int, str]]]
"""Type and value of each record of an answer, by its name."""


def find_answers(
    packets: Packets, headers: Headers, resolvers: Collection[str]
) -> Sequence[Answer]:
    """Answers to questions for addresses, in the order of their frames; only those over UDP count."""
    known = {read_number(text) for text in resolvers}
    rows = np.flatnonzero(
        (headers.protocol == 17) & (headers.ports[:, 0] == DNS_PORT) & ~headers.later
    )
    rows = np.array([row for row in rows.tolist() if _source(headers, row) in known], np.int64)
    return tuple(_read(packets, headers, rows)) if len(rows) else ()


def _read(packets: Packets, headers: Headers, rows: NDArray[np.int64]) -> Iterator[Answer]:
    from thingwarden.protocols.dns import read_dns  # noqa: PLC0415  # brings Numba

    chosen = packets.rows[rows]
    start = chosen["payload_at"].astype(np.int64)
    end = start + chosen["payload_captured"]
    hint = np.zeros(len(rows), np.uint8)
    readings = read_dns(Payloads(data=packets.data, start=start, end=end, hint=hint))
    messages, records = readings.records
    by_message = _by_message(records.source, _columns(records.table, records.columns))
    questions = _columns(messages.table, messages.columns)
    for number, name, response, rcode in zip(
        messages.source.tolist(),
        *(questions[each] for each in ("name", "response", "rcode")),
        strict=True,
    ):
        addresses = tuple(_follow(name, by_message[number])) if name else ()
        if response and rcode == 0 and addresses and read_name(name):
            row = int(rows[number])
            yield Answer(
                row=row,
                name=name,
                addresses=addresses,
                source=_source(headers, row),
                mac=int(headers.src_mac[row]),
            )


def _columns(table: object, columns: Sequence[object]) -> Mapping[str, list[object]]:
    own = [column.name for column in table.columns][-len(columns) :]  # type: ignore[attr-defined]
    return {
        name: column.to_pylist()  # type: ignore[attr-defined]
        for name, column in zip(own, columns, strict=True)
    }


def _by_message(
    source: NDArray[np.int64], columns: Mapping[str, list[object]]
) -> Mapping[int, Records]:
    found: dict[int, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for number, section, name, kind, value in zip(
        source.tolist(),
        *(columns[each] for each in ("section", "name", "type", "value")),
        strict=True,
    ):
        if section == "answer" and isinstance(value, str):
            found[number][str(name)].append((int(str(kind)), value))
    return found


def _follow(name: str, records: Records) -> Iterator[Address]:
    """Addresses of a name, of what it is an alias of, and so on."""
    names, at = [name], 0
    while at < len(names) and at < LONGEST_ALIAS:
        for kind, value in records.get(names[at], ()):
            if kind == CNAME and value not in names:
                names.append(value)
            address = read_told_address(value) if kind in ADDRESSES else None
            if address:
                yield address
        at += 1


def _source(headers: Headers, row: int) -> Address:
    high, low = headers.source[row].tolist()
    return VERSIONS.get(int(headers.kind[row]), 0), (high << 64) | low
