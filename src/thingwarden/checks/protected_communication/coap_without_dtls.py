"""CoAP over the Internet without DTLS lets anybody on the way read and forge values and commands.

`amount` is 1 where the path could be read, so that nothing protects the message, else 0.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    with messages as (
        select src_device as device_id, 'sent ' as did, dst_ip as ip, coap.*
        from coap
        where dst_place = 'internet' and payload_bytes > 0
        union all
        select dst_device, 'got ', src_ip, coap.*
        from coap
        where src_place = 'internet' and payload_bytes > 0 and code like '2.%'
    )
    select device_id, capture, frame, time_us,
        did || payload_bytes || ' readable bytes by coap ' || code
            || coalesce(' ' || path, '') as says,
        coalesce(name, messages.ip) as about,
        if(path is null, 0, 1)::double as amount
    from messages
    left join peers on peers.ip = messages.ip
    where device_id is not null
    qualify row_number() over (
        partition by device_id, about, did, code, path is null order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where protocol = 'udp' and peer_place = 'internet' and sent_payload_bytes > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain where paths were readable; without them the payload may be protected by itself."""
    readable = any(row.amount for row in evidence)
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.CERTAIN if readable else Confidence.LIKELY,
        statement=f"It exchanges CoAP messages with the Internet unencrypted: {abouts(evidence)}.",
    )


CHECK = Check(
    id="coap-without-dtls",
    title="CoAP to the Internet is not encrypted",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device exchanges something over UDP with the Internet.",
    remedy="Look for an update or a setting named DTLS or port 5684. If there is none, use the device"
    " without its cloud service, and do not forward port 5683 to it.",
    sources=(
        Source(
            title="RFC 7252 section 9, securing CoAP",
            url="https://www.rfc-editor.org/rfc/rfc7252#section-9",
        ),
        Source(
            title="RFC 8613 section 4, what OSCORE protects: payload and path",
            url="https://www.rfc-editor.org/rfc/rfc8613#section-4",
        ),
    ),
    limits=(
        "A payload that OSCORE or the device itself encrypts looks the same, but has no path.",
        "CoAP over TCP or WebSockets is not seen.",
    ),
    bears_on=("5.5-1", "5.8-1"),
)
