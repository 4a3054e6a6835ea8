"""A device that no longer asks for updates may have been given up by its maker, or been changed.

It asked at regular times, then no more, while it went on with the rest. `amount` is how many days had
passed when its traffic ended.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

DAY_US = 86_400_000_000

UPDATE_HOST = r"(^|[.-])(firmwares?|fw|fwupdate|ota|fota|updates?|upgrades?)[0-9]*[.-]"
"""Parts of a server's name that speak of updates."""

ENOUGH_TIMES = 3
"""With fewer there is no interval."""

ONE_TIME_US = 600_000_000
"""Questions so close together belong to one look for updates."""

MISSED = 3
"""Intervals without a question; one or two are missed when the device was busy or off."""

SILENT_DAYS = 14
"""Days on which it did other things all the same."""

EVIDENCE = """
    with names as (
        select name
        from (select distinct name from lookups)
        where regexp_matches(name, $update_host)
    ), listed as (
        select device_id
        from lookups
        join devices using (device_id)
        where asked > 0 and name in (select name from names)
        group by device_id
        having sum(asked) >= $enough_times
            and max(lookups.last_us) < max(devices.last_us) - $silent_days * $day_us
    ), asked as (
        select device_id, name, capture, frame, time_us
        from facts.dns
        join hosts on hosts.mac is not distinct from src_mac and hosts.ip = src_ip
        where not response and dst_port = 53 and name in (select name from names)
            and device_id in (select device_id from listed)
    ), looks as (
        select *, time_us - lag(time_us) over (
            partition by device_id order by time_us, capture, frame
        ) as gap_us
        from asked
        qualify gap_us is null or gap_us > $one_time_us
    ), rhythm as (
        select device_id, max(gap_us) as longest_us, max(time_us) as stopped_us
        from looks
        group by device_id
        having count(*) >= $enough_times and max(gap_us) <= 3 * min(gap_us)
    ), watched as (
        select device_id,
            sum(greatest(0, captures.last_us - greatest(first_us, stopped_us))) as watched_us
        from rhythm, facts.captures
        group by device_id
    ), lived as (
        select device_id, count(distinct time_us // $day_us) as days, max(time_us) as last_us
        from facts.flows
        join hosts on hosts.mac is not distinct from src_mac and hosts.ip = src_ip
        join rhythm using (device_id)
        where time_us > stopped_us and dst_ip in (select ip from peers)
        group by device_id
    ), stopped as (
        select device_id, (last_us - stopped_us) / $day_us as silent
        from rhythm
        join watched using (device_id)
        join lived using (device_id)
        where days >= $silent_days
            and least(watched_us, last_us - stopped_us) > greatest(
                $missed * longest_us, $silent_days * $day_us
            )
    )
    select device_id, capture, frame, time_us,
        'asked for ' || name as says,
        name as about,
        silent::double as amount
    from looks
    join stopped using (device_id)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select device_id
    from lookups
    where asked > 0 and name in (
            select name
            from (select distinct name from lookups)
            where regexp_matches(name, $update_host)
        )
    group by device_id
    having sum(asked) >= $enough_times
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely only where it had asked often."""
    often = len(evidence) > 2 * ENOUGH_TIMES
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.LIKELY if often else Confidence.GUESS,
        statement=f"It asked for updates regularly, and has not for {int(evidence[0].amount)} days:"
        f" {abouts(evidence)}.",
    )


CHECK = Check(
    id="update-check-stopped",
    title="It no longer asks for updates",
    concern=Concern.VENDOR,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="Captures of several weeks in which this device asks for updates by name.",
    remedy="Look for updates by hand in the device's settings or app. If that fails, restart the device,"
    " and ask the maker whether it still gets any.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.3-5: look for updates after start and regularly",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "An update's server is told from its name, so one with an unusual name is missed.",
        "After an update the device may ask a server with another name.",
        "Somebody may have switched updates off, or blocked them.",
    ),
    bears_on=("5.3-5",),
    watch_us=SILENT_DAYS * DAY_US,
    values={
        "day_us": DAY_US,
        "update_host": UPDATE_HOST,
        "enough_times": ENOUGH_TIMES,
        "one_time_us": ONE_TIME_US,
        "missed": MISSED,
        "silent_days": SILENT_DAYS,
    },
)
