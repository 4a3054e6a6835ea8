"""SNMP tells much of a device to whoever knows a word that is often `public`.

`amount` is 2 where somebody on the Internet was answered, 1 inside the network.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.services import NEEDS, REACHED, SERVED, is_from_internet, service_values
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

SERVICES = {
    "udp 161": "SNMP",
}
"""The port as registered."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Which version it speaks is not read: a guess."""
    outside = is_from_internet(evidence)
    return Judgement(
        severity=Severity.HIGH if outside else Severity.LOW,
        confidence=Confidence.LIKELY,
        statement=f"It answers questions of network management: {abouts(evidence)}.",
    )


CHECK = Check(
    id="snmp-served",
    title="It answers SNMP",
    concern=Concern.EXPOSURE,
    evidence=SERVED,
    judge=judge,
    examined=REACHED,
    needs=NEEDS,
    remedy="Switch SNMP off, or use version 3 with a password of your own.",
    sources=(
        Source(
            title="RFC 3414, user-based security of SNMP version 3: what earlier versions lack",
            url="https://www.rfc-editor.org/rfc/rfc3414",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.6-2: reveal little without authentication",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "The version and the community word are not read: version 3 is protected.",
        "A service that nobody asked while the capture ran is not noticed.",
    ),
    bears_on=(
        "5.6-1",
        "5.6-2",
    ),
    values=service_values(SERVICES),
)
