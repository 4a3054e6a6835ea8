"""Advertising and analytics services learn what a device does, and often who uses it.

Told from names only: lookups, TLS, QUIC and HTTP. `amount` is how often the device named it, plus a
million where it was spoken with and not only looked up.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

SPOKEN = 1_000_000
"""So that services that were spoken with come first."""

NAMED = """
    with resolvers as (
        select distinct device_id
        from hosts
        where device_id is not null and ip in (
            select resolver_ip from lookups where answered > 0
            union
            select ip from network where kind = 'dns'
        )
    ), sent as (
        select src_device as device_id, sni as name, time_us, capture, frame
        from tls
        where sni is not null and src_device is not null
        union all
        select src_device, sni, time_us, capture, frame
        from quic
        where sni is not null and src_device is not null
        union all
        select src_device, host, time_us, capture, frame
        from http
        where host is not null and src_device is not null
    )
"""

EVIDENCE = f"""{NAMED}, names as (
        select name, string_split(name, '.') as labels
        from (
            select name from lookups
            union
            select name from sent
        )
    ), services as (
        select unnest($domain) as domain, unnest($category) as category, unnest($owner) as owner
    ), tracking as (
        select name, domain, category, owner
        from names
        join services on domain = array_to_string(labels[-2:], '.')
        union
        select name, domain, category, owner
        from names
        join services on domain = array_to_string(labels[-3:], '.')
    ), met as (
        select device_id, name, $spoken as weight, count(*) as times,
            min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame) as first
        from sent
        where name in (select name from tracking)
        group by device_id, name
        union all
        select device_id, name, 0, sum(asked),
            min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame)
        from lookups
        where asked > 0 and name in (select name from tracking)
            and device_id not in (select device_id from resolvers)
        group by device_id, name
    ), worst as (
        select *
        from met
        qualify row_number() over (partition by device_id, name order by weight desc) = 1
    )
    select device_id, ((first >> 44) & 1048575)::int as capture,
        (first & 17592186044415)::bigint as frame, (first >> 64)::bigint as time_us,
        if(weight > 0, 'spoke with ', 'asked for ') || name || ' of ' || owner as says,
        domain || ' (' || category || ')' as about,
        (weight + times)::double as amount
    from worst
    join tracking using (name)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = f"""{NAMED}
    select device_id
    from sent
    union
    select device_id
    from lookups
    where asked > 0 and device_id not in (select device_id from resolvers)
    order by device_id
"""


class Services(Mapping[str, object]):
    """The values of `EVIDENCE`; the table is read when first asked for."""

    def __getitem__(self, name: str) -> object:
        return SPOKEN if name == "spoken" else read_trackers()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(("spoken", "domain", "category", "owner"))

    def __len__(self) -> int:
        return 4


@cache
def read_trackers() -> Mapping[str, list[str]]:
    """Registered domains of trackers, what each is for and whose it is: columns of equal length."""
    path = resources.files("thingwarden") / "data" / "trackers.csv"
    with path.open(encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in ("domain", "category", "owner")}


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain where a connection named the service; likely where it was only looked up."""
    spoken = [row for row in evidence if row.amount >= SPOKEN]
    said = "speaks with" if spoken else "looks for"
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.CERTAIN if spoken else Confidence.LIKELY,
        statement=f"It {said} advertising or analytics services: {abouts(spoken or evidence)}.",
    )


CHECK = Check(
    id="tracker-contact",
    title="It contacts advertising or analytics services",
    concern=Concern.PROVIDER,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device looks up names or connects to servers by name.",
    remedy="Switch off personal advertising, recognition of content and usage reports in the device's"
    " settings. A resolver that filters such names stops the rest.",
    sources=(
        Source(
            title="Varmarken et al., The TV is Smart and Full of Trackers, PoPETs 2020(2)",
            url="https://doi.org/10.2478/popets-2020-0021",
        ),
        Source(
            title="Ren et al., Information Exposure From Consumer IoT Devices, IMC 2019",
            url="https://doi.org/10.1145/3355369.3355577",
        ),
    ),
    limits=(
        "The list is short: it holds well-known services only, and makers also track through their own.",
        "On a phone, a computer or a television the apps and pages that people open decide this.",
        "What was sent is encrypted and not seen.",
    ),
    bears_on=("6-4", "6-5"),
    values=Services(),
)
