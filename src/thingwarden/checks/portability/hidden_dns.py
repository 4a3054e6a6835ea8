"""A device that hides its questions for names passes by the filters and names of its network.

DNS over TLS is told by its port, DNS over HTTPS by the names of the well-known resolvers. `amount` is
how many connections it made.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

RESOLVERS = (
    r"^doh\.|^dns\.google$|^one\.one\.one\.one$|(^|\.)cloudflare-dns\.com$|^dns\d*\.quad9\.net$"
    r"|(^|\.)dns\.nextdns\.io$|^dns\.adguard(-dns)?\.com$|^dns\.alidns\.com$"
)
"""Names that serve DNS over HTTPS, and hardly anything else."""

EVIDENCE = """
    with hidden as (
        select *, port = 853 as by_port
        from talks
        where side = 'client' and opened > 0 and answered > 0 and peer_place = 'internet'
            and (port = 853 or port = 443 and regexp_matches(peer_name, $resolvers))
            and peer_ip not in (select ip from network where kind = 'dns')
    )
    select device_id, answered_capture as capture, answered_frame as frame,
        answered_us as time_us,
        if(by_port, 'spoke DNS over TLS with ', 'spoke DNS over HTTPS with ') || peer_ip as says,
        coalesce(peer_name, peer_ip) as about,
        flows::double as amount
    from hidden
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and answered > 0 and peer_place = 'internet' and port in (443, 853)
    order by device_id
"""

PERSONAL = frozenset({"phone", "tablet", "computer"})
"""Categories whose users choose such a resolver themselves."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """A person may have chosen it on a phone or a computer; nobody does on a plug."""
    category = device.identity.category
    chosen = device.random_mac or (category is not None and category.value in PERSONAL)
    return Judgement(
        severity=Severity.INFO if chosen else Severity.LOW,
        confidence=Confidence.LIKELY,
        statement="It asks for names inside encrypted connections, past the names and filters of your"
        f" network: {abouts(evidence)}.",
    )


CHECK = Check(
    id="hidden-dns",
    title="It hides which names it asks for",
    concern=Concern.PORTABILITY,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device begins encrypted connections to the Internet.",
    remedy="If you filter names in your router, block port 853 and the named resolvers for this device;"
    " then check that it still works.",
    sources=(
        Source(
            title="RFC 7858, DNS over TLS, port 853",
            url="https://www.rfc-editor.org/rfc/rfc7858#section-3.1",
        ),
        Source(
            title="RFC 8484, DNS over HTTPS",
            url="https://www.rfc-editor.org/rfc/rfc8484",
        ),
        Source(
            title="curl project, list of DNS over HTTPS providers",
            url="https://github.com/curl/curl/wiki/DNS-over-HTTPS",
        ),
    ),
    limits=(
        "Resolvers of makers' own that share a name with other services are not told.",
        "To look at the web page of such a resolver looks the same as to ask it.",
        "That it hides its questions protects them from those on the way: for a phone it may be wanted.",
    ),
    bears_on=("5.9-1",),
    values={"resolvers": RESOLVERS},
)
