"""Ports and what is usually behind them -> SQL that finds who serves it, and was asked by whom."""

from collections.abc import Mapping, Sequence

from thingwarden.model import Evidence

Services = Mapping[str, str]
"""`tcp 445` -> what is usually behind it, such as SMB."""

FROM_INTERNET = 2.0
"""The `amount` of evidence where somebody on the Internet was answered; 1 inside."""

SERVED = """
    with named as (
        select unnest($ports) as asked, unnest($services) as service
    )
    select device_id, answered_capture as capture, answered_frame as frame,
        answered_us as time_us,
        'answered ' || coalesce(peer_name, peer_ip) || ' on port ' || port
            || if(flows > 1, ', in one of ' || flows || ' flows', '') as says,
        service || if(peer_place = 'internet', ' to the Internet', '') as about,
        if(peer_place = 'internet', 2, 1)::double as amount
    from talks
    join named on asked = protocol || ' ' || port
    where side = 'server' and answered > 0 and began_seen
        and peer_place in ('device', 'gateway', 'local', 'internet')
    order by device_id, time_us, capture, frame, about
"""
"""An answer is needed, not only an open port; who began must have been seen."""

REACHED = """
    select distinct device_id
    from talks
    where side = 'server' and began_seen
        and peer_place in ('device', 'gateway', 'local', 'internet')
    order by device_id
"""
"""Devices that somebody tried to reach: of others nobody knows what they would answer."""

NEEDS = "A capture in which others on the network connect to this device, as a scan of yours would."


def service_values(services: Services) -> Mapping[str, Sequence[str]]:
    """What stands for `$ports` and `$services` in `SERVED`."""
    return {"ports": list(services), "services": list(services.values())}


def is_from_internet(evidence: Sequence[Evidence]) -> bool:
    """Whether somebody on the Internet was answered."""
    return any(row.amount >= FROM_INTERNET for row in evidence)
