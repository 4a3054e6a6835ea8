"""A home whose Internet fails for a while -> its capture, for checks of what devices do then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.checks.judged import SITE
from tests.home import Device, Home

MINUTE = 60


@dataclass
class Outage:
    """Three devices that speak with the Internet and with each other every few minutes."""

    minutes: int = 40
    silent: Sequence[str] = ()
    """Who says nothing inside the network meanwhile."""
    late_minutes: int = 0
    """How much later than the others the plug comes back."""
    tries: Callable[[Device], object] = lambda device: device.knocks(SITE, 443)
    home: Home = field(default_factory=Home)
    frames: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    """Of each device what it did, and in which frame."""

    def tell(self) -> "Outage":
        """70 minutes before, the outage, and 40 minutes after."""
        devices = [self.home.device(name) for name in ("plug", "camera", "lamp")]
        for at in range(0, 70 + self.minutes + 40, 5):
            failing = 70 <= at < 70 + self.minutes
            for device in devices:
                late = self.late_minutes if device.name == "plug" else 0
                away = failing or 70 <= at < 70 + self.minutes + late
                if not (failing and device.name in self.silent):
                    self._note(device, "word", device.announces_by_mdns())
                if away:
                    self._note(device, "try", len(self.home.records) + 1)
                    self.tries(device)
                else:
                    self._note(device, "answer", device.requests(SITE) - 3)
            self.home.waits(5 * MINUTE)
        return self

    def of(self, device: str, deed: str) -> list[int]:
        """The frames in which a device did something, in order."""
        return [frame for did, frame in self.frames[device] if did == deed]

    def _note(self, device: Device, deed: str, frame: int) -> None:
        self.frames.setdefault(device.name, []).append((deed, frame))
