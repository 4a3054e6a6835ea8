"""A burst of names that nobody registered is how a bot looks for its master.

Domain generation algorithms try random names until one exists. `amount` is how many domains that do
not exist were asked for in that hour.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.inventory.identification.domains import registered_domain
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH = 20
"""Domains in an hour; people mistype a few, and a browser's three probes have no domain."""

MOSTLY = 0.5
"""Share of all domains asked for in that hour: a blocker of advertisements refuses fewer."""

ODD = "[bcdfghjklmnpqrstvwxz]{4}|[0-9][a-z]+[0-9]|^[a-z]{0,2}[0-9]+[a-z]+"
"""What random letters have and names rarely do: four consonants in a row, digits among letters."""

OFTEN_ODD = 0.6
"""Share of the names that look random; of twelve letters drawn at random four fifths do."""

EVIDENCE = """
    with suffixes as (
        select distinct '.' || lower(domain) as suffix
        from dhcp
        where domain is not null
    ), suspects as (
        select device_id
        from lookups
        where unknown > 0 and resolved = 0 and contains(name, '.')
        group by device_id
        having count(distinct name) >= $enough
    ), asked as (
        select device_id, name, time_us // 3600000000 as hour,
            string_split(name, '.') as labels,
            if(length(labels[-1]) = 2 and length(labels[-2]) <= 3, 3, 2) as depth,
            array_to_string(labels[-depth:], '.') as domain,
            unknown > 0 and resolved = 0 as missing, capture, frame, time_us
        from lookups
        where device_id in (select device_id from suspects)
            and type in (1, 28) and contains(name, '.') and answered > 0
            and not regexp_matches(name, '\\.(local|lan|home|arpa|internal|localdomain|test|box)$')
    ), domains as (
        select device_id, domain, hour, any_value(labels[-depth]) as label,
            bool_and(missing) as missing, min({t: time_us, c: capture, f: frame}) as first
        from asked
        where len(labels) >= depth
            and not exists (select 1 from suffixes where ends_with(name, suffix))
        group by all
    ), rated as (
        select *, count(*) filter (missing) over here as amount, count(*) over here as every,
            count(*) filter (missing and length(label) >= 7 and regexp_matches(label, $odd))
                over here as random
        from domains
        window here as (partition by device_id, hour)
    )
    select device_id, first.c as capture, first.f as frame, first.t as time_us,
        'asked for ' || domain || ', which does not exist' as says,
        domain as about, amount::double as amount
    from rated
    where missing and amount >= $enough and amount >= $mostly * every
        and random >= $often * amount
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from lookups
    where answered > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement | None:
    """Likely; None where the names were not registrable domains after all."""
    real = [row for row in evidence if registered_domain(row.about) == row.about]
    if len(real) < ENOUGH:
        return None
    examples = ", ".join(row.about for row in real[:3])
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement=f"It asked for {max(row.amount for row in real):.0f} random domains in an hour that"
        f" do not exist, such as {examples}.",
    )


CHECK = Check(
    id="random-names",
    title="It tries random domains",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device looks up names in the clear and gets answers.",
    remedy="Unplug the device, reset it, update it and change its password before you connect it"
    " again.",
    sources=(
        Source(
            title="MITRE ATT&CK T1568.002, domain generation algorithms",
            url="https://attack.mitre.org/techniques/T1568/002/",
        ),
        Source(
            title="Antonakakis et al., From Throw-Away Traffic to Bots: Detecting the Rise of DGA-Based"
            " Malware, USENIX Security 2012",
            url="https://www.usenix.org/conference/usenixsecurity12/technical-sessions/presentation/antonakakis",
        ),
    ),
    limits=(
        "Domains that are made of words, or tried slowly, are not noticed.",
        "A resolver that answers names that do not exist with an address hides them.",
    ),
    bears_on=("5.9-3",),
    values={"enough": ENOUGH, "mostly": MOSTLY, "odd": ODD, "often": OFTEN_ODD},
)
