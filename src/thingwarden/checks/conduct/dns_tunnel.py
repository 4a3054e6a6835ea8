"""Names that are asked for can carry data out of any network that lets names be looked up.

What counts is information: the bytes of distinct names below one domain in an hour. Caches and
content networks ask for the same names again, reverse lookups and virus scanners are known.
`amount` is bytes of distinct names an hour.
"""

from collections import defaultdict
from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.statistics import entropy_bits
from thingwarden.inventory.identification.domains import registered_domain
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

HOURLY_BYTES = 2_520
"""0.7 bytes a second, the slowest tunnel that Ozery et al. (2023) find with few false alarms."""

ENOUGH_NAMES = 50
"""Distinct names in that hour; a tunnel needs a new one for each piece."""

LONG = 24
"""Characters below the domain on average: names of servers are shorter, pieces of data are not."""

RANDOM_BITS = 2.8
"""Bits a letter: words of a language have less in a label of that length, encoded data more."""

INNOCENT = (
    "sophosxl.net", "e5.sk", "mcafee.com", "trendmicro.com", "avast.com", "avira.com",
    "spamhaus.org", "spamhaus.net", "surbl.org", "uribl.com", "barracudacentral.org", "cymru.com",
    "dnswl.org", "sorbs.net", "spamcop.net", "abuseat.org", "senderbase.org",
)  # fmt: skip
"""Virus scanners and lists of spammers, which are asked by name on purpose."""

EVIDENCE = """
    with suspects as (
        select device_id
        from lookups
        where length(name) >= $long + 4
        group by device_id
        having count(distinct name) >= $names
    ), candidates as (
        select device_id, name, type, capture, frame, time_us, string_split(name, '.') as labels
        from lookups
        where device_id in (select device_id from suspects) and length(name) >= $long + 4
            and not ends_with(name, '.arpa') and not ends_with(name, '.local')
            and not starts_with(name, '_') and not contains(name, '._dns-sd.')
    ), parted as (
        select device_id, name, min({t: time_us, c: capture, f: frame}) as first,
            array_to_string(
                labels[-if(length(labels[-1]) = 2 and length(labels[-2]) <= 3, 3, 2):], '.'
            ) as domain,
            bool_or(type in (10, 16)) as opaque
        from candidates
        where len(labels) > 2
        group by device_id, name, labels
    ), weighed as (
        select *, length(name) - length(domain) - 1 as bytes,
            sum(bytes) over here as hourly, count(*) over here as names
        from parted
        where domain not in (select unnest($innocent))
        window here as (partition by device_id, domain, first.t // 3600000000)
    )
    select device_id, first.c as capture, first.f as frame, first.t as time_us,
        if(opaque, 'asked for the text of ', 'asked for ') || name as says,
        domain as about, hourly::double as amount
    from weighed
    where hourly >= $hourly and names >= $names and hourly >= $long * names
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from lookups
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement | None:
    """High where answers could carry data back as well; None where the names are made of words."""
    names: dict[str, list[Evidence]] = defaultdict(list)
    for row in evidence:
        if registered_domain(row.about) == row.about:
            names[row.about].append(row)
    told = [row for rows in names.values() if _is_encoded(rows) for row in rows]
    if not told:
        return None
    both_ways = sum(row.says.startswith("asked for the text") for row in told) * 2 >= len(told)
    most = max(row.amount for row in told)
    return Judgement(
        severity=Severity.HIGH if both_ways else Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement=f"It sends data hidden in names that it asks for, {most / 1000:.1f} kB an hour, to"
        f" {abouts(told)}.",
    )


def _is_encoded(rows: Sequence[Evidence]) -> bool:
    """Whether the longest labels look like data rather than words."""
    longest = [max(row.says.split()[-1].split("."), key=len) for row in rows]
    return sum(map(entropy_bits, longest)) / len(longest) >= RANDOM_BITS and len(
        set(longest)
    ) * 2 >= (len(longest))


CHECK = Check(
    id="dns-tunnel",
    title="It hides data in names",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device looks up names in the clear.",
    remedy="If no virus scanner or VPN of yours works this way, unplug the device and reset it.",
    sources=(
        Source(
            title="Ozery et al., Information-Based Heavy Hitters for Real-Time DNS Data Exfiltration"
            " Detection and Prevention, 2023",
            url="https://arxiv.org/abs/2307.02614",
        ),
        Source(
            title="MITRE ATT&CK T1071.004, application layer protocol: DNS",
            url="https://attack.mitre.org/techniques/T1071/004/",
        ),
        Source(
            title="SANS Internet Storm Center, Odd DNS Requests that are Normal",
            url="https://isc.sans.edu/diary/24844",
        ),
    ),
    limits=(
        "A tunnel slower than 0.7 bytes a second is not noticed, nor one in encrypted DNS.",
        "A virus scanner that is not known here may look the same.",
    ),
    bears_on=("5.9-3", "5.5-7"),
    values={
        "hourly": HOURLY_BYTES,
        "names": ENOUGH_NAMES,
        "long": LONG,
        "innocent": list(INNOCENT),
    },
)
