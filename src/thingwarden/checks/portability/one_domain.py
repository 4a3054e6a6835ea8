"""A device that speaks with one company's domain only stops when that domain does.

Names for the time, and questions for names, are left out. `amount` is how many bytes were exchanged
with that name.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.inventory.identification.domains import registered_domain
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

DAY_US = 86_400_000_000

ENOUGH_BYTES = 20_000
"""Less is no more than a look whether the Internet is there."""

NEARLY_ALL = 0.99
"""So much of its data must go to peers whose name is known."""

EVIDENCE = """
    with used as (
        select device_id, peer_name, capture, frame, time_us, sent_bytes + received_bytes as bytes
        from talks
        where side = 'client' and answered > 0 and peer_place = 'internet'
            and port not in (53, 123, 853)
    ), faithful as (
        select device_id
        from used
        group by device_id
        having sum(bytes) >= $enough_bytes
            and sum(bytes) filter (peer_name is not null) >= sum(bytes) * $nearly_all
            and count(distinct array_to_string(string_split(peer_name, '.')[-2:], '.')) = 1
            and max(time_us) > min(time_us)
    ), names as (
        select device_id, peer_name, sum(used.bytes) as bytes,
            min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame) as first
        from used
        join faithful using (device_id)
        join devices using (device_id)
        where peer_name is not null and devices.last_us - devices.first_us >= $day_us
        group by device_id, peer_name
    )
    select device_id,
        ((first >> 44) & 1048575)::int as capture,
        (first & 17592186044415)::bigint as frame,
        (first >> 64)::bigint as time_us,
        'exchanged ' || bytes || ' bytes with ' || peer_name as says,
        peer_name as about,
        bytes::double as amount
    from names
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where side = 'client' and answered > 0 and peer_place = 'internet'
        and port not in (53, 123, 853)
    group by device_id
    having sum(sent_bytes + received_bytes) >= $enough_bytes
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement | None:
    """One registered domain; silent where names share no more than a public suffix."""
    domains = {registered_domain(row.about) for row in evidence}
    if len(domains) != 1 or not all(domains):
        return None
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.LIKELY,
        statement=f"Everything that it does on the Internet hangs on one domain: {domains.pop()}.",
    )


CHECK = Check(
    id="one-domain",
    title="All that it needs hangs on one domain",
    concern=Concern.PORTABILITY,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device exchanges data with the Internet.",
    remedy="Know that the device stops when this provider does. Prefer devices that also work without"
    " it, for what you cannot do without.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.9-2: operate and be locally functional without a network",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="Regulation (EU) 2023/2854 (Data Act), chapter VI: switching between providers",
            url="https://eur-lex.europa.eu/eli/reg/2023/2854/oj",
        ),
    ),
    limits=(
        "What the device does rarely, such as an update, may hang on other domains.",
        "One domain may have many servers in many places.",
    ),
    bears_on=("5.9-1", "5.9-2"),
    watch_us=DAY_US,
    values={"day_us": DAY_US, "enough_bytes": ENOUGH_BYTES, "nearly_all": NEARLY_ALL},
)
