"""Version 1 of SSH can be broken by anybody on the way: it has no sound check of integrity.

`amount` is the rank of a severity: 2 where only version 1 is spoken, 1 where it is still allowed.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Source

EVIDENCE = """
    with ends as (
        select dst_device as device_id, 'serves ' as does, server_banner as banner, ssh.*
        from ssh
        union all
        select src_device, 'uses ', client_banner, ssh.*
        from ssh
    ), old as (
        select *, regexp_extract(banner, '^SSH-(1\\.\\d+)', 1) as version
        from ends
        where device_id is not null and banner like 'SSH-1.%'
    )
    select device_id, capture, frame, time_us,
        'said ' || banner as says,
        does || if(version = '1.99', 'SSH 2 and 1', 'SSH ' || version) as about,
        if(version = '1.99', 1, 2)::double as amount
    from old
    where version <> ''
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select src_device as device_id
    from ssh
    where client_banner is not null and src_device is not null
    union
    select dst_device
    from ssh
    where server_banner is not null and dst_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: it says so itself."""
    return Judgement(
        severity=worst_severity(evidence),
        confidence=Confidence.CERTAIN,
        statement=f"It speaks a version of SSH that is broken: it {abouts(evidence)}.",
    )


CHECK = Check(
    id="old-ssh-protocol",
    title="SSH of version 1 is spoken",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which somebody connects to this device by SSH, or it to others.",
    remedy="Switch SSH off in the device's settings, or set it to protocol 2 only, and install the"
    " newest software.",
    sources=(
        Source(
            title="RFC 4253 section 5, compatibility with old SSH versions",
            url="https://www.rfc-editor.org/rfc/rfc4253#section-5",
        ),
        Source(
            title="CVE-2001-0361, traffic of SSH 1.5 can be decrypted or altered",
            url="https://nvd.nist.gov/vuln/detail/CVE-2001-0361",
        ),
    ),
    limits=("A server that says 1.99 may have no version 1 left in it, which is not tried.",),
    bears_on=("5.5-1", "5.1-3"),
)
