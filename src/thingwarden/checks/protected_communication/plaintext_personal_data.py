"""What tells of a person, sent to the Internet without encryption, is read by anybody on the way.

Readers keep the kind of data only, told by a parameter's name and the form of its value. `amount`
is the rank of a severity.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

WORDS = {
    "health": "measurements of a body",
    "coordinates": "coordinates of a place",
    "email": "an email address",
    "person-name": "the name of a person",
    "date-of-birth": "a date of birth",
    "phone": "a telephone number",
    "wireless-name": "the name of the wireless network",
}
"""Kinds that tell of a person; maps on the Internet turn names of wireless networks into places."""

AMOUNTS = {kind: (Severity.HIGH if kind == "health" else Severity.MEDIUM).rank for kind in WORDS}
"""Data on health is a special category: Regulation (EU) 2016/679, Article 9."""

EVIDENCE = """
    with words as (
        select unnest($kind) as kind, unnest($word) as word, unnest($rank) as rank
    ), sent as (
        select src_device as device_id, capture, frame, time_us, dst_ip, dst_port, method,
            coalesce(host, dst_ip) as peer, unnest(reveals) as kind
        from http
        where dst_place = 'internet' and src_device is not null and reveals is not null
    )
    select device_id, capture, frame, time_us,
        method || ' to ' || peer || ' port ' || dst_port || ' shows ' || word as says,
        word || ' to ' || peer as about,
        rank::double as amount
    from sent
    join words using (kind)
    qualify row_number() over (
        partition by device_id, about order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct src_device as device_id
    from http
    where dst_place = 'internet' and src_device is not null and method is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: name and form were both read."""
    return Judgement(
        severity=worst_severity(evidence),
        confidence=Confidence.CERTAIN,
        statement=f"Anybody on the way can read personal data from it: {abouts(evidence)}.",
    )


CHECK = Check(
    id="plaintext-personal-data",
    title="Personal data is sent unencrypted",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device sends unencrypted web requests to the Internet.",
    remedy="Install the newest software for the device. If it still sends this, remove such data from"
    " its settings and its app, and ask the maker to encrypt the connection.",
    sources=(
        Source(
            title="ETSI EN 303 645, provisions 5.8-1 and 5.8-2: personal data in transit",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="Regulation (EU) 2016/679, Articles 4, 9 and 32",
            url="https://eur-lex.europa.eu/eli/reg/2016/679/oj",
        ),
        Source(
            title="CWE-319, Cleartext Transmission of Sensitive Information",
            url="https://cwe.mitre.org/data/definitions/319.html",
        ),
    ),
    limits=(
        "Only queries, forms and JSON with well-known names are understood, up to 64 values each.",
        "Whose data it is cannot be told: coordinates may be those of a town that was asked about.",
        "What a device encodes or encrypts itself is not seen.",
    ),
    bears_on=("5.8-1", "5.8-2"),
    values={
        "kind": list(WORDS),
        "word": list(WORDS.values()),
        "rank": list(AMOUNTS.values()),
    },
)
