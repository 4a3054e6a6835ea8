"""A kernel branch that gets no fixes any more leaves every hole that is found in it open.

`amount` is 2 where software writes the number of the running kernel into the text by itself (dhcpcd,
the Portable SDK for UPnP), 1 where a maker may have written it by hand, perhaps long ago.
"""

from collections.abc import Sequence

from thingwarden.checks.check import Check, abouts
from thingwarden.checks.software import Values, evidence, examined
from thingwarden.model import Concern, Confidence, Device, Evidence, Judgement, Severity, Source

TELLERS = ("DHCP", "UPnP", "web server")

FROM_THE_KERNEL = "portable sdk for upnp|^dhcpcd"
"""Both ask the kernel itself (uname) for its number: dhcpcd.conf(5), vendorclassid; pupnp, sock.c."""

DISTRIBUTION = r"-generic|-amd64|-arm64|-raspi|\.el\d|\.fc\d|\.amzn|-cip|ubuntu|debian|red hat"
"""Marks of kernels that distributions and the Civil Infrastructure Platform go on mending."""


def judge(device: Device, evidence: Sequence[Evidence]) -> Judgement:
    """Likely where the kernel was asked, else a guess that weighs less."""
    asked = [row for row in evidence if row.amount > 1]
    return Judgement(
        severity=Severity.MEDIUM if asked else Severity.LOW,
        confidence=Confidence.LIKELY if asked else Confidence.GUESS,
        statement=f"Its kernel belongs to a branch that gets no fixes: {abouts(asked or evidence)}.",
    )


CHECK = Check(
    id="outdated-kernel",
    title="The kernel gets no more fixes",
    concern=Concern.OPERATING_SYSTEM,
    evidence=evidence(*TELLERS, amount=f"if(lower(days.text) ~ '.*({FROM_THE_KERNEL}).*', 2, 1)"),
    judge=judge,
    examined=examined(*TELLERS),
    needs="Let it restart once while you capture, so that it says by DHCP or UPnP what it runs.",
    remedy="Install the newest software for the device. If there is none from the last year, ask the"
    " maker how long it will be looked after, and keep it in a network of its own meanwhile.",
    sources=(
        Source(
            title="The Linux Kernel Archives, active kernel releases and their projected ends",
            url="https://www.kernel.org/category/releases.html",
        ),
        Source(title="endoflife.date, Linux kernel", url="https://endoflife.date/linux"),
        Source(
            title="ETSI EN 303 645, provision 5.3-8: security updates shall be timely",
            url="https://www.etsi.org/deliver/etsi_en/303600_303699/303645/",
        ),
    ),
    limits=(
        "A maker may mend an old kernel himself, without changing its number.",
        "Some makers write a number by hand that the kernel no longer has: then it is a guess.",
        "Kernels with the mark of a distribution are left out, since distributions mend them longer.",
    ),
    bears_on=("5.3-8", "5.2-3"),
    values=Values("Linux", spared=DISTRIBUTION),
)
