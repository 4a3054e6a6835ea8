"""A description of what a device may do is worth nothing if it can be changed on its way.

RFC 8520 wants the address in a MUD option to begin with https. `amount` is how often it was told.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

TOLD = """
    with told as (
        select src_device as device_id, mud_url, capture, frame, time_us
        from dhcp
        where mud_url is not null and src_device is not null
            and kind in ('discover', 'request', 'inform')
        union all
        select src_device, mud_url, capture, frame, time_us
        from dhcpv6
        where mud_url is not null and src_device is not null
            and kind in ('solicit', 'request', 'renew', 'rebind', 'information-request')
    )
"""

EVIDENCE = f"""{TOLD}, firsts as (
        select *, count(*) over (partition by device_id, mud_url) as times
        from told
        where mud_url ilike 'http://%'
        qualify row_number() over (
            partition by device_id, mud_url order by time_us, capture, frame
        ) = 1
    )
    select device_id, capture, frame, time_us,
        'told by DHCP that it is described at ' || mud_url as says,
        mud_url as about,
        times::double as amount
    from firsts
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = f"""{TOLD}
    select distinct device_id
    from told
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: the packets say it."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.CERTAIN,
        statement="It says that what it may do is described at an address without encryption:"
        f" {abouts(evidence)}.",
    )


CHECK = Check(
    id="mud-url-not-https",
    title="Its description is to be fetched without encryption",
    concern=Concern.VENDOR,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A device that tells the address of its description (MUD) when it joins: let it restart once"
    " while you capture.",
    remedy="Do not let your router fetch this description by itself. Tell the maker that the address"
    " must begin with https.",
    sources=(
        Source(
            title="RFC 8520 section 6, what the address of a description looks like: https",
            url="https://www.rfc-editor.org/rfc/rfc8520#section-6",
        ),
        Source(
            title="CWE-319, cleartext transmission of sensitive information",
            url="https://cwe.mitre.org/data/definitions/319.html",
        ),
    ),
    limits=(
        "Only DHCP is read; the address may also be told by LLDP or in a certificate.",
        "A signature beside the description may protect it all the same.",
    ),
    bears_on=("5.5-1",),
)
