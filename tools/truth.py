"""Results that other programs published or print -> bags of values to compare ours with."""

import csv
import re
import subprocess
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

Endpoints = tuple[str, str, int, str, int]
"""Protocol, then address and port of who began and of the other end."""

Fingerprint = str
"""`address:port > address:port ja4`."""

DNS_NAMES, TLS_NAMES, JA4 = "dns names", "tls names", "ja4"
ZEEK_VERSIONS = {"TLSv10": "1.0", "TLSv11": "1.1", "TLSv12": "1.2", "TLSv13": "1.3"}


@dataclass(slots=True)
class Zeek:
    """What one log says."""

    flows: Counter[Endpoints] | None = None
    packets: int | None = None
    """Packets of all connections; None if the log has no such columns."""
    values: dict[str, Counter[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ndpi:
    """What one result file says."""

    flows: int
    packets: int
    ja4: frozenset[str]


def read_zeek(path: Path) -> Zeek:
    """A conn.log, dns.log or ssl.log; what its columns do not tell is left out."""
    rows = zeek_rows(path)
    truth = Zeek()
    if path.name == "conn.log":
        read_connections(rows, truth)
    elif path.name == "dns.log":
        names = [row["query"].lower().rstrip(".") for row in rows if row.get("query", "-") != "-"]
        truth.values[f"different {DNS_NAMES}"] = Counter(set(names))
    else:
        for quantity, column in (
            (TLS_NAMES, "server_name"),
            ("tls versions", "version"),
            ("tls ciphers", "cipher"),
        ):
            if rows and column in rows[0]:
                values = (row[column] for row in rows if row[column] != "-")
                truth.values[quantity] = Counter(ZEEK_VERSIONS.get(v, v) for v in values)
    return truth


def read_connections(rows: list[dict[str, str]], truth: Zeek) -> None:
    """Endpoints and packets of a conn.log."""
    wanted = ("proto", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p")
    if not rows or not set(wanted) <= set(rows[0]):
        return
    truth.flows = Counter(
        (
            row["proto"],
            row["id.orig_h"],
            int(row["id.orig_p"]),
            row["id.resp_h"],
            int(row["id.resp_p"]),
        )
        for row in rows
    )
    if {"orig_pkts", "resp_pkts"} <= set(rows[0]):
        counts = [row[name] for row in rows for name in ("orig_pkts", "resp_pkts")]
        truth.packets = sum(int(count) for count in counts if count.isdigit())


def zeek_rows(path: Path) -> list[dict[str, str]]:
    """Lines of a log by the names in its head; a log can have several heads."""
    names: list[str] = []
    rows = []
    for line in path.read_text(errors="replace").splitlines():
        if line.startswith("#fields"):
            names = line.split("\t")[1:]
        elif line and not line.startswith("#") and names:
            rows.append(dict(zip(names, line.split("\t"), strict=False)))
    return [row for row in rows if len(row) > 1]


def read_options(folder: Path) -> dict[str, str]:
    """Name of a baseline -> how its test calls Zeek."""
    calls = {}
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        if inside.parts[0] in ("Baseline", "Traces") or not path.is_file():
            continue
        text = path.read_text(errors="replace")
        found = re.findall(r"TEST-EXEC: *(.*\bzeek\b.*)", text)
        calls[".".join(inside.with_suffix("").parts)] = "; ".join(found)[:300]
    return calls


def read_ndpi(path: Path) -> Ndpi:
    """Flows are listed one a line; packets stand in the summary of protocols."""
    text = path.read_text(errors="replace")
    protocols = re.findall(r"^([^\t\n:]+)\t(\d+)\t(\d+)\t(\d+) *$", text, re.MULTILINE)
    return Ndpi(
        flows=sum(int(flows) for *_, flows in protocols),
        packets=sum(int(packets) for _, packets, *_ in protocols),
        ja4=frozenset(re.findall(r"\[JA4: ([^\]]+)\]", text)),
    )


def read_expected_ja4(path: Path) -> dict[tuple[str, str], list[Fingerprint]]:
    """By capture and implementation."""
    expected: dict[tuple[str, str], list[Fingerprint]] = defaultdict(list)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            ends = f"{row['src']}:{row['src_port']} > {row['dst']}:{row['dst_port']}"
            expected[row["capture"], row["implementation"]].append(f"{ends} {row['ja4']}")
    return expected


def read_tshark(capture: Path) -> dict[str, Counter[str]]:
    """Names that tshark sees in questions and in client hellos, and JA4 if it knows that."""
    fields = {DNS_NAMES: "dns.qry.name", TLS_NAMES: "tls.handshake.extensions_server_name"}
    if knows_ja4():
        fields[JA4] = "tls.handshake.ja4"
    words = [word for name in fields.values() for word in ("-e", name)]
    command = ["tshark", "-n", "-r", str(capture), "-T", "fields", "-E", "aggregator=;", *words]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    values: dict[str, Counter[str]] = {name: Counter() for name in fields}
    for line in done.stdout.splitlines():
        for name, cell in zip(fields, line.split("\t"), strict=False):
            values[name].update(tidy(part) for part in cell.split(";") if part)
    return values


def tidy(name: str) -> str:
    """A name as we write it."""
    return "." if name == "<Root>" else name.lower().rstrip(".")


@lru_cache(maxsize=1)
def knows_ja4() -> bool:
    """Whether this tshark has the field (4.2 and later)."""
    listed = subprocess.run(["tshark", "-G", "fields"], capture_output=True, text=True, check=True)
    return "tls.handshake.ja4\t" in listed.stdout


def unordered(flows: Counter[Endpoints]) -> Counter[str]:
    """The same bag without saying who began."""
    bag: Counter[str] = Counter()
    for (protocol, *ends), count in flows.items():
        sides = sorted((f"{ends[0]}:{ends[1]}", f"{ends[2]}:{ends[3]}"))
        bag[f"{protocol} {sides[0]} {sides[1]}"] += count
    return bag
