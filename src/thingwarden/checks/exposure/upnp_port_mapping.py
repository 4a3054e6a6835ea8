"""A device that asks the router to open a port can be reached by the whole Internet.

`amount` is the rank of a severity: a refused wish is low, an open one medium, an open login or
camera port high; a half is added where the router said yes.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

CONTROL_PORTS = [21, 22, 23, 80, 443, 554, 2323, 3389, 5900, 8000, 8080, 8443, 8554, 37777]
"""Ports on which devices are logged in to or watched; the last is used by many video recorders."""

EVIDENCE = """
    with outcomes as (
        select flow_id, dst_device, bool_or(kind = 'granted') as granted,
            bool_or(kind = 'refused') as refused
        from portmap
        where kind in ('granted', 'refused')
        group by flow_id, dst_device
    )
    select src_device as device_id, capture, frame, time_us,
        'asked by ' || method || ' for port ' || coalesce(external_port::varchar, 'any')
            || case
                when granted then ', and the router opened it'
                when refused then ', and the router refused'
                else ''
            end as says,
        concat_ws(' ', transport, 'port', coalesce(external_port, internal_port)) as about,
        case
            when refused and not granted then 1
            when list_contains($control_ports, coalesce(internal_port, external_port)) then 3
            else 2
        end::double + if(granted, 0.5, 0)::double as amount
    from portmap
    left join outcomes using (flow_id)
    where kind = 'add' and src_device is not null
    order by device_id, time_us, capture, frame
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and peer_place in ('gateway', 'group') and protocol in ('tcp', 'udp')
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain where the router was seen to open the port."""
    granted = any(row.amount % 1 for row in evidence)
    severity = worst_severity(evidence)
    did = "asked the router in vain" if severity is Severity.LOW else "told the router"
    return Judgement(
        severity=severity,
        confidence=Confidence.CERTAIN if granted else Confidence.LIKELY,
        statement=f"It {did} to let the Internet in: {abouts(evidence)}.",
    )


CHECK = Check(
    id="upnp-port-mapping",
    title="It opens ports to the Internet",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture inside the network in which this device speaks with the router or to everybody.",
    remedy="Switch off UPnP and NAT-PMP in your router's settings and remove the ports that it lists"
    " as open. Then check whether what you use still works: often it does.",
    sources=(
        Source(
            title="RFC 6886, NAT Port Mapping Protocol",
            url="https://www.rfc-editor.org/rfc/rfc6886",
        ),
        Source(
            title="RFC 6887 section 18, Port Control Protocol security considerations",
            url="https://www.rfc-editor.org/rfc/rfc6887#section-18",
        ),
        Source(
            title="ETSI EN 303 645, section 5.6: minimize exposed attack surfaces",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "Ports opened by hand in the router, or before the capture began, are not seen.",
        "Games and file sharing ask for ports as well: whether you want that, you must decide.",
    ),
    bears_on=("5.6-1", "5.6-5"),
    values={"control_ports": CONTROL_PORTS},
)
