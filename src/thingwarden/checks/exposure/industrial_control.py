"""Protocols of plants and buildings switch real things for whoever speaks them: they know no login.

`amount` is 2 where somebody on the Internet was answered, 1 inside the network.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.services import NEEDS, REACHED, SERVED, is_from_internet, service_values
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

SERVICES = {
    "tcp 102": "S7 or MMS",
    "tcp 502": "Modbus",
    "tcp 1911": "Niagara Fox",
    "tcp 2404": "IEC 60870-5-104",
    "tcp 4840": "OPC UA",
    "tcp 20000": "DNP3",
    "udp 20000": "DNP3",
    "tcp 44818": "EtherNet/IP",
    "udp 44818": "EtherNet/IP",
    "udp 2222": "EtherNet/IP",
    "udp 47808": "BACnet",
    "tcp 5094": "HART-IP",
    "udp 5094": "HART-IP",
}
"""Ports as registered for these protocols."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Medium in its own network, where it is meant to be; high for strangers."""
    outside = is_from_internet(evidence)
    return Judgement(
        severity=Severity.HIGH if outside else Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement=f"It answers a protocol that controls machines without a login: {abouts(evidence)}.",
    )


CHECK = Check(
    id="industrial-control",
    title="It takes commands of plants without a login",
    concern=Concern.EXPOSURE,
    evidence=SERVED,
    judge=judge,
    examined=REACHED,
    needs=NEEDS,
    remedy="Keep it in a network of its own, in which only its controllers are, and never let the Internet in.",
    sources=(
        Source(
            title="NIST SP 800-82 revision 3, guide to operational technology security",
            url="https://csrc.nist.gov/pubs/sp/800/82/r3/final",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.5-4: authentication for functions over the network",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="IANA, service name and transport protocol port number registry",
            url="https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.xhtml",
        ),
    ),
    limits=(
        "What runs there is told from the port's number: another program may use it.",
        "OPC UA and newer versions of others may ask for a login.",
        "A service that nobody asked while the capture ran is not noticed.",
    ),
    bears_on=(
        "5.5-4",
        "5.5-5",
    ),
    values=service_values(SERVICES),
)
