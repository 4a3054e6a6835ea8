"""A camera that shows its picture to whoever asks is a window in the wall.

`amount` is 2 where somebody on the Internet was shown it, 1 inside the network.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.services import is_from_internet
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    with guarded as (
        select distinct dst_device, dst_port
        from rtsp
        where dst_device is not null
            and (credentials is not null or status in (401, 403) or authenticate is not null)
    )
    select dst_device as device_id, capture, frame, time_us,
        method || coalesce(' ' || path, '') || ' was granted to ' || src_ip as says,
        'port ' || dst_port || if(src_place = 'internet', ' to the Internet', '') as about,
        if(src_place = 'internet', 2, 1)::double as amount
    from rtsp
    anti join guarded using (dst_device, dst_port)
    where dst_device is not null and status = 200 and method in ('DESCRIBE', 'SETUP', 'PLAY')
    qualify row_number() over (
        partition by dst_device, dst_port, src_ip, method order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""
"""One that ever asked for a login at this port is not counted: it may know its clients."""

EXAMINED = """
    select distinct dst_device as device_id
    from rtsp
    where dst_device is not null and status is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain once a stream was set up or played; a description alone is likely."""
    played = any(not row.says.startswith("DESCRIBE") for row in evidence)
    outside = is_from_internet(evidence)
    return Judgement(
        severity=Severity.CRITICAL if outside else Severity.HIGH,
        confidence=Confidence.CERTAIN if played else Confidence.LIKELY,
        statement=f"It shows its picture to anybody, without a login: {abouts(evidence)}.",
    )


CHECK = Check(
    id="camera-without-login",
    title="Its picture is shown without a login",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which somebody watches this device's picture by RTSP.",
    remedy="Switch on the login for RTSP (sometimes called ONVIF or streaming) in its settings, with a"
    " password of its own; if there is no such setting, keep it in a network of its own.",
    sources=(
        Source(
            title="RFC 7826 section 19.1, authentication of RTSP clients",
            url="https://www.rfc-editor.org/rfc/rfc7826#section-19.1",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.5-4: authentication for functions over the network",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "Pictures over HTTP or a maker's own protocol are not looked into.",
        "A secret in the path of the stream, which some cameras use, is not known as one.",
    ),
    bears_on=("5.5-4", "5.8-2"),
)
