"""Firmware that is fetched without TLS can be swapped on its way.

`amount` is 2 for a firmware file whose path speaks of updates, 1 for a file of that kind only, 0 for
a path that only speaks of updates.
"""

import re
from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

IMAGE = (
    r"\.(bin|img|fw|ota|fota|upd|upg|pkg|trx|chk|rbl|swu|mender|raucb|squashfs|dfu|uf2)"
    r"(\.gz|\.xz|\.zip|\.sig)?$"
)
"""File names of firmware images; .chk and .trx are router images, .swu and .raucb update bundles."""

WORD = (
    r"(^|[/._-])(firmwares?|fwupdate|fw|fota|otas?|upgrades?|updates?|sysupgrade)([/._-]|[0-9]|$)"
)
"""Parts of a path that speak of updates."""

HARMLESS_TYPE = r"^(image|font|audio|video)/|^text/(css|html)|javascript|ocsp|pkix|x-x509|mpegurl"
"""Content types that no updater installs; certificates and their lists are signed themselves."""

HARMLESS_PATH = (
    r"\.(crl|crt|cer|p7b|p7c|p7s|js|css|html?|png|jpe?g|gif|ico|m3u8|ts|mp[34])$"
    r"|/xtra\w*\.bin$|/lto\w*\.|generate_?204|connecttest|ncsi\.txt|hotspot-detect"
)
"""Signed lists, page parts, satellite orbits (xtra, lto) and connectivity checks."""

LARGE_BYTES = 65536
"""Answers to questions about versions are smaller, images larger."""

SIGNED_HOSTS = (
    "android.googleapis.com",
    "archive.raspberrypi.com",
    "archive.raspberrypi.org",
    "cdn-apple.com",
    "debian.org",
    "delivery.mp.microsoft.com",
    "gvt1.com",
    "izatcloud.net",
    "mesu.apple.com",
    "openwrt.org",
    "ubuntu.com",
    "update.microsoft.com",
    "windowsupdate.com",
)
"""Where packages carry signatures that are known to be checked before they are installed."""

SIGNED_HOST = rf"(^|\.)({'|'.join(map(re.escape, SIGNED_HOSTS))})$|^(ocsp|crl)\d*\."
"""Those hosts, and authorities that tell of revoked certificates, as one expression."""

EVIDENCE = """
    with requests as (
        select *, lower(path) as lower_path,
            regexp_matches(lower(path), $image) as is_named_image,
            regexp_matches(lower(path), $word)
                or regexp_matches(lower(coalesce(user_agent, '')), '\\b(fota|ota|updater?|upgrade)\\b')
                as speaks_of_it
        from http
        where method = 'GET' and dst_place = 'internet' and src_device is not null
            and (status is null or status in (200, 206))
    ), judged as (
        select *,
            is_named_image or (speaks_of_it and answer_bytes >= $large_bytes) as is_image
        from requests
    )
    select src_device as device_id, capture, frame, time_us,
        'fetched ' || path || coalesce(' (' || answer_bytes || ' bytes)', '') || ' without TLS' as says,
        coalesce(host, dst_ip) as about,
        case
            when is_image and speaks_of_it then 2
            when is_image then 1
            else 0
        end::double as amount
    from judged
    where (is_image or speaks_of_it)
        and not regexp_matches(lower_path, $harmless_path)
        and not regexp_matches(coalesce(answer_type, ''), $harmless_type)
        and not regexp_matches(coalesce(host, ''), $signed_host)
    order by device_id, time_us, capture, frame
"""

EXAMINED = """
    select src_device as device_id
    from http
    where dst_place = 'internet' and src_device is not null
        and regexp_matches(lower(path), 'firmware|(^|[/._-])(fw|ota|fota|upgrade|update)')
    union
    select src_device
    from tls
    where dst_place = 'internet' and src_device is not null
        and regexp_matches(sni, '(^|[.-])(firmware|fw|ota|fota|updates?|upgrade)[0-9]*[.-]')
    order by device_id
"""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely for a firmware file; a guess where only a word or only the file's kind says so."""
    weight = max(row.amount for row in evidence)
    worst = [row for row in evidence if row.amount == weight]
    image = "Its software updates come" if weight else "It asks for updates"
    return Judgement(
        severity=Severity.HIGH if weight else Severity.LOW,
        confidence=Confidence.LIKELY if weight == 2 else Confidence.GUESS,
        statement=f"{image} over an unencrypted connection: {abouts(worst)}.",
    )


CHECK = Check(
    id="update-without-tls",
    title="Updates are fetched without encryption",
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
            title="RFC 9019, a firmware update architecture for the Internet of Things",
            url="https://www.rfc-editor.org/rfc/rfc9019",
        ),
    ),
    limits=(
        "The device may check a signature inside the file: traffic cannot show that.",
        "An update is told from its path, so one with an unusual name is missed.",
        "Hosts of systems that are known to sign their packages are left out.",
    ),
    bears_on=("5.3-7", "5.3-10"),
    values={
        "image": IMAGE,
        "word": WORD,
        "large_bytes": LARGE_BYTES,
        "harmless_path": HARMLESS_PATH,
        "harmless_type": HARMLESS_TYPE,
        "signed_host": SIGNED_HOST,
    },
)
