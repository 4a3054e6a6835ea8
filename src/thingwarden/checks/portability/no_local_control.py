"""A device that offers nothing inside the network can be used through its maker's cloud only.

Nobody in the network ever got an answer from it, and it announced no service, while others did both.
`amount` is how many bytes it exchanged with that peer on the Internet.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

DAY_US = 86_400_000_000

ENOUGH_BYTES = 20_000
"""Less is no more than a look whether the Internet is there."""

PERSONAL = frozenset(
    {"phone", "tablet", "computer", "wearable", "e-reader", "game-console", "car", "router"}
)
"""Categories that people use directly."""

EVIDENCE = """
    with seen as (
        select count(distinct device_id) as servers
        from talks
        where side = 'server' and answered > 0 and peer_place in ('device', 'local')
    ), offering as (
        select device_id
        from talks
        where side = 'server' and answered > 0 and peer_place in ('device', 'local', 'gateway')
        union
        select device_id
        from talks
        where side = 'client' and answered > 0 and peer_place in ('device', 'local')
        union
        select device_id
        from facts.mdns_answers
        join hosts on hosts.mac is not distinct from src_mac and hosts.ip = src_ip
        where device_id is not null
        union
        select device_id
        from facts.ssdp
        join hosts on hosts.mac is not distinct from src_mac and hosts.ip = src_ip
        where device_id is not null and kind in ('notify', 'response')
        union
        select device_id
        from talks
        where side = 'client' and protocol = 'udp' and peer_place = 'group'
            and port not in (53, 67, 68, 123, 137, 138, 546, 547, 1900, 3702, 5353, 5355)
    ), used as (
        select device_id, coalesce(peer_name, peer_ip) as about,
            sum(sent_bytes + received_bytes) as bytes,
            min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame) as first
        from talks
        where side = 'client' and answered > 0 and peer_place = 'internet'
            and port not in (53, 123)
            and device_id not in (select device_id from offering)
            and (select servers from seen) > 0
        group by all
    )
    select device_id,
        ((first >> 44) & 1048575)::int as capture,
        (first & 17592186044415)::bigint as frame,
        (first >> 64)::bigint as time_us,
        'exchanged ' || used.bytes || ' bytes with the Internet' as says,
        about,
        used.bytes::double as amount
    from used
    join devices using (device_id)
    where devices.last_us - devices.first_us >= $day_us
    qualify sum(used.bytes) over (partition by device_id) >= $enough_bytes
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where side = 'client' and answered > 0 and peer_place = 'internet' and port not in (53, 123)
        and exists (
            select 1
            from talks
            where side = 'server' and answered > 0 and peer_place in ('device', 'local')
        )
    group by device_id
    having sum(sent_bytes + received_bytes) >= $enough_bytes
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement | None:
    """A guess: radio links and ports that nobody asked are not seen."""
    category = device.identity.category
    if device.random_mac or (category and category.value in PERSONAL):
        return None
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.GUESS,
        statement="It offers nothing inside your network; what it does seems to go through the"
        f" Internet only: {abouts(evidence)}.",
    )


CHECK = Check(
    id="no-local-control",
    title="It offers nothing inside the network",
    concern=Concern.PORTABILITY,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture that also sees traffic between devices at home, while this one uses the Internet.",
    remedy="Look in its settings for local control (Matter, HomeKit, MQTT, a local interface). Without"
    " it, count on the device to stop when the Internet or its maker does.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.9-2: remain locally functional without a network",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 6763, services that a device offers in its network",
            url="https://www.rfc-editor.org/rfc/rfc6763",
        ),
    ),
    limits=(
        "Bluetooth, Zigbee, buttons, and services that nobody asked for are not seen.",
        "A switch between the devices and the capture may hide what they say to each other.",
    ),
    bears_on=("5.9-2",),
    watch_us=DAY_US,
    values={"day_us": DAY_US, "enough_bytes": ENOUGH_BYTES},
)
