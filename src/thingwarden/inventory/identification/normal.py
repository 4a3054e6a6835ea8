"""Raw values -> tokens: what only one thing would say is masked, what its model says is kept."""

import re
import unicodedata
from functools import lru_cache

from thingwarden.inventory.identification.domains import stable_part

MOST_CHARACTERS = 120
MOST_READ = 400
"""Characters of a raw value that are looked at: a name may be as long as its sender likes."""

MASKS = (
    (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b"), "<mac>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "<ip>"),
    (re.compile(r"(?=[0-9a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{6,}"), "<hex>"),
    (re.compile(r"\d{5,}"), "<number>"),
)
"""Identifiers of one thing. Four digits stay: they are in the names of models."""

VERSION = re.compile(r"(?<=[/ _v-])\d+(?:[._]\d+){1,5}(?:[-+~][\w.]{1,16})?\b")
"""A version changes with every update; the product before it stays."""

PERSON = re.compile(
    r"^\w[\w .-]{0,40}?(?:['\u2019]s|s)[ -]+(?=(?:i?phone|i?pad|macbook|imac|galaxy|pixel|laptop|"
    r"pc|desktop|tablet|watch|air|mini|tv)\b)"
)
"""Whose it is: "Anna's iPhone", "annas-iphone"."""

PERSONAL = frozenset({"host-name", "mdns-name", "mqtt-client", "mqtt-topic"})

VERSIONED = frozenset({"user-agent", "server", "upnp-model", "mdns-text", "dhcp-vendor", "banner"})

VERBATIM = frozenset({"dhcp-options", "tls-client", "stack", "remote-port", "open-port"})
"""Values that hold nothing of one thing alone."""


@lru_cache(maxsize=65_536)
def normalise(channel: str, raw: str, own: str = "") -> str:
    """The token of a raw value; empty if nothing is left of it.

    `own` is the hardware address of who said it, as 12 hex digits: its end, too, names one thing.
    """
    text = plain(raw)
    if channel in VERBATIM:
        return text
    if channel == "domain":
        return stable_part(text)
    text = mask_identifiers(text, own)
    if channel in PERSONAL:
        text = PERSON.sub("<person> ", text)
    if channel in VERSIONED:
        text = VERSION.sub("<version>", text)
    return text[:MOST_CHARACTERS]


def plain(raw: str) -> str:
    """Lower case, one space between words, nothing that does not show, bounded."""
    shown = raw[:MOST_READ]
    if not (shown.isascii() and shown.isprintable()):
        shown = "".join(map(_shown, unicodedata.normalize("NFKC", shown)))
    return " ".join(shown.lower().split())[:MOST_CHARACTERS]


def mask_identifiers(text: str, own: str = "") -> str:
    """`text` without addresses, serial numbers and random identifiers."""
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    if len(own) == 12 and own[8:] in text:
        text = re.sub(rf"(?<![0-9a-f]){own[8:]}(?![0-9a-f])", "<mac>", text)
    return text


def _shown(character: str) -> str:
    return character if character.isprintable() else " "
