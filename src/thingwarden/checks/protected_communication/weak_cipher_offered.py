"""A device that still offers broken ciphers can be talked into using them.

`amount` is the rank of a severity: 2 for suites without protection or with export keys, 1 for RC4,
RC2 and single DES. What was then chosen is judged by old-tls.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Source

NULL = (
    "0000 0001 0002 002c 002d 002e 003b 0082 0083 00b0 00b1 00b4 00b5 00b8 00b9"
    " c001 c006 c00b c010 c015 c039 c03a c03b"
)
"""Suites that do not encrypt, by number in the registry of IANA."""

ANONYMOUS = (
    "0018 001a 001b 0034 003a 0046 006c 006d 0089 009b 00a6 00a7 00bf 00c5"
    " c016 c017 c018 c019 c046 c047 c05a c05b c084 c085"
)
"""Suites in which nobody proves who he is."""

EXPORT = (
    "0003 0006 0008 000b 000e 0011 0014 0017 0019 0026 0027 0028 0029 002a 002b"
    " 0060 0061 0062 0063 0064 0065"
)
"""Suites with keys of 40 or 56 bits, made for export rules that have ended."""

RC4 = "0004 0005 0020 0024 0066 008a 008e 0092 c002 c007 c00c c011 c033"
DES = "0009 000c 000f 0012 0015 001e 0022"

EVIDENCE = """
    with offers as (
        select src_device as device_id, client_ciphers, capture, frame, time_us,
            coalesce(sni, dst_ip) as peer
        from tls
        where src_device is not null and dst_place = 'internet' and client_ciphers is not null
        qualify row_number() over (
            partition by device_id, client_ciphers order by time_us, capture, frame
        ) = 1
    ), split as (
        select *, string_split(client_ciphers, '-') as ciphers
        from offers
    ), kinds as (
        select *, unnest([
            {'kind': 'no encryption', 'rank': 2, 'has': list_has_any(ciphers, $open)},
            {'kind': 'no authentication', 'rank': 2, 'has': list_has_any(ciphers, $anonymous)},
            {'kind': 'export keys', 'rank': 2, 'has': list_has_any(ciphers, $export)},
            {'kind': 'RC4', 'rank': 1, 'has': list_has_any(ciphers, $rc4)},
            {'kind': 'single DES', 'rank': 1, 'has': list_has_any(ciphers, $des)}
        ]) as each
        from split
    )
    select device_id, capture, frame, time_us,
        'offered ' || each.kind || coalesce(' to ' || peer, '') as says,
        each.kind as about,
        each.rank::double as amount
    from kinds
    where each.has
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct src_device as device_id
    from tls
    where src_device is not null and dst_place = 'internet' and client_ciphers is not null
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Certain: the offer is in the clear."""
    return Judgement(
        severity=worst_severity(evidence),
        confidence=Confidence.CERTAIN,
        statement=f"It offers servers encryption that is broken: {abouts(evidence, 5)}.",
    )


CHECK = Check(
    id="weak-cipher-offered",
    title="Broken encryption is offered",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device begins an encrypted (TLS) connection to the Internet.",
    remedy="Install the newest software for the device. If the newest still does this, its encryption"
    " is many years old: ask the maker, or plan to replace it.",
    sources=(
        Source(
            title="RFC 9325 section 4.1, cipher suites that must not be negotiated",
            url="https://www.rfc-editor.org/rfc/rfc9325#section-4.1",
        ),
        Source(
            title="RFC 7465 section 2, clients must not offer RC4",
            url="https://www.rfc-editor.org/rfc/rfc7465#section-2",
        ),
        Source(
            title="Beurdouche et al., A Messy State of the Union (FREAK), IEEE S&P 2015",
            url="https://doi.org/10.1109/SP.2015.39",
        ),
    ),
    limits=(
        "An offer does harm only with a server that takes it, or a client that can be tricked.",
        "Triple DES is not counted, since many clients offer it last and nobody chooses it.",
    ),
    bears_on=("5.5-1", "5.1-3"),
    values={
        "open": NULL.split(),
        "anonymous": ANONYMOUS.split(),
        "export": EXPORT.split(),
        "rc4": RC4.split(),
        "des": DES.split(),
    },
)
