"""A device that asks one resolver on the Internet only finds nobody when that one is gone.

The gateway, and whatever the network tells to ask, is what one expects and is left out. `amount` is
how many questions were asked.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH_QUESTIONS = 10
"""A second resolver is often asked only when the first is slow: a few questions do not show it."""

EVIDENCE = """
    with resolvers as (
        select device_id, resolver_ip, resolver_place, sum(asked) as asked,
            sum(answered) as answered,
            min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame) as first
        from lookups
        where asked > 0 and resolver_place not in ('group', 'none')
        group by device_id, resolver_ip, resolver_place
    ), single as (
        select *
        from resolvers
        qualify count(*) over (partition by device_id) = 1
    )
    select device_id,
        ((first >> 44) & 1048575)::int as capture,
        (first & 17592186044415)::bigint as frame,
        (first >> 64)::bigint as time_us,
        'asked ' || resolver_ip || ', and none but it, ' || asked || ' times' as says,
        resolver_ip as about,
        asked::double as amount
    from single
    where resolver_place = 'internet' and asked >= $enough_questions and answered > 0
        and resolver_ip not in (select ip from network where kind in ('dns', 'router'))
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from lookups
    where resolver_place not in ('group', 'none')
    group by device_id
    having sum(asked) >= $enough_questions
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Only to be known."""
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.LIKELY,
        statement=f"It asks for names at one resolver on the Internet only: {abouts(evidence)}.",
    )


CHECK = Check(
    id="single-resolver",
    title="It asks one resolver on the Internet only",
    concern=Concern.PROVIDER,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A longer capture that holds the device's questions for names (DNS).",
    remedy="Set the device to take its DNS server from the network (automatic, DHCP), or enter a second"
    " one.",
    sources=(
        Source(
            title="RFC 9076, DNS privacy considerations",
            url="https://www.rfc-editor.org/rfc/rfc9076",
        ),
        Source(
            title="RFC 9518, centralization, decentralization and Internet standards",
            url="https://www.rfc-editor.org/rfc/rfc9518",
        ),
    ),
    limits=(
        "A second resolver may be asked only when the first does not answer.",
        "Questions inside TLS or HTTPS (DoT, DoH) are not seen.",
        "A person may have entered the resolver on purpose.",
    ),
    bears_on=("5.9-1", "5.9-3"),
    values={"enough_questions": ENOUGH_QUESTIONS},
)
