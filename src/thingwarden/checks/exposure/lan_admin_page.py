"""A login page that a device serves without TLS shows its password to everybody nearby.

The device that serves the page is at fault. `amount` is the rank of a severity: a page or a Basic
login is medium, a Digest login low.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    select dst_device as device_id, capture, frame, time_us,
        case
            when asks_password then 'served a page with a password field'
            else 'asked for a ' || authenticate || ' login'
        end || coalesce(' to ' || src_ip, '') as says,
        'port ' || dst_port as about,
        case
            when asks_password or authenticate = 'basic' then 2
            else 1
        end::double as amount
    from http
    where dst_device is not null and src_place in ('device', 'gateway', 'local')
        and (asks_password or (status = 401 and authenticate is not null))
    order by device_id, time_us, capture, frame
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'server' and protocol = 'tcp' and received_packets > 0
        and peer_place in ('device', 'gateway', 'local')
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain for a page or Basic; Digest hides the password from a passing look."""
    severity = worst_severity(evidence)
    return Judgement(
        severity=severity,
        confidence=Confidence.LIKELY if severity is Severity.LOW else Confidence.CERTAIN,
        statement=f"Its settings page asks for a password without encryption: {abouts(evidence)}.",
    )


CHECK = Check(
    id="lan-admin-page",
    title="Its settings page is not encrypted",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which somebody on the network opens this device's page or connects to it.",
    remedy="Switch on HTTPS in the device's settings and open its page with https:// from then on. If"
    " there is no such setting, log in only by cable and from a computer that you trust.",
    sources=(
        Source(
            title="RFC 9110 section 17.16.1, confidentiality of credentials",
            url="https://www.rfc-editor.org/rfc/rfc9110#section-17.16.1",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.5-7: critical security parameters in transit",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "A page is known by a password field in what was captured of it; one that a script draws"
        " later is not seen.",
        "Pages that nobody opened during the capture are not seen.",
    ),
    bears_on=("5.5-1", "5.1-3"),
)
