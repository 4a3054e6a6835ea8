"""A camera that makes holes through the router lets in whoever knows or guesses its number.

Told from the port of one widespread system for such holes. `amount` is 1 for each server.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

PORT = 32100
"""UDP port of the servers of PPPP (CS2 Network P2P)."""

ENOUGH_SERVERS = 2
"""Devices announce themselves to several servers at once; one may be anything."""

EVIDENCE = """
    with servers as (
        select *, count(distinct peer_ip) over (partition by device_id) as met,
            count(*) filter (opened > 0) over (partition by device_id) as answering
        from talks
        where side = 'client' and protocol = 'udp' and port = $port and peer_place = 'internet'
    )
    select device_id, capture, frame, time_us,
        'announced itself to ' || coalesce(peer_name, peer_ip) || if(opened > 0, ', which answered', '')
            as says,
        coalesce(peer_name, peer_ip) as about,
        1::double as amount
    from servers
    where met >= $enough and answering > 0
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and protocol = 'udp' and peer_place = 'internet'
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Told from one port at several servers, so likely."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement=f"It lets others in through your router by a relay: {abouts(evidence)}.",
    )


CHECK = Check(
    id="peer-to-peer-relay",
    title="It lets others in by a relay",
    concern=Concern.EXPOSURE,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device speaks over UDP with the Internet.",
    remedy="Switch remote access or P2P off in its app, change its password, and block UDP port 32100 for"
    " it in your router.",
    sources=(
        Source(
            title="NVD, CVE-2019-11219: CS2 Network P2P lets attackers connect to devices by their UID",
            url="https://nvd.nist.gov/vuln/detail/CVE-2019-11219",
        ),
        Source(
            title="ETSI EN 303 645, provision 5.6-5: enable only what is needed",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "What is said is not read: a newer version of the system may protect it.",
        "Other systems for the same use other ports, and are not told.",
    ),
    bears_on=("5.6-5", "5.5-5"),
    values={"port": PORT, "enough": ENOUGH_SERVERS},
)
