"""A device that joins the network again and again restarts, or loses it: it cannot be relied on.

A boot is a DHCP discovery without an address that ends in a lease, ten minutes after the last one.
`amount` is how many the worst day had.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

DAY_US = 86_400_000_000

MANY = 5
"""In a day; one a night is a habit of some, and two or three are a person's."""

APART_US = 600_000_000
"""Ten minutes: what comes sooner belongs to the same boot, or to somebody who sets it up."""

ALL_US = 120_000_000
"""Where three devices join within so much time, it is the network that went away."""

SHORT_SECONDS = 14_400
"""Shorter leases may run out while a device sleeps."""

COME_AND_GO = frozenset(
    {"phone", "tablet", "computer", "wearable", "e-reader", "game-console", "car"}
)
"""Categories that leave and come back by nature."""

EVIDENCE = """
    with discoveries as (
        select src_device as device_id, client_mac, capture, frame, time_us
        from dhcp
        where kind = 'discover' and src_ip = '0.0.0.0' and src_device is not null
    ), grants as (
        select client_mac, time_us as granted_us, lease_seconds
        from dhcp
        where kind = 'ack'
    ), joined as (
        select device_id, capture, frame, time_us
        from discoveries
        asof join grants on discoveries.client_mac = grants.client_mac and time_us <= granted_us
        where granted_us - time_us < 60000000
            and coalesce(lease_seconds, $short_seconds) >= $short_seconds
    ), boots as (
        select *
        from joined
        qualify coalesce(time_us - lag(time_us) over (
            partition by device_id order by time_us, capture, frame
        ) >= $apart_us, true)
    ), alone as (
        select *
        from boots
        qualify count(*) over (
            order by time_us range between $all_us preceding and $all_us following
        ) < 3
    ), days as (
        select *, count(*) over (
                partition by device_id order by time_us
                range between 86400000000 preceding and current row
            ) as in_day
        from alone
    )
    select device_id, capture, frame, time_us,
        'asked for an address as after a restart' as says,
        'restarts' as about,
        (max(in_day) over (partition by device_id))::double as amount
    from days
    qualify max(in_day) over (partition by device_id) >= $many
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from devices
    where exists (select 1 from facts.dhcp where kind = 'ack')
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement | None:
    """Silent about what comes and goes with its owner."""
    category = device.identity.category
    if device.random_mac or (category and category.value in COME_AND_GO):
        return None
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.LIKELY,
        statement=f"It restarted or lost its network up to {evidence[0].amount:.0f} times in a day.",
    )


CHECK = Check(
    id="frequent-restarts",
    title="It restarts or loses its network again and again",
    concern=Concern.RELIABLE_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A day in which the capture sees how devices join the network (DHCP).",
    remedy="Check its power supply and how well it receives the radio network. If both are good, install"
    " its newest software, or have it replaced.",
    sources=(
        Source(
            title="RFC 2131 section 4.4.1, how a client begins",
            url="https://www.rfc-editor.org/rfc/rfc2131#section-4.4.1",
        ),
        Source(
            title="ETSI EN 303 645, provisions 5.9-1 and 5.9-3: a stable connection",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "A restart and a lost radio link look the same, and so does a person who pulls the plug.",
        "Devices that remember their address ask for it again without a discovery, and are missed.",
    ),
    bears_on=("5.9-1", "5.9-3"),
    watch_us=DAY_US,
    values={
        "many": MANY,
        "apart_us": APART_US,
        "all_us": ALL_US,
        "short_seconds": SHORT_SECONDS,
    },
)
