"""A device that uploads a lot to an address without a name may carry away what is private.

`amount` is megabytes sent.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

MUCH = 100_000_000
"""Bytes: an hour of pictures, or what a small device stores."""

TIMES = 10
"""Sent for each byte received: an upload, not a conversation."""

FEW_STRANGERS = 5
"""Nameless addresses that got a megabyte; a file sharing program has more."""

EVIDENCE = """
    with sent as (
        select device_id, peer_ip, port, country, provider, sum(sent_bytes) as bytes,
            sum(received_bytes) as received, min({t: time_us, c: capture, f: frame}) as first
        from talks
        where protocol = 'tcp' and peer_place = 'internet' and peer_name is null and sent_bytes > 0
            and peer_ip not in (select ip from resolved)
        group by all
        having bytes >= 1000000
    )
    select device_id, first.c as capture, first.f as frame, first.t as time_us,
        'sent ' || (bytes // 1000000) || ' MB, received ' || (received // 1000000) || ' MB' as says,
        concat_ws(', ', peer_ip || ' port ' || port, provider, country) as about,
        (bytes / 1e6)::double as amount
    from sent
    qualify count(*) over (partition by device_id) <= $few
        and bytes >= $much and bytes >= $times * received
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where protocol = 'tcp' and peer_place = 'internet'
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """A guess: the name may have been looked up before the capture began."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.GUESS,
        statement=f"It uploaded {sum(row.amount for row in evidence):.0f} MB to where no name leads:"
        f" {abouts(evidence)}.",
    )


CHECK = Check(
    id="bulk-upload",
    title="It uploads a lot to a nameless address",
    concern=Concern.CONDUCT,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device connects to the Internet over TCP.",
    remedy="Find out what the device uploads: a backup or a camera's cloud that you chose is fine."
    " Otherwise block this address in the router and reset the device.",
    sources=(
        Source(
            title="MITRE ATT&CK T1048, exfiltration over alternative protocol",
            url="https://attack.mitre.org/techniques/T1048/",
        ),
    ),
    limits=(
        "An address whose name was looked up before the capture began has no name here.",
        "What was sent is not known; uploads over UDP, as of calls, are not counted.",
    ),
    bears_on=("5.9-3", "5.5-7"),
    values={"much": MUCH, "times": TIMES, "few": FEW_STRANGERS},
)
