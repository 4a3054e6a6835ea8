"""Who gets a command line on a device has all of it; the old kinds ask nobody's leave.

`amount` is 2 where somebody on the Internet was answered, 1 inside the network.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.services import NEEDS, REACHED, SERVED, is_from_internet, service_values
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

SERVICES = {
    "tcp 512": "rexec",
    "tcp 513": "rlogin",
    "tcp 514": "rsh",
}
"""The r-commands, as registered."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """They trust addresses, and send what they get readable."""
    outside = is_from_internet(evidence)
    return Judgement(
        severity=Severity.CRITICAL if outside else Severity.HIGH,
        confidence=Confidence.GUESS,
        statement=f"It answers on the port of a remote shell without protection: {abouts(evidence)}.",
    )


CHECK = Check(
    id="remote-shell",
    title="It serves the old remote shells",
    concern=Concern.EXPOSURE,
    evidence=SERVED,
    judge=judge,
    examined=REACHED,
    needs=NEEDS,
    remedy="Switch these services off. If you need a command line, use SSH with a key.",
    sources=(
        Source(
            title="RFC 1282, BSD rlogin, section 5: security",
            url="https://www.rfc-editor.org/rfc/rfc1282",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.6-1: disable unused network interfaces",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
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
