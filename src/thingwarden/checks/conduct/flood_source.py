"""A device that sends far more than anybody could use takes part in attacks on others.

Two shapes: connections begun by the ten thousand at one service that none are completed with, and
datagrams to an address on the Internet that never said anything, a thousand a second and more.
`amount` is packets a second.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

LEAST_PACKETS = 10_000
"""Packets of a flood: a thousand a second for ten seconds, which no honest program sends unheard."""

FAST = 1_000
"""Datagrams a second: a picture of high quality is that much, but its receiver reports back."""

KNOCKS_A_SECOND = 160
"""Tries to connect: ten thousand in a minute; the fastest retry of an honest program is one a second."""

EVIDENCE = """
    with busy as (
        select device_id, peer_ip, protocol, if(protocol = 'tcp', port, null) as port
        from talks
        where side = 'client' and began_seen and (
            (protocol = 'tcp' and in_vain > 0
                and peer_place in ('internet', 'gateway', 'local', 'device'))
            or (protocol in ('udp', 'icmp') and peer_place = 'internet')
        )
        group by all
        having sum(sent_packets) >= $least
            and (protocol = 'tcp' or sum(received_packets) * 10 <= sum(sent_packets))
    ), targets as (
        select *
        from busy
        where protocol = 'tcp' or not exists (
            select 1
            from talks
            where talks.device_id = busy.device_id and talks.peer_ip = busy.peer_ip
                and received_payload_bytes > 0
        )
    ), ways as (
        select distinct device_id, own_mac, own_ip, peer_mac, peer_ip, protocol,
            talks.port as way_port, targets.port
        from talks
        join targets using (device_id, peer_ip, protocol)
        where side = 'client' and (targets.port is null or targets.port = talks.port)
    ), bursts as (
        select device_id, dst_ip, ways.protocol, ways.port, time_us // 60000000 as minute,
            sum(src_packets) as packets, (max(last_us) - min(time_us)) / 1e6 as seconds,
            min({t: time_us, c: capture, f: frame}) as first
        from facts.flows
        join ways on src_ip = own_ip and dst_ip = peer_ip and flows.protocol = ways.protocol
            and dst_port is not distinct from way_port
            and src_mac is not distinct from own_mac and dst_mac is not distinct from peer_mac
        where ways.protocol <> 'tcp'
            or (tcp_state in ('attempt', 'rejected') and src_payload_bytes = 0)
        group by all
        having packets >= $least
    ), rated as (
        select *, packets / greatest(seconds, if(protocol = 'tcp', 60, 10)) as amount
        from bursts
    )
    select device_id, first.c as capture, first.f as frame, first.t as time_us,
        packets || ' packets in ' || ceil(seconds)::int || ' s, unanswered' as says,
        protocol || ' to ' || dst_ip || coalesce(' port ' || port, '') as about,
        amount::double as amount
    from rated
    where amount >= if(protocol = 'tcp', $knocks, $fast)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client'
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: packets were counted, and nothing came back."""
    most = max(row.amount for row in evidence)
    return Judgement(
        severity=Severity.HIGH,
        confidence=Confidence.CERTAIN,
        statement=f"It flooded others, up to {most:.0f} packets a second: {abouts(evidence)}.",
    )


CHECK = Check(
    id="flood-source",
    title="It floods others",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device begins to speak with others.",
    remedy="Unplug the device, reset it, update it and change its password before you connect it"
    " again. If you measured your network yourself at that time, nothing is wrong.",
    sources=(
        Source(
            title="MITRE ATT&CK T1498.001, direct network flood",
            url="https://attack.mitre.org/techniques/T1498/001/",
        ),
        Source(
            title="RFC 4987, section 2: SYN flooding attacks",
            url="https://www.rfc-editor.org/rfc/rfc4987",
        ),
    ),
    limits=(
        "A flood of requests that are answered, as of web pages, is not told from heavy use.",
        "Datagrams to other devices at home are not counted: lamps and loudspeakers are fed that way.",
        "A flood that spreads over many addresses or ports is not told.",
    ),
    bears_on=("5.9-3",),
    values={"least": LEAST_PACKETS, "fast": FAST, "knocks": KNOCKS_A_SECOND},
)
