"""A service that lives at one single address is gone when that address is.

The name that a device exchanges most with was always answered with the same one address. `amount` is
how often the device asked for the name.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

DAY_US = 86_400_000_000

ENOUGH_LOOKUPS = 5
"""Names with several addresses often answer with one at a time, and with another the next time."""

ENOUGH_BYTES = 20_000
"""Less is no more than a look whether the Internet is there."""

EVIDENCE = """
    with used as (
        select device_id, peer_name as name, sum(sent_bytes + received_bytes) as bytes
        from talks
        where peer_place = 'internet' and side = 'client' and answered > 0
            and peer_name is not null and coalesce(port, 0) not in (53, 123, 853)
        group by device_id, peer_name
        having bytes >= $enough_bytes
    ), main as (
        select device_id, name
        from used
        qualify row_number() over (partition by device_id order by bytes desc, name) = 1
    ), asked as (
        select device_id, name, sum(lookups.asked) as times
        from lookups
        join main using (device_id, name)
        where type in (1, 28) and resolved > 0
        group by device_id, name
        having times >= $enough_lookups and max(last_us) - min(time_us) >= $day_us
    ), replies as (
        select capture, frame, time_us, dst_mac, dst_ip, name
        from facts.dns
        where response and rcode = 0 and questions = 1 and type in (1, 28)
            and name in (select name from asked)
    ), records as (
        select replies.*, value as ip
        from replies
        join facts.dns_answers using (capture, frame)
        where dns_answers.type in (1, 28) and value is not null
    ), single as (
        select name, min(ip) as ip
        from records
        group by name
        having count(distinct ip) = 1
    )
    select device_id, records.capture, records.frame, records.time_us,
        'was told that ' || name || ' is at ' || records.ip as says,
        name || ' (' || records.ip || ')' as about,
        times::double as amount
    from records
    join single using (name)
    join hosts on hosts.mac is not distinct from dst_mac and hosts.ip = dst_ip
    join asked using (device_id, name)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from lookups
    where type in (1, 28) and resolved > 0
    group by device_id
    having sum(asked) >= $enough_lookups and max(last_us) - min(time_us) >= $day_us
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Only to be known: what stands behind one address may be many machines."""
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.LIKELY,
        statement="What it exchanges most with has one single address, and no second one to fall back"
        f" on: {evidence[0].about}.",
    )


CHECK = Check(
    id="single-address-service",
    title="Its main service has a single address",
    concern=Concern.PROVIDER,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture of more than a day that also holds the device's questions for names (DNS).",
    remedy="Know that the device may stop when this one server does. Keep another way at hand for what"
    " you cannot do without.",
    sources=(
        Source(
            title="RFC 1794, several addresses for one name share the load",
            url="https://www.rfc-editor.org/rfc/rfc1794",
        ),
        Source(
            title="RFC 8305, a client with several addresses tries the next when one fails",
            url="https://www.rfc-editor.org/rfc/rfc8305",
        ),
    ),
    limits=(
        "Many machines can stand behind one address (load balancers, anycast).",
        "The device may know other names that it would turn to.",
    ),
    bears_on=("5.9-1", "5.9-2"),
    watch_us=DAY_US,
    values={"day_us": DAY_US, "enough_lookups": ENOUGH_LOOKUPS, "enough_bytes": ENOUGH_BYTES},
)
