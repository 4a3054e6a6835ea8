"""Devices -> what people call them, and lines that say what they are."""

from collections import Counter
from collections.abc import Mapping, Sequence

from thingwarden.model import Device, DeviceId, Identity, Report
from thingwarden.report.words import plain

NAME_LIMIT = 60
COMMAS = str.maketrans({",": " ", "\N{FULLWIDTH COMMA}": " "})

LEGAL_FORMS = frozenset((
    "ab", "ag", "as", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated",
    "kg", "limited", "llc", "ltd", "nv", "oy", "oyj", "plc", "pte", "pty", "sa", "sas", "se", "spa",
    "srl",
))  # fmt: skip

SURE = 0.5
"""Below this a guess about what a device is does not become its name."""


def label_devices(report: Report) -> Mapping[DeviceId, str]:
    """A different name for every device and gateway: its own, what it is, or its address."""
    devices = [assessment.device for assessment in report.assessments] + list(report.gateways)
    labels = {device.id: plain(_name(device), NAME_LIMIT) for device in devices}
    times = Counter(labels.values())
    return {
        device.id: labels[device.id]
        if times[labels[device.id]] == 1
        else f"{labels[device.id]} ({_mark(device)})"
        for device in devices
    }


def describe(identity: Identity, label: str = "") -> str:
    """Vendor, model and category in one line, without what `label` says already; may be empty."""
    vendor = shorten_company(identity.vendor.value) if identity.vendor else ""
    others = [guess.value for guess in (identity.model, identity.category) if guess]
    words = [plain(word, NAME_LIMIT) for word in (vendor, *others)]
    return ", ".join(word for word in words if word and word not in label)


def shorten_company(name: str) -> str:
    """A company as people call it: without the letters that say how it is owned."""
    words = plain(name, NAME_LIMIT).translate(COMMAS).split()
    while len(words) > 1 and words[-1].strip(".()").replace(".", "").casefold() in LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def _name(device: Device) -> str:
    if device.names:
        return device.names[0]
    identity = device.identity
    for guess in (identity.model, identity.category):
        if guess and guess.confidence >= SURE:
            return guess.value
    if identity.vendor and identity.vendor.confidence >= SURE:
        return f"{shorten_company(identity.vendor.value)} device"
    return next(iter((*device.addresses, *device.macs)), str(device.id))


def _mark(device: Device) -> str:
    """What tells two devices of the same name apart."""
    ends: Sequence[str] = (*device.macs, *device.addresses, device.id)
    return plain(ends[0][-5:] if device.macs else ends[0], NAME_LIMIT)
