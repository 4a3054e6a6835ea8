"""A device that never learns the time cannot tell whether a certificate is still valid.

Every NTP question of it stays without an answer, while other servers on the Internet answer it.
`amount` is how many packets it sent to that server.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

MANY = 10
"""Questions: some servers leave out one or two (RFC 5905 section 7.4, kiss-o'-death)."""

LONG_US = 3_600_000_000
"""An hour: shorter than that may be an outage."""

EVIDENCE = """
    with asked as (
        select *, sum(received_packets) over own as received, sum(sent_packets) over own as sent,
            max(last_us) over own - min(time_us) over own as spent_us
        from talks
        where side = 'client' and protocol = 'udp' and port = 123
            and peer_place in ('device', 'gateway', 'internet', 'local')
        window own as (partition by device_id)
    ), answered as (
        select device_id
        from talks
        where side = 'client' and answered > 0 and peer_place = 'internet'
        group by device_id
        having max(last_us) - min(answered_us) >= $long_us
    )
    select device_id, capture, frame, time_us,
        'asked ' || coalesce(peer_name, peer_ip) || ' for the time in vain' as says,
        coalesce(peer_name, peer_ip) as about,
        sent_packets::double as amount
    from asked
    where received = 0 and sent >= $many and spent_us >= $long_us
        and device_id in (select device_id from answered)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where side = 'client' and protocol = 'udp' and port = 123
        and peer_place in ('device', 'gateway', 'internet', 'local')
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """It may have another source of time, which is why it is low."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.CERTAIN,
        statement=f"Nobody tells it the time, though it keeps asking: {abouts(evidence)}.",
    )


CHECK = Check(
    id="unanswered-time",
    title="Nobody tells it the time",
    concern=Concern.RELIABLE_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture of an hour or more in which this device asks for the time (NTP).",
    remedy="Let UDP port 123 through your firewall, or enter your router as time server in the device's"
    " settings. With a wrong clock it may refuse good servers or accept bad ones.",
    sources=(
        Source(
            title="RFC 8633, Network Time Protocol best current practices",
            url="https://www.rfc-editor.org/rfc/rfc8633",
        ),
        Source(
            title="RFC 5280 section 6.1, a certificate is checked against the current time",
            url="https://www.rfc-editor.org/rfc/rfc5280#section-6.1",
        ),
    ),
    limits=("Time that it takes from its cloud or a radio signal is not seen.",),
    bears_on=("5.9-1", "5.5-1"),
    values={"many": MANY, "long_us": LONG_US},
)
