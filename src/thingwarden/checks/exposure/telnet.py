"""Telnet, served or used, hands control to whoever can read or reach the network.

A knock on a closed port proves nothing: the server must have answered. `amount` is 3 where it asked
for a login, 2 where it spoke, 1 where it only opened its port.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

SERVED = "served"
TO_INTERNET = "served to the Internet"
CONFIDENCES = {1: Confidence.GUESS, 2: Confidence.LIKELY, 3: Confidence.CERTAIN}

EVIDENCE = """
    with sessions as (
        select capture, frame, time_us, flow_id, src_device, dst_device, src_place, src_ip,
            dst_ip, dst_port, coalesce(client_sent_text, false) as client_spoke,
            if(asked_login or asked_password, 3, 2) as weight
        from telnet
        union all
        select capture, frame, time_us, flow_id, src_device, dst_device, src_place, src_ip,
            dst_ip, dst_port, false, 1
        from flows
        where protocol = 'tcp' and dst_port = 23
            and tcp_state in ('established', 'closed', 'half-closed', 'reset')
            and flow_id not in (select flow_id from telnet where flow_id is not null)
    )
    select dst_device as device_id, capture, frame, time_us,
        case weight
            when 3 then 'asked ' || src_ip || ' to log in'
            when 2 then 'answered ' || src_ip
            else 'opened its port to ' || src_ip
        end || ' on port ' || dst_port as says,
        if(src_place = 'internet', 'served to the Internet', 'served') as about,
        weight::double as amount
    from sessions
    where dst_device is not null
    union all
    select src_device, capture, frame, time_us,
        'spoke Telnet with ' || dst_ip || ' port ' || dst_port,
        'used with ' || dst_ip,
        weight::double
    from sessions
    where src_device is not null and client_spoke
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where protocol = 'tcp'
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Serving is worse than using; an open port without a word is a guess."""
    served = [row for row in evidence if row.about in (SERVED, TO_INTERNET)]
    told_by = served or evidence
    weight = int(max(row.amount for row in told_by))
    said = "lets others control it" if served else "controls others"
    return Judgement(
        severity=_severity({row.about for row in evidence}),
        confidence=CONFIDENCES[weight],
        statement=f"It {said} through Telnet, which has no protection: {told_by[0].says}.",
    )


def _severity(abouts: set[str]) -> Severity:
    """Worst where the whole Internet may try passwords; using it is less than serving it."""
    if TO_INTERNET in abouts:
        return Severity.CRITICAL
    return Severity.HIGH if SERVED in abouts else Severity.MEDIUM


CHECK = Check(
    id="telnet",
    title="Telnet is served or used",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which somebody connects to this device, or it to others, over TCP.",
    remedy="Switch Telnet off in the device's settings and restart it. If you cannot, change its"
    " password and keep it in a network of its own, away from the Internet.",
    sources=(
        Source(
            title="RFC 854, Telnet protocol specification",
            url="https://www.rfc-editor.org/rfc/rfc854",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.6-1: disable unused network interfaces",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="Antonakakis et al., Understanding the Mirai Botnet, USENIX Security 2017",
            url="https://www.usenix.org/conference/usenixsecurity17/technical-sessions/presentation/antonakakis",
        ),
    ),
    limits=(
        "A device that serves Telnet while nobody connects to it is not noticed.",
        "An open port on which nothing was said is told from its number, 23, only.",
    ),
    bears_on=("5.6-1", "5.6-4A", "5.5-1"),
)
