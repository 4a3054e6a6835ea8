"""Who claims another's address by ARP gets the other's traffic.

Both must be there: the claims of the two lie within minutes of each other. A device that took over
an address whose owner left is innocent, and two with the same fixed address are a mistake; an attacker
has an address of its own beside. `amount` is how often it claimed the address in those minutes, plus a
million where it is the gateway's and the device has its own.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH = 3
"""Claims in five minutes; a device that joins announces its address twice (RFC 5227 section 2.3), and
an attack repeats itself every few seconds."""

GATEWAY = 1_000_000

EVIDENCE = """
    with claims as (
        select sender_ip as ip, src_mac as mac, any_value(src_device) as device_id,
            time_us // 300000000 as slot, count(*) as times, count(*) filter (operation = 2) as replies,
            min({t: time_us, c: capture, f: frame}) filter (operation = 2) as first,
            min(time_us) as from_us, max(time_us) as to_us
        from arp
        where sender_ip is not null and sender_ip <> '0.0.0.0' and sender_mac = src_mac
        group by all
    ), shared as (
        select ip
        from claims
        group by ip
        having count(distinct mac) > 1
            and not bool_or(mac[:15] in ('00:00:5e:00:01:', '00:00:5e:00:02:', '00:00:0c:07:ac:'))
    ), disputed as (
        select mine.*, exists (
                select 1
                from hosts
                where hosts.ip = mine.ip and hosts.mac <> mine.mac and place = 'gateway'
            ) as is_gateways,
            exists (
                select 1
                from claims as other
                where other.ip = mine.ip and other.mac <> mine.mac and other.slot = mine.slot
                    and other.from_us < mine.to_us and other.to_us > mine.from_us
                    and other.device_id is distinct from mine.device_id
            ) as both_there,
            exists (
                select 1
                from claims as own
                where own.mac = mine.mac and own.ip <> mine.ip
            ) as has_own
        from claims as mine
        where device_id is not null and replies >= $enough and ip in (select ip from shared)
    )
    select device_id, first.c as capture, first.f as frame, first.t as time_us,
        'claimed ' || ip || ' ' || replies || ' times' as says,
        ip || if(is_gateways, ' of the gateway', '') as about,
        replies::double + if(is_gateways and has_own, $gateway, 0)::double as amount
    from disputed
    where has_own and (both_there or is_gateways)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct src_device as device_id
    from arp
    where src_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """High for the gateway's address, which carries everything; else medium, as it may be a proxy."""
    gateways = any(row.amount >= GATEWAY for row in evidence)
    return Judgement(
        severity=Severity.HIGH if gateways else Severity.MEDIUM,
        confidence=Confidence.CERTAIN if gateways else Confidence.LIKELY,
        statement=f"It claims addresses of others, so that their traffic comes to it: {abouts(evidence)}.",
    )


CHECK = Check(
    id="arp-spoof",
    title="It claims the address of another",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture inside the home network, in which this device sends ARP packets.",
    remedy="Unplug the device. If others have trouble no more, reset it before you connect it again;"
    " if it has a fixed address, give it another.",
    sources=(
        Source(
            title="MITRE ATT&CK T1557.002, ARP cache poisoning",
            url="https://attack.mitre.org/techniques/T1557/002/",
        ),
        Source(
            title="RFC 5227, IPv4 address conflict detection",
            url="https://www.rfc-editor.org/rfc/rfc5227",
        ),
    ),
    limits=(
        "Devices that answer for others who sleep (sleep proxies) look the same for a short time.",
        "An attacker through whom packets of the Internet pass is taken for a gateway, which is not"
        " judged.",
    ),
    bears_on=("5.9-3", "5.5-1"),
    values={"enough": ENOUGH, "gateway": GATEWAY},
)
