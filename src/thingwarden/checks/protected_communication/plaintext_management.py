"""Management protocols of old tell the Internet of a device's inside, with a password in the clear.

`amount` is how many bytes the device sent.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

EVIDENCE = """
    with ports as (
        select unnest([
            {'port': 161, 'says': 'SNMP', 'one_way': false},
            {'port': 162, 'says': 'SNMP notifications', 'one_way': true},
            {'port': 514, 'says': 'syslog', 'one_way': true}
        ], recursive := true)
    )
    select device_id, capture, frame, time_us,
        if(side = 'client', 'sent ', 'answered with ') || sent_payload_bytes
            || ' bytes on UDP port ' || port as says,
        ports.says || ' with ' || coalesce(peer_name, peer_ip) as about,
        sent_payload_bytes::double as amount
    from talks
    join ports using (port)
    where protocol = 'udp' and peer_place = 'internet' and sent_payload_bytes > 0
        and if(one_way, side = 'client', received_payload_bytes > 0)
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where protocol = 'udp' and peer_place = 'internet' and sent_payload_bytes > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """A guess: told by port only, and version 3 of SNMP can encrypt."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.GUESS,
        statement="It seems to be managed or to report over the Internet unencrypted:"
        f" {abouts(evidence)}.",
    )


CHECK = Check(
    id="plaintext-management",
    title="Management data crosses the Internet unencrypted",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device exchanges something over UDP with the Internet.",
    remedy="Switch SNMP and remote logging (syslog) off in the device's settings, or let them go to a"
    " machine in your own network only.",
    sources=(
        Source(
            title="RFC 3414 section 1.1, threats that SNMP before version 3 does not meet",
            url="https://www.rfc-editor.org/rfc/rfc3414#section-1.1",
        ),
        Source(
            title="RFC 5426 section 5, security considerations of syslog over UDP",
            url="https://www.rfc-editor.org/rfc/rfc5426#section-5",
        ),
    ),
    limits=(
        "SNMP and syslog are told from their UDP ports (161, 162, 514) only.",
        "Version 3 of SNMP can encrypt, which is not examined.",
    ),
    bears_on=("5.5-1", "5.5-7"),
)
