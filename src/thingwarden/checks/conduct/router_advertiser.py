"""Who calls itself the IPv6 router gets everybody's traffic, for it is believed at once.

A border router of Thread announces a network with a lifetime of zero: that is no default router.
`amount` is the lifetime in seconds.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    with advertised as (
        select src_device, src_place, src_mac, capture, frame, time_us, router_seconds
        from ndp
        where kind = 'router-advertisement' and router_seconds > 0
    )
    select src_device as device_id, capture, frame, time_us,
        'called itself a router for ' || router_seconds || ' s' as says,
        'default router' as about, router_seconds::double as amount
    from advertised
    where src_device is not null
        and exists (select 1 from advertised where src_place = 'gateway')
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from devices
    where exists (
        select 1
        from ndp
        where kind in ('router-advertisement', 'router-solicitation')
    )
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely unwanted: it is a guest of the network itself, and another router is there."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement="It calls itself the IPv6 router of the network beside the real one,"
        f" {len(evidence)} times.",
    )


CHECK = Check(
    id="router-advertiser",
    title="It calls itself a router",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which an IPv6 router announces itself.",
    remedy="Switch off connection sharing or the router function of this device. If you did not"
    " switch it on, reset the device.",
    sources=(
        Source(
            title="RFC 6104, rogue IPv6 router advertisement problem statement",
            url="https://www.rfc-editor.org/rfc/rfc6104",
        ),
        Source(
            title="RFC 4861, section 4.2: router lifetime",
            url="https://www.rfc-editor.org/rfc/rfc4861",
        ),
    ),
    limits=(
        "Which of two routers is the wanted one, only the owner knows.",
        "One that never asks for an address itself is taken for a gateway, which is not judged.",
    ),
    bears_on=("5.9-3",),
)
