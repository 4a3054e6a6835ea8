"""A server that throws a device out again and again is overloaded, or no longer wants it.

Counted are connections that carried data both ways and that the server reset while the device had
closed nothing. `amount` is the percentage of connections that ended so.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH = 50
"""Connections: a server that restarts resets some."""

MOSTLY = 0.5
"""Share of connections that ended so."""

EVIDENCE = """
    with busy as (
        select device_id, coalesce(peer_name, peer_ip) as peer, port
        from talks
        where side = 'client' and protocol = 'tcp' and began_seen and answered > 0
            and peer_place in ('device', 'gateway', 'internet', 'local')
        group by all
        having sum(flows) >= $enough
    ), ways as (
        select own_mac, own_ip, peer_mac, peer_ip, port,
            any_value(device_id) as device_id, any_value(peer) as peer
        from talks
        join busy using (device_id, port)
        where side = 'client' and protocol = 'tcp' and began_seen
            and peer = coalesce(peer_name, peer_ip)
        group by all
    ), ended as (
        select device_id, peer || ' port ' || port as about, capture, frame, time_us,
            tcp_state = 'reset' and src_payload_bytes > 0 and dst_payload_bytes > 0
                and dst_flags & 4 <> 0 and src_flags & 5 = 0 and dst_flags & 1 = 0 as thrown_out
        from facts.flows
        join ways on src_ip = own_ip and dst_ip = peer_ip and dst_port = port
            and src_mac is not distinct from own_mac and dst_mac is not distinct from peer_mac
        where protocol = 'tcp' and began_by = 'syn'
    )
    select device_id, capture, frame, time_us,
        'the server reset it after data' as says,
        about,
        100 * (count(*) filter (thrown_out) over own / count(*) over own)::double as amount
    from ended
    window own as (partition by device_id, about)
    qualify thrown_out and count(*) over own >= $enough
        and count(*) filter (thrown_out) over own > count(*) over own * $mostly
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from (
        select device_id, coalesce(peer_name, peer_ip) as peer, port
        from talks
        where side = 'client' and protocol = 'tcp' and began_seen and answered > 0
            and peer_place in ('device', 'gateway', 'internet', 'local')
        group by all
        having sum(flows) >= $enough
    )
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """The packets show who ended each connection."""
    worst = max(row.amount for row in evidence)
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.CERTAIN,
        statement=f"{worst:.0f} % of its connections are broken off by the server in the middle:"
        f" {abouts(evidence)}.",
    )


CHECK = Check(
    id="connection-resets",
    title="Its server breaks connections off",
    concern=Concern.RELIABLE_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device begins at least 50 TCP connections to one server.",
    remedy="Install the newest software for the device. If it goes on, tell the maker: the service"
    " refuses what the device sends, or cannot carry its load.",
    sources=(
        Source(
            title="RFC 9293 section 3.5.2, when a reset is sent",
            url="https://www.rfc-editor.org/rfc/rfc9293#section-3.5.2",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.9-3: a stable connection",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "A firewall on the way can send resets in the name of the server.",
        "Servers that end each exchange by a reset on purpose look the same.",
    ),
    bears_on=("5.9-1", "5.9-3"),
    values={"enough": ENOUGH, "mostly": MOSTLY},
)
