"""An MQTT broker that lets everybody in shows all messages of a house, and takes commands from anybody.

`amount` is 1 for a client that was let in with neither user name nor password.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    with asked as (
        select flow_id, any_value(src_ip) as client,
            bool_or(has_user_name or has_password) as named
        from mqtt
        where kind = 'connect' and dst_device is not null and flow_id is not null
        group by flow_id
    )
    select src_device as device_id, capture, frame, time_us,
        'let ' || client || ' in without a password' as says,
        'port ' || src_port as about,
        1::double as amount
    from mqtt
    join asked using (flow_id)
    where kind = 'connack' and code = 0 and src_device is not null and not named
    qualify row_number() over (
        partition by src_device, src_port, client order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct src_device as device_id
    from mqtt
    where kind = 'connack' and src_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """It said so itself: the connection was accepted."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.CERTAIN,
        statement=f"Anybody on the network may read and send its messages: {abouts(evidence)}.",
    )


CHECK = Check(
    id="open-broker",
    title="Its MQTT broker lets everybody in",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which something connects to this device by MQTT without TLS.",
    remedy="Give the broker users with passwords, and forbid anonymous clients in its settings.",
    sources=(
        Source(
            title="MQTT version 3.1.1, section 5.4.1: authentication of clients by the server",
            url="https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.5-4: authentication for functions over the network",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "What a client without a name may read or send is up to the broker's rules, which are not seen.",
        "Brokers behind TLS are not looked into.",
    ),
    bears_on=("5.5-4", "5.5-5"),
)
