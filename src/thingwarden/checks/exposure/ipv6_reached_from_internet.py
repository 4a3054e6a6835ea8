"""With IPv6 every device has an address of its own: what the router hid before may stand open.

`amount` is 1 for each port.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    select device_id, answered_capture as capture, answered_frame as frame,
        answered_us as time_us,
        'answered ' || coalesce(peer_name, peer_ip) || ' at its address ' || own_ip as says,
        'port ' || port as about,
        1::double as amount
    from talks
    where side = 'server' and protocol = 'tcp' and began_seen and answered > 0
        and peer_place = 'internet' and contains(own_ip, ':')
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where contains(own_ip, ':') and peer_place = 'internet'
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """The handshake and the answer were seen, so that somebody came in is certain."""
    return Judgement(
        severity=Severity.HIGH,
        confidence=Confidence.CERTAIN,
        statement=f"Strangers reach it over IPv6, past the router: {abouts(evidence)}.",
    )


CHECK = Check(
    id="ipv6-reached-from-internet",
    title="Strangers reach it over IPv6",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device speaks IPv6 with the Internet.",
    remedy="Switch on the IPv6 firewall of your router, so that nobody outside can begin a connection."
    " If it has none, switch IPv6 off for this device.",
    sources=(
        Source(
            title="RFC 6092, simple security in IPv6 gateways for homes",
            url="https://www.rfc-editor.org/rfc/rfc6092",
        ),
        Source(
            title="RFC 4864 section 2.2, address translation is no security that IPv6 should miss",
            url="https://www.rfc-editor.org/rfc/rfc4864#section-2.2",
        ),
    ),
    limits=(
        "Only TCP is looked at: over UDP one cannot tell who began.",
        "A device that nobody outside called while the capture ran may be open, too.",
    ),
    bears_on=("5.6-1", "5.6-5"),
)
