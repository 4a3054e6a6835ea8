"""An old library for web requests checks servers as people did years ago, and its holes are known."""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.software import Values, evidence, examined
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

TELLERS = ("web client", "video client")

DISTRIBUTION = r"debian|ubuntu|red hat|el\d"
"""Distributions mend old versions without changing the number."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Low and likely: the text is the library's own, but a program can change it."""
    return Judgement(
        severity=Severity.LOW,
        confidence=Confidence.LIKELY,
        statement=f"Programs on it ask for pages with old libraries: {abouts(evidence)}.",
    )


CHECK = Check(
    id="old-client-library",
    title="Old libraries fetch its pages",
    concern=Concern.CODE_AGE,
    evidence=evidence(*TELLERS),
    judge=judge,
    examined=examined(*TELLERS),
    needs="A capture in which this device fetches something over unencrypted HTTP.",
    remedy="Install the newest software for the device, and update its programs.",
    sources=(
        Source(
            title="curl, known security problems by version",
            url="https://curl.se/docs/releases.html",
        ),
        Source(
            title="OkHttp, changes with the days of release",
            url="https://square.github.io/okhttp/changelogs/changelog_2x/",
        ),
        Source(title="endoflife.date, Python", url="https://endoflife.date/python"),
        Source(title="endoflife.date, Oracle JDK", url="https://endoflife.date/oracle-jdk"),
        Source(
            title="GNU Wget, tags with their days", url="https://gitlab.com/gnuwget/wget/-/tags"
        ),
    ),
    limits=(
        "Only requests without encryption show their library.",
        "A maker may mend an old library without changing its number.",
        "Of curl and Wget no ends of support are published: a release counts as old after five years.",
    ),
    bears_on=("5.3-8", "5.2-3"),
    values=Values("curl", "Wget", "okhttp", "Python", "Java", "Dalvik", spared=DISTRIBUTION),
)
