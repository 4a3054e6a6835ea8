"""What came from a network -> names and values that may stand in a file of rules.

Nothing that a device, a resolver or a MUD file said reaches a rule except through here: what does not
have the form of an address or a name is None, and the rest becomes letters, digits and a hash.
"""

import re
from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from thingwarden.policy.entries import Way

TABLE = "thingwarden"

MOST_COMMENT = 128
"""Bytes that nft keeps of a comment."""

MOST_PART = 32
"""Letters of a given name that are kept in ours: enough to know it. dnsmasq's lines, of 1,024 bytes,
hold four names of sets and more."""

MOST_NAME = 253
"""Letters of a name of the DNS (RFC 1035 section 2.3.4), without its final dot."""

MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
LABELS = re.compile(r"(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
DEVICE = re.compile(r"d-([0-9a-f]{12})")
REMEMBERED = 1 << 14
"""Names and addresses that are not read again: they come back in each entry about them."""

PLAIN = re.compile(rf"[A-Za-z0-9-]{{1,{MOST_PART}}}")


def device_name(device_id: str) -> str:
    """What chains and counters of a device begin with, such as `d_0017882b9a25`."""
    usual = DEVICE.fullmatch(device_id)
    return f"d_{usual[1]}" if usual else f"d_{_letters(device_id)}_{hash_of(device_id)}"


def counter_name(owner: str, way: Way, rule: str) -> str:
    """The counter of a rule of `owner`; different rules have different ones, whatever their ids."""
    part = rule if PLAIN.fullmatch(rule) else f"{_letters(rule)}_{hash_of(rule)}"
    return f"{owner}_{way.value}_{part}"


def stopped_name(owner: str, way: Way) -> str:
    """The counter of what no entry of `owner` allows."""
    return f"{owner}_stopped_{way.value}"


def spoof_name(owner: str) -> str:
    """The counter of what came from an address that is not the device's."""
    return f"{owner}_spoof"


@lru_cache(REMEMBERED)
def set_name(name: str, version: int) -> str:
    """The set of addresses of a name or pattern; one set for all devices that may reach it."""
    return f"n_{_letters(name)}_{hash_of(name)}_{version}"


@lru_cache(REMEMBERED)
def network_set(networks: tuple[str, ...]) -> str:
    """The sets for some prefixes that have no role, without version."""
    return f"net_{hash_of(' '.join(networks))}"


def hash_of(text: str) -> str:
    """Ten letters that no two names of a site share by chance."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def comment(text: str) -> str:
    """`text` as it may stand behind `#` or between quotes: one line, few kinds of letters, cut."""
    return re.sub(r"[^A-Za-z0-9 .,:/@()*_+-]+", "?", text)[:MOST_COMMENT]


@lru_cache(REMEMBERED)
def read_mac(text: str) -> str | None:
    """A hardware address of one device, lower case; None where it is none, or a group's."""
    small = text.lower()
    return small if MAC.fullmatch(small) and not int(small[1], 16) & 1 else None


@lru_cache(REMEMBERED)
def read_address(text: str) -> str | None:
    """An IP address without zone, as it is commonly written."""
    try:
        return None if "%" in text else str(ip_address(text))
    except ValueError:
        return None


@lru_cache(REMEMBERED)
def read_network(text: str) -> IPv4Network | IPv6Network | None:
    """A prefix, or an address as a prefix of full length."""
    try:
        return None if "%" in text else ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(REMEMBERED)
def read_name(text: str) -> str | None:
    """A name or pattern of the DNS, lower case, without final dot."""
    small = text.lower().removesuffix(".")
    fits = len(small) <= MOST_NAME and text.isascii() and LABELS.fullmatch(small)
    return small if fits else None


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower())[:MOST_PART].strip("_")
