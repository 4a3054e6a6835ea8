"""Files that cross the Internet by FTP or TFTP can be read and changed on their way.

`amount` is the rank of a severity: 2 where somebody logged in by FTP, else 1.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Source

BY_PORT = "TFTP"

EVIDENCE = """
    with sessions as (
        select src_device as device_id, 'with ' as relation, dst_ip as ip, ftp.*
        from ftp
        where dst_place = 'internet'
        union all
        select dst_device, 'served to ', src_ip, ftp.*
        from ftp
        where src_place = 'internet' and outcome = 'accepted'
    ), transfers as (
        select device_id, capture, frame, time_us,
            'ftp login' || if(coalesce(anonymous, false), ' as anybody', '')
                || coalesce(', ' || outcome, '') as says,
            'FTP ' || relation || coalesce(name, sessions.ip) as about,
            if(outcome = 'accepted' and not coalesce(anonymous, false), 2, 1) as amount
        from sessions
        left join peers on peers.ip = sessions.ip
        where sent_user and not coalesce(asked_tls, false)
            and coalesce(outcome, '') <> 'refused'
        union all
        select device_id, capture, frame, time_us,
            'sent ' || sent_payload_bytes || ' bytes to UDP port 69',
            'TFTP with ' || coalesce(peer_name, peer_ip),
            1
        from talks
        where protocol = 'udp' and port = 69 and side = 'client' and peer_place = 'internet'
            and sent_payload_bytes > 0
    )
    select device_id, capture, frame, time_us, says, about, amount::double as amount
    from transfers
    where device_id is not null
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where peer_place = 'internet' and sent_payload_bytes > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain for FTP, whose words were read; TFTP is told by its port."""
    read = any(not row.about.startswith(BY_PORT) for row in evidence)
    return Judgement(
        severity=worst_severity(evidence),
        confidence=Confidence.CERTAIN if read else Confidence.GUESS,
        statement=f"It moves files over the Internet unencrypted: {abouts(evidence)}.",
    )


CHECK = Check(
    id="plaintext-file-transfer",
    title="Files cross the Internet unencrypted",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device exchanges something with the Internet.",
    remedy="Look in the device's settings for FTP and choose FTPS, SFTP or the maker's cloud instead,"
    " or send the files to a machine in your own network.",
    sources=(
        Source(
            title="RFC 2577, FTP security considerations",
            url="https://www.rfc-editor.org/rfc/rfc2577",
        ),
        Source(
            title="RFC 1350, TFTP has no login and no protection",
            url="https://www.rfc-editor.org/rfc/rfc1350",
        ),
    ),
    limits=(
        "Which files were moved is not examined.",
        "TFTP is told from its UDP port (69) only.",
    ),
    bears_on=("5.5-1", "5.8-1"),
)
