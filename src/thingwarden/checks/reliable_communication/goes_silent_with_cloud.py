"""A device that falls silent at home when the Internet fails depends on it even for what is near.

An outage is told from the traffic of all: nobody gets an answer from the Internet, while several
devices that did before and do afterwards try in vain. `amount` is how many minutes it lasted.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

LONG_US = 1_800_000_000
"""Half an hour: who is silent for less may have had nothing to say."""

EDGE_US = 120_000_000
"""Two minutes: the last and the first answer do not tell the moment itself, nor does an idle flow."""

QUARTERS = 3
"""Of four: in so many quarters of an equal time before, it said something inside the network."""

EVIDENCE = """
    with around as materialized (
        select *, 2 * from_us - to_us as begin_us, 2 * to_us - from_us as end_us, unnest(range(
                (2 * from_us - to_us) // 60000000 - 30, (2 * to_us - from_us) // 60000000 + 1
            )) as minute
        from outages
        where to_us - from_us >= $long_us
    ), meant as materialized (
        select src_mac, src_ip, dst_mac, dst_ip, dst_payload_bytes > 0 as answered,
            capture, frame, time_us, last_us, from_us, to_us
        from facts.flows
        join around on time_us // 60000000 = minute
        where protocol in ('tcp', 'udp') and last_us >= begin_us and time_us < end_us
            and dst_port not in (53, 67, 68, 123)
    ), inside as (
        select *
        from meant
        where ip_kind(src_ip) in ('private', 'link')
            and ip_kind(dst_ip) in ('private', 'link', 'group')
            and dst_ip not in (select ip from hosts where place = 'gateway' and ip is not null)
            and src_ip not in (select ip from hosts where place = 'gateway' and ip is not null)
    ), words as materialized (
        select device_id, inside.*
        from inside
        join hosts on hosts.mac is not distinct from src_mac and hosts.ip = src_ip
        where device_id is not null
        union all
        select device_id, inside.*
        from inside
        join hosts on hosts.mac is not distinct from dst_mac and hosts.ip = dst_ip
        where device_id is not null and answered
    ), spoke as materialized (
        select device_id, from_us, to_us,
            count(distinct greatest(0, 4 * (time_us - 2 * from_us + to_us) // (to_us - from_us)))
                filter (time_us < from_us) as quarters,
            bool_or(time_us < to_us - $edge_us and last_us > from_us + $edge_us) as meanwhile,
            bool_or(time_us >= to_us - $edge_us) as afterwards,
            arg_max((capture, frame, time_us), (time_us, capture, frame))
                filter (time_us < from_us) as last_word,
            arg_min((capture, frame, time_us), (time_us, capture, frame))
                filter (time_us >= to_us - $edge_us) as next_word
        from words
        group by device_id, from_us, to_us
    ), silent as materialized (
        select *
        from spoke
        join outage_hits using (device_id, from_us, to_us)
        where quarters >= $quarters and afterwards and not meanwhile
            and exists (
                select 1
                from spoke as others
                where others.from_us = spoke.from_us and others.meanwhile
            )
    ), told as (
        select device_id, from_us, to_us, unnest([
            {'place': last_word, 'says': 'last word inside the network before the outage'},
            {'place': next_word, 'says': 'first word inside the network after the outage'}
        ]) as word
        from silent
        union all
        select device_id, from_us, to_us, {
            'place': arg_min((capture, frame, time_us), (time_us, capture, frame)),
            'says': arg_min(outage_tries.says, (time_us, capture, frame))
        }
        from outage_tries
        join silent using (device_id, from_us, to_us)
        group by device_id, from_us, to_us
    )
    select device_id, word.place[1]::int as capture, word.place[2]::bigint as frame,
        word.place[3]::bigint as time_us, word.says as says,
        strftime(make_timestamp(from_us), '%Y-%m-%d %H:%M UTC') as about,
        ((to_us - from_us) / 6e7)::double as amount
    from told
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from outage_hits
    where to_us - from_us >= $long_us
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely: silence may have another reason at the very same time."""
    longest = max(row.amount for row in evidence)
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement=f"While the Internet failed for {longest:.0f} minutes it said nothing inside the"
        f" network either, as it does otherwise: {abouts(evidence)}.",
    )


CHECK = Check(
    id="goes-silent-with-cloud",
    title="It falls silent at home when the Internet fails",
    concern=Concern.RELIABLE_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="Unplug your router's Internet line for 40 minutes while you capture, and use your devices.",
    remedy="Do not use this device for what must work without the Internet. Look in its settings or at"
    " the maker for local control (such as Matter, HomeKit or MQTT).",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.9-2: remain operating and locally functional",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "Outages are seen only where at least three devices try in vain and come back.",
        "Buttons, radio links such as Zigbee, and what nobody asked of it are not seen.",
    ),
    bears_on=("5.9-1", "5.9-2"),
    values={
        "long_us": LONG_US,
        "quarters": QUARTERS,
        "edge_us": EDGE_US,
    },
)
