"""A device whose traffic goes to one country falls under the laws and the cables of that one.

This is a fact, not a fault. `amount` is how many conversations there were with that address.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH_BYTES = 20_000
"""Below this a few handshakes decide the shares."""

NEARLY_ALL = 0.95
"""Share from which the rest would hardly keep a device going."""

FEW_CONVERSATIONS = 5
"""With fewer, the next one may go elsewhere."""

EVIDENCE = """
    with used as (
        select *, sent_bytes + received_bytes as bytes
        from talks
        where peer_place = 'internet' and answered > 0
            and (side = 'server' or coalesce(port, 0) not in (53, 123, 853))
    ), totals as (
        select device_id, sum(bytes) as total
        from used
        group by device_id
        having total >= $enough_bytes
    ), shares as (
        select device_id, country, sum(bytes) / any_value(total) as share
        from used
        join totals using (device_id)
        where country is not null
        group by device_id, country
        having share >= $nearly_all
    )
    select device_id, capture, frame, time_us,
        'exchanged ' || bytes || ' bytes with ' || coalesce(peer_name, peer_ip) as says,
        country || ' (' || floor(share * 100)::int || ' %)' as about,
        flows::double as amount
    from used
    join shares using (device_id, country)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where peer_place = 'internet' and answered > 0
        and (side = 'server' or coalesce(port, 0) not in (53, 123, 853))
    group by device_id
    having sum(sent_bytes + received_bytes) >= $enough_bytes and count(country) > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Only to be known; never more than likely, since an address may stand elsewhere."""
    few = sum(row.amount for row in evidence) < FEW_CONVERSATIONS
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.GUESS if few else Confidence.LIKELY,
        statement="Nearly all that it exchanges with the Internet goes to addresses of one country:"
        f" {evidence[0].about}.",
    )


CHECK = Check(
    id="single-country",
    title="It depends on one country",
    concern=Concern.PROVIDER,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A longer capture in which this device exchanges more with the Internet.",
    remedy="Nothing has to be done. If it matters to you where your data goes, ask the maker in which"
    " country it keeps them.",
    sources=(
        Source(
            title="RFC 9518, centralization, decentralization and Internet standards",
            url="https://www.rfc-editor.org/rfc/rfc9518",
        ),
        Source(
            title="Ren et al., Information Exposure From Consumer IoT Devices, IMC 2019",
            url="https://doi.org/10.1145/3355369.3355577",
        ),
    ),
    limits=(
        "The country is where the address is registered, not where the machine stands.",
        "Where the servers send the data afterwards is not seen.",
        "Names and time (DNS, NTP) are not counted.",
    ),
    bears_on=("5.9-1", "6-1"),
    values={"enough_bytes": ENOUGH_BYTES, "nearly_all": NEARLY_ALL},
)
