"""A device that knows IPv4 only is cut off in networks that no longer have it.

The network advertised a global IPv6 prefix, other devices spoke with the Internet over it, and this
one used IPv4 for an hour or more. `amount` is how many connections it made.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

LONG_US = 3_600_000_000
"""An hour: it had the time to take an address, as routers advertise every 30 minutes at most."""

EVIDENCE = """
    with offered as (
        select min(time_us) as offered_us
        from facts.ndp
        where kind = 'router-advertisement' and router_seconds > 0
            and exists (select 1 from unnest(prefixes) as each(prefix) where prefix[1] in ('2', '3'))
    ), newer as (
        select distinct device_id
        from talks
        where contains(own_ip, ':') and ip_kind(own_ip) = 'public'
        union
        select distinct device_id
        from hosts
        where contains(ip, ':') and device_id is not null and ip_kind(ip) = 'public'
    ), used as (
        select *, max(last_us) over own - min(time_us) over own as spent_us
        from talks
        where side = 'client' and answered > 0 and peer_place = 'internet'
            and not contains(own_ip, ':')
            and last_us >= (select offered_us from offered)
            and exists (
                select 1
                from talks
                where side = 'client' and answered > 0 and peer_place = 'internet'
                    and contains(own_ip, ':')
            )
        window own as (partition by device_id)
    )
    select device_id, answered_capture as capture, answered_frame as frame,
        answered_us as time_us,
        'spoke over IPv4 with ' || peer_ip as says,
        coalesce(peer_name, peer_ip) as about,
        flows::double as amount
    from used
    where spent_us >= $long_us and device_id not in (select device_id from newer)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where side = 'client' and answered > 0 and peer_place = 'internet'
        and exists (
            select 1
            from talks
            where side = 'client' and answered > 0 and peer_place = 'internet'
                and contains(own_ip, ':')
        )
        and exists (
            select 1
            from facts.ndp
            where kind = 'router-advertisement' and router_seconds > 0
                and exists (
                    select 1 from unnest(prefixes) as each(prefix) where prefix[1] in ('2', '3')
                )
        )
    group by device_id
    having max(last_us) - min(time_us) >= $long_us
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """A fact that costs nothing today."""
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.LIKELY,
        statement="It does not use IPv6, although your network has it and other devices do.",
    )


CHECK = Check(
    id="no-ipv6",
    title="It does not use IPv6",
    concern=Concern.PORTABILITY,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="An hour in a network with IPv6 in which this device and others use the Internet.",
    remedy="Nothing to do today. In networks that have IPv6 only, the device needs a translation (NAT64).",
    sources=(
        Source(
            title="RFC 6540, IPv6 support required for all IP-capable nodes",
            url="https://www.rfc-editor.org/rfc/rfc6540",
        ),
        Source(
            title="RFC 8504, IPv6 node requirements",
            url="https://www.rfc-editor.org/rfc/rfc8504",
        ),
    ),
    limits=("It may use IPv6 with services that it did not need in the capture.",),
    bears_on=("5.9-1", "5.9-3"),
    values={"long_us": LONG_US},
)
