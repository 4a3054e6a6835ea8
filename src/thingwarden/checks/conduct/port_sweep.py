"""A device that knocks on many doors looks for somebody to break in to.

Three shapes within an hour, mostly in vain: one port on many hosts, many ports on one host, and ARP
questions for many addresses, which is all that is left of a sweep over addresses that nobody has.
`amount` is how many hosts or ports were tried.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH_HOSTS = 20
"""Local hosts on one port in an hour; a controller speaks with fewer, and those answer."""

ENOUGH_PORTS = 20
"""Ports on one host in an hour; passive FTP uses as many, but those answer."""

ENOUGH_STRANGERS = 50
"""Internet addresses on one port that no name led to, and half of all that were
tried: a peer-to-peer client mixes ports."""

ENOUGH_ADDRESSES = 50
"""Addresses asked for by ARP that do not answer; devices ask for those few that they know."""

MOSTLY = 0.7
"""Share of tries in vain; Jung et al. find scanners above, and others well below."""

ADDRESSES = "unanswered addresses"

EVIDENCE = """
    with halves as (
        select unnest([0, 1800000000]) as shift_us
    ), suspects as (
        select device_id
        from talks
        where side = 'client' and in_vain > 0
        group by device_id
        having count(distinct (peer_ip, protocol, port)) >= $mostly * least($hosts, $ports)
    ), ways as (
        select distinct device_id, own_mac, own_ip, peer_mac, peer_ip, peer_place, protocol, port
        from talks
        where device_id in (select device_id from suspects)
            and side = 'client' and port is not null
            and peer_place in ('device', 'local', 'gateway', 'internet')
            and (
                (protocol = 'tcp' and began_seen)
                or (protocol = 'udp' and peer_place in ('device', 'local')
                    and port not in (67, 68, 123, 137, 138, 546, 547, 1900, 5353, 5355))
            )
    ), tries as (
        select device_id as src_device, peer_place as dst_place, flows.protocol, dst_ip, dst_port,
            shift_us, (time_us + shift_us) // 3600000000 as hour,
            min({t: time_us, c: capture, f: frame}) as first_try,
            bool_and(case
                when flows.protocol = 'udp' then dst_packets = 0
                else tcp_state in ('attempt', 'rejected') and src_payload_bytes = 0
            end) as in_vain
        from facts.flows
        join ways on src_ip = own_ip and dst_ip = peer_ip and dst_port = port
            and flows.protocol = ways.protocol
            and src_mac is not distinct from own_mac and dst_mac is not distinct from peer_mac
        cross join halves
        where flows.protocol = 'udp' or began_by = 'syn'
        group by all
    ), one_port as (
        select *, protocol || ' port ' || dst_port || ' on many hosts' as about,
            count(*) over sweep as amount,
            avg(in_vain::int) over sweep as vain
        from tries
        where dst_place <> 'internet'
        window sweep as (partition by src_device, shift_us, hour, protocol, dst_port)
        qualify amount >= $hosts and vain >= $mostly
    ), strangers as (
        select *, protocol || ' port ' || dst_port || ' on many strangers' as about,
            count(*) over sweep as amount,
            avg(in_vain::int) over sweep as vain,
            count(*) over (partition by src_device, shift_us, hour) as strangers
        from tries
        where dst_place = 'internet' and protocol = 'tcp' and dst_port not in (80, 443)
            and dst_ip not in (select ip from peers where name is not null and ip is not null)
        window sweep as (partition by src_device, shift_us, hour, dst_port)
        qualify amount >= $strangers and vain >= $mostly and amount * 2 >= strangers
    ), one_host as (
        select *, 'many ports on ' || dst_ip as about,
            count(*) over sweep as amount,
            avg(in_vain::int) over sweep as vain
        from tries
        where protocol = 'tcp'
        window sweep as (partition by src_device, shift_us, hour, dst_ip)
        qualify amount >= $ports and vain >= $mostly
    ), answered as (
        select distinct sender_ip as ip
        from arp
        where sender_ip is not null
    ), askers as (
        select src_device
        from arp
        where operation = 1 and src_device is not null
        group by src_device
        having count(distinct target_ip) >= $addresses
    ), asked as (
        select src_device, target_ip as dst_ip, shift_us, (time_us + shift_us) // 3600000000 as hour,
            min({t: time_us, c: capture, f: frame}) as first_try
        from arp, halves
        where operation = 1 and src_device in (select src_device from askers)
            and sender_ip <> '0.0.0.0' and target_ip <> sender_ip
            and target_ip not in (select ip from answered)
        group by all
    ), by_arp as (
        select *, 'unanswered addresses' as about, count(*) over sweep as amount
        from asked
        window sweep as (partition by src_device, shift_us, hour)
        qualify amount >= $addresses
    ), found as (
        select src_device, first_try, about, amount,
            'tried ' || protocol || ' port ' || dst_port || ' of ' || dst_ip as says
        from (
            from one_port
            union all by name
            from strangers
            union all by name
            from one_host
        )
        union all
        select src_device, first_try, about, amount, 'asked for ' || dst_ip
        from by_arp
    )
    select src_device as device_id, first_try.c as capture, first_try.f as frame,
        first_try.t as time_us, says, about, max(amount)::double as amount
    from found
    group by src_device, first_try, says, about
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where side = 'client'
    union
    select src_device
    from arp
    where src_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain for doors that stayed shut; ARP alone is low, since tools for good reasons ask too."""
    knocks = {row.about: row.amount for row in evidence if row.about != ADDRESSES}
    if not knocks:
        asked = max(row.amount for row in evidence)
        return Judgement(
            severity=Severity.LOW,
            confidence=Confidence.LIKELY,
            statement=f"It looked for {asked:.0f} addresses within an hour that nobody has.",
        )
    widest = max(knocks, key=lambda about: knocks[about])
    return Judgement(
        severity=Severity.HIGH,
        confidence=Confidence.CERTAIN,
        statement=f"It searched the network for open doors: {knocks[widest]:.0f} tries, {widest}.",
    )


CHECK = Check(
    id="port-sweep",
    title="It searches for open doors",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device begins to speak with others.",
    remedy="If you did not start a search yourself (a scanner app, a smart home set-up), unplug the"
    " device, reset it, update it and change its password before you connect it again.",
    sources=(
        Source(
            title="MITRE ATT&CK T1046, network service discovery",
            url="https://attack.mitre.org/techniques/T1046/",
        ),
        Source(
            title="Jung et al., Fast Portscan Detection Using Sequential Hypothesis Testing, 2004",
            url="https://doi.org/10.1109/SECPRI.2004.1301325",
        ),
    ),
    limits=(
        "A sweep slower than the thresholds in an hour is not noticed.",
        "Sweeps of web ports on the Internet and of UDP ports on one host are not told.",
        "Who asked the device to search, its owner or an intruder, traffic does not show.",
    ),
    bears_on=("5.9-3",),
    values={
        "hosts": ENOUGH_HOSTS,
        "ports": ENOUGH_PORTS,
        "strangers": ENOUGH_STRANGERS,
        "addresses": ENOUGH_ADDRESSES,
        "mostly": MOSTLY,
    },
)
