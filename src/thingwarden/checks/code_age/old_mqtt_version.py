"""MQTT 3.1 is older than the standard: its library was written before 2014."""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

OLD_LEVEL = 3
"""The protocol level of MQTT 3.1; 3.1.1, the first standard (OASIS, 2014), has 4."""

EVIDENCE = """
    select src_device as device_id, capture, frame, time_us,
        'connected to ' || coalesce(name, dst_ip) || ' with MQTT 3.1' as says,
        coalesce(name, dst_ip) as about,
        1.0::double as amount
    from mqtt
    left join peers on peers.ip = dst_ip
    where src_device is not null and kind = 'connect' and level = $level
    qualify row_number() over (
        partition by device_id, about order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct src_device as device_id
    from mqtt
    where src_device is not null and kind = 'connect'
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: the level is in the clear."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.CERTAIN,
        statement=f"It reports with MQTT 3.1, which was replaced in 2014: {abouts(evidence)}.",
    )


CHECK = Check(
    id="old-mqtt-version",
    title="MQTT is of an old version",
    concern=Concern.CODE_AGE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device connects to an MQTT broker without encryption.",
    remedy="Install the newest software for the device, and ask the maker for MQTT 3.1.1 or 5.",
    sources=(
        Source(
            title="MQTT 3.1.1, OASIS standard of 2014, section 3.1.2.2: the level is 4",
            url="https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html",
        ),
        Source(
            title="MQTT 5.0, OASIS standard of 2019",
            url="https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html",
        ),
    ),
    limits=(
        "A new library can be told to speak 3.1 with an old broker.",
        "What is said behind encryption cannot be read.",
    ),
    bears_on=("5.3-8",),
    values={"level": OLD_LEVEL},
)
