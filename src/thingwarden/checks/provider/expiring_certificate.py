"""A server's certificate that nobody renews stops every device that needs the server.

Certificates for longer than a year are mostly renewed by hand. `amount` is 2 where a certificate was
shown after it had ended, 1 where it ends soon.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

DAY_US = 86_400_000_000

SOON_US = 14 * DAY_US
"""Who renews by hand has mostly done so two weeks before."""

BY_HAND_US = 398 * DAY_US
"""No authority that browsers trust has given more since September 2020: see the sources."""

EVIDENCE = """
    with shown as (
        select src_device as device_id, coalesce(sni, dst_ip) as server, capture, frame, time_us,
            not_before_us, not_after_us, coalesce(client_went_on, false) as client_went_on
        from tls
        where certificates > 0 and not_after_us is not null and not_before_us is not null
            and src_device is not null and dst_place = 'internet'
    ), newest as (
        select *
        from shown
        qualify row_number() over (
            partition by device_id, server
            order by not_after_us desc, time_us desc, capture desc, frame desc
        ) = 1
    ), ending as (
        select newest.*, strftime(make_timestamp(not_after_us), '%Y-%m-%d') as day,
            time_us > not_after_us as ended
        from newest
        join devices using (device_id)
        where time_us > not_after_us
            or client_went_on and not_after_us between last_us and last_us + $soon_us
                and not_after_us - not_before_us > $by_hand_us
    )
    select device_id, capture, frame, time_us,
        server || ' showed a certificate that ' || if(ended, 'ended on ', 'ends on ') || day as says,
        server || ' (' || day || ')' as about,
        if(ended, 2, 1)::double as amount
    from ending
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct src_device as device_id
    from tls
    where certificates > 0 and not_after_us is not null
        and src_device is not null and dst_place = 'internet'
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Low and certain where it was shown after its end; else only to be known."""
    ended = [row for row in evidence if row.amount > 1]
    if ended:
        return Judgement(
            severity=Severity.LOW,
            confidence=Confidence.CERTAIN,
            statement=f"Servers that it needs show certificates that have ended: {abouts(ended)}.",
        )
    return Judgement(
        severity=Severity.INFO,
        confidence=Confidence.LIKELY,
        statement="It may stop when the certificates of servers that it needs end, if nobody renews"
        f" them: {abouts(evidence)}.",
    )


CHECK = Check(
    id="expiring-certificate",
    title="A server that it needs has a certificate that ends",
    concern=Concern.PROVIDER,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A connection in which the certificate can be read, which TLS 1.3 does not allow.",
    remedy="Tell the maker of the device. If it stops on that day, this is why: it will work again when"
    " the maker has renewed the certificate.",
    sources=(
        Source(
            title="RFC 5280 section 4.1.2.5, the time for which a certificate is valid",
            url="https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5",
        ),
        Source(
            title="Apple, about upcoming limits on trusted certificates: 398 days",
            url="https://support.apple.com/en-us/HT211025",
        ),
    ),
    limits=(
        "Dates are compared with the clock of the machine that captured.",
        "Certificates inside TLS 1.3 are not seen.",
        "The server may have got a new certificate since it was last seen.",
        "A device that looks at no dates goes on working: that is a fault of another kind.",
    ),
    bears_on=("5.9-1",),
    values={"soon_us": SOON_US, "by_hand_us": BY_HAND_US},
)
