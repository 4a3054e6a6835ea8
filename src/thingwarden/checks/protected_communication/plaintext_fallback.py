"""A device that gives up encryption when it fails can be made to do so by anybody on the way.

Plain data counts where the last try of TLS with the same server was a failure. `amount` is how often
that was so.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

WITHIN_US = 60_000_000
"""People and devices that fall back do so at once or at their next try, mostly within a minute."""

TLS_PORTS = [443, 8443, 8883]
PLAIN_APPS = ["http", "mqtt"]

MOSTLY = 2 / 3
"""Share of plain connections that follow a failure; with fewer, it speaks plainly anyway."""

REPEATED = 2
"""Plain connections that each followed a failure; one alone may be chance."""

PROBES = r"generate_?204|gen_204|connecttest|ncsi\.txt|hotspot-detect|check_network_status|\.crl$"
"""Paths of connectivity checks, which ask with and without TLS on purpose, and signed lists."""

EVIDENCE = """
    with refused as (
        select flow_id, src_device as device_id, dst_ip as peer_ip
        from tls
        where (client_alert is not null or server_alert is not null)
            and not coalesce(client_went_on or server_went_on, false)
    ), mine as (
        select device_id, own_mac, own_ip, peer_ip, coalesce(peer_name, peer_ip) as peer,
            list_contains($plain_apps, app) and answered > 0 as speaks,
            list_contains($tls_ports, port) and (
                answered < flows
                or (device_id, peer_ip) in (select (device_id, peer_ip) from refused)
            ) as fails
        from talks
        where side = 'client' and peer_place = 'internet' and protocol = 'tcp'
            and (list_contains($tls_ports, port) or list_contains($plain_apps, app))
    ), both_ways as (
        select device_id, peer
        from mine
        group by device_id, peer
        having bool_or(speaks) and bool_or(fails)
    ), addresses as (
        select distinct device_id, peer, own_mac, own_ip, peer_ip
        from mine
        join both_ways using (device_id, peer)
    ), tries as (
        select device_id, peer, capture, frame, time_us, flow_id, app, dst_port, tcp_state,
            src_payload_bytes, dst_payload_bytes
        from facts.flows
        join addresses on src_ip = own_ip and dst_ip = peer_ip
            and src_mac is not distinct from own_mac
        where protocol = 'tcp'
    ), outcomes as (
        select device_id, peer, time_us as tried_us,
            bool_and(
                tcp_state in ('attempt', 'rejected')
                or (tcp_state = 'reset' and src_payload_bytes > 0 and dst_payload_bytes = 0)
                or flow_id in (select flow_id from refused)
            ) as failed
        from tries
        where list_contains($tls_ports, dst_port)
        group by device_id, peer, time_us
    ), harmless as (
        select flow_id
        from http
        where status between 300 and 399 or regexp_matches(path, $probes)
    ), plain as (
        select device_id, peer, capture, frame, time_us, app, dst_port
        from tries
        where list_contains($plain_apps, app) and src_payload_bytes > 0 and dst_payload_bytes > 0
            and flow_id not in (select flow_id from harmless where flow_id is not null)
    ), followed as (
        select plain.*, coalesce(failed and time_us - tried_us <= $within_us, false) as close_by
        from plain
        asof left join outcomes
            on plain.device_id = outcomes.device_id and plain.peer = outcomes.peer
            and plain.time_us >= outcomes.tried_us
    ), shares as (
        select *, count(*) filter (close_by) over (partition by device_id, peer) as times,
            count(*) over (partition by device_id, peer) as total
        from followed
    )
    select device_id, capture, frame, time_us,
        'spoke plain ' || app || ' on port ' || dst_port || ' after TLS had failed' as says,
        peer as about,
        times::double as amount
    from shares
    where close_by and times >= $mostly * total
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from talks
    where side = 'client' and protocol = 'tcp' and peer_place = 'internet'
        and list_contains($tls_ports, port)
    group by device_id
    having sum(in_vain) > 0
    union
    select src_device
    from tls
    where dst_place = 'internet' and (client_alert is not null or server_alert is not null)
        and src_device is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain only where it happened again with the same server; once may be chance."""
    repeated = any(row.amount >= REPEATED for row in evidence)
    return Judgement(
        severity=Severity.MEDIUM if repeated else Severity.LOW,
        confidence=Confidence.CERTAIN if repeated else Confidence.GUESS,
        statement=f"When encryption fails, it goes on without: {abouts(evidence)}.",
    )


CHECK = Check(
    id="plaintext-fallback",
    title="It gives up encryption when that fails",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which an encrypted connection of this device fails: block port 443 or 8883 at"
    " the router for a while and capture what it does.",
    remedy="Block ports 80 and 1883 to the Internet for this device at the router, if it still works"
    " then, and ask the maker to have it never go on without encryption.",
    sources=(
        Source(
            title="RFC 9325 section 3.2, strict TLS",
            url="https://www.rfc-editor.org/rfc/rfc9325#section-3.2",
        ),
        Source(
            title="CWE-757, selection of a less-secure algorithm during negotiation",
            url="https://cwe.mitre.org/data/definitions/757.html",
        ),
    ),
    limits=(
        "Web requests and MQTT are known as plain; a fallback to another protocol is missed.",
        "A second name or address of the same service is not recognised as the same.",
    ),
    bears_on=("5.5-1", "5.5-7"),
    values={
        "within_us": WITHIN_US,
        "tls_ports": TLS_PORTS,
        "plain_apps": PLAIN_APPS,
        "mostly": MOSTLY,
        "probes": PROBES,
    },
)
