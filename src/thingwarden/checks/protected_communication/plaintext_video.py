"""Whoever can read the network can watch a stream that is fetched by RTSP without encryption.

`amount` is the rank of a severity: 3 to or from the Internet, 1 inside the network.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

STREAMS = ["PLAY", "RECORD"]
"""Methods after which a stream flows (RFC 2326 sections 10.5 and 10.11)."""

EVIDENCE = """
    with streams as (
        select *
        from rtsp
        where list_contains($streams, method) and status = 200
    ), ends as (
        select dst_device as device_id, 'served to ' as relation, src_ip as ip,
            src_place as place, streams.*
        from streams
        union all
        select src_device, 'with ', dst_ip, dst_place, streams.*
        from streams
        where dst_place = 'internet'
    )
    select device_id, capture, frame, time_us,
        'rtsp ' || method || ' was accepted in the clear' as says,
        relation || coalesce(name, ends.ip, 'a neighbour') as about,
        if(place = 'internet', 3, 1)::double as amount
    from ends
    left join peers on peers.ip = ends.ip
    where device_id is not null
    qualify row_number() over (
        partition by device_id, about, method order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where app = 'rtsp' and sent_payload_bytes > 0 and received_payload_bytes > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely: the session is in the clear, but the stream could be protected by itself."""
    severity = worst_severity(evidence)
    outside = severity is Severity.HIGH
    where = "over the Internet" if outside else "inside the network"
    worst = [row for row in evidence if row.amount == severity.rank]
    return Judgement(
        severity=severity,
        confidence=Confidence.LIKELY,
        statement=f"Pictures or sound cross unencrypted {where}: {abouts(worst)}.",
    )


CHECK = Check(
    id="plaintext-video",
    title="Video streams are not encrypted",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which somebody watches a stream of this device, on the network or from"
    " outside.",
    remedy="Look for a setting named RTSPS, HTTPS or SRTP. Do not forward the stream to the Internet:"
    " use the maker's app or a VPN instead.",
    sources=(
        Source(
            title="RFC 7826 section 21, security considerations of RTSP",
            url="https://www.rfc-editor.org/rfc/rfc7826#section-21",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.8-1: personal data in transit",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "Streams that are not set up by RTSP are not recognised.",
        "Whether the stream itself is encrypted (SRTP) is not examined.",
    ),
    bears_on=("5.5-1", "5.8-1"),
    values={"streams": STREAMS},
)
