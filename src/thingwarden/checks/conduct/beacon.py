"""A device that calls an address again and again that no name leads to may take orders there.

Regular calls alone mean nothing: honest keep-alives are the most regular of all. What is odd is an
address that nobody looked up, a port that no common service has, and small talk that goes on, or
tries in vain that do not stop. `amount` is how many connections were begun.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.statistics import period_score
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH = 10
"""Connections; fewer are somebody who tried."""

LONG_US = 3_600_000_000
"""From the first to the last: an hour is past what a person tries by hand."""

SMALL = 4_096
"""Bytes a connection, each way: orders and reports are short, pictures and updates are not."""

FEW = 5
"""Such addresses of a device; a program between peers, or a game, has more."""

MANY = 30
"""Connections from which the gaps between them tell something."""

REGULAR = 0.8
"""Period score that only a clock reaches."""

USUAL_PORTS = (
    25, 53, 80, 110, 123, 143, 443, 465, 500, 587, 853, 993, 995, 1194, 1883, 3478, 3479, 4500, 5060,
    5061, 5222, 5223, 5228, 5229, 5230, 5349, 8080, 8443, 8883, 8886, 19302, 51820,
)  # fmt: skip
"""Web, mail, names, time, MQTT, push, calls and VPN, as IANA and Google and Apple assign them."""

EVIDENCE = """
    with strange as (
        select device_id, own_mac, own_ip, peer_mac, peer_ip, protocol, port,
            sum(flows) over here as begun,
            min(time_us) over here as from_us, max(last_us) over here as to_us,
            sum(sent_payload_bytes) over here as sent,
            sum(received_payload_bytes) over here as received
        from talks
        where side = 'client' and peer_place = 'internet' and peer_name is null
            and began_seen and protocol in ('tcp', 'udp')
            and not list_contains($usual, port)
            and peer_ip not in (select ip from resolved)
            and device_id in (select device_id from lookups where resolved > 0)
        window here as (partition by device_id, peer_ip, protocol, port)
    ), ways as (
        select *, count(distinct peer_ip) over (partition by device_id) as strangers
        from strange
        qualify strangers <= $few
            and begun >= $enough and to_us - from_us >= $long
            and sent <= $small * begun and received <= $small * begun
    )
    select device_id, capture, frame, time_us,
        if(dst_payload_bytes > 0, 'called and was answered', 'called in vain') as says,
        ways.protocol || ' port ' || port || ' of ' || peer_ip as about,
        begun::double as amount
    from facts.flows
    join ways on src_ip = own_ip and dst_ip = peer_ip and dst_port = port
        and flows.protocol = ways.protocol
        and src_mac is not distinct from own_mac and dst_mac is not distinct from peer_mac
    where flows.protocol = 'udp' or began_by = 'syn'
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and peer_place = 'internet'
        and device_id in (select device_id from lookups where resolved > 0)
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement | None:
    """Likely where many calls come like a clock's, or go on in vain; else a guess, and low."""
    most = max(row.amount for row in evidence)
    if most < ENOUGH:
        return None
    likely = any(
        _goes_on([row for row in evidence if row.about == each]) for each in _each(evidence)
    )
    return Judgement(
        severity=Severity.MEDIUM if likely else Severity.LOW,
        confidence=Confidence.LIKELY if likely else Confidence.GUESS,
        statement=f"It keeps calling an address that no name led to, {most:.0f} times:"
        f" {abouts(evidence)}.",
    )


def _each(evidence: Sequence[Evidence]) -> list[str]:
    return sorted({row.about for row in evidence})


def _goes_on(rows: Sequence[Evidence]) -> bool:
    """Whether calls come like a clock's, or do not stop though half of them fail."""
    if len(rows) < MANY:
        return False
    vain = sum(row.says == "called in vain" for row in rows)
    return len(rows) > vain and (
        period_score(sorted(row.time_us for row in rows)) >= REGULAR or vain * 2 >= len(rows)
    )


CHECK = Check(
    id="beacon",
    title="It keeps calling a nameless address",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture of some hours that begins when the device is switched on, so that names which it"
    " looks up are seen.",
    remedy="Ask the maker what this address is for. If nobody knows, block it in the router, and"
    " reset and update the device.",
    sources=(
        Source(
            title="MITRE ATT&CK T1571, non-standard port",
            url="https://attack.mitre.org/techniques/T1571/",
        ),
        Source(
            title="Active Countermeasures, RITA: beacon analysis",
            url="https://github.com/activecm/rita",
        ),
        Source(
            title="IANA, service name and transport protocol port number registry",
            url="https://www.iana.org/assignments/service-names-port-numbers/",
        ),
    ),
    limits=(
        "An address whose name was looked up before the capture began has no name here.",
        "Makers that write addresses into their devices look the same.",
        "Orders that come through web servers or named hosts are not told from other use.",
    ),
    bears_on=("5.9-3",),
    values={
        "enough": ENOUGH,
        "long": LONG_US,
        "small": SMALL,
        "few": FEW,
        "usual": list(USUAL_PORTS),
    },
)
