"""A device with time servers of its own fails where those are gone or not let through.

The network told by DHCP whom to ask; it asked others, and never one of those. `amount` is how many
packets it sent to that server.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    with told as (
        select distinct ip
        from network
        where kind = 'ntp'
    ), asked as (
        select *, bool_or(peer_ip in (select ip from told)) over (partition by device_id) as obeys
        from talks
        where side = 'client' and protocol = 'udp' and port = 123
            and peer_place in ('device', 'gateway', 'internet', 'local')
            and exists (select 1 from told)
    )
    select device_id, capture, frame, time_us,
        'asked ' || peer_ip || ' for the time' as says,
        coalesce(peer_name, peer_ip) as about,
        sent_packets::double as amount
    from asked
    where not obeys and device_id not in (
        select device_id
        from hosts
        where ip in (select ip from told) and device_id is not null
    )
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and protocol = 'udp' and port = 123
        and peer_place in ('device', 'gateway', 'internet', 'local')
        and exists (select 1 from network where kind = 'ntp')
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """A fact that costs nothing: few things ask the network for its time servers."""
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.CERTAIN,
        statement="It takes the time from servers of its own, not from those that your network tells:"
        f" {abouts(evidence)}.",
    )


CHECK = Check(
    id="fixed-time-server",
    title="It asks other time servers than the network's",
    concern=Concern.PORTABILITY,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device asks for the time, and DHCP tells the network's time servers.",
    remedy="Set the time server in the device's settings, if it has one. Where you let no device ask the"
    " Internet, answer port 123 in your router.",
    sources=(
        Source(
            title="RFC 2132 section 8.3, the network tells its time servers",
            url="https://www.rfc-editor.org/rfc/rfc2132#section-8.3",
        ),
        Source(
            title="RFC 4085, embedding globally routable addresses considered harmful",
            url="https://www.rfc-editor.org/rfc/rfc4085",
        ),
    ),
    limits=("Whether the device would ask the network's servers if its own failed is not tried.",),
    bears_on=("5.9-1", "5.9-3"),
)
