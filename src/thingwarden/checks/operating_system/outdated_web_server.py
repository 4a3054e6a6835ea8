"""A web server past its end can be taken over by holes that everybody can look up.

`amount` is the rank of a severity: 2 where support is over or the release is very old, 1 where old.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.checks.software import Values, evidence, examined
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Source

TELLERS = ("web server", "video server", "UPnP")

DISTRIBUTION = r"debian|ubuntu|raspbian|centos|red hat|fedora|el\d|suse|freebsd"
"""Distributions mend old versions without changing the number."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely: the banner is sent by the server, but a maker may have mended it."""
    return Judgement(
        severity=worst_severity(evidence),
        confidence=Confidence.LIKELY,
        statement=f"Its web server is built of old software: {abouts(evidence)}.",
    )


CHECK = Check(
    id="outdated-web-server",
    title="The web server is out of date",
    concern=Concern.OPERATING_SYSTEM,
    evidence=evidence(*TELLERS),
    judge=judge,
    examined=examined(*TELLERS),
    needs="Open the device's own page in a browser while you capture.",
    remedy="Install the newest software for the device. If the page is still served by old software,"
    " keep the device away from the Internet and open its page only when you must.",
    sources=(
        Source(title="endoflife.date, Apache", url="https://endoflife.date/apache-http-server"),
        Source(title="endoflife.date, nginx", url="https://endoflife.date/nginx"),
        Source(title="endoflife.date, PHP", url="https://endoflife.date/php"),
        Source(title="endoflife.date, OpenSSL", url="https://endoflife.date/openssl"),
        Source(
            title="lighttpd, NEWS with the day of every release",
            url="https://github.com/lighttpd/lighttpd1.4/blob/master/NEWS",
        ),
    ),
    limits=(
        "A maker may mend an old version without changing its number.",
        "Servers with the mark of a distribution are left out, since distributions do so always.",
        "Of lighttpd no ends of support are published: a release counts as old after five years.",
    ),
    bears_on=("5.3-8", "5.2-3"),
    values=Values(
        "Apache",
        "nginx",
        "lighttpd",
        "PHP",
        "OpenSSL",
        "Microsoft-IIS",
        spared=DISTRIBUTION,
    ),
)
