"""A printer that prints whatever arrives is abused for noise, and its memory read.

`amount` is 2 where somebody on the Internet was answered, 1 inside the network.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.services import NEEDS, REACHED, SERVED, is_from_internet, service_values
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

SERVICES = {
    "tcp 9100": "raw printing",
}
"""The port that makers of printers document for raw printing."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Usual in a home, so low; for strangers medium."""
    outside = is_from_internet(evidence)
    return Judgement(
        severity=Severity.MEDIUM if outside else Severity.LOW,
        confidence=Confidence.LIKELY,
        statement=f"It prints what anybody sends it: {abouts(evidence)}.",
    )


CHECK = Check(
    id="raw-printer",
    title="It prints for anybody",
    concern=Concern.EXPOSURE,
    evidence=SERVED,
    judge=judge,
    examined=REACHED,
    needs=NEEDS,
    remedy="If your computers print by IPP, switch raw printing (port 9100) off in the printer's settings.",
    sources=(
        Source(
            title="Mueller et al., SoK: Exploiting Network Printers, IEEE S and P 2017",
            url="https://doi.org/10.1109/SP.2017.47",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.6-5: enable only what is needed",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "What runs there is told from the port's number: another program may use it.",
        "A service that nobody asked while the capture ran is not noticed.",
    ),
    bears_on=(
        "5.6-1",
        "5.6-5",
    ),
    values=service_values(SERVICES),
)
