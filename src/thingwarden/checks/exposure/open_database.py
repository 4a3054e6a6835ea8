"""A database that a device offers to the network hands over its data, or takes commands.

`amount` is 2 where somebody on the Internet was answered, 1 inside the network.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.services import NEEDS, REACHED, SERVED, is_from_internet, service_values
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

SERVICES = {
    "tcp 1433": "Microsoft SQL Server",
    "tcp 3306": "MySQL",
    "tcp 5432": "PostgreSQL",
    "tcp 5984": "CouchDB",
    "tcp 6379": "Redis",
    "tcp 8086": "InfluxDB",
    "tcp 9042": "Cassandra",
    "tcp 9200": "Elasticsearch",
    "tcp 11211": "Memcached",
    "tcp 27017": "MongoDB",
}
"""Ports as registered or as their makers document them."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """A guess by port inside; from the Internet it should never be asked."""
    outside = is_from_internet(evidence)
    return Judgement(
        severity=Severity.HIGH if outside else Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement=f"It answers on the port of a database: {abouts(evidence)}.",
    )


CHECK = Check(
    id="open-database",
    title="A database is open to the network",
    concern=Concern.EXPOSURE,
    evidence=SERVED,
    judge=judge,
    examined=REACHED,
    needs=NEEDS,
    remedy="Let the database listen on the device itself only, or set a password and a firewall rule.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.6-1: disable unused network interfaces",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="CWE-306, missing authentication for critical function",
            url="https://cwe.mitre.org/data/definitions/306.html",
        ),
        Source(
            title="IANA, service name and transport protocol port number registry",
            url="https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.xhtml",
        ),
    ),
    limits=(
        "What runs there is told from the port's number: another program may use it.",
        "Whether a password was asked for is not seen.",
        "A service that nobody asked while the capture ran is not noticed.",
    ),
    bears_on=(
        "5.6-1",
        "5.6-5",
    ),
    values=service_values(SERVICES),
)
