"""Drafts of QUIC and Google's own were for trying out; who still speaks them was last built then.

They count as old once QUIC had been a standard for two years.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

GRACE_ENDS_US = 1_685_145_600_000_000
"""2023-05-27: RFC 9000 is of 27 May 2021; programs that are looked after moved within two years."""

EVIDENCE = """
    with spoken as (
        select src_device as device_id, version, coalesce(sni, name, dst_ip) as peer,
            capture, frame, time_us
        from quic
        left join peers on peers.ip = dst_ip
        where src_device is not null and time_us > $grace_ends_us
            and regexp_matches(version, '^(draft-[0-9]+|[QT][0-9]{3})$')
            and src_device not in (
                select src_device
                from quic
                where version in ('1', '2') and src_device is not null
            )
    )
    select device_id, capture, frame, time_us,
        'spoke QUIC ' || version || ' with ' || peer as says,
        'QUIC ' || version as about,
        1.0::double as amount
    from spoken
    qualify row_number() over (
        partition by device_id, version, peer order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct src_device as device_id
    from quic
    where src_device is not null and version is not null and time_us > $grace_ends_us
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: the version is in the clear."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.CERTAIN,
        statement=f"It speaks a version of QUIC from before the standard: {abouts(evidence)}.",
    )


CHECK = Check(
    id="obsolete-quic-version",
    title="QUIC is of a version before the standard",
    concern=Concern.CODE_AGE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device speaks QUIC, as browsers and video players do.",
    remedy="Update the device and its apps; whatever speaks this has not been renewed for years.",
    sources=(
        Source(
            title="RFC 9000 section 15, versions of QUIC: the standard is 1, drafts were for tests",
            url="https://www.rfc-editor.org/rfc/rfc9000#section-15",
        ),
        Source(
            title="Chromium, Google QUIC is replaced by the standard, 2020",
            url="https://blog.chromium.org/2020/10/chrome-is-deploying-http3-and-ietf-quic.html",
        ),
    ),
    limits=(
        "A device that also speaks the standard is left out: it may only be asking an old server.",
        "The first version offered may be refused and replaced.",
    ),
    bears_on=("5.3-8", "5.5-1"),
    values={"grace_ends_us": GRACE_ENDS_US},
)
