"""What a device is, and why; a user's own label wins over everything."""

from thingwarden.inventory.vendors import vendor_of

from thingwarden.model import Guess, Identity

VENDOR_CONFIDENCE = 0.6
"""The prefix names who made the network chip or the board; often that is not who sells the thing."""


def identify(macs: tuple[str, ...], category: str | None) -> Identity:
    """From the hardware addresses of a device, and the category that its user gave it."""
    return Identity(vendor=_vendor(macs), category=_labelled(category))


def _vendor(macs: tuple[str, ...]) -> Guess | None:
    for mac in macs:
        vendor = vendor_of(mac)
        if vendor:
            says = f"the first half of its hardware address belongs to {vendor}"
            caution = "which may be the maker of its network chip only"
            return Guess(
                value=vendor, confidence=VENDOR_CONFIDENCE, because=(f"{says}, {caution}",)
            )
    return None


def _labelled(category: str | None) -> Guess | None:
    return Guess(value=category, confidence=1.0, because=("you said so",)) if category else None


def is_random(mac: str) -> bool:
    """Whether a device made the address up: the locally administered bit (IEEE 802, RFC 9542)."""
    return mac[1:2] in ("2", "6", "a", "e")
