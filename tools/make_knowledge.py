"""Public lists -> `src/thingwarden/data/*.arrow`: who makes a hardware address, who announces an IP.

    python tools/make_knowledge.py vendors DATE /usr/share/ieee-data/*.csv
    python tools/make_knowledge.py addresses DATE ASN_FOLDER COUNTRY_FOLDER

The first takes the CSV files of the IEEE's registries, the second the unpacked npm packages
`@ip-location-db/asn` and `@ip-location-db/asn-country`. DATE is that of the lists. Where they come
from, and what their licences ask for, stands in `docs/sources.md` and in the files' own metadata.
"""

import csv
import ipaddress
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

DATA = Path(__file__).resolve().parents[1] / "src/thingwarden/data"
NOBODY = ("Private", "IEEE Registration Authority", "Unknown", "")
NAME_LIMIT = 60

BLOCK_BITS = 80
"""IPv6 in units of a /48, the smallest that networks announce to each other."""

RESERVED = ((0, 0), (23456, 23456), (64496, 131071), (4_200_000_000, 4_294_967_295))
"""AS numbers that belong to nobody (IANA, Autonomous System Numbers registry)."""

SPECIAL = {
    4: (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24"
        " 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24"
        " 224.0.0.0/4 240.0.0.0/4"
    ),
    6: (
        "::/16 64:ff9b::/48 64:ff9b:1::/48 100::/48 2001::/32 2001:2::/48 2001:10::/28"
        " 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8"
    ),
}
"""Addresses that are nobody's in particular, or hold another's: private use, examples, tests,
multicast, translation, Teredo and 6to4 (IANA, IPv4 and IPv6 Special-Purpose Address registries)."""

Wholes = NDArray[np.uint64]
Ranges = tuple[Wholes, Wholes, Wholes]

VENDOR_SOURCE = {
    "source": "IEEE Registration Authority: MA-L, MA-M, MA-S and IAB public listings",
    "url": "https://standards.ieee.org/products-programs/regauth/",
    "licence": "public listing; the IEEE asserts no copyright in it",
}
ADDRESS_SOURCE = {
    "source": "ip-location-db: asn (RouteViews, NRO, DB-IP), asn-country (NRO)",
    "url": "https://github.com/sapics/ip-location-db",
    "licence": "CC BY 4.0; RouteViews (routeviews.org), Number Resource Organization (nro.net),"
    " IP Geolocation by DB-IP (https://db-ip.com)",
    "changes": "both lists joined, special-purpose addresses left out, equal neighbours merged, IPv6 cut"
    " at /48, names cut at 60",
}


def main(arguments: Sequence[str]) -> int:
    """Write what is asked for; gives the exit code."""
    if len(arguments) < 3 or arguments[0] not in ("vendors", "addresses"):
        print(__doc__, file=sys.stderr)
        return 2
    kind, date, *paths = arguments
    if kind == "vendors":
        make_vendors(date, [Path(path) for path in paths])
    else:
        make_addresses(date, Path(paths[0]), Path(paths[1]))
    return 0


def make_vendors(date: str, paths: Sequence[Path]) -> None:
    """Prefixes of 24, 28 and 36 bits, in order of length, then value."""
    found = {}
    for path in paths:
        for row in read_csv(path):
            prefix, vendor = row[1], tidy(row[2])
            if re.fullmatch("[0-9A-F]{6}|[0-9A-F]{7}|[0-9A-F]{9}", prefix) and vendor not in NOBODY:
                found[4 * len(prefix), int(prefix, 16)] = vendor
    rows = sorted(found.items())
    table = pa.table(
        {
            "bits": pa.array([bits for (bits, _), _ in rows], pa.uint8()),
            "prefix": pa.array([prefix for (_, prefix), _ in rows], pa.uint64()),
            "vendor": pa.array([vendor for _, vendor in rows]).dictionary_encode(),
        }
    )
    write("vendors", table, {**VENDOR_SOURCE, "date": date})


