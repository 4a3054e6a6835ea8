"""A device that sends under the addresses of strangers hides who attacks.

A gateway carries the packets of strangers, and answers go back through it. Here nothing comes back.
`amount` is how many such addresses it used.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH = 20
"""Foreign addresses: a phone that comes from the mobile network, or a VPN, leaves one to three."""

MOSTLY = 0.9
"""Share of its foreign addresses that nothing came back to; what carries for others gets answers."""

EVIDENCE = """
    with forged as (
        select device_id, own_ip, min({t: time_us, c: capture, f: frame}) as first,
            arg_min(peer_ip, (time_us, capture, frame)) as peer_ip,
            bool_or(received_packets > 0) as answered
        from talks
        where side = 'client' and peer_place = 'internet' and own_mac is not null
            and ip_kind(own_ip) = 'public' and not contains(own_ip, ':')
        group by device_id, own_ip
    )
    select device_id, first.c as capture, first.f as frame, first.t as time_us,
        'sent as ' || own_ip || ' to ' || peer_ip as says, own_ip as about,
        count(*) filter (not answered) over (partition by device_id)::double as amount
    from forged
    qualify not answered and amount >= $enough
        and amount >= $mostly * count(*) over (partition by device_id)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and own_mac is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: its hardware address stands on every one of these frames."""
    return Judgement(
        severity=Severity.HIGH,
        confidence=Confidence.CERTAIN,
        statement=f"It sent under {evidence[0].amount:.0f} addresses of strangers on the Internet.",
    )


CHECK = Check(
    id="spoofed-source",
    title="It sends under false addresses",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture with hardware addresses, taken inside the home network.",
    remedy="Unplug the device, reset it, update it and change its password before you connect it"
    " again.",
    sources=(
        Source(
            title="RFC 2827 (BCP 38), network ingress filtering against address spoofing",
            url="https://www.rfc-editor.org/rfc/rfc2827",
        ),
        Source(
            title="CAIDA Spoofer project",
            url="https://www.caida.org/projects/spoofer/",
        ),
    ),
    limits=(
        "False addresses of IPv6 and those inside the home are not counted.",
        "A second router seen in one direction only would look the same.",
    ),
    bears_on=("5.9-3",),
    values={"enough": ENOUGH, "mostly": MOSTLY},
)
