"""A device that keeps a name on the Internet up to date wants to be found from outside.

`amount` is 1 for each service that it updates or asks for.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

SERVICES = (
    "members.dyndns.org", "checkip.dyndns.org", "checkip.dyndns.com", "dynupdate.no-ip.com",
    "freedns.afraid.org", "www.duckdns.org", "dyn.dns.he.net", "update.dynu.com", "dynv6.com",
    "update.dedyn.io", "dyndns.strato.com", "www.ddnss.de",
)  # fmt: skip
"""Hosts to which addresses are reported."""

EVIDENCE = """
    select device_id, capture, frame, time_us,
        'exchanged data with ' || peer_name as says,
        peer_name as about,
        1::double as amount
    from talks
    where side = 'client' and answered > 0 and list_contains($services, peer_name)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and peer_place = 'internet' and peer_name is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """That it means to be reached is likely; whether it can be, other checks see."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.LIKELY,
        statement=f"It tells the Internet where to find it: {abouts(evidence)}.",
    )


CHECK = Check(
    id="dynamic-dns-update",
    title="It wants to be found from the Internet",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device speaks with services on the Internet by name.",
    remedy="If you do not reach it from outside, switch dynamic DNS (DDNS) off in its settings, and look"
    " in your router for ports that stand open.",
    sources=(
        Source(
            title="RFC 2136, dynamic updates in the domain name system",
            url="https://www.rfc-editor.org/rfc/rfc2136",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.6-5: enable only what is needed",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=("Services that are not on the list, such as those of makers, are not told.",),
    bears_on=("5.6-5", "5.6-1"),
    values={"services": list(SERVICES)},
)
