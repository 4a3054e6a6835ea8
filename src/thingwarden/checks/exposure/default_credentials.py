"""A password that makers ship with every piece is known to all who look for such devices.

The pair itself is never kept: readers say only whether it stands in `data/default_logins.csv`. The
server is at fault if it took the pair; the client if it logs in somewhere on the Internet with it.
`amount` is the rank of a severity, plus a half where the server said that the login was good.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Source

MOST_TRIES = 3
"""Logins of a client at one server that are no guessing: people mistype, programs that guess go on."""

OWN = "its own "
"""What begins the name of a login that the device itself serves."""

LOGINS = """
    with logins as (
        select capture, frame, time_us, src_device, dst_device, src_place, dst_place, src_ip,
            dst_ip, dst_port, 'HTTP' as app, default_login, true as repeats,
            case
                when status is null then 'unknown'
                when status not between 200 and 399 or asks_password then 'refused'
                when credentials = 'basic' and (status < 300 or status = 304) then 'accepted'
                else 'unknown'
            end as outcome
        from http
        where default_login is not null
        union all
        select capture, frame, time_us, src_device, dst_device, src_place, dst_place, src_ip,
            dst_ip, dst_port, 'RTSP', default_login, true,
            case status when 200 then 'accepted' else if(status is null, 'unknown', 'refused') end
        from rtsp
        where default_login is not null
        union all
        select capture, frame, time_us, src_device, dst_device, src_place, dst_place, src_ip,
            dst_ip, dst_port, 'FTP', default_login, false, coalesce(outcome, 'unknown')
        from ftp
        where default_login is not null
        union all
        select capture, frame, time_us, src_device, dst_device, src_place, dst_place, src_ip,
            dst_ip, dst_port, 'Telnet', default_login, false,
            if(attempts > 1, 'refused', outcome)
        from telnet
        where default_login is not null and asked_login and asked_password
        union all
        select capture, frame, time_us, src_device, dst_device, src_place, dst_place, src_ip,
            dst_ip, dst_port, 'MQTT', default_login, true,
            case answered when 0 then 'accepted' else if(answered is null, 'unknown', 'refused') end
        from mqtt
        left join (
            select flow_id, min(code) as answered
            from facts.mqtt
            where kind = 'connack' and flow_id is not null
            group by flow_id
        ) as answers using (flow_id)
        where kind = 'connect' and default_login is not null
    )
"""
"""A form that was answered says little, and so does a redirect; a second prompt is a refusal."""

EVIDENCE = f"""{LOGINS}, tried as (
        select *,
            outcome = 'accepted' as taken,
            outcome = 'accepted' or count(*) over pair <= $most_tries
                or repeats and bool_and(default_login) over pair as used
        from logins
        window pair as (partition by app, src_ip, dst_ip, dst_port)
    ), blamed as (
        select dst_device as device_id, null as ip,
            $own || app || ' login on port ' || dst_port
                || if(src_place = 'internet', ' from the Internet', '') as about,
            if(not taken, 2, if(src_place = 'internet', 4, 3)) as severity, tried.*
        from tried
        where default_login and used and outcome <> 'refused'
            and (taken or src_place <> 'internet')
        union all
        select src_device, dst_ip, app || ' login', 2, tried.*
        from tried
        where default_login and used and outcome <> 'refused' and dst_place = 'internet'
    )
    select device_id, capture, frame, time_us,
        src_ip || ' logged in to ' || dst_ip || ' by ' || app || ' with a name and password that'
            || ' makers ship' || if(taken, ', and was let in', '') as says,
        about || if(blamed.ip is null, '', ' at ' || coalesce(name, blamed.ip)) as about,
        (severity + if(taken, 0.5, 0))::double as amount
    from blamed
    left join peers on peers.ip = blamed.ip
    where device_id is not null
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = f"""{LOGINS}
    select dst_device as device_id
    from logins
    where dst_device is not null
    union
    select src_device
    from logins
    where src_device is not null and dst_place = 'internet'
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain where the server let the client in; what it serves counts before what it uses."""
    served = [row for row in evidence if row.about.startswith(OWN)]
    told_by = served or evidence
    worst = max(row.amount for row in told_by)
    return Judgement(
        severity=worst_severity(told_by),
        confidence=Confidence.CERTAIN if worst % 1 else Confidence.LIKELY,
        statement=_state(served=bool(served), sure=worst % 1 > 0, logins=abouts(told_by)),
    )


def _state(*, served: bool, sure: bool, logins: str) -> str:
    if not served:
        return f"It uses a login that everybody knows: {logins}."
    verb = "accepts" if sure else "is used with"
    return f"It {verb} a user name and password that makers ship: {logins}."


CHECK = Check(
    id="default-credentials",
    title="A factory password is in use",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which somebody logs in to this device without encryption.",
    remedy="Give it a password of your own, at least twelve characters that you use nowhere else. If"
    " it cannot be changed, keep the device away from the Internet, or replace it.",
    sources=(
        Source(
            title="ETSI EN 303 645, provisions 5.1-1 and 5.1-2: no universal default passwords",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="Antonakakis et al., Understanding the Mirai Botnet, USENIX Security 2017, table 5",
            url="https://www.usenix.org/conference/usenixsecurity17/technical-sessions/presentation/antonakakis",
        ),
        Source(
            title="CWE-1392, Use of Default Credentials",
            url="https://cwe.mitre.org/data/definitions/1392.html",
        ),
    ),
    limits=(
        "Logins inside TLS or SSH, and hashed ones such as Digest, cannot be read.",
        "A server that lets in anybody, with any password, looks as if it took this one.",
        "Only pairs on the list are known; a Telnet login counts if the first try was let in.",
        "Whether a form was accepted cannot be told; it is told as likely.",
    ),
    bears_on=("5.1-1", "5.1-2"),
    values={"most_tries": MOST_TRIES, "own": OWN},
)
