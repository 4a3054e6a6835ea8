"""A client that never names its server speaks an old TLS and often does not check whom it meets.

`amount` is how many connections it opened to that address.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

FEWEST = 3
"""Connections; fewer may be one that was made by address on purpose."""

EVIDENCE = """
    with hellos as (
        select src_device as device_id, capture, frame, time_us, dst_ip, sni
        from tls
        where dst_place = 'internet' and src_device is not null and ja4 is not null
    ), nameless as (
        select device_id
        from hellos
        group by device_id
        having count(sni) = 0 and count(*) >= $fewest
    )
    select device_id, capture, frame, time_us,
        'opened TLS without naming a server' as says,
        coalesce(name, dst_ip) as about,
        count(*) over (partition by device_id, about)::double as amount
    from hellos
    join nameless using (device_id)
    left join peers on ip = dst_ip
    qualify row_number() over (
        partition by device_id, about order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select src_device as device_id
    from tls
    where dst_place = 'internet' and src_device is not null and ja4 is not null
    group by src_device
    having count(*) >= $fewest
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """A fact only: it may know the certificate by heart."""
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.CERTAIN,
        statement=f"It never tells a server which name it wants (SNI): {abouts(evidence)}.",
    )


CHECK = Check(
    id="tls-without-name",
    title="Encrypted connections without a server name",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device opens at least three encrypted (TLS) connections to the"
    " Internet.",
    remedy="Nothing need be done. If you write to the maker, ask whether the device checks the name in"
    " the server's certificate.",
    sources=(
        Source(
            title="RFC 9325 section 3.7, server name indication",
            url="https://www.rfc-editor.org/rfc/rfc9325#section-3.7",
        ),
        Source(
            title="RFC 6066 section 3, server name indication",
            url="https://www.rfc-editor.org/rfc/rfc6066#section-3",
        ),
    ),
    limits=(
        "A client can check a name that it does not send, or know the certificate by heart.",
        "A server that is reached by its bare address has no name to send.",
    ),
    bears_on=("5.5-1",),
    values={"fewest": FEWEST},
)
