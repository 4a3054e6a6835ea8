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
    with questions as (
        select *
        from dns
        where not response and dst_port = 53 and src_device is not null
            and dst_place not in ('group', 'none')
    ), told as (
        select distinct ip
        from network
        where kind in ('dns', 'router')
    ), usual as (
        select dst_ip as ip, count(distinct src_device) as users
        from questions
        group by dst_ip
        having users >= $enough_devices
        order by users desc, dst_ip
        limit 1
    ), known as (
        select exists (select 1 from network where kind = 'dns') as told
    ), resolving as (
        select device_id
        from hosts
        where ip in (select ip from network where kind = 'dns') and device_id is not null
    )
    select src_device as device_id, capture, frame, time_us,
        'asked ' || dst_ip || coalesce(' for ' || name, '') as says,
        dst_ip as about,
        known.told::int::double as amount
    from questions, known
    where dst_place <> 'gateway'
        and dst_ip not in (select ip from told)
        and src_device not in (select device_id from resolving)
        and (known.told or dst_ip not in (select ip from usual))
        and (known.told or exists (select 1 from usual))
    order by device_id, time_us, capture, frame
"""

EXAMINED = """
    select distinct src_device as device_id
    from dns
    where not response and dst_port = 53 and src_device is not null
        and (
            exists (select 1 from network where kind = 'dns')
            or dst_place = 'gateway'
            or exists (
                select 1
                from dns
                where not response and dst_port = 53
                group by dst_ip
                having count(distinct src_device) >= 3
            )
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
