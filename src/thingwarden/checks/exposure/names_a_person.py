"""A device that calls itself after its owner tells every network, and every guest, who is there.

`amount` is 1 for each name. It is a fact to know, and no hole.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

THINGS = (
    "iphone|ipad|ipod|macbook|imac|apple-?watch|galaxy|pixel|phone|handy|tablet|laptop|notebook|pc"
    "|computer|watch|tv|xbox|playstation"
)

OWNED = (
    rf"^\p{{L}}{{3,}}(['\x{2019}]?s)[ -](.* )?({THINGS})\b"
    rf"|\b({THINGS})[ -](von|de|di|van|of|d)[ -]\p{{L}}{{3,}}"
)
"""As telephones call themselves in English, German, French, Spanish, Italian and Dutch."""

EVIDENCE = r"""
    with told as (
        select src_device as device_id, regexp_replace(name, '\._?[a-z0-9-]+.*$', '') as called,
            capture, frame, time_us, 'announced' as how
        from mdns_answers
        where type in (1, 28, 33)
        union all
        select device_id, hostname, capture, frame, time_us, 'asked for an address as'
        from dhcp
        join macs on macs.mac = client_mac
        where kind in ('discover', 'request', 'inform')
        union all
        select src_device, friendly_name, capture, frame, time_us, 'described itself as'
        from upnp
    )
    select device_id, capture, frame, time_us,
        how || ' "' || called || '"' as says,
        lower(called) as about,
        1::double as amount
    from told
    where device_id is not null and regexp_matches(lower(called), $owned)
    qualify row_number() over (
        partition by device_id, lower(called) order by time_us, capture, frame, how
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select src_device as device_id
    from mdns_answers
    where src_device is not null
    union
    select device_id
    from dhcp
    join macs on macs.mac = client_mac
    where hostname is not null and device_id is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """That the name is a person's is likely: it has the form in which systems make one."""
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.LIKELY,
        statement=f"Its name tells whose it is: {abouts(evidence)}.",
    )


CHECK = Check(
    id="names-a-person",
    title="Its name tells whose it is",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device asks for an address or announces itself.",
    remedy="Give the device a name without a person in it, in its settings under 'about' or 'name'.",
    sources=(
        Source(
            title="RFC 8117, current hostname practice considered harmful",
            url="https://www.rfc-editor.org/rfc/rfc8117",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.6-2: reveal little without authentication",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=("Names in other languages and forms are not told.",),
    bears_on=("5.6-2",),
    values={"owned": OWNED},
)