def make_addresses(date: str, asn: Path, country: Path) -> None:
    """Blocks of IPv4 and IPv6 addresses, and the networks that they point to."""
    about = {**ADDRESS_SOURCE, "date": date}
    names: dict[int, str] = {}
    numbers_of = {}
    for version in (4, 6):
        rows = [
            row for row in read_csv(asn / f"asn-ipv{version}-num.csv") if is_public(int(row[2]))
        ]
        names.update({int(row[2]): tidy(row[3]) for row in rows})
        numbers_of[version] = rows
    index = {number: place for place, number in enumerate(sorted(names), 1)}
    for version, rows in numbers_of.items():
        networks = read_ranges(rows, version, lambda row: index[int(row[2])])
        listed = read_csv(country / f"asn-country-ipv{version}-num.csv")
        countries = read_ranges(listed, version, lambda row: int.from_bytes(row[2].encode(), "big"))
        write(f"addresses{version}", join_ranges(networks, countries, version), about)
    table = pa.table(
        {
            "number": pa.array(sorted(names), pa.uint32()),
            "name": pa.array([names[number] for number in sorted(names)]),
        }
    )
    write("networks", table, about)


def read_ranges(
    rows: Iterable[list[str]], version: int, value: Callable[[list[str]], int]
) -> Ranges:
    """First block, one past the last block and value of each range, without those too fine."""
    shift = BLOCK_BITS if version == 6 else 0
    found = [(int(row[0]) >> shift, (int(row[1]) + 1) >> shift, value(row)) for row in rows]
    kept = np.array([row for row in found if row[0] < row[1]], np.uint64).reshape(-1, 3)
    return kept[:, 0], kept[:, 1], kept[:, 2]


def special_ranges(version: int) -> Ranges:
    """The ranges of `SPECIAL`, each with the value 1."""
    parts = [ipaddress.ip_network(text) for text in SPECIAL[version].split()]
    rows = [[str(int(part[0])), str(int(part[-1]))] for part in parts]
    return read_ranges(rows, version, lambda _: 1)


def join_ranges(networks: Ranges, countries: Ranges, version: int) -> pa.Table:
    """The whole address space as blocks one after the other, each with its size."""
    special = special_ranges(version)
    end = np.uint64(1 << (32 if version == 4 else 48))
    edges = np.concatenate([*networks[:2], *countries[:2], *special[:2], np.zeros(1, np.uint64)])
    starts = np.unique(edges[edges < end])
    owned = value_at(starts, special) == 0
    network, country = value_at(starts, networks) * owned, value_at(starts, countries) * owned
    changes = np.append(True, (np.diff(network) != 0) | (np.diff(country) != 0))
    starts = starts[changes]
    sizes = np.diff(np.append(starts, end))
    return pa.table(
        {
            "size": pa.array(sizes, pa.uint32() if version == 4 else pa.uint64()),
            "network": pa.array(network[changes], pa.uint32()),
            "country": pa.array(country[changes], pa.uint16()),
        }
    )


def value_at(starts: Wholes, ranges: Ranges) -> NDArray[np.int64]:
    """The value of the range in which each start lies; 0 for none."""
    if not len(ranges[0]):
        return np.zeros(len(starts), np.int64)
    order = np.argsort(ranges[0], kind="stable")
    first, past, value = (column[order] for column in ranges)
    place = np.searchsorted(first, starts, side="right").astype(np.int64) - 1
    inside = (place >= 0) & (starts < past[place])
    return np.where(inside, value[place], 0).astype(np.int64)


def is_public(number: int) -> bool:
    """Whether an AS number can belong to somebody."""
    return not any(first <= number <= last for first, last in RESERVED)


def tidy(name: str) -> str:
    """A name on one line, without needless space, not longer than a table bears."""
    words = "".join(letter if letter.isprintable() else " " for letter in name).split()
    return " ".join(words)[:NAME_LIMIT].rstrip()


def read_csv(path: Path) -> list[list[str]]:
    """All rows of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(name: str, table: pa.Table, about: dict[str, str]) -> None:
    """One Arrow file, compressed, with its source as metadata."""
    described = table.combine_chunks().replace_schema_metadata({**about, "rows": str(len(table))})
    path = DATA / f"{name}.arrow"
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=19))
    with (
        pa.OSFile(str(path), "wb") as file,
        pa.ipc.new_file(file, described.schema, options=options) as to,
    ):
        to.write_table(described)
    print(f"{path.name}: {len(table)} rows, {path.stat().st_size} bytes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
