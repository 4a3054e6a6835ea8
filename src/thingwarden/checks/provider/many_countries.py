"""What a device sends to many countries falls under the laws of all of them.

This is a fact, not a fault. `amount` is how many bytes were exchanged with that country.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

MANY_COUNTRIES = 6
"""The maker's, the cloud's and those of the nearest copies do not come to so many."""

EVIDENCE = """
    with used as (
        select *,
            sum(sent_bytes + received_bytes) over (partition by device_id, country) as bytes
        from talks
        where peer_place = 'internet' and side = 'client' and answered > 0 and country is not null
            and coalesce(port, 0) not in (53, 123, 853)
    ), firsts as (
        select *
        from used
        qualify row_number() over (
            partition by device_id, country order by time_us, capture, frame
        ) = 1
    )
    select device_id, capture, frame, time_us,
        'spoke with ' || coalesce(peer_name, peer_ip) || ' (country ' || country || ')' as says,
        country as about,
        bytes::double as amount
    from firsts
    qualify count(*) over (partition by device_id) >= $many
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where peer_place = 'internet' and side = 'client' and answered > 0 and country is not null
        and coalesce(port, 0) not in (53, 123, 853)
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Only to be known."""
    number = len({row.about for row in evidence})
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.LIKELY,
        statement=f"It speaks with servers registered in {number} countries: {abouts(evidence, 6)}.",
    )


CHECK = Check(
    id="many-countries",
    title="It speaks with many countries",
    concern=Concern.PROVIDER,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device speaks with servers on the Internet.",
    remedy="Nothing has to be done. If it matters to you where your data goes, ask the maker which"
    " services it uses, and in which countries.",
    sources=(
        Source(
            title="Ren et al., Information Exposure From Consumer IoT Devices, IMC 2019",
            url="https://doi.org/10.1145/3355369.3355577",
        ),
        Source(
            title="RFC 7452 section 2.2, devices and the clouds that they need",
            url="https://www.rfc-editor.org/rfc/rfc7452#section-2.2",
        ),
    ),
    limits=(
        "The country is where the address is registered, not where the machine stands.",
        "Names and time (DNS, NTP) are not counted.",
    ),
    bears_on=("6-1", "5.9-1"),
    values={"many": MANY_COUNTRIES},
)
