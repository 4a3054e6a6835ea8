"""A port by which a provider or dealer manages a device is a door that its owner does not hold.

`amount` is 2 where somebody on the Internet was answered, 1 inside the network.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.services import NEEDS, REACHED, SERVED, is_from_internet, service_values
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

SERVICES = {
    "tcp 7547": "TR-069",
    "tcp 8291": "Winbox",
    "tcp 37777": "Dahua management",
    "tcp 34567": "XiongMai management",
}
"""Ports as registered or as used by these makers."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """From the Internet this was how botnets came in."""
    outside = is_from_internet(evidence)
    return Judgement(
        severity=Severity.HIGH if outside else Severity.LOW,
        confidence=Confidence.LIKELY,
        statement=f"It answers on a port for remote management: {abouts(evidence)}.",
    )


CHECK = Check(
    id="remote-management",
    title="It is managed over the network",
    concern=Concern.EXPOSURE,
    evidence=SERVED,
    judge=judge,
    examined=REACHED,
    needs=NEEDS,
    remedy="Ask who needs this door; close it in the device's settings, or let nobody but its manager reach it.",
    sources=(
        Source(
            title="Antonakakis et al., Understanding the Mirai Botnet, USENIX Security 2017: TR-064 and TR-069 as targets",
            url="https://www.usenix.org/conference/usenixsecurity17/technical-sessions/presentation/antonakakis",
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
        "5.5-5",
    ),
    values=service_values(SERVICES),
)
