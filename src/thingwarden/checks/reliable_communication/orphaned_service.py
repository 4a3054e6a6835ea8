"""A device that needs a name which nobody owns any more obeys whoever registers it next.

An answer "no such name" carries the zone that says so (RFC 2308): where that is a top-level domain,
the registered domain itself is gone. `amount` is 2 there, 1 where the answers did not tell the zone.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

MANY = 20
"""Questions: a name asked for so often is one that it needs."""

HOURS = 2
"""In so many different hours, so that it is no passing failure of a registry or resolver."""

INNOCENT = (
    r"(^|\.)(local|lan|home|internal|intranet|private|corp|localdomain|localhost|workgroup|arpa"
    r"|invalid|test|onion|alt|fritz\.box)$|^(wpad|isatap)\.|(^|\.)_"
)
"""Ends of local names (RFC 6761, RFC 6762, RFC 8375, ICANN's reserved internal), proxies, services."""

TOLD = 2
"""Amount where the answers show that the registered domain does not exist."""

EVIDENCE = """
    with denied as (
        select distinct name
        from lookups
        where unknown >= $many // 4 and contains(name, '.')
    ), sums as (
        select device_id, name, array_to_string(string_split(name, '.')[-2:], '.') as family
        from lookups
        where resolver_place not in ('group', 'none') and name in (select name from denied)
        group by device_id, name
        having sum(asked) >= $many and sum(resolved) = 0 and sum(failed) = 0
            and sum(unknown) >= $many // 2
    ), alive as (
        select distinct name
        from lookups
        where resolved > 0
    ), gone as (
        select device_id, name
        from sums
        where not regexp_matches(name, $innocent)
            and family not in (
                select array_to_string(string_split(name, '.')[-2:], '.')
                from alive
            )
            and not exists (
                select 1
                from facts.dhcp
                where domain is not null and ends_with(name, '.' || lower(domain))
            )
    ), picked as (
        select *
        from facts.dns
        where name in (select name from gone) and response and rcode = 3 and src_port = 53
    ), answers as (
        select device_id, capture, frame, time_us, name
        from picked
        join hosts on hosts.mac is not distinct from dst_mac and hosts.ip = dst_ip
        join gone using (device_id, name)
    ), zones as (
        select picked.name, bool_or(contains(authority.name, '.') or authority.name = '') as kept
        from picked
        join facts.dns_answers as authority using (capture, frame)
        where authority.section = 'authority' and authority.type = 6
        group by picked.name
    ), lasting as (
        select device_id, name
        from answers
        group by device_id, name
        having count(distinct time_us // 3600000000) >= $hours
    )
    select device_id, capture, frame, time_us,
        'told that ' || name || ' does not exist' as says,
        name as about,
        if(kept is null, 1, 2)::double as amount
    from answers
    join lasting using (device_id, name)
    left join zones using (name)
    where not coalesce(kept, false)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from lookups
    where resolver_place not in ('group', 'none')
    group by device_id
    having sum(answered) > 0 and max(last_us) // 3600000000 > min(time_us) // 3600000000
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain where the top-level domain itself said so; else a filter may stand behind it."""
    told = [row for row in evidence if row.amount == TOLD]
    return Judgement(
        severity=Severity.MEDIUM if told else Severity.LOW,
        confidence=Confidence.CERTAIN if told else Confidence.GUESS,
        statement="It goes on asking for a service whose name no longer exists, and whoever registers"
        f" that name could take its place: {abouts(told or evidence)}.",
    )


CHECK = Check(
    id="orphaned-service",
    title="It needs a service whose name is gone",
    concern=Concern.RELIABLE_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture of some hours in which this device asks for names and gets answers.",
    remedy="Ask the maker whether the service was given up. If it was, replace the device, or block that"
    " name in your router so that nobody can take the place of the service.",
    sources=(
        Source(
            title="RFC 2308 section 2.1, the zone that says that a name does not exist",
            url="https://www.rfc-editor.org/rfc/rfc2308#section-2.1",
        ),
        Source(
            title="Lever et al., Domain-Z: 28 registrations later, IEEE S&P 2016",
            url="https://doi.org/10.1109/SP.2016.47",
        ),
        Source(
            title="CWE-672: operation on a resource after expiration or release",
            url="https://cwe.mitre.org/data/definitions/672.html",
        ),
    ),
    limits=(
        "A filter that denies the name looks the same where the answer does not tell its zone.",
        "Whether anybody can register the name is not tried.",
    ),
    bears_on=("5.9-1", "5.5-1"),
    values={"many": MANY, "hours": HOURS, "innocent": INNOCENT},
)
