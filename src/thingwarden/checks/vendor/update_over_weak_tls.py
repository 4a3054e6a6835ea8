"""Updates over broken encryption can be swapped on their way as if there were none.

Only connections that carried data count. `amount` is 2 for a certificate that proves nothing, 1 for an
old version of TLS.
"""

import re
from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

UPDATE_HOST = r"(^|[.-])(firmwares?|fw|fwupdate|ota|fota|updates?|upgrades?)[0-9]*[.-]"
"""Parts of a server's name that speak of updates."""

SIGNED_HOSTS = (
    "apple.com",
    "debian.org",
    "googleapis.com",
    "gvt1.com",
    "microsoft.com",
    "openwrt.org",
    "raspberrypi.com",
    "raspberrypi.org",
    "ubuntu.com",
    "windowsupdate.com",
)
"""Where updates carry signatures that are known to be checked before they are installed."""

SIGNED_HOST = rf"(^|\.)({'|'.join(map(re.escape, SIGNED_HOSTS))})$"

EVIDENCE = """
    with fetched as (
        select src_device as device_id, capture, frame, time_us, sni, version, not_after_us,
            certificates > 0 and client_went_on as trusted,
            [lower(rtrim(n, '.')) for n in coalesce(names, []::varchar[])] as valid_for,
            [sni, regexp_replace(sni, '^[^.]+', '*')] as fitting
        from tls
        where src_device is not null and dst_place = 'internet' and version is not null
            and (client_went_on or server_went_on)
            and regexp_matches(sni, $update_host) and not regexp_matches(sni, $signed_host)
    ), faults as (
        select *, 'a certificate for another name' as fault, 2 as weight
        from fetched
        where trusted and len(valid_for) > 0 and not list_has_any(valid_for, fitting)
        union all
        select *, 'a certificate that has ended', 2
        from fetched
        where trusted and time_us > not_after_us
        union all
        select *, if(version like 'SSL%', version, 'TLS ' || version), 1
        from fetched
        where version in ('SSLv2', 'SSLv3', '1.0', '1.1')
    )
    select device_id, capture, frame, time_us,
        'went on with ' || sni || ' over ' || fault as says,
        sni || ' (' || fault || ')' as about,
        weight::double as amount
    from faults
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """
    select distinct src_device as device_id
    from tls
    where src_device is not null and dst_place = 'internet' and version is not null
        and regexp_matches(sni, $update_host)
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely: a signature inside the update may still protect it."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement=f"It looks for updates over encryption that does not protect: {abouts(evidence)}.",
    )


CHECK = Check(
    id="update-over-weak-tls",
    title="Updates come over weak encryption",
    concern=Concern.VENDOR,
    evidence=EVIDENCE,
    judge=judge,
    examined=EXAMINED,
    needs="A capture in which this device looks for an update: restart it, or press 'check for"
    " updates', while capturing.",
    remedy="Do not let the device update on networks that you do not trust, and ask the maker whether"
    " it checks a signature before it installs.",
    sources=(
        Source(
            title="ETSI EN 303 645, provisions 5.3-7 and 5.3-10: secure updates over the network",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
        Source(
            title="RFC 8996, TLS 1.0 and TLS 1.1 are deprecated",
            url="https://www.rfc-editor.org/rfc/rfc8996",
        ),
        Source(
            title="RFC 9525 section 6, verifying the name of a service",
            url="https://www.rfc-editor.org/rfc/rfc9525#section-6",
        ),
    ),
    limits=(
        "An update's server is told from its name, so one with an unusual name is missed.",
        "The device may check a signature inside the file: traffic cannot show that.",
        "Certificates inside TLS 1.3 are not seen.",
    ),
    bears_on=("5.3-7", "5.3-10"),
    values={"update_host": UPDATE_HOST, "signed_host": SIGNED_HOST},
)
