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
    ), doubtful as (
        select talks.device_id, coalesce(peer_name, peer_ip) || ' tcp port ' || port as about,
            talks.own_mac, own_ip, peer_ip, port, talks.peer_mac,
            sum(failed) over (partition by talks.device_id, peer_name, if(peer_name is null,
                peer_ip, null), port, half_hour) as failures
        from talks
        join failed_ways using (own_ip, peer_ip, port)
        where side = 'client' and protocol = 'tcp' and began_seen and flows > opened
            and peer_place in ('device', 'gateway', 'internet', 'local')
            and talks.own_mac is not distinct from failed_ways.own_mac
            and talks.peer_mac is not distinct from failed_ways.peer_mac
        qualify failures * 2 >= $many
    ), ways as (
        select any_value(device_id) as device_id, any_value(about) as about,
            own_mac, own_ip, peer_ip, port, peer_mac
        from doubtful
        group by own_mac, own_ip, peer_ip, port, peer_mac
    ), tries as (
        select device_id, capture, frame, time_us, about,
            (tcp_state in ('attempt', 'rejected') and src_payload_bytes = 0)
                or (tcp_state = 'reset' and dst_payload_bytes = 0) as in_vain,
            case tcp_state
                when 'attempt' then 'no answer'
                else 'turned away'
            end as says
        from facts.flows
        join ways on src_ip = own_ip and dst_ip = peer_ip and dst_port = port
            and src_mac is not distinct from own_mac and dst_mac is not distinct from peer_mac
        where protocol = 'tcp' and began_by = 'syn'
    ), storms as (
        select device_id, about, shift_us, (time_us + shift_us) // 3600000000 as hour,
            count(*) filter (in_vain) as amount
        from tries, halves
        group by all
        having amount >= $many and amount >= $mostly * count(*)
    ), in_doubt as (
        select distinct device_id, name
        from failed_names
        join hosts on hosts.mac is not distinct from failed_names.mac and hosts.ip = failed_names.ip
        group by device_id, name, half_hour
        having sum(failed) * 2 >= $many * $mostly
    ), picked as (
        select *
        from facts.dns
        where name in (select name from in_doubt) and if(response, src_port, dst_port) = 53
    ), messages as (
        select device_id, capture, frame, time_us, name, response,
            response and rcode = 0 as good
        from picked
        join hosts on hosts.mac is not distinct from if(response, dst_mac, src_mac)
            and hosts.ip = if(response, dst_ip, src_ip)
        join in_doubt using (device_id, name)
        where capture in (
            select capture
            from facts.dns
            where response and capture in (select capture from picked)
        )
    ), failures as (
        select device_id, name, shift_us, (time_us + shift_us) // 3600000000 as hour,
            count(*) filter (not response) as asked,
            count(*) filter (good) as answered
        from messages, halves
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
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where side = 'client' and protocol = 'tcp'
    union
    select device_id
    from lookups
    where asked > 0
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
