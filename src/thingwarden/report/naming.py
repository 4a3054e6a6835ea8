"""Devices -> what people call them, and lines that say what they are."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from thingwarden.model import Device, DeviceId, Guess, Identity, Report
from thingwarden.report.letters import is_blank, plain
from thingwarden.report.words import kind

NAME_LIMIT = 60
COMMAS = str.maketrans({",": " ", "\N{FULLWIDTH COMMA}": " "})
WORD = re.compile(r"\w+")

LEGAL_FORMS = frozenset((
    "ab", "ag", "as", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated",
    "kg", "limited", "llc", "ltd", "nv", "oy", "oyj", "plc", "pte", "pty", "sa", "sas", "se", "spa",
    "srl",
))  # fmt: skip

SURE = 0.5
"""Below this a guess about what a device is does not become its name."""

UNKNOWN = "unknown thing"


def label_devices(report: Report) -> Mapping[DeviceId, str]:
    """A different name for every device and gateway: its own, what it is, or its address."""
    devices = [assessment.device for assessment in report.assessments] + list(report.gateways)
    labels = {device.id: plain(_name(device), NAME_LIMIT) for device in devices}
    for mark in (_mark, _whole_mark):
        times = Counter(labels.values())
        for device in devices:
            label = labels[device.id]
            if times[label] > 1:
                labels[device.id] = f"{label} ({mark(device)})"
    return labels


def describe(identity: Identity, label: str = "") -> str:
    """Maker, family, model and kind as one says them, such as `TP-Link HS110 plug`.

    Empty if none is known, or if `label` says it all.
    """
    words = " ".join(_parts(identity))
    return "" if _holds(label, words) else words


def say_what(identity: Identity) -> str:
    """What it is, as deep as is certain; never empty."""
    known = describe(identity)
    if known or not identity.chip:
        return known or UNKNOWN
    return f"{UNKNOWN} (network chip by {shorten_company(identity.chip)})"


def shorten_company(name: str) -> str:
    """A company as people call it: without the letters that say how it is owned."""
    words = plain(name, NAME_LIMIT).translate(COMMAS).split()
    while len(words) > 1 and words[-1].strip(".()").replace(".", "").casefold() in LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def _name(device: Device) -> str:
    names = [name for name in device.names if not is_blank(name)]
    if names:
        return names[0]
    parts = _parts(device.identity)
    if len(parts) == 1 and _certain(device.identity.vendor):
        return f"{parts[0]} device"
    return " ".join(parts) or next(iter((*device.addresses, *device.macs)), str(device.id))


def _parts(identity: Identity) -> list[str]:
    """The words of each level that is known, without those that another says already."""
    parts = [
        shorten_company(_certain(identity.vendor)),
        plain(_certain(identity.family), NAME_LIMIT),
        plain(_certain(identity.model), NAME_LIMIT),
        plain(kind(_certain(identity.category)), NAME_LIMIT),
    ]
    different = dict.fromkeys(part for part in parts if not is_blank(part))
    return [
        part
        for part in different
        if not any(_holds(other, part) for other in different if other != part)
    ]


def _certain(guess: Guess | None) -> str:
    return guess.value if guess and guess.confidence >= SURE else ""


def _holds(text: str, words: str) -> bool:
    """Whether `text` has these words, next to each other."""
    found, sought = (" ".join(WORD.findall(one.casefold())) for one in (text, words))
    return bool(sought) and f" {sought} " in f" {found} "


def _mark(device: Device) -> str:
    """What tells two devices of the same name apart, mostly."""
    ends: Sequence[str] = (*device.macs, *device.addresses, device.id)
    return plain(ends[0][-5:] if device.macs else ends[0], NAME_LIMIT)


def _whole_mark(device: Device) -> str:
    return plain(device.id)
