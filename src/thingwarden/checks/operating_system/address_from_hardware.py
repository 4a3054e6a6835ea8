"""An address made from the hardware address names the device to everybody it talks to, for ever.

Wherever it goes, the lower half stays the same and tells its maker (RFC 7721 section 4.3).
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    with spoken as (
        select device_id, own_ip, own_mac, peer_ip, peer_name, capture, frame, time_us,
            list_transform(
                string_split(own_mac, ':'), lambda part: ('0x' || part)::int
            ) as parts
        from talks
        where peer_place = 'internet' and contains(own_ip, ':')
            and regexp_matches(own_mac, '^[0-9a-f]{2}(:[0-9a-f]{2}){5}$')
    ), made as (
        select *,
            ':' || format('{:x}', xor(parts[1], 2) * 256 + parts[2])
                || ':' || format('{:x}', parts[3] * 256 + 255)
                || ':' || format('{:x}', 65024 + parts[4])
                || ':' || format('{:x}', parts[5] * 256 + parts[6]) as tail
        from spoken
        where parts[1] & 2 = 0
    )
    select device_id, capture, frame, time_us,
        'spoke from ' || own_ip || ', which holds ' || own_mac || ', with '
            || coalesce(peer_name, peer_ip) as says,
        own_ip as about,
        1.0::double as amount
    from made
    where ends_with(own_ip, tail)
    qualify row_number() over (
        partition by device_id, own_ip, coalesce(peer_name, peer_ip)
        order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, says
"""

EXAMINED = """
    select distinct device_id
    from talks
    where peer_place = 'internet' and contains(own_ip, ':')
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: both addresses stand in the packets."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.CERTAIN,
        statement=f"It shows its hardware address to the Internet inside {abouts(evidence)}.",
    )


CHECK = Check(
    id="address-from-hardware",
    title="The Internet sees the hardware address",
    concern=Concern.OPERATING_SYSTEM,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device talks with the Internet over IPv6.",
    remedy="Switch on privacy addresses (temporary IPv6 addresses) if the device has such a setting,"
    " or install its newest software; else switch IPv6 off for it in the router.",
    sources=(
        Source(
            title="RFC 8064, addresses made from hardware addresses are no longer recommended",
            url="https://www.rfc-editor.org/rfc/rfc8064",
        ),
        Source(
            title="RFC 7217, stable addresses that tell nothing",
            url="https://www.rfc-editor.org/rfc/rfc7217",
        ),
        Source(
            title="RFC 8981, temporary addresses",
            url="https://www.rfc-editor.org/rfc/rfc8981",
        ),
        Source(
            title="RFC 7721 section 4.3, what such addresses give away",
            url="https://www.rfc-editor.org/rfc/rfc7721",
        ),
    ),
    limits=(
        "A hardware address that the device changes from time to time is left out.",
        "Devices that are reached by name from outside may need an address that stays.",
    ),
    bears_on=("5.6-2", "6-8"),
)
