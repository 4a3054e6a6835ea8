"""A device whose traffic goes to one provider, or one country, stops when that one does.

This is a fact, not a fault. `amount` is the share of the bytes, 0 to 1.
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
    with talks as (
        select src_device as device_id, dst_ip as ip, capture, frame, time_us,
            src_bytes + dst_bytes as bytes
        from flows
        where dst_place = 'internet' and src_device is not null
            and dst_payload_bytes > 0 and coalesce(dst_port, 0) not in (53, 123)
        union all
        select dst_device, src_ip, capture, frame, time_us, src_bytes + dst_bytes
        from flows
        where src_place = 'internet' and dst_device is not null and dst_payload_bytes > 0
    ), known as (
        select ip, min(name) as name, min(provider) as provider, min(country) as country
        from peers
        group by ip
    ), placed as (
        select talks.*, name, provider, country,
            sum(bytes) over (partition by device_id) as total
        from talks
        left join known using (ip)
        qualify total >= $enough_bytes
    ), shares as (
        select *, 'the provider ' || provider as about,
            sum(bytes) over (partition by device_id, provider) / total as amount
        from placed
        where provider is not null
        union all
        select *, 'the country ' || country,
            sum(bytes) over (partition by device_id, country) / total
        from placed
        where country is not null
    )
    select device_id, capture, frame, time_us,
        'exchanged ' || bytes || ' bytes with ' || coalesce(name, ip) as says,
        about,
        amount::double as amount
    from shares
    where amount >= $nearly_all
    qualify about like 'the provider %'
        or not bool_or(about like 'the provider %') over (partition by device_id)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from (
        select src_device as device_id, src_bytes + dst_bytes as bytes
        from flows
        where dst_ip in (
                select ip from peers where provider is not null or country is not null
            )
            and dst_place = 'internet' and src_device is not null and dst_payload_bytes > 0
    )
    group by device_id
    having sum(bytes) >= 20000
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Low for one provider, only to be known for one country; a guess from few conversations."""
    shares = {row.about: row.amount for row in evidence}
    provider = [about for about in shares if about.startswith("the provider ")]
    about = (provider or list(shares))[0]
    few = len(evidence) < FEW_CONVERSATIONS
    return Judgement(
        severity=Severity.LOW if provider else Severity.INFO,
        confidence=Confidence.GUESS if few else Confidence.CERTAIN,
        statement=f"{int(shares[about] * 100)} % of what it exchanges with the Internet goes to {about.rstrip('.')}.",
    )


CHECK = Check(
    id="concentrated-destinations",
    title="It depends on one provider or country",
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
        "The country is where the address is registered, not where the machine stands.",
        "Names and time (DNS, NTP) are not counted.",
    ),
    bears_on=("5.9-1", "5.9-2"),
    values={"enough_bytes": ENOUGH_BYTES, "nearly_all": NEARLY_ALL},
)
