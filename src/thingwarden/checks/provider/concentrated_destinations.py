"""A device whose traffic goes to one provider stops when that one does.

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
        select device_id, provider, sum(bytes) / any_value(total) as share
        from used
        join totals using (device_id)
        where provider is not null
        group by device_id, provider
        having share >= $nearly_all
    )
    select device_id, capture, frame, time_us,
        'exchanged ' || bytes || ' bytes with ' || coalesce(peer_name, peer_ip) as says,
        provider || ' (' || floor(share * 100)::int || ' %)' as about,
        flows::double as amount
    from used
    join shares using (device_id, provider)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where peer_place = 'internet' and answered > 0
        and (side = 'server' or coalesce(port, 0) not in (53, 123, 853))
    group by device_id
    having sum(sent_bytes + received_bytes) >= $enough_bytes and count(provider) > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Only to be known; a guess from few conversations."""
    few = sum(row.amount for row in evidence) < FEW_CONVERSATIONS
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.GUESS if few else Confidence.CERTAIN,
        statement="Nearly all that it exchanges with the Internet goes to one provider:"
        f" {evidence[0].about}.",
    )


CHECK = Check(
    id="concentrated-destinations",
    title="It depends on one provider",
    concern=Concern.PROVIDER,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A longer capture in which this device exchanges more with the Internet.",
    remedy="Find out what the device still does without this provider: unplug the Internet for a few"
    " minutes and try. Keep another way at hand for what you cannot do without.",
    sources=(
        Source(
            title="RFC 9518, centralization, decentralization and Internet standards",
            url="https://www.rfc-editor.org/rfc/rfc9518",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.9-2: local function when the network is lost",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "The provider is who announces the address; a service may rent from it.",
        "Names and time (DNS, NTP) are not counted.",
    ),
    bears_on=("5.9-1", "5.9-2"),
    values={"enough_bytes": ENOUGH_BYTES, "nearly_all": NEARLY_ALL},
)
