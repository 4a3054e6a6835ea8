"""A home -> what the whole pipeline concludes about its devices."""

import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from thingwarden.model import Assessment, Finding, Report
from thingwarden.pipeline import inspect_captures

from tests.home import Device, Home

SITE = "93.184.215.14"
OTHER_SITE = "151.101.1.140"


@dataclass
class Judged:
    """A report, asked by device and check."""

    report: Report

    @cached_property
    def by_mac(self) -> dict[str, Assessment]:
        return {mac: each for each in self.report.assessments for mac in each.device.macs}

    def finding(self, device: Device, check: str) -> Finding | None:
        """What `check` found at `device`; None if it found nothing."""
        found = [each for each in self.by_mac[device.mac].findings if each.check == check]
        assert len(found) < 2
        return found[0] if found else None

    def frames(self, device: Device, check: str) -> list[int]:
        """The frames that the finding names."""
        finding = self.finding(device, check)
        return [row.frame for row in finding.evidence] if finding else []

    def was_judged(self, device: Device, check: str) -> bool:
        """Whether there was something to examine."""
        return check not in [gap.check for gap in self.by_mac[device.mac].not_judged]

    def is_silent(self, device: Device, check: str) -> bool:
        """Whether it was examined, and nothing found."""
        return self.was_judged(device, check) and not self.finding(device, check)

    def concerns(self, device: Device) -> set[str]:
        """Concerns with a finding."""
        return {each.concern.value for each in self.by_mac[device.mac].findings}


def judged(home: Home) -> Judged:
    """Inspect the capture of `home`."""
    with tempfile.TemporaryDirectory() as folder:
        return Judged(inspect_captures([home.write(Path(folder) / "home.pcap")]))
