"""Without forward secrecy a key that is stolen later opens all that was recorded before.

`amount` is 1 where data followed the choice, 0 where only the choice was seen.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

STATIC = r"^TLS_(RSA|PSK|DH_RSA|DH_DSS|ECDH_RSA|ECDH_ECDSA)_"
"""Suites whose key exchange uses long-lived keys only; TLS 1.3 has none (RFC 8446 section 1.2)."""

EVIDENCE = """
    with chosen as (
        select *, coalesce(client_went_on or server_went_on, false) as used
        from tls
        where regexp_matches(cipher_name, $static)
    ), ends as (
        select src_device as device_id, 'with ' as relation, coalesce(sni, name, dst_ip) as peer,
            chosen.*
        from chosen
        left join peers on ip = dst_ip
        union all
        select dst_device, 'served to ', src_ip, chosen.*
        from chosen
    )
    select device_id, capture, frame, time_us,
        cipher_name as says,
        relation || coalesce(peer, 'a peer') as about,
        if(used, 1, 0)::double as amount
    from ends
    where device_id is not null and (used or (client_alert is null and server_alert is null))
    qualify row_number() over (
        partition by device_id, about, says, used order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select src_device as device_id
    from tls
    where cipher_name is not null and src_device is not null
    union
    select dst_device
    from tls
    where cipher_name is not null and dst_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain where data followed the choice."""
    used = any(row.amount for row in evidence)
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.CERTAIN if used else Confidence.LIKELY,
        statement="Whoever records its connections can open them once a key is stolen:"
        f" {abouts(evidence)}.",
    )


CHECK = Check(
    id="no-forward-secrecy",
    title="Encryption without forward secrecy",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device begins an encrypted (TLS) connection.",
    remedy="Install the newest software for the device. If the newest still does this, tell the maker"
    " that devices and servers should agree on ECDHE or TLS 1.3.",
    sources=(
        Source(
            title="RFC 9325 section 4.1, cipher suites without forward secrecy",
            url="https://www.rfc-editor.org/rfc/rfc9325#section-4.1",
        ),
        Source(
            title="RFC 9325 section 7.3, forward secrecy",
            url="https://www.rfc-editor.org/rfc/rfc9325#section-7.3",
        ),
        Source(
            title="RFC 4279 section 7.1, pre-shared keys give no perfect forward secrecy",
            url="https://www.rfc-editor.org/rfc/rfc4279#section-7.1",
        ),
    ),
    limits=(
        "Often the server chooses so although the device offers better.",
        "Resumed sessions show the suite, but not the key exchange that once began them.",
    ),
    bears_on=("5.5-1",),
    values={"static": STATIC},
)
