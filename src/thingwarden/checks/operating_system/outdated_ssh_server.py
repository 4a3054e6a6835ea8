"""An old SSH server guards the way to full control with code in which holes are known.

`amount` is the rank of a severity: 2 where the release is more than ten years old, 1 where five.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.checks.software import Values, evidence, examined
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Source

TELLERS = ("SSH server",)

DISTRIBUTION = r"debian|ubuntu|raspbian|freebsd|netbsd|openwrt"
"""Who mends old versions without changing the number, and says so in the banner."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely: the banner is sent by the server, but a maker may have mended it."""
    return Judgement(
        severity=worst_severity(evidence),
        confidence=Confidence.LIKELY,
        statement=f"Its SSH server, through which it can be controlled, is old: {abouts(evidence)}.",
    )


CHECK = Check(
    id="outdated-ssh-server",
    title="The SSH server is out of date",
    concern=Concern.OPERATING_SYSTEM,
    evidence=evidence(*TELLERS),
    judge=judge,
    examined=examined(*TELLERS),
    needs="A capture in which somebody connects to this device by SSH.",
    remedy="Install the newest software for the device, or switch SSH off in its settings if you do"
    " not use it.",
    sources=(
        Source(
            title="Dropbear, changes and days of release",
            url="https://matt.ucc.asn.au/dropbear/CHANGES",
        ),
        Source(
            title="OpenSSH, release notes and days of release",
            url="https://www.openssh.com/releasenotes.html",
        ),
        Source(
            title="RFC 4253 section 4.2, the identification string names the software",
            url="https://www.rfc-editor.org/rfc/rfc4253#section-4.2",
        ),
    ),
    limits=(
        "Neither project publishes ends of support: a release counts as old after five years.",
        "A maker may mend an old version without changing its number.",
        "Servers with the mark of a distribution are left out.",
    ),
    bears_on=("5.3-8", "5.2-3"),
    values=Values("OpenSSH", "Dropbear", spared=DISTRIBUTION),
)
