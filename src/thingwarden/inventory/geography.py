"""IP addresses -> country of registration, and the network that announces them."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from thingwarden.inventory.vendors import read_knowledge

Wholes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an address belongs; None: not known, or nobody's."""

    country: str | None
    """ISO 3166 alpha-2 of the registration, which need not be where the machine stands."""
    as_number: int | None
    provider: str | None
    """Name of the autonomous system."""


def place_of(ip: str) -> Place:
    """Where one address belongs."""
    return places_of([ip])[0]


def places_of(ips: Sequence[str]) -> list[Place]:
    """Where each address belongs, in their order."""
    return [Place(**row) for row in look_up(ips).to_pylist()]


def look_up(ips: Sequence[str]) -> pa.Table:
    """Columns `country`, `as_number` and `provider`, one row per address; null: not known."""
    country, network = np.zeros(len(ips), np.uint16), np.zeros(len(ips), np.uint32)
    for version in (4, 6):
        places, blocks = _numbers(ips, version)
        if not len(places):
            continue
        starts, networks, countries = _blocks(version)
        found = np.searchsorted(starts, blocks, side="right") - 1
        country[places], network[places] = countries[found], networks[found]
    numbers, names = _networks()
    row = pa.array(network.astype(np.int64) - 1, mask=network == 0)
    return pa.table(
        {
            "country": _letters(country),
            "as_number": numbers.take(row).cast(pa.int64()),
            "provider": names.take(row),
        }
    )


def _numbers(ips: Sequence[str], version: int) -> tuple[NDArray[np.int64], Wholes]:
    """Which of `ips` are of this version, and their numbers: of IPv6 the first 48 bits."""
    family, mark = (socket.AF_INET, ".") if version == 4 else (socket.AF_INET6, ":")
    places, packed = [], []
    for place, ip in enumerate(ips):
        if mark in ip:
            try:
                packed.append(socket.inet_pton(family, ip))
            except (OSError, ValueError):  # ValueError: a null character
                continue
            places.append(place)
    kind, shift = (">u4", 0) if version == 4 else (">u8", 16)
    words = np.frombuffer(b"".join(packed), kind)[:: 1 if version == 4 else 2]
    return np.array(places, np.int64), words.astype(np.uint64) >> np.uint64(shift)


def _letters(codes: NDArray[np.uint16]) -> pa.Array:
    """Two letters for each number; null for 0."""
    distinct, places = np.unique(codes, return_inverse=True)
    texts = pa.array(
        [int(code).to_bytes(2, "big").decode("ascii") if code else None for code in distinct],
        pa.string(),
    )
    return texts.take(pa.array(places))


@cache
def _blocks(version: int) -> tuple[Wholes, NDArray[np.uint32], NDArray[np.uint16]]:
    """First address of each block in rising order, its network's row from 1, its country."""
    table = read_knowledge(f"addresses{version}")
    sizes = table["size"].to_numpy().astype(np.uint64)
    starts = np.cumsum(sizes) - sizes
    return starts, table["network"].to_numpy(), table["country"].to_numpy()


@cache
def _networks() -> tuple[pa.Array, pa.Array]:
    """Number and name of every network."""
    table = read_knowledge("networks")
    return table["number"].combine_chunks(), table["name"].combine_chunks()
