"""A device that speaks a language of its maker's own can be moved to nobody else's service.

Only connections count whose beginning was seen, so that an open protocol would have been recognised.
`amount` is how many bytes of data went over that port.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH_BYTES = 100_000
"""Less may be one start of the device."""

MOSTLY = 0.5
"""Share of its data on the Internet that is in no known language."""

OPEN_PORTS = (
    22, 25, 53, 80, 110, 123, 143, 179, 443, 465, 500, 554, 587, 636, 853, 989, 990, 993, 995, 1194,
    1723, 1883, 1935, 3478, 3479, 3480, 3481, 4500, 5060, 5061, 5222, 5223, 5228, 5229, 5230, 5349,
    5671, 5672, 5683, 5684, 8080, 8443, 8883, 19302, 19305, 51820,
)  # fmt: skip
"""Ports of open protocols: the web, mail, time, MQTT, AMQP, CoAP, XMPP and push, media, VPN, calls."""

CALLS = (3478, 3479, 3480, 3481, 5349, 19302, 19305)
"""Ports of STUN and TURN (RFC 8489): who uses them exchanges media over any UDP port."""

EVIDENCE = """
    with used as (
        select *, sent_payload_bytes + received_payload_bytes as bytes,
            app is null and port not in (select unnest($open_ports)) as own_language
        from talks
        where side = 'client' and answered > 0 and peer_place = 'internet'
            and (protocol = 'tcp' and began_seen or protocol = 'udp')
    ), calling as (
        select device_id
        from used
        where port in (select unnest($calls))
    ), locked as (
        select device_id
        from used
        where protocol = 'tcp' or device_id not in (select device_id from calling)
        group by device_id
        having sum(bytes) filter (own_language) >= greatest($enough_bytes, $mostly * sum(bytes))
    )
    select device_id, answered_capture as capture, answered_frame as frame,
        answered_us as time_us,
        'exchanged ' || bytes || ' bytes with ' || coalesce(peer_name, peer_ip) as says,
        protocol || ' port ' || port as about,
        bytes::double as amount
    from used
    join locked using (device_id)
    where own_language and (protocol = 'tcp' or device_id not in (select device_id from calling))
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where side = 'client' and answered > 0 and peer_place = 'internet'
        and (protocol = 'tcp' and began_seen or protocol = 'udp')
    group by device_id
    having sum(sent_payload_bytes + received_payload_bytes) >= $enough_bytes
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """A guess: an open protocol on a strange port may not have been recognised."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.GUESS,
        statement="Most of what it exchanges with the Internet is in a language that only its maker"
        f" seems to speak: {abouts(evidence)}.",
    )


CHECK = Check(
    id="locked-protocol",
    title="It speaks a language of its maker's own",
    concern=Concern.PORTABILITY,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device begins connections and exchanges 100 kB with the Internet.",
    remedy="Before you rely on it, look whether the maker offers an open way to use it (Matter, MQTT, a"
    " documented interface): without one it ends with its service.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.5-2: reviewed or evaluated implementations",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="Regulation (EU) 2023/2854 (Data Act), article 35: open interoperability",
            url="https://eur-lex.europa.eu/eli/reg/2023/2854/oj",
        ),
    ),
    limits=(
        "An open protocol on an unusual port, or one that this program does not read, looks the same.",
        "A proprietary language inside TLS is not seen.",
    ),
    bears_on=("5.5-2", "5.9-2"),
    values={
        "enough_bytes": ENOUGH_BYTES,
        "mostly": MOSTLY,
        "open_ports": list(OPEN_PORTS),
        "calls": list(CALLS),
    },
)
