"""A device that asks on and on for a name that nobody answers lives on a service that is not there.

Names that mean something in one network only, and tries to find a proxy, fail everywhere and are left
out; so are names that another device gets. `amount` is how often it asked.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

MANY = 20
"""Questions: a handful in vain is everyday."""

LONG_US = 3_600_000_000
"""An hour: shorter than that, a failure of the name servers is as likely."""

INNOCENT = (
    r"(^|\.)(local|lan|home|internal|intranet|private|corp|localdomain|localhost|workgroup|arpa"
    r"|invalid|test|onion|alt|fritz\.box)$|^(wpad|isatap)\.|(^|\.)_"
)
"""Ends of local names (RFC 6761, RFC 6762, RFC 8375, ICANN's reserved internal), proxies, services."""

EVIDENCE = """
    with doubtful as (
        select distinct name
        from lookups
        where asked >= $many // 4 and resolved = 0 and contains(name, '.')
    ), sums as (
        select device_id, name, sum(asked) as asked, sum(answered) as answered,
            sum(unknown) as unknown,
            min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame) as first
        from lookups
        where resolver_place not in ('group', 'none') and name in (select name from doubtful)
        group by all
        having sum(asked) >= $many and sum(resolved) = 0
            and max(last_us) - min(time_us) >= $long_us
    ), alive as (
        select name, array_to_string(string_split(name, '.')[-2:], '.') as family
        from (select distinct name from lookups where resolved > 0)
    ), working as (
        select device_id
        from lookups
        where resolved > 0
    )
    select device_id,
        ((first >> 44) & 1048575)::int as capture,
        (first & 17592186044415)::bigint as frame,
        (first >> 64)::bigint as time_us,
        'asked ' || asked || ' times, got ' || answered || ' answers and no address' as says,
        name as about, asked::double as amount
    from sums
    where not regexp_matches(name, $innocent)
        and device_id in (select device_id from working)
        and name not in (select name from alive)
        and not (
            unknown = answered and answered > 0
            and array_to_string(string_split(name, '.')[-2:], '.') not in (select family from alive)
        )
        and not exists (
            select 1
            from facts.dhcp
            where domain is not null and ends_with(name, '.' || lower(domain))
        )
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from lookups
    where resolver_place not in ('group', 'none')
    group by device_id
    having sum(resolved) > 0 and max(last_us) - min(time_us) >= $long_us
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """The packets show that it asks and gets nothing."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.CERTAIN,
        statement=f"It keeps asking for names that never lead anywhere: {abouts(evidence)}.",
    )


CHECK = Check(
    id="failing-names",
    title="It keeps asking for names that never resolve",
    concern=Concern.RELIABLE_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture of an hour or more in which this device asks for names and gets answers.",
    remedy="Check whether a filter in your network blocks these names on purpose. If not, install the"
    " newest software for the device: it depends on a service that does not answer.",
    sources=(
        Source(
            title="RFC 2308, what negative answers mean",
            url="https://www.rfc-editor.org/rfc/rfc2308",
        ),
        Source(
            title="RFC 6761, names that are not for the public DNS",
            url="https://www.rfc-editor.org/rfc/rfc6761",
        ),
        Source(
            title="ETSI EN 303 645, provisions 5.9-1 and 5.9-3",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "A filter that blocks the name on purpose looks the same.",
        "Names asked for inside TLS or HTTPS are not seen.",
    ),
    bears_on=("5.9-1", "5.9-3"),
    values={"many": MANY, "long_us": LONG_US, "innocent": INNOCENT},
)
