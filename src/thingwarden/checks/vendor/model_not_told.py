"""A device that does not say which model it is leaves its owner without a way to look up its support.

It announced itself with descriptions that have a place for the model, and left that empty everywhere.
`amount` is how often it said so.
"""

import re
from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

MODEL_KEY = (
    r"(^|;)\s*(md|mdl|am|rpmd|ty|product|usb_mdl|mn|vp|pid|hw|app|type|board"
    r"|[a-z_-]*(model|product)[a-z_-]*)="
)
"""Keys of service descriptions (TXT records) that can hold a model: md of HomeKit and Cast, am and rpMd
of AirPlay, ty and product of printers, VP of Matter, and words that others use."""

SOFTWARE = (
    r"^(udhcpc?|dhcpcd|busybox|msft|android-dhcp|dhcp|isc|lwip|systemd|linux|portable sdk|intel sdk"
    r"|gupnp|miniupnpd|miniupnpc|libupnp|cling|twisted|platinum|unspecified)"
)
"""What names software only, in a vendor class of DHCP and at the end of a SERVER header."""

MODEL_WORD = re.compile(r"(?i)\b[a-z]{1,5}[- ]?\d{2,4}[a-z]{0,4}(?![a-z0-9])")
"""What looks like a model inside a name, such as DCS-930LB or HS100."""

DESCRIBED = """
    with described as (
        select src_device as device_id, capture, frame, time_us, name as about,
            regexp_matches(lower(value), $model_key) as has_model
        from mdns_answers
        where type = 16 and src_device is not null and value is not null
            and regexp_matches(lower(name), '^[^_].*[.]_(tcp|udp)[.]local$')
        union all
        select src_device, capture, frame, time_us, coalesce(friendly_name, device_type, udn, 'UPnP'),
            coalesce(model_name, '') <> '' or coalesce(model_number, '') <> ''
        from upnp
        where src_device is not null and not embedded
    )
"""

EVIDENCE = rf"""{DESCRIBED}, told as (
        select device_id
        from described
        where has_model
        union
        select src_device
        from dhcp
        where vendor_class is not null and src_device is not null
            and not regexp_matches(lower(vendor_class), $software)
        union
        select src_device
        from ssdp
        where server is not null and src_device is not null
            and regexp_matches(lower(server), 'upnp/[0-9.]+,?\s+\S')
            and not regexp_matches(
                regexp_extract(lower(server), 'upnp/[0-9.]+,?\s+(.*)', 1), $software
            )
        union
        select dst_device
        from http
        where dst_device is not null and coalesce(title, realm) is not null
    ), firsts as (
        select *, count(*) over (partition by device_id, about) as times
        from described
        where device_id not in (select device_id from told)
        qualify row_number() over (
            partition by device_id, about order by time_us, capture, frame
        ) = 1
    )
    select device_id, capture, frame, time_us,
        'described ' || about || ' without a model' as says,
        about,
        times::double as amount
    from firsts
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = f"""{DESCRIBED}
    select distinct device_id
    from described
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement | None:
    """Only to be known; silent where its model is known all the same, or a name may hold it."""
    names = [*device.names, *(row.about for row in evidence)]
    if device.identity.model or any(MODEL_WORD.search(name) for name in names):
        return None
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.LIKELY,
        statement="None of the descriptions that it sends into your network says which model it is:"
        f" {abouts(evidence)}.",
    )


CHECK = Check(
    id="model-not-told",
    title="It does not say which model it is",
    concern=Concern.VENDOR,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="Open the device's app while you capture, so that it describes itself to the network.",
    remedy="Read the model on the device's label and note it: you need it to look up updates and how"
    " long the maker supports it.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.3-16: the model can be recognised",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 6763 section 6, descriptions of services in TXT records",
            url="https://www.rfc-editor.org/rfc/rfc6763#section-6",
        ),
    ),
    limits=(
        "A label on the device is enough for the provision: it is not seen here.",
        "A model inside the device's name that looks like no model, or under an unusual key, is missed.",
    ),
    bears_on=("5.3-16",),
    values={"model_key": MODEL_KEY, "software": SOFTWARE},
)
