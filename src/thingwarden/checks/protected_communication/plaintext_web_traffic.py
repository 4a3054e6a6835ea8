"""What a device says to the Internet in plain HTTP can be read and changed by anybody on the way.

`amount` is the rank of a severity: 2 where it sends data, 1 where it only fetches, or where the
content says that it is encrypted in itself.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

PROBE_PATH = (
    r"generate_?204|gen_204|connecttest|connection-?test|ncsi\.txt|hotspot-detect"
    r"|success\.(txt|html)|test/success|check_network_status|canonical\.html|nm-check|online\.txt"
)
"""Paths by which systems ask whether there is a way to the Internet, or a captive portal in it."""

PROBE_HOST = (
    r"connectivity-?check|^captive|\.captive\.|detectportal|^nmcheck\.|network-test\."
    r"|msftconnecttest|msftncsi|^conncheck|^connectivity\.|^internetcheck"
)
"""Hosts that are there for that only."""

SIGNED = r"^(ocsp|crl|crt|aia|cacerts?|pki)\d*[.-]|[.]ocsp[.]"
"""Hosts of authorities: what they say of certificates is signed (RFC 6960, RFC 5280 section 5)."""

SIGNED_PATH = r"\.(crl|crt|cer|p7b|p7c|p7s)$|(^|/)ocsp"
SIGNED_TYPE = r"ocsp|pkix|x-x509"

CLOCK = r"(^|/)(current-?time|date|now|ntp|time|timestamp|time_?sync|time-?zone|utc)(\.\w{1,5})?/?$"
"""Paths that ask for the time only."""

CLOCK_HOST = r"^(clock|ntp|time|timezone|tzinfo|worldclock|worldtime)\d*[.-]|worldtimeapi"
"""Hosts that tell the time or the rules of time zones only."""

UPDATE = (
    r"(^|[/._-])(dists|firmwares?|fw|fota|otas?|packages|upgrades?)([/._-]|[0-9]|$)"
    r"|\.(bin|img|fw|ota|pkg|deb|rpm|apk|ipk|swu|zip|gz|xz|tar|tgz)$"
)
"""Paths of updates, which have a check of their own."""

UPDATES = r"(^|[/._-])updates?([/._-]|[0-9]|$)"
"""With a query it may as well be a new value of something, as in services for measurements."""

UPDATER = r"\b(apt-http|fota|ota|opkg|updater?|upgrade)\b"

EVIDENCE = """
    with requests as (
        select src_device as device_id, capture, frame, time_us, status, request_bytes,
            method || ' ' || coalesce(path, '/') as request,
            coalesce(host, dst_ip) as peer,
            coalesce(has_query, false) or status = 101
                or (method in ('POST', 'PUT', 'PATCH') and coalesce(request_bytes, 1) > 0) as sends,
            contains(concat(request_type, answer_type), 'encrypt') as hidden
        from http
        where dst_place = 'internet' and src_device is not null
            and method in ('GET', 'POST', 'PUT', 'PATCH')
            and not (method = 'GET' and not has_query and (
                coalesce(status, 0) not between 101 and 299 or answer_bytes = 0
            ))
            and not (method = 'GET' and coalesce(status, 0) between 300 and 399
                and coalesce(location, '') like 'https:%')
            and not regexp_matches(lower(coalesce(path, '')), $harmless_path)
            and not (method = 'GET' and regexp_matches(lower(coalesce(path, '')), $fetched))
            and not (method = 'GET' and not has_query
                and regexp_matches(lower(coalesce(path, '')), $updates))
            and not regexp_matches(coalesce(host, ''), $harmless_host)
            and not regexp_matches(concat(request_type, ' ', answer_type), $signed_type)
            and not regexp_matches(lower(coalesce(user_agent, '')), $updater)
    )
    select device_id, capture, frame, time_us,
        request || coalesce(' with ' || request_bytes || ' bytes', '')
            || coalesce(', answered ' || status, ', not answered') as says,
        peer as about,
        if(sends and not hidden, 2, 1)::double as amount
    from requests
    qualify row_number() over (
        partition by device_id, peer, sends, hidden order by time_us, capture, frame
    ) = 1
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct device_id
    from talks
    where side = 'client' and protocol = 'tcp' and peer_place = 'internet'
        and sent_payload_bytes > 0
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Medium where data of its own can be read, low where it only fetches."""
    severity = worst_severity(evidence)
    verb = "sends data to" if severity is Severity.MEDIUM else "exchanges data with"
    worst = [row for row in evidence if row.amount == severity.rank]
    return Judgement(
        severity=severity,
        confidence=Confidence.CERTAIN,
        statement=f"It {verb} the Internet in web requests without encryption: {abouts(worst)}.",
    )


CHECK = Check(
    id="plaintext-web-traffic",
    title="Web requests to the Internet are not encrypted",
    concern=Concern.PROTECTED_COMMUNICATION,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device exchanges something over TCP with the Internet.",
    remedy="Install the newest software for the device and look for a setting named HTTPS. If it stays"
    " like this, ask the maker, and give the device nothing that strangers may not read.",
    sources=(
        Source(
            title="ETSI EN 303 645, provision 5.5-1: best practice cryptography",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 7258, pervasive monitoring is an attack",
            url="https://www.rfc-editor.org/rfc/rfc7258",
        ),
        Source(
            title="CWE-319, cleartext transmission of sensitive information",
            url="https://cwe.mitre.org/data/definitions/319.html",
        ),
    ),
    limits=(
        "What the requests carry is not kept, so whether it is private is not known.",
        "Whether the device encrypts or signs the content itself shows only where the content type"
        " says so.",
        "Connectivity checks, certificate status, the time and updates are left out by their names.",
    ),
    bears_on=("5.5-1", "5.8-1"),
    values={
        "harmless_path": f"{PROBE_PATH}|{SIGNED_PATH}",
        "fetched": f"{CLOCK}|{UPDATE}",
        "updates": UPDATES,
        "harmless_host": f"{PROBE_HOST}|{SIGNED}|{CLOCK_HOST}",
        "signed_type": SIGNED_TYPE,
        "updater": UPDATER,
    },
)
