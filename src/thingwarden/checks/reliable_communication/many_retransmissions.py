"""A device that must send much of its data twice is badly connected: it will fail when it matters.

The sums of `talks` pick the peers; the connections in which packets came again are the evidence.
`amount` is the percentage of its packets to that peer that were repeats.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH_PACKETS = 1000
"""Fewer packets say little about a connection: some repeats come in bursts."""

NOTICEABLE = 0.05
"""Share of repeats: throughput falls with the square root of loss (Mathis et al. 1997)."""

BAD_PERCENT = 15
"""From here on connections stall for seconds (RFC 6298: each loss in a row doubles the wait)."""

MIRRORED = 0.4
"""Nothing works with so many repeats: the capture holds each packet twice, before and behind a bridge."""

EVIDENCE = """
    with sums as (
        select device_id, coalesce(peer_name, peer_ip) as peer,
            sum(sent_packets) as packets, sum(sent_retransmissions) as repeats
        from talks
        where protocol = 'tcp' and peer_place in ('device', 'gateway', 'internet', 'local')
        group by all
        having packets >= $enough_packets and repeats >= packets * $noticeable
            and repeats < packets * $mirrored
    ), ways as (
        select any_value(device_id) as device_id, any_value(peer) as peer,
            any_value(100 * repeats / packets) as percent,
            side, own_mac, own_ip, peer_mac, peer_ip
        from talks
        join sums using (device_id)
        where protocol = 'tcp' and peer = coalesce(peer_name, peer_ip) and sent_retransmissions > 0
        group by side, own_mac, own_ip, peer_mac, peer_ip
    ), sent as (
        select device_id, peer, percent, capture, frame, time_us,
            src_retransmissions as repeats, src_packets as packets
        from facts.flows
        join ways on side = 'client' and src_ip = own_ip and dst_ip = peer_ip
            and src_mac is not distinct from own_mac and dst_mac is not distinct from peer_mac
        where protocol = 'tcp' and src_retransmissions > 0
        union all
        select device_id, peer, percent, capture, frame, time_us, dst_retransmissions, dst_packets
        from facts.flows
        join ways on side = 'server' and dst_ip = own_ip and src_ip = peer_ip
            and dst_mac is not distinct from own_mac and src_mac is not distinct from peer_mac
        where protocol = 'tcp' and dst_retransmissions > 0
    )
    select device_id, capture, frame, time_us,
        'sent ' || repeats || ' of ' || packets || ' packets again' as says,
        peer as about, percent::double as amount
    from sent
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from (
        select device_id, coalesce(peer_name, peer_ip) as peer
        from talks
        where protocol = 'tcp' and peer_place in ('device', 'gateway', 'internet', 'local')
        group by all
        having sum(sent_packets) >= $enough_packets
    )
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Medium where connections stall; the packets themselves show it."""
    worst = max(row.amount for row in evidence)
    return Judgement(
        severity=Severity.MEDIUM if worst >= BAD_PERCENT else Severity.LOW,
        confidence=Confidence.CERTAIN,
        statement=f"Up to {worst:.0f} % of what it sends has to be sent again: to {abouts(evidence)}.",
    )


CHECK = Check(
    id="many-retransmissions",
    title="Much of what it sends is lost on the way",
    concern=Concern.RELIABLE_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device sends at least 1000 TCP packets to one peer.",
    remedy="Bring the device nearer to the access point, or connect it by cable. If only one service is"
    " concerned, ask its provider.",
    sources=(
        Source(
            title="RFC 6298 section 5, each loss in a row doubles the wait",
            url="https://www.rfc-editor.org/rfc/rfc6298#section-5",
        ),
        Source(
            title="Mathis et al., The macroscopic behavior of the TCP congestion avoidance"
            " algorithm, CCR 1997: throughput falls with the square root of loss",
            url="https://doi.org/10.1145/263932.264023",
        ),
    ),
    limits=(
        "What is lost before the place of the capture is not seen again, and not counted.",
        "Whether the radio, the router, the way or the other end loses packets is not told.",
    ),
    bears_on=("5.9-1",),
    values={
        "enough_packets": ENOUGH_PACKETS,
        "noticeable": NOTICEABLE,
        "mirrored": MIRRORED,
    },
)
