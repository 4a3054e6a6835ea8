"""A device with one time server on the Internet loses the time, and TLS with it, when that one stops.

Pools are many servers under one name and are left out. `amount` is how many packets were sent.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH_PACKETS = 4
"""Fewer may be one question with its repeats; who knows others has often tried them by then."""

POOL = r"(^|[.-])pool[.-]"
"""Names that stand for many volunteers' servers, such as 2.android.pool.ntp.org."""

EVIDENCE = """
    with servers as (
        select *
        from talks
        where side = 'client' and protocol = 'udp' and port = 123
            and peer_place not in ('group', 'none')
    ), faithful as (
        select device_id
        from servers
        group by device_id
        having min(coalesce(peer_name, peer_ip)) = max(coalesce(peer_name, peer_ip))
            and sum(sent_packets) >= $enough_packets and sum(opened) > 0
    )
    select device_id, capture, frame, time_us,
        'asked ' || peer_ip || ' for the time' as says,
        coalesce(peer_name, peer_ip) as about,
        sent_packets::double as amount
    from servers
    where device_id in (select device_id from faithful)
        and peer_place = 'internet'
        and peer_ip not in (select ip from network where kind = 'ntp')
        and not regexp_matches(coalesce(peer_name, ''), $pool)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where side = 'client' and protocol = 'udp' and port = 123
        and peer_place not in ('group', 'none')
    group by device_id
    having sum(sent_packets) >= $enough_packets and sum(opened) > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Only to be known."""
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.LIKELY,
        statement=f"It takes the time from one service on the Internet only: {abouts(evidence)}.",
    )


CHECK = Check(
    id="single-time-server",
    title="It asks one time server on the Internet only",
    concern=Concern.PROVIDER,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A longer capture in which this device asks for the time (NTP).",
    remedy="Enter a second time server in the device's settings, if it has such a setting.",
    sources=(
        Source(
            title="RFC 8633 section 3.2, enough time sources are at least four",
            url="https://www.rfc-editor.org/rfc/rfc8633#section-3.2",
        ),
        Source(
            title="RFC 4085, embedding globally routable addresses considered harmful",
            url="https://www.rfc-editor.org/rfc/rfc4085",
        ),
    ),
    limits=(
        "A second server may be asked only when the first does not answer.",
        "Many machines can stand behind one name.",
    ),
    bears_on=("5.9-1", "5.9-3"),
    values={"enough_packets": ENOUGH_PACKETS, "pool": POOL},
)
