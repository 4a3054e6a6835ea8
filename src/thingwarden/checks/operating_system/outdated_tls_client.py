"""A device that never offers more than TLS 1.1 encrypts with a library from before 2012.

TLS 1.2 is of 2008; OpenSSL has had it since 1.0.1 of March 2012. One hello that offers enough acquits
the device; a hello that offers less on purpose, after a failure, counts as one.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

LEAST_HELLOS = 3
"""One program on a device may be older than the rest; a hello may be a test."""

FALLBACK = "5600"
"""TLS_FALLBACK_SCSV, RFC 7507: this hello offers less than the device knows."""

EVIDENCE = """
    with hellos as (
        select src_device as device_id, client_version as version, coalesce(sni, dst_ip) as peer,
            capture, frame, time_us,
            client_version in ('SSLv2', 'SSLv3', '1.0', '1.1')
                and not contains(coalesce(client_ciphers, ''), $fallback) as old
        from tls
        where src_device is not null and client_version is not null
    ), modern as (
        select device_id
        from hellos
        where not old
        union
        select src_device
        from quic
        where src_device is not null
    ), never as (
        select device_id
        from hellos
        where device_id not in (select device_id from modern)
        group by device_id
        having count(*) >= $least
    )
    select device_id, capture, frame, time_us,
        'offered ' || peer || ' at most ' || if(version like 'SSL%', version, 'TLS ' || version)
            as says,
        peer as about,
        1.0::double as amount
    from hellos
    semi join never using (device_id)
    qualify row_number() over (
        partition by device_id, peer, version order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select src_device as device_id
    from tls
    where src_device is not null and client_version is not null
    group by src_device
    having count(*) >= $least
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """What it offers is certain; that it could not do better is likely."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement=f"Its encryption library is from before 2012: it always {evidence[0].says}.",
    )


CHECK = Check(
    id="outdated-tls-client",
    title="The encryption library is out of date",
    concern=Concern.OPERATING_SYSTEM,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device begins at least three encrypted (TLS) connections.",
    remedy="Install the newest software for the device. If the newest still does this, ask the maker"
    " for TLS 1.2 or later: many services refuse what it offers, so that it may stop working.",
    sources=(
        Source(
            title="RFC 8996, TLS 1.0 and TLS 1.1 are deprecated",
            url="https://www.rfc-editor.org/rfc/rfc8996",
        ),
        Source(
            title="Crypto Done Right, OpenSSL 1.0.1 of March 2012 was the first with TLS 1.2",
            url="https://cryptodoneright.org/articles/cryptographic_protocols/tls_1_2/tls_1_2_dev_quickstart.html",
        ),
        Source(
            title="RFC 7507, hellos that offer less on purpose",
            url="https://www.rfc-editor.org/rfc/rfc7507",
        ),
    ),
    limits=(
        "A newer library can be told to offer no more than TLS 1.1.",
        "A device with several libraries is acquitted by one hello of the newest.",
    ),
    bears_on=("5.5-1", "5.3-8"),
    values={"fallback": FALLBACK, "least": LEAST_HELLOS},
)
