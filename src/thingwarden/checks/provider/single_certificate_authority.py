"""A device whose servers are all vouched for by one issuer hangs on that issuer.

When it makes a mistake, is distrusted or stops, all of them need new certificates at once. `amount` is
how often that server showed a certificate.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH_SERVERS = 3
"""With fewer, one issuer is what one expects."""

ORGANISATION = r"(?:^|,)O=((?:\\.|[^,+\\])*)"
"""The attribute in a name as RFC 4514 writes it."""

COMMON_NAME = r"(?:^|,)CN=((?:\\.|[^,+\\])*)"
"""What stands for an issuer without an organisation."""

EVIDENCE = """
    with shown as (
        select src_device as device_id, coalesce(sni, dst_ip) as server, issuer,
            min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame) as first,
            count(*) as times
        from tls
        where certificates > 0 and issuer is not null
            and src_device is not null and dst_place = 'internet'
        group by all
    ), issuers as (
        select issuer,
            coalesce(
                nullif(regexp_extract(issuer, $organisation, 1), ''),
                nullif(regexp_extract(issuer, $common_name, 1), '')
            ) as authority
        from (select distinct issuer from shown) as distinct_issuers
    ), servers as (
        select device_id, server, min(first) as first, sum(times) as times,
            min(authority) as authority, max(authority) as last_authority,
            bool_or(authority is null) as unnamed
        from shown
        join issuers using (issuer)
        group by device_id, server
    ), faithful as (
        select device_id
        from servers
        group by device_id
        having min(authority) = max(last_authority) and not bool_or(unnamed)
            and count(*) >= $enough_servers
    )
    select device_id, ((first >> 44) & 1048575)::int as capture,
        (first & 17592186044415)::bigint as frame, (first >> 64)::bigint as time_us,
        server || ' showed a certificate issued by ' || authority as says,
        authority as about,
        times::double as amount
    from servers
    where device_id in (select device_id from faithful)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select src_device as device_id
    from tls
    where certificates > 0 and issuer is not null
        and src_device is not null and dst_place = 'internet'
    group by device_id
    having count(distinct coalesce(sni, dst_ip)) >= $enough_servers
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Only to be known."""
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.LIKELY,
        statement=f"One issuer vouches for all {len(evidence)} servers whose certificates were seen:"
        f" {evidence[0].about}.",
    )


CHECK = Check(
    id="single-certificate-authority",
    title="One authority vouches for all of its servers",
    concern=Concern.PROVIDER,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device connects to three servers whose certificates can be read,"
    " which TLS 1.3 does not allow.",
    remedy="Nothing has to be done. Keep the device's software up to date, so that it learns of"
    " authorities that are no longer trusted.",
    sources=(
        Source(
            title="RFC 4514, names in certificates as text",
            url="https://www.rfc-editor.org/rfc/rfc4514",
        ),
        Source(
            title="RFC 9518, centralization, decentralization and Internet standards",
            url="https://www.rfc-editor.org/rfc/rfc9518",
        ),
    ),
    limits=(
        "Certificates inside TLS 1.3 are not seen, and may come from others.",
        "Which other authorities the device would trust is not seen.",
    ),
    bears_on=("5.9-1",),
    values={
        "enough_servers": ENOUGH_SERVERS,
        "organisation": ORGANISATION,
        "common_name": COMMON_NAME,
    },
)
