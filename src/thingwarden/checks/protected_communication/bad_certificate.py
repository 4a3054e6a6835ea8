"""A client that accepts any certificate can be led to an impostor.

The client is at fault: it was shown the certificate and went on. `amount` is the rank of a
severity; servers on the local network count as low, since nobody issues
certificates for them.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    with shown as (
        select *,
            [lower(rtrim(n, '.')) for n in coalesce(names, []::varchar[])] as valid_for,
            [sni, regexp_replace(sni, '^[^.]+', '*')] as fitting,
            regexp_extract(lower(subject), '(^|,)cn=([^,]*)', 2) as common_name
        from tls
        where client_went_on and certificates > 0 and src_device is not null
    ), faults as (
        select *, 'for another name' as fault
        from shown
        where sni is not null and not list_has_any(valid_for, fitting)
            and (len(valid_for) > 0 or coalesce(common_name, '') <> '')
            and not (len(valid_for) = 0 and list_contains(fitting, common_name))
        union all
        select *, 'expired'
        from shown
        where time_us > not_after_us
        union all
        select *, 'not yet valid'
        from shown
        where time_us < not_before_us
        union all
        select *, 'self-signed'
        from shown
        where self_signed
    )
    select src_device as device_id, capture, frame, time_us,
        'went on with a certificate that is ' || fault
            || case
                when fault = 'expired'
                then ' since ' || strftime(make_timestamp(not_after_us), '%Y-%m-%d')
                when fault = 'not yet valid'
                then ' before ' || strftime(make_timestamp(not_before_us), '%Y-%m-%d')
                when fault = 'for another name' then ': ' || coalesce(valid_for[1], common_name)
                else ''
            end as says,
        coalesce(sni, name, dst_ip, 'a server') || ' (' || fault || ')' as about,
        case
            when dst_place <> 'internet' then 1
            when fault = 'for another name' then 3
            else 2
        end::double as amount
    from faults
    left join peers on ip = dst_ip
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct src_device as device_id
    from tls
    where certificates > 0 and src_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain for dates; names and signatures may be excused by a certificate that it knows."""
    dated = any("valid" in row.about or "expired" in row.about for row in evidence)
    severity = worst_severity(evidence)
    certain = dated and severity is not Severity.LOW
    return Judgement(
        severity=severity,
        confidence=Confidence.CERTAIN if certain else Confidence.LIKELY,
        statement=f"It trusts certificates that prove nothing: {abouts(evidence)}.",
    )


CHECK = Check(
    id="bad-certificate",
    title="It accepts bad certificates",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A connection in which the certificate can be read, which TLS 1.3 does not allow: only a"
    " test with a false server would tell.",
    remedy="Check that the device's date is right and install its newest software. If it stays like"
    " this, use it only on networks that you trust, and tell the maker.",
    sources=(
        Source(
            title="RFC 5280 section 6.1, validating a certificate and its dates",
            url="https://www.rfc-editor.org/rfc/rfc5280#section-6.1",
        ),
        Source(
            title="RFC 9525 section 6, verifying the name of a service",
            url="https://www.rfc-editor.org/rfc/rfc9525#section-6",
        ),
    ),
    limits=(
        "Whether an authority that the device trusts issued the certificate is not examined.",
        "A device that knows its maker's self-signed certificate by heart is safe, but looks the same.",
        "Dates are compared with the clock of the machine that captured.",
        "Connections without a server name are not judged by name.",
    ),
    bears_on=("5.5-1", "5.8-1"),
)
