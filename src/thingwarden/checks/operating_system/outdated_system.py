"""An operating system whose maker has stopped mending it keeps every hole that is found in it.

Only what the system itself writes is believed: the version in browser texts that copy others, and
the Android 10 that browsers now send for every version, are left out.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.software import Values, evidence, examined
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

TELLERS = ("web client", "DHCP", "UPnP", "UPnP client")

FROZEN = r"^mozilla/.*android 10;|msie \d"
"""Chrome (user agent reduction) and Firefox send Android 10 for all later versions; small things copy
the text of Internet Explorer."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely: texts can be changed, and a tablet's desktop mode says other than it is."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement=f"Its operating system gets no more security fixes: {abouts(evidence)}.",
    )


CHECK = Check(
    id="outdated-system",
    title="The operating system gets no more fixes",
    concern=Concern.OPERATING_SYSTEM,
    evidence=evidence(*TELLERS),
    judge=judge,
    examined=examined(*TELLERS),
    needs="Let it restart once while you capture, so that it says by DHCP what it runs.",
    remedy="Update the operating system. If the maker offers no newer one, do not use it for banking,"
    " mail or anything private, and plan to replace it.",
    sources=(
        Source(
            title="Android security bulletins: versions that are no longer listed get no fixes",
            url="https://source.android.com/docs/security/bulletin",
        ),
        Source(title="endoflife.date, Android", url="https://endoflife.date/android"),
        Source(
            title="Microsoft product lifecycle",
            url="https://learn.microsoft.com/en-us/lifecycle/products/",
        ),
        Source(title="endoflife.date, iOS", url="https://endoflife.date/ios"),
    ),
    limits=(
        "What encrypted connections say cannot be read, so that most devices say nothing of this.",
        "A maker may mend an old Android longer than Google does.",
    ),
    bears_on=("5.3-8", "5.2-3"),
    values=Values("Android", "Windows NT", "iOS", spared=FROZEN),
)
