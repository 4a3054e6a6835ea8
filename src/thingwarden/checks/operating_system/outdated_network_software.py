"""Old helpers for DHCP and UPnP date the whole system: what else is on it is as old.

They take in what anybody in the network sends. `amount` is 2 where the release is very old.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.software import Values, evidence, examined
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

TELLERS = ("DHCP", "UPnP", "web server", "Telnet server")


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Low: age alone is no hole, and a maker may have mended it."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.LIKELY,
        statement=f"Basic software on it is more than five years old: {abouts(evidence)}.",
    )


CHECK = Check(
    id="outdated-network-software",
    title="Basic network software is old",
    concern=Concern.OPERATING_SYSTEM,
    evidence=evidence(*TELLERS),
    judge=judge,
    examined=examined(*TELLERS),
    needs="Let it restart once while you capture, so that it asks for its address by DHCP.",
    remedy="Install the newest software for the device. If it is the newest, ask the maker whether he"
    " mends the old parts in it.",
    sources=(
        Source(title="BusyBox, releases with their days", url="https://busybox.net/downloads/"),
        Source(
            title="dhcpcd, releases", url="https://github.com/NetworkConfiguration/dhcpcd/releases"
        ),
        Source(
            title="MiniUPnPd, changes with the days of release",
            url="https://github.com/miniupnp/miniupnp/blob/master/miniupnpd/Changelog.txt",
        ),
        Source(
            title="CERT VU#922681, holes in the Portable SDK for UPnP before 1.6.18",
            url="https://www.kb.cert.org/vuls/id/922681",
        ),
        Source(
            title="RFC 2132 section 9.13, the vendor class identifier",
            url="https://www.rfc-editor.org/rfc/rfc2132#section-9.13",
        ),
    ),
    limits=(
        "These projects publish no ends of support: a release counts as old after five years.",
        "The days are those by which a version was out at the latest, so that it may be older yet.",
        "A maker may mend an old version without changing its number.",
    ),
    bears_on=("5.3-8", "5.2-3"),
    values=Values("BusyBox", "udhcp", "dhcpcd", "MiniUPnPd", "libupnp", "Intel UPnP SDK"),
)
