"""A device that says what it needs can be held to just that; most makers leave it out.

A device that joined by DHCP could have told the address of its description (MUD). `amount` is how many
of its DHCP messages were seen.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ASKED = """
    with asked as (
        select src_device as device_id, mud_url, capture, frame, time_us
        from dhcp
        where src_device is not null and kind in ('discover', 'request', 'inform')
        union all
        select src_device, mud_url, capture, frame, time_us
        from dhcpv6
        where src_device is not null
            and kind in ('solicit', 'request', 'renew', 'rebind', 'information-request')
    )
"""

EVIDENCE = f"""{ASKED}, silent as (
        select device_id, count(*) as times,
            min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame) as first
        from asked
        group by device_id
        having count(mud_url) = 0
    )
    select device_id, ((first >> 44) & 1048575)::int as capture,
        (first & 17592186044415)::bigint as frame, (first >> 64)::bigint as time_us,
        'asked for an address by DHCP and told no MUD URL' as says,
        'DHCP' as about,
        times::double as amount
    from silent
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = f"""{ASKED}
    select distinct device_id
    from asked
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Only to be known: hardly any device does better."""
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.CERTAIN,
        statement="It does not tell the network where its maker describes what it needs (MUD).",
    )


CHECK = Check(
    id="no-mud-url",
    title="Its maker does not describe what it needs",
    concern=Concern.VENDOR,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="Let it restart once while you capture, so that it asks for an address by DHCP.",
    remedy="Nothing has to be done. What the device really used can be learnt from captures instead.",
    sources=(
        Source(
            title="RFC 8520 section 10, the DHCP options for the address of a description",
            url="https://www.rfc-editor.org/rfc/rfc8520#section-10",
        ),
    ),
    limits=(
        "Only DHCP is read; the address may also be told by LLDP or in a certificate.",
        "Phones and computers have no such description, since their uses have no end.",
    ),
    bears_on=("5.3-15A",),
)
