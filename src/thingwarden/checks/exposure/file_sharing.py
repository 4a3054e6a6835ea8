"""Files that a device shares are read, and often changed, by whoever is in its network.

`amount` is 2 where somebody on the Internet was answered, 1 inside the network.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.services import NEEDS, REACHED, SERVED, is_from_internet, service_values
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

SERVICES = {
    "tcp 139": "SMB",
    "tcp 445": "SMB",
    "tcp 548": "AFP",
    "tcp 2049": "NFS",
    "udp 69": "TFTP",
    "tcp 873": "rsync",
}
"""Ports as registered."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Sharing files is what some things are for: low inside, high for strangers."""
    outside = is_from_internet(evidence)
    return Judgement(
        severity=Severity.HIGH if outside else Severity.LOW,
        confidence=Confidence.LIKELY,
        statement=f"It shares files: {abouts(evidence)}.",
    )


CHECK = Check(
    id="file-sharing",
    title="It shares files with the network",
    concern=Concern.EXPOSURE,
    evidence=SERVED,
    judge=judge,
    examined=REACHED,
    needs=NEEDS,
    remedy="If you need no shared files, switch this off in the device's settings. Else set a password, and share"
    " no more than is needed.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.6-5: enable only what is needed",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 1350, the TFTP protocol, section 1: no login",
            url="https://www.rfc-editor.org/rfc/rfc1350",
        ),
        Source(
            title="IANA, service name and transport protocol port number registry",
            url="https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.xhtml",
        ),
    ),
    limits=(
        "What runs there is told from the port's number: another program may use it.",
        "Whether a login was asked for is not seen.",
        "A service that nobody asked while the capture ran is not noticed.",
    ),
    bears_on=(
        "5.6-1",
        "5.6-5",
    ),
    values=service_values(SERVICES),
)
