"""Things that have no business with each other but speak together are how an intruder moves on.

Only things that serve no other are judged: a camera or a plug, not a hub, a speaker or a phone.
`amount` is 1 for each other end.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

LONELY = frozenset({
    "air-conditioner", "air-quality", "appliance", "battery", "bulb", "camera", "coffee-machine",
    "doorbell", "energy-meter", "ev-charger", "garage-door", "heating", "inverter", "irrigation",
    "lock", "pet-feeder", "plug", "pool", "printer", "sensor", "smoke-detector", "switch",
    "thermostat", "toy", "vacuum-robot", "water-sensor", "weather-station",
})  # fmt: skip
"""Kinds that answer others, but call none inside the network besides a hub or a broker."""

MANY = 3
"""A device that so many others call is a hub, a broker or storage: to call it is usual."""

EVIDENCE = """
    with callers as (
        select device_id, count(distinct peer_device) as callers
        from talks
        where side = 'server' and protocol = 'tcp' and answered > 0
            and peer_place in ('device', 'gateway')
        group by device_id
    )
    select talks.device_id, capture, frame, time_us,
        'called ' || peer_ip || ' on port ' || port || ', and was answered' as says,
        peer_ip || ' port ' || port as about,
        1::double as amount
    from talks
    left join callers on callers.device_id = peer_device
    where side = 'client' and protocol = 'tcp' and peer_place = 'device' and began_seen
        and answered > 0 and peer_device <> talks.device_id and coalesce(callers, 0) < $many
        and coalesce(app, '') not in ('mqtt', 'upnp')
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and protocol = 'tcp'
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement | None:
    """None for a kind that may call others, or that is not known."""
    kind = device.identity.category
    if kind is None or kind.value not in LONELY:
        return None
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.LIKELY,
        statement=f"It calls other things in your network that are none of its business: {abouts(evidence)}.",
    )


CHECK = Check(
    id="lateral-contact",
    title="It calls other things in the network",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device connects to something, and from which it can be told what it is.",
    remedy="If you do not know why the two belong together, put them into different networks, and look"
    " what stops working.",
    sources=(
        Source(
            title="MITRE ATT&CK TA0008, lateral movement",
            url="https://attack.mitre.org/tactics/TA0008/",
        ),
        Source(
            title="RFC 8520 section 1, what a thing needs, and nothing else",
            url="https://www.rfc-editor.org/rfc/rfc8520#section-1",
        ),
    ),
    limits=(
        "Two things of one maker may well belong together: kinds are compared, not makers.",
        "Only devices of whose kind one is certain are judged.",
    ),
    bears_on=("5.6-5",),
    values={"many": MANY},
)
