"""A device that tries one login after another guesses passwords, on its own or for somebody else.

Refusals that were read prove it; where the login is encrypted, many short sessions of like size tell.
One client with an outdated password is refused again and again, too: web, camera and MQTT logins
count as an attack only at several servers. `amount` is the logins in that hour, plus a million where
they are an attack.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

ENOUGH_REFUSED = 10
"""Refused logins in an hour; NIST SP 800-63B allows a person at most 100 in all, and few need 10."""

ENOUGH_SESSIONS = 20
"""Short sessions in an hour with a login port at one server."""

MANY_SESSIONS = 120
"""Two a minute for an hour: faster than jobs that run every minute."""

ENOUGH_SERVERS = 3
"""Servers that refused it: a wrong password that is kept belongs to one server."""

ALIKE = 0.25
"""Spread of what the sessions sent, by its mean: guesses differ by the length of a password."""

SHORT_US = 30_000_000
"""A session that does something lasts longer, or differs from the one before."""

ATTACK = 1_000_000

EVIDENCE = """
    with logins as (
        select capture, frame, time_us, src_mac as mac, src_ip, dst_ip as ip, dst_port as port,
            'Telnet' as app, greatest(coalesce(attempts, 1), 1) as logins,
            outcome = 'refused' as failed
        from facts.telnet
        where outcome in ('refused', 'accepted')
        union all
        select capture, frame, time_us, src_mac, src_ip, dst_ip, dst_port, 'FTP', 1,
            outcome = 'refused'
        from facts.ftp
        where outcome in ('refused', 'accepted')
        union all
        select capture, frame, time_us, src_mac, src_ip, dst_ip, dst_port, 'HTTP', 1,
            status in (401, 403)
        from facts.http
        where credentials in ('basic', 'digest', 'form') and status is not null
        union all
        select capture, frame, time_us, src_mac, src_ip, dst_ip, dst_port, 'RTSP', 1, status = 401
        from facts.rtsp
        where credentials is not null and status is not null
        union all
        select capture, frame, time_us, dst_mac, dst_ip, src_ip, src_port, 'MQTT', 1,
            code in (4, 5, 134, 135)
        from facts.mqtt
        where kind = 'connack' and code is not null
    ), counted as (
        select *, time_us // 3600000000 as hour, app in ('Telnet', 'FTP') as by_hand,
            sum(logins) filter (failed) over here as amount, sum(logins) over here as tried
        from logins
        window here as (partition by mac, src_ip, ip, port, time_us // 3600000000)
        qualify amount >= $refused and amount * 2 > tried
    ), spread as materialized (
        select device_id, counted.*,
            count(distinct counted.ip) over (partition by device_id, hour) as servers
        from counted
        join hosts on hosts.mac is not distinct from counted.mac and hosts.ip = src_ip
        where failed and device_id is not null
    ), ways as (
        select distinct device_id, own_mac, own_ip, peer_mac, peer_ip, port
        from talks
        where side = 'client' and protocol = 'tcp' and port in (21, 22, 23, 2222, 2323, 3389, 5900)
            and began_seen and opened > 0 and peer_place <> 'group'
        qualify sum(opened) over (partition by device_id, peer_ip, port) >= $sessions
    ), sessions as (
        select device_id, capture, frame, time_us, dst_ip as ip, dst_port as port,
            count(*) over here as amount,
            stddev_pop(src_payload_bytes) over here <= $alike * avg(src_payload_bytes) over here
                as alike
        from facts.flows
        join ways on src_ip = own_ip and dst_ip = peer_ip and dst_port = port
            and src_mac is not distinct from own_mac and dst_mac is not distinct from peer_mac
        where flows.protocol = 'tcp' and began_by = 'syn' and last_us - time_us <= $short
            and src_payload_bytes > 0 and dst_payload_bytes > 0
        window here as (partition by device_id, ip, port, time_us // 3600000000)
        qualify amount >= $sessions and alike
    )
    select device_id, capture, frame, time_us, 'refused: ' || app as says,
        app || ' of ' || ip || ' port ' || port as about,
        amount::double + if(by_hand or servers >= $servers, $attack, 0)::double as amount
    from spread
    union all
    select device_id, capture, frame, time_us, 'a short session',
        'sessions with ' || ip || ' port ' || port,
        amount::double + if(amount >= $many, $attack, 0)::double
    from sessions
    where (device_id, ip, port) not in (select (device_id, ip, port) from spread)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and protocol = 'tcp' and opened > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain where refusals were read; high where no forgotten password explains it."""
    attack = any(row.amount >= ATTACK for row in evidence)
    refused = any(row.says.startswith("refused") for row in evidence)
    most = max(row.amount % ATTACK for row in evidence)
    said = "was refused" if refused else "seems to have tried"
    return Judgement(
        severity=Severity.HIGH if attack else Severity.MEDIUM,
        confidence=Confidence.CERTAIN if refused else Confidence.LIKELY,
        statement=f"It {said} up to {most:.0f} logins an hour: {abouts(evidence)}.",
    )


CHECK = Check(
    id="brute-force",
    title="It guesses passwords",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device connects to others over TCP.",
    remedy="If an outdated password is stored in this device, correct it. Otherwise unplug it, reset"
    " it, update it and change its password before you connect it again.",
    sources=(
        Source(
            title="MITRE ATT&CK T1110, brute force",
            url="https://attack.mitre.org/techniques/T1110/",
        ),
        Source(
            title="Antonakakis et al., Understanding the Mirai Botnet, USENIX Security 2017",
            url="https://www.usenix.org/conference/usenixsecurity17/technical-sessions/presentation/antonakakis",
        ),
        Source(
            title="NIST SP 800-63B, section 5.2.2: rate limiting",
            url="https://pages.nist.gov/800-63-3/sp800-63b.html",
        ),
    ),
    limits=(
        "A client with a password that is no longer right does the same; at one server it is medium.",
        "Slow guessing, below the thresholds in an hour, is not noticed.",
        "Of encrypted logins only the number, length and size of sessions are known.",
    ),
    bears_on=("5.9-3",),
    values={
        "refused": ENOUGH_REFUSED,
        "sessions": ENOUGH_SESSIONS,
        "many": MANY_SESSIONS,
        "servers": ENOUGH_SERVERS,
        "alike": ALIKE,
        "short": SHORT_US,
        "attack": ATTACK,
    },
)
