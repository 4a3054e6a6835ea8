"""A device that shows an expired or weak certificate teaches people to click warnings away.

`amount` is 1. A certificate that it signed itself is normal on a local network and not counted.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

LEAST_RSA_BITS = 2048
"""RFC 9325 section 4.5."""

EVIDENCE = """
    with shown as (
        select *, try_cast(regexp_extract(key, '^rsa-(\\d+)$', 1) as int) as rsa_bits
        from tls
        where dst_device is not null and certificates > 0
    ), faults as (
        select *, 'expired' as fault,
            'showed a certificate that expired on '
                || strftime(make_timestamp(not_after_us), '%Y-%m-%d') as says
        from shown
        where time_us > not_after_us
        union all
        select *, 'weak key ' || key, 'showed a certificate with the key ' || key
        from shown
        where rsa_bits < $least_rsa_bits or key like 'dsa-%'
        union all
        select *, 'signed with ' || signature, 'showed a certificate signed with ' || signature
        from shown
        where regexp_matches(signature, '^md[25]-')
            or (signature like 'sha1-%' and not coalesce(self_signed, false))
    )
    select dst_device as device_id, capture, frame, time_us, says,
        'port ' || dst_port || ' (' || fault || ')' as about,
        1::double as amount
    from faults
    qualify row_number() over (
        partition by device_id, about order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct dst_device as device_id
    from tls
    where dst_device is not null and certificates > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: the certificate was readable."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.CERTAIN,
        statement=f"Its own certificate protects badly: {abouts(evidence)}.",
    )


CHECK = Check(
    id="device-certificate",
    title="Its own certificate is expired or weak",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which somebody opens an encrypted page or service of this device with TLS 1.2"
    " or older, which shows the certificate.",
    remedy="Look in the device's settings for a way to renew its certificate, and install its newest"
    " software. Until then open its pages from your own network only.",
    sources=(
        Source(
            title="RFC 5280 section 4.1.2.5, validity of a certificate",
            url="https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5",
        ),
        Source(
            title="RFC 9325 section 4.5, public key length",
            url="https://www.rfc-editor.org/rfc/rfc9325#section-4.5",
        ),
    ),
    limits=(
        "Dates are compared with the clock of the machine that captured.",
        "In TLS 1.3 certificates are not visible.",
    ),
    bears_on=("5.5-1",),
    values={"least_rsa_bits": LEAST_RSA_BITS},
)
