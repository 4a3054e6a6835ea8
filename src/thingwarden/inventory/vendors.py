"""Hardware addresses -> the companies to which their first half was assigned (IEEE)."""

import unicodedata
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

LENGTHS = (36, 28, 24)
"""Bits of the prefixes that the IEEE assigns (MA-S and IAB, MA-M, MA-L), the finest first."""

LOCAL_BIT = 0x02
"""In the first octet: the address was not assigned but chosen (IEEE 802 section 8.2.2)."""

GROUP_BIT = 0x01

CHOSEN_BY_SOFTWARE = ("02:42:", "52:54:00:", "0a:58:", "02:00:5e:", "ba:dc:0f:")
"""Docker, QEMU, Kubernetes and simulated networks: local addresses, but none to hide behind."""


def vendor_of(mac: str) -> str | None:
    """To whom the prefix of `mac` (`00:17:88:…`) was assigned; None for chosen or unknown ones."""
    number = _number(mac)
    if number is None or (number >> 40) & (LOCAL_BIT | GROUP_BIT):
        return None
    for bits in LENGTHS:
        prefixes, vendors = _assigned()[bits]
        wanted = np.uint64(number >> (48 - bits))
        place = int(np.searchsorted(prefixes, wanted))
        if place < len(prefixes) and prefixes[place] == wanted:
            return unicodedata.normalize("NFKC", str(vendors[place].as_py()))
    return None


def is_random(mac: str) -> bool:
    """Whether a device chose this address to be hard to recognise, as phones do."""
    number = _number(mac)
    if number is None or not (number >> 40) & LOCAL_BIT:
        return False
    return not mac.startswith(CHOSEN_BY_SOFTWARE)


def _number(mac: str) -> int | None:
    digits = mac.replace(":", "")
    try:
        octets = bytes.fromhex(digits) if len(digits) == 12 else b""
    except ValueError:  # not int(), which takes signs and underscores too
        return None
    return int.from_bytes(octets, "big") if len(octets) == 6 else None


@cache
def _assigned() -> dict[int, tuple[NDArray[np.uint64], pa.Array]]:
    """Sorted prefixes and their vendors, by length."""
    table = read_knowledge("vendors")
    bits, prefixes = table["bits"].to_numpy(), table["prefix"].to_numpy()
    vendors = table["vendor"].combine_chunks()
    found = {}
    for length in LENGTHS:
        first, past = np.searchsorted(bits, [length, length + 1])
        found[length] = (prefixes[first:past], vendors[int(first) : int(past)])
    return found


def read_knowledge(name: str) -> pa.Table:
    """A table of `thingwarden/data`, which `tools/make_knowledge.py` wrote."""
    data = files("thingwarden").joinpath("data", f"{name}.arrow").read_bytes()
    return pa.ipc.open_file(pa.py_buffer(data)).read_all()
