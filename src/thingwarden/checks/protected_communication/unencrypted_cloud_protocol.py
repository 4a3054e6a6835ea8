"""A service on the Internet that is spoken to in an old plain protocol can be listened to.

`amount` is how many bytes went both ways.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

LEAST_BYTES = 4096
"""Payload both ways: more than a greeting, a refusal and what a scan of the port would bring."""

EVIDENCE = """
    with ports as (
        select unnest([
            {'port': 25, 'service': 'mail (SMTP)'},
            {'port': 110, 'service': 'mail (POP3)'},
            {'port': 143, 'service': 'mail (IMAP)'},
            {'port': 389, 'service': 'directory (LDAP)'},
            {'port': 1935, 'service': 'video (RTMP)'},
            {'port': 5060, 'service': 'telephony (SIP)'},
            {'port': 5672, 'service': 'messages (AMQP)'},
            {'port': 6667, 'service': 'chat (IRC)'}
        ], recursive := true)
    ), exchanges as (
        select talks.*, service, sent_payload_bytes + received_payload_bytes as exchanged,
            bool_or(app = 'tls') over (partition by device_id, peer_ip, port) as encrypted
        from talks
        join ports using (port)
        where side = 'client' and peer_place = 'internet' and began_seen
            and sent_payload_bytes > 0 and received_payload_bytes > 0
    )
    select device_id, answered_capture as capture, answered_frame as frame,
        answered_us as time_us,
        'exchanged ' || exchanged || ' bytes on port ' || port || ' without TLS' as says,
        service || ' with ' || coalesce(peer_name, peer_ip) as about,
        exchanged::double as amount
    from exchanges
    where exchanged >= $least_bytes and not coalesce(encrypted, false)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and peer_place = 'internet' and sent_payload_bytes > 0
        and received_payload_bytes > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """A guess: told by port only."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.GUESS,
        statement=f"It seems to use services on the Internet unencrypted: {abouts(evidence)}.",
    )


CHECK = Check(
    id="unencrypted-cloud-protocol",
    title="A service is spoken to in a plain protocol",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device exchanges something with the Internet.",
    remedy="Look in the device's settings for the service that it uses, and choose TLS, SSL or"
    " STARTTLS there.",
    sources=(
        Source(
            title="RFC 8314 section 3, cleartext considered obsolete for mail",
            url="https://www.rfc-editor.org/rfc/rfc8314#section-3",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.5-1: best practice cryptography",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "The protocols are told from their ports only.",
        "Encryption that begins later than the first 64 kB of a connection is missed.",
    ),
    bears_on=("5.5-1", "5.8-1"),
    values={"least_bytes": LEAST_BYTES},
)
