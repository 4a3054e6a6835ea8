"""A device that strangers can reach is tried by all the world, day and night.

`amount` is 1 for each port; a device that serves the Internet on purpose is a server, not a thing.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    with called as (
        select distinct device_id, peer_ip
        from talks
        where side = 'client' and protocol = 'tcp' and port = 21
    )
    select device_id, answered_capture as capture, answered_frame as frame,
        answered_us as time_us,
        'answered ' || coalesce(peer_name, peer_ip) || coalesce(' in ' || country, '') as says,
        'port ' || port as about,
        1::double as amount
    from talks
    anti join called using (device_id, peer_ip)
    where side = 'server' and protocol = 'tcp' and began_seen and answered > 0
        and peer_place = 'internet' and not contains(own_ip, ':')
    order by device_id, time_us, capture, frame, about
"""
"""Data connections of FTP come from the server that the device called, and are left out."""

EXAMINED = """
    select distinct device_id
    from talks
    where protocol = 'tcp' and not contains(own_ip, ':')
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """The handshake and the answer were seen, so that somebody came in is certain."""
    return Judgement(
        severity=Severity.HIGH,
        confidence=Confidence.CERTAIN,
        statement=f"Strangers on the Internet reach it: {abouts(evidence)}.",
    )


CHECK = Check(
    id="reached-from-internet",
    title="Strangers on the Internet reach it",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device speaks over TCP, taken where the Internet comes in.",
    remedy="Look in your router for port forwarding, UPnP and 'exposed host', and take this device out."
    " If you need it from outside, use a VPN into your home.",
    sources=(
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
        "Only TCP is looked at: over UDP one cannot tell who began.",
        "A device that nobody outside called while the capture ran may be open, too.",
        "Whether its owner wants it to be reached is not known.",
    ),
    bears_on=("5.6-1", "5.6-5"),
)
