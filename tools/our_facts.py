"""A capture -> what our tables say about it, in the form that others are compared in."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from thingwarden.errors import ThingwardenError
from thingwarden.pipeline import write_facts

from tools.truth import DNS_NAMES, JA4, TLS_NAMES, Endpoints

SOURCES = {
    DNS_NAMES: (("dns", "name"), ("mdns", "name"), ("llmnr", "name")),
    TLS_NAMES: (("tls", "sni"), ("quic", "sni")),
    JA4: (("tls", "ja4"), ("quic", "ja4")),
    "tls versions": (("tls", "version"),),
    "tls ciphers": (("tls", "cipher_name"),),
}


@dataclass(slots=True)
class Ours:
    """Our tables of one capture, as bags."""

    flows: Counter[Endpoints] = field(default_factory=Counter)
    packets: int = 0
    """Packets of all flows, both ways."""
    bags: dict[str, Counter[str]] = field(default_factory=dict)
    fingerprints: Counter[str] = field(default_factory=Counter)
    """`address:port > address:port ja4`."""

    def values(self, quantity: str) -> Counter[str]:
        """One bag; each value once where it is asked for as `different …`."""
        name = quantity.removeprefix("different ")
        bag = self.bags.get(name, Counter())
        return Counter(set(bag)) if name != quantity else bag


def find_facts(capture: Path, folder: Path) -> Ours:
    """Decode one capture; what cannot be read at all gives empty bags."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        write_facts([capture], folder)
    except ThingwardenError:
        return Ours()
    ours = Ours()
    for row in rows(folder, "flows"):
        protocol = "icmp" if row["protocol"] == "icmpv6" else str(row["protocol"])
        src, dst = (
            (str(row["src_ip"]), row["src_port"] or 0),
            (str(row["dst_ip"]), row["dst_port"] or 0),
        )
        ours.flows[protocol, src[0], int(src[1]), dst[0], int(dst[1])] += 1
        ours.packets += row["src_packets"] + row["dst_packets"]
    for quantity, places in SOURCES.items():
        ours.bags[quantity] = Counter(
            row[column].lower() if quantity in (DNS_NAMES, TLS_NAMES) else row[column]
            for table, column in places
            for row in rows(folder, table)
            if row[column]
        )
    ours.fingerprints = Counter(
        f"{row['src_ip']}:{row['src_port']} > {row['dst_ip']}:{row['dst_port']} {row['ja4']}"
        for table in ("tls", "quic")
        for row in rows(folder, table)
        if row["ja4"]
    )
    return ours


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """A table as dictionaries; none if it was not written."""
    path = folder / f"{table}.parquet"
    return pq.read_table(path).to_pylist() if path.exists() else []
