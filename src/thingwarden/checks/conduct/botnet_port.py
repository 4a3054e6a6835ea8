"""A thing that talks with a server on a port that botnets use may take orders there.

Botnets of things were steered through IRC; Mirai reports the passwords that it found to port 48101.
`amount` is how many connections were answered.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

PORTS = (6665, 6666, 6667, 6668, 6669, 48101)
"""RFC 7194 names 6665 to 6669 for IRC; 48101 stands in the published source code of Mirai."""

FOR_PEOPLE = frozenset({"computer", "laptop", "phone", "tablet", "server", "storage"})
"""Kinds of devices on which people chat, or run what they like."""

EVIDENCE = """
    select device_id, arg_min(capture, (time_us, capture, frame)) as capture,
        arg_min(frame, (time_us, capture, frame)) as frame, min(time_us) as time_us,
        'spoke with ' || peer_ip || ' on tcp port ' || port as says,
        if(port = 48101, 'Mirai', 'IRC') || ' at ' || coalesce(max(peer_name), peer_ip) || ' port ' || port as about,
        sum(answered)::double as amount
    from talks
    where side = 'client' and protocol = 'tcp' and peer_place = 'internet'
        and list_contains($ports, port) and coalesce(app, '') not in ('tls', 'http', 'mqtt')
    group by device_id, peer_ip, port
    having sum(answered) > 0
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and protocol = 'tcp' and peer_place = 'internet'
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """A guess by port; what no person chats with is worse."""
    category = device.identity.category
    thing = category is not None and category.value not in FOR_PEOPLE
    return Judgement(
        severity=Severity.MEDIUM if thing else Severity.LOW,
        confidence=Confidence.GUESS,
        statement=f"It speaks with servers on ports that botnets use: {abouts(evidence)}.",
    )


CHECK = Check(
    id="botnet-port",
    title="It uses a port of botnets",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device connects to the Internet over TCP.",
    remedy="If nobody chats over IRC on this device, unplug it, reset it, update it and change its"
    " password before you connect it again.",
    sources=(
        Source(
            title="Mirai source code, mirai/bot/table.c: TABLE_SCAN_CB_PORT",
            url="https://github.com/jgamblin/Mirai-Source-Code/blob/master/mirai/bot/table.c",
        ),
        Source(
            title="RFC 7194, section 1: ports of Internet Relay Chat",
            url="https://www.rfc-editor.org/rfc/rfc7194",
        ),
        Source(
            title="MITRE ATT&CK T1071, application layer protocol",
            url="https://attack.mitre.org/techniques/T1071/",
        ),
    ),
    limits=(
        "Told by the number of the port: what was said is not read.",
        "Most botnets of today use other ports, such as those of the web.",
    ),
    bears_on=("5.9-3",),
    values={"ports": list(PORTS)},
)
