"""A device joins by DHCP and tells where it is described."""

from tests import frames, messages
from tests.home import Device, Place


def joins_with_mud(device: Device, url: str) -> int:
    """A DHCP request with the option of RFC 8520; gives its frame."""
    nobody = Place(device.mac, "0.0.0.0")
    everybody = Place(frames.BROADCAST, "255.255.255.255")
    options = {50: frames.ip_bytes(device.ip), 161: url.encode()}
    message = messages.dhcp(3, device.mac, options)
    return device.home.datagram(nobody, everybody, (68, 67), message)
