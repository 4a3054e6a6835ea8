"""A banner with name and version tells an intruder which known hole to use.

`amount` is 1 for each banner. It is a fact to know, and no hole by itself.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

VERSION = r"[A-Za-z]{3,}[/ _-]?v?[0-9]+\.[0-9]+"
PROTOCOL = r"(?i)\b(UPnP|HTTP|RTSP|SSH|DLNADOC)[/-][0-9]+\.[0-9]+"
"""What every server of the kind has to say, which tells nothing of its software."""

EVIDENCE = """
    with told as (
        select dst_device as device_id, server as banner, 'HTTP' as how, capture,
            coalesce(answer_frame, frame) as frame, coalesce(answer_us, time_us) as time_us
        from http
        where src_place in ('device', 'gateway', 'local', 'internet')
        union all
        select dst_device, server, 'RTSP', capture, coalesce(answer_frame, frame),
            coalesce(answer_us, time_us)
        from rtsp
        union all
        select dst_device, server_banner, 'SSH', capture, coalesce(answer_frame, frame),
            coalesce(answer_us, time_us)
        from ssh
        union all
        select dst_device, banner, 'FTP', capture, coalesce(answer_frame, frame),
            coalesce(answer_us, time_us)
        from ftp
        union all
        select src_device, server, 'UPnP', capture, frame, time_us
        from ssdp
        where kind in ('notify', 'response')
    )
    select device_id, capture, frame, time_us,
        how || ' said "' || banner[:120] || '"' as says,
        banner[:80] as about,
        1::double as amount
    from told
    where device_id is not null and regexp_matches(
        regexp_replace(banner, $protocol, '', 'g'), $version
    )
    qualify row_number() over (
        partition by device_id, banner order by time_us, capture, frame, how
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select dst_device as device_id
    from http
    where status is not null and dst_device is not null
    union
    select dst_device
    from ssh
    where dst_device is not null
    union
    select src_device
    from ssdp
    where kind in ('notify', 'response') and src_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """That it was said is certain."""
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.CERTAIN,
        statement=f"It tells everybody near it what runs on it: {abouts(evidence)}.",
    )


CHECK = Check(
    id="verbose-banner",
    title="It tells which software it runs",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device announces itself, or serves a page.",
    remedy="Nothing to do by itself; keep its software up to date, so that what it tells is of no use.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.6-2: reveal little without authentication",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 9110 section 10.2.4, limits on detail in the Server field",
            url="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.4",
        ),
    ),
    limits=("What it says of itself may be wrong, or kept on purpose when fixes were added.",),
    bears_on=("5.6-2",),
    values={"version": VERSION, "protocol": PROTOCOL},
)
