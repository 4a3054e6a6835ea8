"""Software that nobody works on any more will never be mended, whatever is found in it.

`amount` is 2 where the project or the branch has ended, 1 where only the age of the release is known.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.software import Values, evidence, examined
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

TELLERS = ("web server", "video server", "UPnP")


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely: the banner is the server's own, but a maker may have mended a copy himself."""
    return Judgement(
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        statement=f"It serves its pages with software that was given up long ago: {abouts(evidence)}.",
    )


CHECK = Check(
    id="abandoned-software",
    title="Abandoned software serves its pages",
    concern=Concern.CODE_AGE,
    evidence=evidence(*TELLERS),
    judge=judge,
    examined=examined(*TELLERS),
    needs="Open the device's own page in a browser while you capture.",
    remedy="Never let the Internet reach this device: close its port mappings in the router. Ask the"
    " maker whether he mends the old web server himself; if he does not answer, replace the device.",
    sources=(
        Source(title="Boa, news: the last release is of 2005", url="https://www.boa.org/news.html"),
        Source(
            title="Microsoft, vulnerable SDK components lead to supply chain risks (Boa), 2022",
            url="https://www.microsoft.com/en-us/security/blog/2022/11/22/vulnerable-sdk-components-lead-to-supply-chain-risks-in-iot-and-ot-environments/",
        ),
        Source(
            title="CERT VU#561444, RomPager before 4.34 (mended in 2005)",
            url="https://www.kb.cert.org/vuls/id/561444",
        ),
        Source(
            title="Embedthis, GoAhead 2 is officially end of life",
            url="https://www.embedthis.com/goahead/doc/developers/migrating.html",
        ),
        Source(
            title="CVE-2018-10088, uc-httpd 1.0.0",
            url="https://nvd.nist.gov/vuln/detail/CVE-2018-10088",
        ),
        Source(
            title="Kerner, remote code execution in DVRs of 70 vendors (Cross Web Server), 2016",
            url="https://www.kerneronsec.com/2016/",
        ),
        Source(title="ACME Labs, mini_httpd", url="https://www.acme.com/software/mini_httpd/"),
    ),
    limits=(
        "A maker may have mended his copy without changing its name or number.",
        "Servers that say no name, or another's, are not noticed.",
        "What is served behind encryption cannot be read.",
    ),
    bears_on=("5.3-8", "5.2-3", "5.6-9"),
    values=Values(
        "Boa",
        "RomPager",
        "GoAhead-Webs",
        "uc-httpd",
        "Cross Web Server",
        "thttpd",
        "mini_httpd",
    ),
)
