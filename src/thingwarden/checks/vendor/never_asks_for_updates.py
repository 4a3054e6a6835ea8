"""A device that never asks whether there is an update is not likely to get one.

Only where names were seen, and none of them, and no path, could have been an update's. `amount` is on
how many days the device spoke with the Internet.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

DAY_US = 86_400_000_000

ENOUGH_DAYS = 14
"""So many days it must have been at work; devices that ask at all mostly ask daily or weekly."""

FORTNIGHT_US = 13 * DAY_US
"""From the first to the last of as many days."""

SHOWN = 5
"""Servers that are named, those with the most data first."""

MAYBE_UPDATE = (
    r"updat|upgrad|firmware|fota|softw|version|release|patch|download|dnld|cdn|static|asset|storage"
    r"|(^|[./_-])(ota|otas|fw|dl|sw|s3|repo|mirror|archive|dist|files?|deb|apt|opkg|packages?)"
    r"[0-9]*([./_-]|$)"
    r"|(^|\.)(amazon|apple|google|googleapis|gvt1|gstatic|microsoft|windows|icloud|mozilla|samsung"
    r"|alexa|ubuntu|debian|raspberrypi|openwrt|github|githubusercontent)[a-z]*\.(com|org|net)$"
    r"|(^|\.)(amazonaws|cloudfront|akamai[a-z]*|azureedge|azure|aliyuncs|fastly|windows|edgekey"
    r"|edgesuite|llnwd|myqcloud|qiniu[a-z]*|bkt|core)\.(com|net|org)$"
)
"""Names and paths that could serve updates, and platforms and stores that could hide them: generous,
so that what is left has nothing of the kind."""

EVIDENCE = """
    with long as materialized (
        select device_id
        from talks
        where peer_place = 'internet' and side = 'client' and answered > 0
            and coalesce(port, 0) not in (53, 123, 853)
            and device_id in (select device_id from lookups where asked > 0)
        group by device_id
        having max(last_us) - min(time_us) >= $fortnight_us and count(*) = count(peer_name)
    ), used as materialized (
        select device_id, peer_name, sent_bytes + received_bytes as bytes, capture, frame, time_us
        from talks
        where device_id in (select device_id from long)
            and peer_place = 'internet' and side = 'client' and answered > 0
            and coalesce(port, 0) not in (53, 123, 853)
    ), told as materialized (
        select device_id, name as text
        from lookups
        where asked > 0 and name is not null and device_id in (select device_id from long)
        union
        select device_id, peer_name
        from used
        union
        select src_device, lower(path)
        from http
        where src_device in (select device_id from long) and path is not null
        union
        select src_device, lower(user_agent)
        from http
        where src_device in (select device_id from long) and user_agent is not null
    ), asking as (
        select device_id
        from told
        where text in (
            select text
            from (select distinct text from told)
            where regexp_matches(text, $maybe_update)
        )
    ), silent as (
        select device_id
        from long
        where device_id not in (select device_id from asking)
    ), worked as (
        select device_id, count(distinct time_us // $day_us) as days
        from facts.flows
        join hosts on hosts.mac is not distinct from src_mac and hosts.ip = src_ip
        where device_id in (select device_id from silent)
            and dst_ip in (select ip from peers) and dst_payload_bytes > 0
        group by device_id
    )
    select device_id, capture, frame, time_us,
        'spoke with ' || peer_name || ', which has nothing to do with updates by its name' as says,
        peer_name as about,
        days::double as amount
    from used
    join worked using (device_id)
    qualify row_number() over (
        partition by device_id order by bytes desc, time_us, capture, frame
    ) <= $shown
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where peer_place = 'internet' and side = 'client' and answered > 0
        and coalesce(port, 0) not in (53, 123, 853)
        and device_id in (select device_id from lookups where asked > 0)
    group by device_id
    having max(last_us) - min(time_us) >= $fortnight_us and count(*) = count(peer_name)
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement | None:
    """A guess, after two weeks at work; too little seen before."""
    if evidence[0].amount < ENOUGH_DAYS:
        return None
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.GUESS,
        statement=f"On {int(evidence[0].amount)} days that it was at work, nothing that it did looked like"
        " a question for updates.",
    )


CHECK = Check(
    id="never-asks-for-updates",
    title="It never seems to ask for updates",
    concern=Concern.VENDOR,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="Two weeks in which this device speaks with servers on the Internet whose names are seen.",
    remedy="Look in the device's settings or app for updates, and switch on that they come by themselves."
    " If the maker has none any more, think of replacing the device.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.3-5: look for updates after start and regularly",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 9019, a firmware update architecture for the Internet of Things",
            url="https://www.rfc-editor.org/rfc/rfc9019",
        ),
    ),
    limits=(
        "A server may tell of updates through a connection that is open for other things.",
        "An app on a phone may bring the updates.",
        "Where a large platform or a store for files is used, updates may hide there: not judged.",
    ),
    bears_on=("5.3-5", "5.3-2"),
    watch_us=ENOUGH_DAYS * DAY_US,
    values={
        "day_us": DAY_US,
        "fortnight_us": FORTNIGHT_US,
        "maybe_update": MAYBE_UPDATE,
        "shown": SHOWN,
    },
)
