"""A device that has addresses built in stops when its maker's servers move (RFC 4085).

It spoke with an address that no answer for a name gave, after an hour in which every answer would
have been seen. `amount` is how many bytes of data they exchanged.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

HOUR_US = 3_600_000_000
"""What was resolved before the capture began is mostly used within this time."""

GAP_US = 60_000_000
"""Captures that follow each other within a minute are one."""

EVIDENCE = """
    with spans as (
        select first_us, last_us, first_us - max(last_us) over (
                order by first_us, capture rows between unbounded preceding and 1 preceding
            ) as pause_us
        from facts.captures
        where first_us is not null
    ), begun as (
        select first_us as span_us
        from spans
        where coalesce(pause_us > $gap_us, true)
    ), asking as (
        select device_id
        from lookups
        group by device_id
        having sum(resolved) > 0
    ), hiding as (
        select device_id
        from talks
        where side = 'client' and opened > 0 and (
            port = 853 or regexp_matches(peer_name,
                '^doh\\.|(^|\\.)cloudflare-dns\\.com$|^dns\\.(google|quad9\\.net)$|^one\\.one\\.one\\.one$')
        )
    ), unnamed as (
        select device_id, peer_ip, port, time_us, capture, frame,
            answered_us, answered_capture, answered_frame,
            sent_payload_bytes + received_payload_bytes as bytes
        from talks
        where side = 'client' and protocol = 'tcp' and began_seen and answered > 0
            and peer_place = 'internet' and peer_name is null and port not in (53, 123, 853)
            and peer_ip not in (select ip from resolved)
            and device_id in (select device_id from asking)
            and device_id not in (select device_id from hiding)
    )
    select unnamed.device_id, answered_capture as capture, answered_frame as frame,
        answered_us as time_us,
        'got data from ' || peer_ip || ' port ' || port || ', which no name led to' as says,
        peer_ip || ' port ' || port as about,
        unnamed.bytes::double as amount
    from unnamed
    asof join begun on time_us >= span_us
    join devices on devices.device_id = unnamed.device_id
    where time_us >= greatest(span_us, first_us) + $hour_us
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from lookups
    join devices using (device_id)
    where devices.last_us - devices.first_us >= $hour_us
    group by device_id
    having sum(resolved) > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """A guess: its cloud may have told it the address inside a connection."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.GUESS,
        statement=f"It speaks with addresses that no name led to: {abouts(evidence)}.",
    )


CHECK = Check(
    id="hard-coded-address",
    title="It speaks with addresses that no name led to",
    concern=Concern.PORTABILITY,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture of more than an hour in which this device asks for names.",
    remedy="Ask the maker for software that finds its servers by name. Until then the device may stop"
    " when those servers move, and a filter of names does not hold it back.",
    sources=(
        Source(
            title="RFC 4085, embedding globally routable addresses considered harmful",
            url="https://www.rfc-editor.org/rfc/rfc4085",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.9-1: resilience to outages of data networks",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "An address that it was told inside a connection, or remembered for longer than an hour, looks"
        " the same.",
        "Only TCP is looked at: with UDP, other homes are often the peers.",
    ),
    bears_on=("5.9-1",),
    values={"hour_us": HOUR_US, "gap_us": GAP_US},
)
