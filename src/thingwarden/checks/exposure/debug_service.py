"""A port for developers gives whoever reaches it the whole device.

`amount` is 2 where somebody on the Internet was answered, 1 inside the network.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.services import NEEDS, REACHED, SERVED, is_from_internet, service_values
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

SERVICES = {
    "tcp 5555": "Android debug bridge",
    "tcp 9229": "a debugger (Node.js)",
}
"""Ports as their makers document them."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Told from the port only, so a guess; where it is true, nothing is worse."""
    outside = is_from_internet(evidence)
    return Judgement(
        severity=Severity.CRITICAL if outside else Severity.HIGH,
        confidence=Confidence.GUESS,
        statement=f"It answers on a port for developers: {abouts(evidence)}.",
    )


CHECK = Check(
    id="debug-service",
    title="A door for developers is open",
    concern=Concern.EXPOSURE,
    evidence=SERVED,
    judge=judge,
    examined=REACHED,
    needs=NEEDS,
    remedy="Switch developer mode or USB debugging off in its settings, and restart it.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.6-4A: debug interfaces disabled or protected",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="Android Debug Bridge, developer documentation",
            url="https://developer.android.com/tools/adb",
        ),
    ),
    limits=(
        "What runs there is told from the port's number: another program may use it.",
        "A service that nobody asked while the capture ran is not noticed.",
    ),
    bears_on=(
        "5.6-4A",
        "5.6-1",
    ),
    values=service_values(SERVICES),
)
