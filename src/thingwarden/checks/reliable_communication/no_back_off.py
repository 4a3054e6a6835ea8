"""A device that tries again at a fixed pace adds to every outage, together with all of its kind.

Eleven failures with ten like pauses between them, no success among them. What comes to a hundred an
hour is told as a retry storm. `amount` is the pause in seconds.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

PAUSES = 10
"""Like pauses in a row: with back-off the tenth is a thousand times the first, or at its ceiling."""

SHORTEST_US = 1_000_000
"""Less is a burst of tries at once, for several addresses of one name."""

LONGEST_US = 60_000_000
"""A minute: common ceiling of back-off, from which on like pauses are right."""

SPREAD = 0.2
"""The longest pause may differ from the shortest by so much: random spread is wider."""

STORM = 100
"""Failures in an hour that `retry-storm` tells."""

EVIDENCE = """
    with near as (
        select unnest([-1, 0, 1]) as shift
    ), doubtful as (
        select talks.own_mac, own_ip, talks.peer_mac, peer_ip, port, half_hour + shift as half_hour,
            any_value(device_id) as device_id, any_value(coalesce(peer_name, peer_ip)) as peer
        from talks
        join failed_ways using (own_ip, peer_ip, port), near
        where side = 'client' and protocol = 'tcp' and began_seen and flows > opened
            and peer_place in ('gateway', 'internet')
            and talks.own_mac is not distinct from failed_ways.own_mac
            and talks.peer_mac is not distinct from failed_ways.peer_mac
        group by all
    ), in_doubt as (
        select distinct device_id, name, type, half_hour + shift as half_hour
        from failed_names
        join hosts on hosts.mac is not distinct from failed_names.mac and hosts.ip = failed_names.ip
        join lookups using (device_id, name, type), near
        where resolver_place in ('gateway', 'internet', 'device', 'local')
    ), picked as (
        select *, time_us // 1800000000 as half_hour
        from facts.dns
        where name in (select name from in_doubt) and if(response, src_port, dst_port) = 53
    ), asked as (
        select *
        from picked
        where capture in (
            select capture
            from facts.dns
            where response and capture in (select capture from picked)
        )
    ), tries as (
        select device_id, peer || ' port ' || port as about, capture, frame, time_us,
            not (tcp_state in ('attempt', 'rejected') and src_payload_bytes = 0) as good
        from facts.flows
        join doubtful on src_ip = own_ip and dst_ip = peer_ip and dst_port = port
            and src_mac is not distinct from own_mac and dst_mac is not distinct from peer_mac
            and time_us // 1800000000 = half_hour
        where protocol = 'tcp' and began_by = 'syn'
        union all
        select device_id, 'the name ' || name || if(type = 28, ' (IPv6)', ''), capture, frame,
            time_us, response
        from asked
        join hosts on hosts.mac is not distinct from if(response, dst_mac, src_mac)
            and hosts.ip = if(response, dst_ip, src_ip)
        join in_doubt using (device_id, name, type, half_hour)
        where not response or rcode = 0
    ), paced as (
        select *, time_us - lag(time_us) over own as pause_us,
            count(*) filter (not good) over (
                partition by device_id, about order by time_us
                range between 3600000000 preceding and current row
            ) as in_hour
        from tries
        window own as (partition by device_id, about order by time_us, capture, frame)
    ), steady as (
        select *,
            count(pause_us) over latest = $pauses and not bool_or(good) over latest
                and min(pause_us) over latest >= $shortest_us
                and max(pause_us) over latest < $longest_us
                and max(pause_us) over latest - min(pause_us) over latest
                    < avg(pause_us) over latest * $spread as fixed
        from paced
        window latest as (
            partition by device_id, about order by time_us, capture, frame
            rows between $pauses - 1 preceding and current row
        )
    )
    select device_id, capture, frame, time_us,
        'failed again after ' || round(pause_us / 1e6, 1) || ' s' as says,
        about, (pause_us / 1e6)::double as amount
    from steady
    where fixed
    qualify max(in_hour) over (partition by device_id, about) < $storm
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where side = 'client' and protocol = 'tcp' and peer_place in ('gateway', 'internet')
    union
    select device_id
    from lookups
    where asked > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """That the pauses do not grow is measured."""
    pause = min(row.amount for row in evidence)
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.CERTAIN,
        statement=f"When something fails it tries again every {pause:.0f} seconds and never waits longer:"
        f" {abouts(evidence)}.",
    )


CHECK = Check(
    id="no-back-off",
    title="It repeats failures at a fixed pace",
    concern=Concern.RELIABLE_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device asks for names or connects to something.",
    remedy="Find out why it cannot reach what it tries: your Internet connection, a filter, or a service"
    " that is gone. Ask the maker for software that waits longer after each failure.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.9-3: reconnection in an orderly way, with random delay",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 8085 section 3.1.1, and RFC 8961 section 4: waits must grow",
            url="https://www.rfc-editor.org/rfc/rfc8961#section-4",
        ),
    ),
    limits=(
        "Pauses of a minute or more are taken for the ceiling of a back-off.",
        "Only TCP connections and DNS questions are looked at.",
    ),
    bears_on=("5.9-3",),
    values={
        "pauses": PAUSES,
        "shortest_us": SHORTEST_US,
        "longest_us": LONGEST_US,
        "spread": SPREAD,
        "storm": STORM,
    },
)
