"""Tokens that things of all makers show: how common they are, so that they prove nothing."""

from fnmatch import fnmatchcase
from functools import lru_cache

COMMON: dict[str, tuple[tuple[str, float], ...]] = {
    "host-name": (
        ("esp[_-]<*>", 0.1), ("esp[_-]*", 0.1), ("espressif", 0.1), ("android-<*>", 0.2),
        ("localhost*", 0.1), ("linux", 0.1), ("openwrt", 0.1), ("unknown", 0.1),
        ("raspberrypi", 0.05), ("wlan*", 0.05), ("(none)", 0.05), ("lwip*", 0.1), ("ubuntu", 0.05),
    ),
    "dhcp-vendor": (
        ("udhcp*", 0.4), ("dhcpcd*", 0.2), ("msft 5.0*", 0.2), ("android-dhcp*", 0.2),
        ("busybox*", 0.1),
    ),
    "dhcp-options": (
        ("1,3,6,12,15,28,42", 0.3), ("1,3,6,12,15,28", 0.2), ("1,3,6,12,15,28,40,41,42", 0.1),
        ("1,3,28,6", 0.1), ("1,3,28,6,15,44,46,47,31,33,121,43", 0.1), ("1,28,2,3,15,6,12*", 0.1),
        ("1,121,33,3,6,12,15,26,28,42,51,54,58,59,119*", 0.1), ("1,3,6,15,26,28,51,58,59,43", 0.1),
    ),
    "domain": (
        ("*pool.ntp.org", 0.3), ("time.*.gov", 0.2), ("*google.com", 0.2), ("*googleapis.com", 0.2),
        ("*.amazonaws.com", 0.2), ("*.cloudfront.net", 0.1), ("*.akamai*", 0.1),
        ("*.gstatic.com", 0.1), ("time.windows.com", 0.1), ("*.facebook.com", 0.1),
        ("example.*", 0.1), ("*.azure*", 0.1), ("*microsoft.com", 0.1), ("*apple.com", 0.1),
    ),
    "remote-port": (
        ("udp 53", 0.8), ("udp 67", 0.8), ("udp 123", 0.7), ("tcp 443", 0.7), ("tcp 80", 0.5),
        ("udp 5353", 0.4), ("udp 1900", 0.4), ("tcp 8883", 0.2), ("tcp 1883", 0.1),
        ("udp 443", 0.2), ("tcp 53", 0.1),
    ),
    "open-port": (("tcp 80", 0.4), ("tcp 443", 0.2), ("tcp 22", 0.1), ("udp 5353", 0.3)),
    "mdns-service": (("_http._tcp", 0.3), ("_workstation._tcp", 0.1), ("_googlecast._tcp", 0.1)),
    "upnp-type": (
        ("upnp:rootdevice", 0.9), ("uuid:*", 0.9), ("urn:schemas-upnp-org:device:basic:1*", 0.3),
        ("urn:schemas-upnp-org:*", 0.1),
    ),
    "upnp-search": (("upnp:rootdevice", 0.3), ("ssdp:all", 0.4), ("urn:schemas-upnp-org:*", 0.2)),
    "mdns-search": (("_services._dns-sd._udp", 0.3), ("_googlecast._tcp", 0.3)),
    "server": (("linux*upnp*", 0.1), ("lighttpd*", 0.2), ("nginx*", 0.2), ("apache*", 0.1)),
    "user-agent": (("curl*", 0.1), ("wget*", 0.1), ("python-*", 0.05), ("okhttp*", 0.1)),
    "prefix": (),
}  # fmt: skip
"""Rates are rough, and only ever lower what a token proves: at most so much of all things show it."""


@lru_cache(maxsize=65_536)
def common_rate(channel: str, value: str) -> float:
    """Share of things that show this token, where it is a common one; else 0."""
    for pattern, rate in COMMON.get(channel, ()):
        if fnmatchcase(value, pattern):
            return rate
    return 0.0
