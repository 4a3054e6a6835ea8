"""Connections that always break before they are protected mean that a part of the device is dead.

An alert in the clear ends a handshake; so does a server that never says hello. `amount` is how many
handshakes with that server failed.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

MANY = 10
"""Failures: one or two are everyday."""

EVIDENCE = """
    with handshakes as (
        select coalesce(sni, dst_ip) as server, dst_port, src_mac, src_ip, capture, frame, time_us,
            coalesce(client_went_on, false) or coalesce(server_went_on, false) as worked,
            nullif(coalesce(nullif(client_alert, 90), nullif(server_alert, 90)), 0) as alert,
            client_alert is not null as by_client,
            version is null and server_alert is null and answer_frame is null as unheard
        from facts.tls
    ), ways as (
        select src_mac, src_ip, server, dst_port, bool_or(worked) as worked,
            count(*) filter (alert is not null or unheard) as failures
        from handshakes
        group by all
    ), working as (
        select distinct device_id
        from (select distinct src_mac, src_ip from ways where worked)
        join hosts on hosts.mac is not distinct from src_mac and hosts.ip = src_ip
    ), counted as (
        select device_id, server, dst_port, sum(failures) as amount
        from ways
        join hosts on hosts.mac is not distinct from src_mac and hosts.ip = src_ip
        where device_id in (select device_id from working)
        group by all
        having amount >= $many and not bool_or(worked)
    ), failed as (
        select *
        from handshakes
        where (alert is not null or unheard) and server in (select server from counted)
    )
    select device_id, capture, frame, time_us,
        case
            when alert is null then 'the server said nothing'
            else if(by_client, 'it', 'the server') || ' ended the handshake: ' || case alert
                when 40 then 'handshake failure'
                when 42 then 'bad certificate'
                when 44 then 'certificate revoked'
                when 45 then 'certificate expired'
                when 46 then 'certificate unknown'
                when 48 then 'unknown authority'
                when 70 then 'protocol version'
                when 71 then 'insufficient security'
                when 80 then 'internal error'
                when 112 then 'unrecognized name'
                when 116 then 'certificate required'
                else 'alert ' || alert
            end
        end as says,
        server || if(dst_port = 443, '', ' port ' || dst_port) as about,
        amount::double as amount
    from failed
    join hosts on hosts.mac is not distinct from src_mac and hosts.ip = src_ip
    join counted using (device_id, server, dst_port)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from facts.tls
    join hosts on hosts.mac is not distinct from src_mac and hosts.ip = src_ip
    where device_id is not null and coalesce(client_went_on, server_went_on, false)
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """The packets show every failure, and that other handshakes of it were seen to work."""
    worst = max(evidence, key=lambda row: row.amount)
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.CERTAIN,
        statement=f"It never gets an encrypted connection to {abouts(evidence)}:"
        f" {worst.amount:.0f} tries, {worst.says}.",
    )


CHECK = Check(
    id="failing-handshakes",
    title="Its encrypted connections to a server always fail",
    concern=Concern.RELIABLE_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device has an encrypted (TLS) connection that works.",
    remedy="Check the date and time of the device, and install its newest software: often its list of"
    " authorities or its own certificate has run out. Else ask the maker whether the server still exists.",
    sources=(
        Source(
            title="RFC 8446 section 6.2 and RFC 5246 section 7.2.2, alerts that end a connection",
            url="https://www.rfc-editor.org/rfc/rfc8446#section-6.2",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.9-3: an orderly connection to networks",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "In TLS 1.3 most alerts are encrypted: a handshake that ends in one may count as working.",
        "Which end is at fault is not told: to refuse a bad certificate is right.",
        "Devices none of whose handshakes work are not judged: the capture may be cut.",
    ),
    bears_on=("5.9-1", "5.9-3"),
    values={"many": MANY},
)
