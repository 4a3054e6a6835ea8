"""A question for the time in NTP 3 or less was written from a standard that was replaced in 2010."""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

NEWEST = 4
"""RFC 5905, of June 2010."""

SIMPLE = 3
"""Many sound SNTP clients still write 3, which RFC 4330 section 4 lets them: a fact, no fault."""

EVIDENCE = """
    with asked as (
        select src_device as device_id, version, dst_ip, capture, frame, time_us
        from ntp
        where mode = 3 and src_device is not null
    ), newest as (
        select device_id, max(version) as best
        from asked
        group by device_id
    )
    select device_id, capture, frame, time_us,
        'asked ' || dst_ip || ' for the time with NTP version ' || version as says,
        'NTP version ' || version as about,
        best::double as amount
    from asked
    join newest using (device_id)
    where best < $newest
    qualify row_number() over (
        partition by device_id, version, dst_ip order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct src_device as device_id
    from ntp
    where mode = 3 and src_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Version 3 is still common; 1 and 2 are from before 1992."""
    best = int(evidence[0].amount)
    return Judgement(
        severity=Severity.INFO if best == SIMPLE else Severity.LOW,
        confidence=Confidence.CERTAIN,
        statement=f"It sets its clock with NTP version {best}; the standard has been 4 since 2010.",
    )


CHECK = Check(
    id="old-ntp-version",
    title="The clock is set with an old NTP",
    concern=Concern.CODE_AGE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device asks for the time, as most do when they start.",
    remedy="Nothing must be done at once. Install the newest software for the device, and ask the maker"
    " for NTP 4, best with protection (NTS).",
    sources=(
        Source(
            title="RFC 5905, NTP version 4, replaces versions 3 and before",
            url="https://www.rfc-editor.org/rfc/rfc5905",
        ),
        Source(
            title="RFC 8633, best practices for NTP",
            url="https://www.rfc-editor.org/rfc/rfc8633",
        ),
        Source(
            title="RFC 8915, Network Time Security",
            url="https://www.rfc-editor.org/rfc/rfc8915",
        ),
    ),
    limits=("Simple clients may write version 3 although their code is new.",),
    bears_on=("5.3-8",),
    values={"newest": NEWEST},
)
