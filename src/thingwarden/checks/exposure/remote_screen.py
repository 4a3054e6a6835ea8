"""Who reaches a device's screen from afar controls all that its user could.

`amount` is 2 where somebody on the Internet was answered, 1 inside the network.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.services import NEEDS, REACHED, SERVED, is_from_internet, service_values
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

SERVICES = {
    "tcp 3389": "Remote Desktop",
    "tcp 5900": "VNC",
    "tcp 5901": "VNC",
    "tcp 5902": "VNC",
    "tcp 6000": "X11",
}
"""Ports as registered."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Low inside, where it is often wanted; high for strangers."""
    outside = is_from_internet(evidence)
    return Judgement(
        severity=Severity.HIGH if outside else Severity.LOW,
        confidence=Confidence.LIKELY,
        statement=f"Its screen can be used over the network: {abouts(evidence)}.",
    )


CHECK = Check(
    id="remote-screen",
    title="Its screen can be reached from the network",
    concern=Concern.EXPOSURE,
    evidence=SERVED,
    judge=judge,
    examined=REACHED,
    needs=NEEDS,
    remedy="Switch off what you do not use in its settings, and protect the rest with a long password.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.6-1: disable unused network interfaces",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 6143 section 9, security of the remote framebuffer protocol",
            url="https://www.rfc-editor.org/rfc/rfc6143#section-9",
        ),
        Source(
            title="IANA, service name and transport protocol port number registry",
            url="https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.xhtml",
        ),
    ),
    limits=(
        "What runs there is told from the port's number: another program may use it.",
        "A service that nobody asked while the capture ran is not noticed.",
    ),
    bears_on=(
        "5.6-1",
        "5.5-1",
    ),
    values=service_values(SERVICES),
)
