"""A device that comes back long after the others did makes each outage longer than it was.

Only devices count that spoke with the Internet in every quarter of the hour before, and that tried
during the outage. `amount` is how many minutes later it came back.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

LATE_US = 900_000_000
"""A quarter of an hour after the first device: the ceiling of most back-offs is far below."""

PROMPT_US = 300_000_000
"""In so much time two others must be back: the Internet really was."""

EVIDENCE = """
    with around as materialized (
        select *, unnest(range(from_us // 60000000 - 90, to_us // 60000000 + 1440)) as minute
        from outages
    ), near as materialized (
        select src_mac, src_ip, dst_ip, capture, frame, time_us, last_us, from_us, to_us
        from facts.flows
        join around on time_us // 60000000 = minute
        where last_us >= from_us - 3600000000 and dst_payload_bytes > 0
    ), times as materialized (
        select device_id, from_us, to_us,
            count(distinct greatest(0, time_us - from_us + 3600000000) // 900000000)
                filter (time_us < from_us) as quarters,
            arg_min((capture, frame, time_us), (time_us, capture, frame))
                filter (time_us >= to_us) as back
        from near
        join hosts on hosts.mac is not distinct from src_mac and hosts.ip = src_ip
        join outage_hits using (device_id, from_us, to_us)
        where dst_ip in (select ip from peers)
        group by device_id, from_us, to_us
    ), late as materialized (
        select device_id, from_us, to_us, back[3] - to_us as late_us,
            [{'place': back, 'says': 'got an answer from the Internet again'}] as words
        from times
        where quarters = 4 and back[3] - to_us > $late_us
            and (
                select count(*)
                from times as others
                where others.to_us = times.to_us and others.back[3] - times.to_us <= $prompt_us
            ) >= 2
    ), told as (
        select device_id, from_us, late_us, unnest(words) as word
        from late
        union all
        select device_id, from_us, any_value(late_us), {
            'place': arg_min((capture, frame, time_us), (time_us, capture, frame)),
            'says': arg_min(outage_tries.says, (time_us, capture, frame))
        }
        from outage_tries
        join late using (device_id, from_us, to_us)
        group by device_id, from_us
    )
    select device_id, word.place[1]::int as capture, word.place[2]::bigint as frame,
        word.place[3]::bigint as time_us, word.says as says,
        'the outage of ' || strftime(make_timestamp(from_us), '%Y-%m-%d %H:%M UTC') as about,
        (late_us / 6e7)::double as amount
    from told
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from outage_hits
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """That it came back late is measured; that it could have come earlier is likely."""
    latest = max(row.amount for row in evidence)
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.LIKELY,
        statement=f"It came back {latest:.0f} minutes later than other devices after {abouts(evidence)}.",
    )


CHECK = Check(
    id="recovers-slowly",
    title="It comes back late after an outage",
    concern=Concern.RELIABLE_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="Unplug your router's Internet line for ten minutes while you capture, and plug it in again.",
    remedy="After an outage, restart the device by hand if you need it at once. Install its newest"
    " software.",
    sources=(
        Source(
            title="ETSI EN 303 645, provisions 5.9-1 to 5.9-3: outages and orderly reconnection",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 8961 section 4, waits grow but have a reasonable ceiling",
            url="https://www.rfc-editor.org/rfc/rfc8961#section-4",
        ),
    ),
    limits=(
        "Its own service may have come back later than the Internet.",
        "Outages are seen only where at least three devices try in vain and come back.",
    ),
    bears_on=("5.9-1", "5.9-2"),
    values={
        "late_us": LATE_US,
        "prompt_us": PROMPT_US,
    },
)
