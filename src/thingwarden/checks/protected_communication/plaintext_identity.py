"""A fixed number sent in the clear lets others recognise a device anywhere; a key lets them be it.

`amount` is the rank of a severity: 2 for a token, 1 for numbers and addresses that only identify.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

WORDS = {
    "token": "a session token or key",
    "hardware-address": "a hardware address",
    "serial": "a serial number",
}

RANKS = {
    "token": Severity.MEDIUM.rank,
    "hardware-address": Severity.LOW.rank,
    "serial": Severity.LOW.rank,
}
"""Whoever reads a token can speak in its name; the others only tell who it is."""

EVIDENCE = """
    with words as (
        select unnest($kind) as kind, unnest($word) as word, unnest($rank) as rank
    ), sent as (
        select src_device as device_id, capture, frame, time_us, dst_port as port,
            coalesce(host, dst_ip) as peer, unnest(reveals) as kind
        from http
        where dst_place = 'internet' and src_device is not null and reveals is not null
    ), messages as (
        select src_device as device_id, src_mac as mac, dst_ip as ip, dst_port as port,
            topic, client_id, capture, frame, time_us
        from mqtt
        where dst_place = 'internet' and src_device is not null
        union all
        select dst_device, dst_mac, src_ip, src_port, topic, client_id, capture, frame, time_us
        from mqtt
        where src_place = 'internet' and dst_device is not null
    ), texts as (
        select device_id, replace(mac, ':', '') as mac, ip, port, topic, client_id,
            min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame) as place
        from messages
        where mac is not null and (topic is not null or client_id is not null)
        group by all
    ), named as (
        select device_id, ip, port, min(place) as place
        from texts
        where contains(
            translate(lower(concat(topic, ' ', client_id)), ':-', ''), lower(mac)
        )
        group by all
    ), found as (
        select device_id, capture, frame, time_us, 'a web request' as teller, port, peer, word, rank
        from sent
        join words using (kind)
        union all
        select device_id, ((place >> 44) & 1048575)::int, (place & 17592186044415)::bigint,
            (place >> 64)::bigint, 'an MQTT message', port, coalesce(name, named.ip),
            'its own hardware address', 1
        from named
        left join peers on peers.ip = named.ip
    )
    select device_id, capture, frame, time_us,
        teller || ' with ' || peer || ' port ' || port || ' shows ' || word as says,
        word || ' to ' || peer as about,
        rank::double as amount
    from found
    qualify row_number() over (
        partition by device_id, about order by time_us, capture, frame, says
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select src_device as device_id
    from http
    where dst_place = 'internet' and src_device is not null and method is not null
    union
    select src_device
    from mqtt
    where dst_place = 'internet' and src_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: the number could be read."""
    severity = worst_severity(evidence)
    can = "speak in its name" if severity is Severity.MEDIUM else "recognise it"
    return Judgement(
        severity=severity,
        confidence=Confidence.CERTAIN,
        statement=f"Whoever reads what it sends unencrypted can {can}: {abouts(evidence)}.",
    )


CHECK = Check(
    id="plaintext-identity",
    title="What identifies it is sent unencrypted",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device sends unencrypted web requests or MQTT to the Internet.",
    remedy="Install the newest software for the device. If it still does this, ask the maker to"
    " encrypt the connection, and do not use the device where nobody should know that it is there.",
    sources=(
        Source(
            title="ETSI EN 303 645, provisions 5.6-2 and 5.8-1",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 7258, Pervasive monitoring is an attack",
            url="https://www.rfc-editor.org/rfc/rfc7258",
        ),
        Source(
            title="CWE-319, Cleartext Transmission of Sensitive Information",
            url="https://cwe.mitre.org/data/definitions/319.html",
        ),
    ),
    limits=(
        "A number is told by its name and form: it may be one that changes with every request.",
        "Whether a token still holds, and what it opens, is not tried; some only name a program.",
        "Names of its own that a maker invented are not understood.",
    ),
    bears_on=("5.6-2", "5.8-1"),
    values={
        "kind": list(WORDS),
        "word": list(WORDS.values()),
        "rank": list(RANKS.values()),
    },
)
