"""A device that hammers a service it cannot reach neither waits nor copes: it is not reliable.

This is no attack: an outage of the Internet looks like this from every device. `amount` is how many
tries in vain the worst hour had.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

MANY = 100
"""Tries in an hour: one every 36 seconds; with back-off it would be some dozens."""

STORM = 3600
"""Tries in an hour: one a second, which hurts the network that it is in."""

MOSTLY = 0.9
"""Share of tries in vain in that hour."""

EVIDENCE = """
    with halves as (
        select unnest([0, 1800000000]) as shift_us
    ), peer_names as (
        select ip, min(name) as name
        from peers
        group by ip
    ), tries as (
        select src_device as device_id, capture, frame, time_us,
            coalesce(name, dst_ip) || ' ' || protocol || ' port ' || dst_port as about,
            (tcp_state in ('attempt', 'rejected') and src_payload_bytes = 0)
                or (tcp_state = 'reset' and dst_payload_bytes = 0) as in_vain,
            case tcp_state
                when 'attempt' then 'no answer'
                else 'turned away'
            end as says
        from flows
        left join peer_names on peer_names.ip = dst_ip
        where protocol = 'tcp' and began_by = 'syn' and src_device is not null
            and dst_place in ('device', 'gateway', 'internet', 'local')
    ), storms as (
        select device_id, about, shift_us, (time_us + shift_us) // 3600000000 as hour,
            count(*) filter (in_vain) as amount
        from tries, halves
        group by all
        having amount >= $many and amount >= $mostly * count(*)
    ), messages as (
        select if(response, dst_device, src_device) as device_id, capture, frame, time_us, name,
            response, response and rcode = 0 as good
        from dns
        where if(response, src_port, dst_port) = 53 and name is not null
            and capture in (select capture from dns where response)
    ), failures as (
        select device_id, name, shift_us, (time_us + shift_us) // 3600000000 as hour,
            count(*) filter (not response) as asked,
            count(*) filter (good) as answered
        from messages, halves
        where device_id is not null
        group by all
        having asked >= $many and answered <= asked * (1 - $mostly)
    ), found as (
        select device_id, capture, frame, time_us, says, about, amount
        from tries
        join storms using (device_id, about)
        where in_vain and hour = (time_us + shift_us) // 3600000000
        union all
        select device_id, capture, frame, time_us, 'asked for ' || name || ' in vain',
            'the name ' || name, asked - answered
        from messages
        join failures using (device_id, name)
        where not response and hour = (time_us + shift_us) // 3600000000
    )
    select device_id, capture, frame, time_us, says, about, max(amount)::double as amount
    from found
    group by device_id, capture, frame, time_us, says, about
    order by device_id, time_us, capture, frame
"""

EXAMINED = """
    select src_device as device_id
    from flows
    where protocol = 'tcp' and src_device is not null
    union
    select src_device
    from dns
    where not response and src_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Medium where it comes to a storm; that it did not get through is certain."""
    worst = max(row.amount for row in evidence)
    return Judgement(
        severity=Severity.MEDIUM if worst >= STORM else Severity.LOW,
        confidence=Confidence.CERTAIN,
        statement=f"It tries again without waiting, up to {worst:.0f} times an hour, what does not"
        f" answer: {abouts(evidence)}.",
    )


CHECK = Check(
    id="retry-storm",
    title="It hammers a service that does not answer",
    concern=Concern.RELIABLE_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device asks for names or connects to something.",
    remedy="Check that your Internet connection works and that the service still exists. If the device"
    " does the same afterwards, restart it, and do not rely on it where the network may fail.",
    sources=(
        Source(
            title="ETSI EN 303 645, provisions 5.9-1 and 5.9-3: outages and orderly reconnection",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 8961 section 4, repeated loss must make a sender wait longer",
            url="https://www.rfc-editor.org/rfc/rfc8961#section-4",
        ),
    ),
    limits=(
        "Whether the network, the service or the device failed first is not told.",
        "Repeats over UDP other than DNS questions are not counted.",
    ),
    bears_on=("5.9-1", "5.9-3"),
    values={"many": MANY, "mostly": MOSTLY},
)
