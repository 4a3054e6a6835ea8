"""A home -> what checks, or the whole pipeline, conclude about its devices.

A test asks about one check: only that one is applied. What needs the whole asks for `report`.
"""

import inspect
import tempfile
import weakref
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from thingwarden.checks import CHECKS
from thingwarden.checks.judge import Judged as Applied
from thingwarden.checks.judge import judge_all
from thingwarden.inventory.devices import find_devices, list_devices
from thingwarden.inventory.identification.identify import identify_devices
from thingwarden.inventory.identification.knowledge import load_knowledge
from thingwarden.model import Assessment, DeviceId, Finding, Report
from thingwarden.model import Device as Known
from thingwarden.pipeline import inspect_captures, read_captures, tables_of_facts
from thingwarden.store import Facts, Store

from tests.home import Device, Home

SITE = "93.184.215.14"
OTHER_SITE = "151.101.1.140"
BY_ID = {check.id: check for check in CHECKS}


class Judged:
    """What was concluded of one capture, asked by device and check."""

    def __init__(self, home: Home) -> None:
        stack = ExitStack()
        weakref.finalize(self, stack.close)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self._capture = home.write(folder / "home.pcap")
        facts = stack.enter_context(Facts(None, memory_bytes=10**8))
        read_captures([self._capture], facts)
        self._store = stack.enter_context(Store(tables_of_facts(), facts=[facts]))
        links = find_devices(self._store, tables_of_facts())
        self._devices, _ = list_devices(self._store, {}, links)
        self._ids = {mac: device.id for device in self._devices for mac in device.macs}
        self._applied: dict[str, Applied] = {}

    @cached_property
    def report(self) -> Report:
        """The whole report, of all checks."""
        return inspect_captures([self._capture])

    @cached_property
    def by_mac(self) -> dict[str, Assessment]:
        """What all checks came to, by hardware address."""
        return {mac: each for each in self.report.assessments for mac in each.device.macs}

    def finding(self, device: Device, check: str) -> Finding | None:
        """What `check` found at `device`; None if it found nothing."""
        found = self._apply(check).findings[self._id(device)]
        assert len(found) < 2
        return found[0] if found else None

    def frames(self, device: Device, check: str) -> list[int]:
        """The frames that the finding names."""
        finding = self.finding(device, check)
        return [row.frame for row in finding.evidence] if finding else []

    def was_judged(self, device: Device, check: str) -> bool:
        """Whether there was something to examine."""
        return not self._apply(check).not_judged[self._id(device)]

    def is_silent(self, device: Device, check: str) -> bool:
        """Whether it was examined, and nothing found."""
        return self.was_judged(device, check) and not self.finding(device, check)

    def concerns(self, device: Device) -> set[str]:
        """Concerns with a finding, of all checks."""
        return {each.concern.value for each in self.by_mac[device.mac].findings}

    def _known_to(self, check: str) -> Sequence[Known]:
        """The devices; with what they are where the check asks for it, which takes a while."""
        if "identity" not in inspect.getsource(BY_ID[check].judge):
            return self._devices
        return identify_devices(self._store, self._devices, load_knowledge(), {})

    def _id(self, device: Device) -> DeviceId:
        return self._ids[device.mac]

    def _apply(self, check: str) -> Applied:
        if check not in self._applied:
            applied = judge_all(self._store, self._known_to(check), [BY_ID[check]])
            assert not applied.failed, applied.failed
            self._applied[check] = applied
        return self._applied[check]


def judged(home: Home) -> Judged:
    """Read the capture of `home`, and know its devices."""
    return Judged(home)
