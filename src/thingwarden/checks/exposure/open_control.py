"""A device that does what any neighbour tells it can be switched by every other thing in the house.

`amount` is 1 for a command that was accepted without a login.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

COMMANDS = (
    r"^/(relay|light|color|white|roller|settings|rpc|cm|control|goform|cgi-bin)(/|$|\.)"
    r"|/upnp/control/(basicevent|insight|bridge)"
)
"""Paths by which things for the home are switched: relays, lights, WeMo, Tasmota, Shelly, cameras."""

MEDIA = r"^/apps/|rendertransport|avtransport|renderingcontrol|contentdirectory|connectionmanager"
"""Playing something on a screen is meant for everybody in the room."""

EVIDENCE = """
    select dst_device as device_id, capture, frame, time_us,
        'did ' || method || ' ' || path || ' for ' || src_ip || ' without a login' as says,
        'port ' || dst_port as about,
        1::double as amount
    from http
    where dst_device is not null and src_place in ('device', 'local')
        and status between 200 and 299 and credentials is null
        and (method in ('POST', 'PUT', 'PATCH', 'DELETE') or (method = 'GET' and has_query))
        and regexp_matches(lower(path), $commands) and not regexp_matches(lower(path), $media)
        and not contains(path, '*')
    qualify row_number() over (
        partition by dst_device, dst_port, path, method order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""
"""A part of a path that looks like a key was replaced by `*` when it was read: that is a login."""

EXAMINED = """
    select distinct dst_device as device_id
    from http
    where dst_device is not null and src_place in ('device', 'local') and status is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Whether the command did anything is not seen, so likely."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.LIKELY,
        statement=f"Any device near it may switch it without a login: {abouts(evidence)}.",
    )


CHECK = Check(
    id="open-control",
    title="It takes commands without a login",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which something on the network switches this device by HTTP.",
    remedy="Set a password for its page and its interface, if it has such a setting. Else keep it away"
    " from devices that you do not trust, such as on a guest network.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.5-4: authentication for functions over the network",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="CWE-306, missing authentication for critical function",
            url="https://cwe.mitre.org/data/definitions/306.html",
        ),
    ),
    limits=(
        "Commands are told from their paths: others are missed.",
        "A secret in the query or the body, which is not kept, would be a login.",
    ),
    bears_on=("5.5-4", "5.5-5"),
    values={"commands": COMMANDS, "media": MEDIA},
)
