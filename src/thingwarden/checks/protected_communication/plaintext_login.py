"""A password that crosses the network unencrypted can be read by anybody on its way.

The client is at fault where it logs in elsewhere; on its own network the device that asks for
the password is. `amount` is the rank of a severity: a readable password is high, a hashed one low.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    with logins as (
        select capture, frame, time_us, src_device, dst_device, dst_place, dst_ip, dst_port,
            'http ' || credentials || ' login' as login,
            credentials in ('digest', 'other') as hashed
        from http
        where credentials is not null
        union all
        select capture, frame, time_us, src_device, dst_device, dst_place, dst_ip, dst_port,
            'rtsp ' || credentials || ' login', credentials in ('digest', 'other')
        from rtsp
        where credentials is not null
        union all
        select capture, frame, time_us, src_device, dst_device, dst_place, dst_ip, dst_port,
            'ftp login', false
        from ftp
        where sent_password and not coalesce(anonymous, false)
        union all
        select capture, frame, time_us, src_device, dst_device, dst_place, dst_ip, dst_port,
            'telnet login', false
        from telnet
        where client_sent_text and asked_password
        union all
        select capture, frame, time_us, src_device, dst_device, dst_place, dst_ip, dst_port,
            'mqtt login', false
        from mqtt
        where kind = 'connect' and has_password
    ), blamed as (
        select dst_device as device_id, 'at its own' as place, null as ip, logins.*
        from logins
        union all
        select src_device, 'to', dst_ip, logins.*
        from logins
        where dst_place in ('internet', 'local')
    )
    select device_id, capture, frame, time_us,
        login || if(hashed, ' with a weakly hidden secret', ' with a readable secret') as says,
        concat_ws(' ', login, place, coalesce(name, blamed.ip), 'port', dst_port) as about,
        if(hashed, 1, 3)::double as amount
    from blamed
    left join peers on peers.ip = blamed.ip
    where device_id is not null
    order by device_id, time_us, capture, frame
"""

EXAMINED = """
    select distinct device_id
    from talks
    where protocol = 'tcp' and sent_payload_bytes > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain where the password itself can be read; hashes can often be guessed from."""
    severity = worst_severity(evidence)
    readable = severity is Severity.HIGH
    how = "unencrypted" if readable else "with weak protection only"
    return Judgement(
        severity=severity,
        confidence=Confidence.CERTAIN if readable else Confidence.LIKELY,
        statement=f"Passwords cross the network {how}: {abouts(evidence)}.",
    )


CHECK = Check(
    id="plaintext-login",
    title="Passwords are sent unencrypted",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device exchanges something over TCP.",
    remedy="Switch on HTTPS or another encrypted login in the device's settings and then change its"
    " password. If it has no such setting, use a password that you use nowhere else.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.5-7: critical security parameters in transit",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 7617 section 4, Basic authentication is not secure without TLS",
            url="https://www.rfc-editor.org/rfc/rfc7617#section-4",
        ),
        Source(
            title="RFC 7616 section 5, weaknesses of Digest authentication",
            url="https://www.rfc-editor.org/rfc/rfc7616#section-5",
        ),
    ),
    limits=(
        "Mail, database and unknown protocols are not looked into.",
        "Whether the server accepted the password makes no difference: it was readable.",
        "A person's browser that logs in to a device nearby is not blamed, the device is.",
    ),
    bears_on=("5.1-3", "5.5-6", "5.5-7"),
)
