"""A device that answers strangers with more than they asked is a weapon: the asker may be forged.

Services that answer without a handshake send their answer to whoever the question names as sender.
`amount` is how many bytes it answered for each byte that it was asked.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH_STRANGERS = 3
"""Addresses that asked; one may be the owner from outside."""

TWICE = 2
"""Bytes answered for a byte asked; SNMP and DNS pass it, an honest NTP answer has as many as it asks."""

TENFOLD = 10
"""Here one stranger is enough: Rossow (2014) measured four to 4,670 for what attackers use."""

EVIDENCE = """
    with services as (
        select * from (values
            (17, 'quote of the day'), (19, 'chargen'), (53, 'DNS'), (111, 'portmap'), (123, 'NTP'),
            (137, 'NetBIOS'), (161, 'SNMP'), (389, 'CLDAP'), (1900, 'SSDP'),
            (3702, 'WS-Discovery'), (11211, 'memcached')
        ) as services (port, service)
    ), asked as (
        select device_id, peer_ip, service, port,
            sum(sent_payload_bytes) as sent, sum(received_payload_bytes) as received,
            min({t: time_us, c: capture, f: frame}) as first
        from talks
        join services using (port)
        where side = 'server' and protocol = 'udp' and peer_place = 'internet'
            and sent_payload_bytes > 0
            and peer_ip not in (select ip from resolved)
        group by all
    ), rated as (
        select *, count(*) over here as strangers,
            sum(sent) over here / greatest(sum(received) over here, 1) as amount
        from asked
        window here as (partition by device_id, port)
    )
    select device_id, first.c as capture, first.f as frame, first.t as time_us,
        'answered ' || peer_ip || ' with ' || sent || ' bytes for ' || received as says,
        service || ' on udp port ' || port as about, amount::double as amount
    from rated
    where amount >= $tenfold or (strangers >= $strangers and amount >= $twice)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'server' and protocol = 'udp' and peer_place = 'internet'
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: questions and answers were counted."""
    most = max(row.amount for row in evidence)
    return Judgement(
        severity=Severity.HIGH,
        confidence=Confidence.CERTAIN,
        statement="It can be used to attack others, since it answers any stranger with"
        f" {most:.1f} times the bytes asked: {abouts(evidence)}.",
    )


CHECK = Check(
    id="amplifier",
    title="It amplifies attacks of others",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture taken at the router, so that questions from the Internet are seen.",
    remedy="Close this port in the router (port forwarding, UPnP), or switch the service off in the"
    " device.",
    sources=(
        Source(
            title="CISA TA14-017A, UDP-based amplification attacks",
            url="https://www.cisa.gov/news-events/alerts/2014/01/17/udp-based-amplification-attacks",
        ),
        Source(
            title="Rossow, Amplification Hell: Revisiting Network Protocols for DDoS Abuse, NDSS 2014",
            url="https://www.ndss-symposium.org/ndss2014/programme/amplification-hell-revisiting-network-protocols-ddos-abuse/",
        ),
    ),
    limits=(
        "Only what was asked while the capture ran is known; an open service that nobody used is not.",
        "Whether a question came from who it says, traffic does not show.",
    ),
    bears_on=("5.6-1", "5.9-3"),
    values={"strangers": ENOUGH_STRANGERS, "twice": TWICE, "tenfold": TENFOLD},
)
