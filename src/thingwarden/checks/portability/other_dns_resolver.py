"""A device with a resolver of its own choice fails where that one cannot be reached.

It also passes by the filters and names of the network that it is in. `amount` is 1 where DHCP or a
router advertisement told which resolvers are the network's, 0 where the most used was taken for it.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH_DEVICES = 3
"""So many devices must share a resolver before it is taken for the network's."""

FEW_QUESTIONS = 3
"""One or two questions may be a test of the connection."""

EVIDENCE = """
    with asked as (
        select device_id, resolver_ip, resolver_place
        from lookups
        where asked > 0 and resolver_place not in ('group', 'none')
        group by all
    ), told as (
        select distinct ip
        from network
        where kind in ('dns', 'router')
    ), usual as (
        select resolver_ip as ip
        from asked
        group by resolver_ip
        having count(distinct device_id) >= $enough_devices
        order by count(distinct device_id) desc, resolver_ip
        limit 1
    ), known as (
        select exists (select 1 from network where kind = 'dns') as told
    ), resolving as (
        select device_id
        from hosts
        where ip in (select ip from network where kind = 'dns') and device_id is not null
    ), others as (
        select device_id, resolver_ip, known.told
        from asked, known
        where resolver_place <> 'gateway'
            and resolver_ip not in (select ip from told)
            and device_id not in (select device_id from resolving)
            and (known.told or resolver_ip not in (select ip from usual))
            and (known.told or exists (select 1 from usual))
    ), questions as (
        select *
        from facts.dns
        where not response and dst_port = 53 and dst_ip in (select resolver_ip from others)
    )
    select device_id, capture, frame, time_us,
        'asked ' || dst_ip || coalesce(' for ' || name, '') as says,
        dst_ip as about,
        told::int::double as amount
    from questions
    join hosts on hosts.mac is not distinct from src_mac and hosts.ip = src_ip
    join others using (device_id)
    where resolver_ip = dst_ip
    order by device_id, time_us, capture, frame
"""

EXAMINED = """
    with asked as (
        select device_id, resolver_ip, bool_or(resolver_place = 'gateway') as of_gateway
        from lookups
        where asked > 0
        group by all
    )
    select distinct device_id
    from asked
    where exists (select 1 from network where kind = 'dns')
        or of_gateway
        or exists (
            select 1
            from asked
            group by resolver_ip
            having count(*) >= $enough_devices
        )
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain where the network's resolvers are known and it kept asking another."""
    told = all(row.amount for row in evidence)
    sure = Confidence.CERTAIN if len(evidence) >= FEW_QUESTIONS else Confidence.LIKELY
    return Judgement(
        severity=Severity.LOW,
        confidence=sure if told else Confidence.GUESS,
        statement=f"It asks for names elsewhere than the network tells it to: {abouts(evidence)}.",
    )


CHECK = Check(
    id="other-dns-resolver",
    title="It asks another resolver than the network's",
    concern=Concern.PORTABILITY,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device asks for names and some device joins the network, so that"
    " the network's own resolver is known.",
    remedy="If you filter names in your router, send all questions on port 53 to your own resolver"
    " there. Otherwise set the device to take its DNS server from the network (automatic, DHCP).",
    sources=(
        Source(
            title="RFC 2132 section 3.8, the network tells its name servers",
            url="https://www.rfc-editor.org/rfc/rfc2132#section-3.8",
        ),
        Source(
            title="RFC 9076, DNS privacy considerations",
            url="https://www.rfc-editor.org/rfc/rfc9076",
        ),
    ),
    limits=(
        "Questions inside TLS or HTTPS (DoT, DoH) are not seen.",
        "A person may have chosen the other resolver on purpose.",
        "Without DHCP in the capture, a resolver that several devices share is taken for the network's.",
    ),
    bears_on=("5.9-1", "5.9-3"),
    values={"enough_devices": ENOUGH_DEVICES},
)
