"""A redirect tells others to send their packets elsewhere: a way to read them in between.

Only a router has reason to send one. A redirect for an address at home is no attack but a table that
is out of date: the packet came to the wrong device. `amount` is how many it sent for that address.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    with redirects as (
        select src_device as device_id, capture, frame, time_us, src_ip, dst_ip,
            about_dst_ip as target
        from icmp
        where version = 4 and type = 5
        union all
        select src_device, capture, frame, time_us, src_ip, dst_ip, target_ip
        from ndp
        where kind = 'redirect'
    )
    select device_id, capture, frame, time_us,
        'told ' || dst_ip || ' where to send packets for ' || target as says,
        target as about,
        count(*) over (partition by device_id, target)::double as amount
    from redirects
    where device_id is not null and ip_kind(target) = 'public'
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from devices
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely an attack or a computer that forwards: the gateway of this network it is not."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement="It is no gateway, but told others where to send their packets for"
        f" {abouts(evidence)}.",
    )


CHECK = Check(
    id="icmp-redirect",
    title="It redirects the traffic of others",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device sends anything.",
    remedy="If this is no router or server of yours that forwards packets, unplug it and reset it.",
    sources=(
        Source(
            title="RFC 1122, section 3.2.2.2: redirects are sent by gateways only",
            url="https://www.rfc-editor.org/rfc/rfc1122",
        ),
        Source(
            title="RFC 4861, section 8: redirect function",
            url="https://www.rfc-editor.org/rfc/rfc4861",
        ),
        Source(
            title="MITRE ATT&CK T1557, adversary-in-the-middle",
            url="https://attack.mitre.org/techniques/T1557/",
        ),
    ),
    limits=(
        "A computer that forwards for others (virtual machines, VPN) may send redirects honestly.",
        "Redirects for addresses at home, and those under the gateway's own addresses, hardware address too, are not counted.",
    ),
    bears_on=("5.9-3",),
)
