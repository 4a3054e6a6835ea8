"""MQTT over the Internet without TLS lets anybody on the way read and give commands.

`amount` is 1 for a message that shows a working session, 0 for an attempt to connect.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    with messages as (
        select src_device as device_id, capture, frame, time_us, kind, code, dst_ip as ip
        from mqtt
        where dst_place = 'internet'
        union all
        select dst_device, capture, frame, time_us, kind, code, src_ip
        from mqtt
        where src_place = 'internet'
    ), kinds as (
        select device_id, ip, kind,
            kind in ('publish', 'subscribe') or (kind = 'connack' and code = 0) as works,
            min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame) as first,
            count(*) as times
        from messages
        where device_id is not null
        group by all
    )
    select device_id,
        ((first >> 44) & 1048575)::int as capture,
        (first & 17592186044415)::bigint as frame,
        (first >> 64)::bigint as time_us,
        'mqtt ' || kind || ' in the clear' || if(times > 1, ', ' || times || ' times', '') as says,
        coalesce(name, kinds.ip) as about,
        if(works, 1, 0)::double as amount
    from kinds
    left join peers on peers.ip = kinds.ip
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where protocol = 'tcp' and peer_place = 'internet' and sent_payload_bytes > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain once topics or an acceptance were readable; an attempt alone is likely."""
    works = any(row.amount for row in evidence)
    verb = "exchanges" if works else "tries to exchange"
    return Judgement(
        severity=Severity.HIGH,
        confidence=Confidence.CERTAIN if works else Confidence.LIKELY,
        statement=f"It {verb} MQTT messages with the Internet unencrypted: {abouts(evidence)}.",
    )


CHECK = Check(
    id="mqtt-without-tls",
    title="MQTT to the Internet is not encrypted",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device exchanges something over TCP with the Internet.",
    remedy="Look for an update or a setting named TLS or port 8883. If there is none, use the device"
    " without its cloud service, or not for anything that may not be read or switched by others.",
    sources=(
        Source(
            title="OASIS MQTT 5.0 section 5.4, implementation notes on security",
            url="https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.5-1: best practice cryptography",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "MQTT inside WebSockets is not seen.",
        "Whether the messages are encrypted by the device itself is not examined.",
    ),
    bears_on=("5.5-1", "5.8-1"),
)
