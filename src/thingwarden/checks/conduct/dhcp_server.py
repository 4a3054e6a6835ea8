"""A second DHCP server can hand out itself as resolver and router, and read everything.

Only where the gateway gives addresses as well: else it is the network's server. `amount` is 2 where
it named a router or resolver, else 1.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

NEAR_US = 3_600_000_000
"""The gateway must have given an address within this time, too: it is there, and in the same network."""

SET_UP_US = 600_000_000
"""A thing that is set up has a network of its own first, and then asks for an address itself."""

EVIDENCE = """
    with given as (
        select *, list_concat(coalesce(routers, []), coalesce(dns_servers, [])) as told
        from dhcp
        where kind in ('offer', 'ack') and your_ip is not null
    ), served as (
        select *
        from given
        where src_device is not null
            and exists (
                select 1
                from given as gateways
                where gateways.src_place = 'gateway'
                    and gateways.time_us between given.time_us - $near and given.time_us + $near
            )
            and not exists (
                select 1
                from dhcp as asked
                where asked.kind in ('discover', 'request') and asked.src_device = given.src_device
                    and asked.time_us between given.time_us and given.time_us + $set_up
            )
    )
    select src_device as device_id, capture, frame, time_us,
        if(kind = 'offer', 'offered ', 'gave ') || your_ip || ' to '
            || coalesce(client_mac, 'a client') as says,
        if(len(told) > 0, 'router or resolver ' || told[1], 'addresses') as about,
        if(len(told) > 0, 2, 1)::double as amount
    from served
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from devices
    where exists (
        select 1
        from dhcp
        where kind in ('discover', 'request', 'inform')
    )
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely no wish of the owner: the gateway gives addresses already."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement=f"It gives addresses to others beside the gateway, and names {abouts(evidence)}.",
    )


CHECK = Check(
    id="dhcp-server",
    title="It is a second DHCP server",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which some device joins the network and asks for an address.",
    remedy="Switch the DHCP server of this device off: one in a network is enough. If you did not"
    " switch it on, reset the device.",
    sources=(
        Source(
            title="RFC 2131, section 7: security considerations",
            url="https://www.rfc-editor.org/rfc/rfc2131",
        ),
        Source(
            title="MITRE ATT&CK T1557.003, DHCP spoofing",
            url="https://attack.mitre.org/techniques/T1557/003/",
        ),
    ),
    limits=(
        "Two servers that share the work on purpose look the same.",
        "A server that names itself as the router is taken for a gateway, which is not judged.",
    ),
    bears_on=("5.9-3",),
    values={"near": NEAR_US, "set_up": SET_UP_US},
)
