"""A thing that delivers mail to many servers by itself sends spam for somebody.

Honest devices hand their mail to one server of their provider, on port 587 or 465. `amount` is how
many servers on the Internet it spoke with.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH = 3
"""Servers: an old camera that mails through port 25 has one, with a spare address perhaps two."""

EVIDENCE = """
    select device_id, capture, frame, time_us,
        'delivered mail to ' || coalesce(peer_name, peer_ip) as says,
        coalesce(peer_name, peer_ip) as about,
        count(distinct peer_ip) over (partition by device_id)::double as amount
    from talks
    where side = 'client' and protocol = 'tcp' and port = 25 and peer_place = 'internet'
        and answered > 0 and sent_payload_bytes > 0
    qualify amount >= $enough
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and protocol = 'tcp' and peer_place = 'internet'
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely: a mail server at home does the same, and few have one."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement=f"It delivered mail to {evidence[0].amount:.0f} mail servers by itself.",
    )


CHECK = Check(
    id="mail-sender",
    title="It sends mail like a spammer",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device connects to the Internet over TCP.",
    remedy="If this is not your own mail server, unplug the device, reset it, update it and change its"
    " password. Ask your router to block port 25 outward.",
    sources=(
        Source(
            title="RFC 5068 (BCP 134), email submission operations",
            url="https://www.rfc-editor.org/rfc/rfc5068",
        ),
        Source(
            title="RFC 6409, section 3.1: port 587 is for those who submit mail",
            url="https://www.rfc-editor.org/rfc/rfc6409",
        ),
    ),
    limits=("What the mails say and to whom they go is not read.",),
    bears_on=("5.9-3",),
    values={"enough": ENOUGH},
)
