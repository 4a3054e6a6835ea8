"""A hello in the form of SSLv2 comes from code of the last century, which all servers should refuse."""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    select src_device as device_id, capture, frame, time_us,
        'sent ' || coalesce(name, dst_ip) || ' a hello in the form of SSLv2'
            || if(client_version = 'SSLv2', '', ', up to ' || coalesce(
                if(client_version like 'SSL%', client_version, 'TLS ' || client_version), '?'
            )) as says,
        coalesce(name, dst_ip) as about,
        1.0::double as amount
    from tls
    left join peers on peers.ip = dst_ip
    where src_device is not null
        and (client_version = 'SSLv2' or regexp_matches(client_ciphers, '(^|-)[0-9a-f]{6}(-|$)'))
    qualify row_number() over (
        partition by device_id, about order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct src_device as device_id
    from tls
    where src_device is not null and client_version is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: the form of the hello is in the clear."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.CERTAIN,
        statement="It begins encryption the way of 1995 (SSLv2), which can be rolled back to"
        f" something broken: {abouts(evidence)}.",
    )


CHECK = Check(
    id="sslv2-hello",
    title="Encryption begins in the form of SSLv2",
    concern=Concern.CODE_AGE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device begins an encrypted (TLS) connection.",
    remedy="Install the newest software for the device. If the newest still does this, its encryption"
    " is twenty years old: send nothing private through it, and plan to replace it.",
    sources=(
        Source(
            title="RFC 6176 section 3, clients must not send the hello of SSLv2",
            url="https://www.rfc-editor.org/rfc/rfc6176#section-3",
        ),
        Source(
            title="Aviram et al., DROWN: breaking TLS using SSLv2, USENIX Security 2016",
            url="https://www.usenix.org/conference/usenixsecurity16/technical-sessions/presentation/aviram",
        ),
    ),
    limits=(
        "The form alone breaks nothing where the server then chooses a good version.",
        "A program that only tests servers sends such hellos, too.",
    ),
    bears_on=("5.5-1", "5.3-8"),
)
