"""What is known of a device -> what it is, and why; a user's own label wins over everything.

Here is the place of the identification that is to come: it will weigh names, DHCP fingerprints,
announced services and destinations; for now the hardware address alone speaks.
"""

from collections.abc import Sequence

from thingwarden.inventory.vendors import is_random, vendor_of
from thingwarden.model import Guess, Identity

VENDOR_CONFIDENCE = 0.6
"""The prefix names who made the network chip or the board; often that is not who sells the thing."""


def identify(macs: Sequence[str], category: str | None) -> Identity:
    """From the hardware addresses of a device, and the category that its user gave it."""
    return Identity(vendor=_guess_vendor(macs), category=_take_label(category))


def _guess_vendor(macs: Sequence[str]) -> Guess | None:
    for mac in macs:
        vendor = None if is_random(mac) else vendor_of(mac)
        if vendor:
            says = (
                f"the first half of its hardware address belongs to {vendor},"
                " which may have made only its network chip"
            )
            return Guess(value=vendor, confidence=VENDOR_CONFIDENCE, because=(says,))
    return None


def _take_label(category: str | None) -> Guess | None:
    return Guess(value=category, confidence=1.0, because=("you said so",)) if category else None
