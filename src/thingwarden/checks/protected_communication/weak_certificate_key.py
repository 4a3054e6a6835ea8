"""A short key or a broken hash lets an attacker make a certificate that the device would trust.

The client is at fault: it was shown the certificate and went on. `amount` is the rank of a
severity: 2 for a key that can be broken or MD5, 1 for SHA-1.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Source

LEAST_RSA_BITS = 2048
"""RFC 9325 section 4.5; NIST SP 800-131A has disallowed less since 2014."""

SMALL_CURVE = r"^ec-\D+1\d\d\D"
"""Curves of less than 200 bits, such as secp192r1: less than 112 bits of security."""

EVIDENCE = """
    with shown as (
        select *, try_cast(regexp_extract(key, '^rsa-(\\d+)$', 1) as int) as rsa_bits
        from tls
        where dst_place = 'internet' and src_device is not null and client_went_on
            and certificates > 0
    ), faults as (
        select *, case
                when rsa_bits < $least_rsa_bits or key like 'dsa-%'
                    or regexp_matches(key, $small_curve) then key
                when self_signed then null
                when regexp_matches(signature, '^md[25]-') then 'signed with ' || signature
                when signature like 'sha1-%' then 'signed with ' || signature
            end as fault
        from shown
    ), named as (
        select faults.*, coalesce(sni, name, dst_ip) as peer
        from faults
        left join peers on ip = dst_ip
        where fault is not null
    )
    select src_device as device_id, capture, frame, time_us,
        'went on with a certificate of key ' || coalesce(key, 'unknown')
            || coalesce(', signed with ' || signature, '') as says,
        peer || ' (' || fault || ')' as about,
        if(fault like '%sha1-%', 1, 2)::double as amount
    from named
    qualify row_number() over (
        partition by device_id, peer, fault order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct src_device as device_id
    from tls
    where dst_place = 'internet' and client_went_on and certificates > 0
        and src_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: the certificate was readable, and the device went on with it."""
    return Judgement(
        severity=worst_severity(evidence),
        confidence=Confidence.CERTAIN,
        statement=f"It accepts certificates that are too weak: {abouts(evidence)}.",
    )


CHECK = Check(
    id="weak-certificate-key",
    title="It accepts certificates with weak keys",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A connection to the Internet in which the certificate can be read, which TLS 1.3 does not"
    " allow.",
    remedy="Install the newest software for the device. If it stays like this, tell the maker that"
    " the server's certificate needs a stronger key, and use the device on trusted networks only.",
    sources=(
        Source(
            title="RFC 9325 section 4.5, public key length",
            url="https://www.rfc-editor.org/rfc/rfc9325#section-4.5",
        ),
        Source(
            title="NIST SP 800-131A Rev. 2, transitioning the use of key lengths",
            url="https://doi.org/10.6028/NIST.SP.800-131Ar2",
        ),
        Source(
            title="RFC 6194, security considerations for SHA-1",
            url="https://www.rfc-editor.org/rfc/rfc6194",
        ),
    ),
    limits=(
        "Only the server's own certificate is examined, not those above it.",
        "A device that knows the certificate by heart is not endangered by a weak signature.",
    ),
    bears_on=("5.5-1", "5.1-3"),
    values={"least_rsa_bits": LEAST_RSA_BITS, "small_curve": SMALL_CURVE},
)
