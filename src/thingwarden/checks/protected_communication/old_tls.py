"""A TLS version or cipher suite that is known to be broken protects little.

Both ends that are devices are at fault: one chose it, the other went along. `amount` is the rank of
a severity, plus a half where data followed, so that the choice was really used.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Source

EVIDENCE = """
    with chosen as (
        select *,
            coalesce(client_went_on, false) or coalesce(server_went_on, false) as used,
            case
                when version in ('SSLv2', 'SSLv3') then version
                when regexp_matches(cipher_name, '_(NULL|anon)_') then 'no protection'
                when regexp_matches(cipher_name, '_EXPORT') then 'an export cipher'
                when regexp_matches(cipher_name, '_RC[24]_') then 'RC4'
                when regexp_matches(cipher_name, '_DES(40)?_') then 'single DES'
                when version in ('1.0', '1.1') then 'TLS ' || version
                when regexp_matches(cipher_name, '_3DES_') then 'Triple DES'
            end as weakness
        from tls
        where version is not null
    ), ends as (
        select src_device as device_id, dst_ip as ip, 'with ' as relation, chosen.*
        from chosen
        union all
        select dst_device, src_ip, 'served to ', chosen.*
        from chosen
    )
    select device_id, capture, frame, time_us,
        concat_ws(', ', if(version like 'SSL%', version, 'TLS ' || version), cipher_name) as says,
        weakness || ' ' || relation
            || coalesce(if(relation = 'with ', coalesce(sni, name), null), ends.ip, 'a peer') as about,
        if(weakness like 'TLS %' or weakness = 'Triple DES', 2.0, 3.0)::double
            + if(used, 0.5, 0)::double as amount
    from ends
    left join peers on peers.ip = ends.ip
    where device_id is not null and weakness is not null
        and (used or (client_alert is null and server_alert is null))
    order by device_id, time_us, capture, frame
"""

EXAMINED = """
    select src_device as device_id
    from tls
    where version is not null and src_device is not null
    union
    select dst_device
    from tls
    where version is not null and dst_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain where data followed the weak choice, likely where only the choice was seen."""
    used = any(row.amount % 1 for row in evidence)
    return Judgement(
        severity=worst_severity(evidence),
        confidence=Confidence.CERTAIN if used else Confidence.LIKELY,
        statement=f"Its encryption is out of date: {abouts(evidence)}.",
    )


CHECK = Check(
    id="old-tls",
    title="Encryption is out of date",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device begins an encrypted (TLS) connection.",
    remedy="Install the newest software for the device. If the newest still does this, ask the maker"
    " for TLS 1.2 or later, and do not send anything private through it meanwhile.",
    sources=(
        Source(
            title="RFC 8996, TLS 1.0 and TLS 1.1 are deprecated",
            url="https://www.rfc-editor.org/rfc/rfc8996",
        ),
        Source(
            title="RFC 9325 section 4.1, cipher suites that must not be used",
            url="https://www.rfc-editor.org/rfc/rfc9325#section-4.1",
        ),
        Source(
            title="RFC 7465, RC4 is prohibited",
            url="https://www.rfc-editor.org/rfc/rfc7465",
        ),
        Source(
            title="RFC 7568, SSLv3 is deprecated",
            url="https://www.rfc-editor.org/rfc/rfc7568",
        ),
    ),
    limits=(
        "Only what was chosen counts: that a device would accept something weaker is not tried.",
        "A choice that one end then refused with an alert is not counted.",
    ),
    bears_on=("5.5-1", "5.1-3"),
)
