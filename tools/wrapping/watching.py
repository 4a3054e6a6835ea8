"""Captures in order of time -> how often the watch-time certificate keeps its word.

At each split the policy is learnt on what came before, and what it says of the week to come is held
against what came: behaviours that no rule allows, each once, brought to a week of active hours.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from thingwarden.model import DeviceId, WatchTime

from tools.wrapping.behaviours import HOUR_US, Seen, Study, of_device, study, uncovered
from tools.wrapping.pieces import first_hour

WEEK = 168
LEAST_HOURS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One device at one split."""

    device: DeviceId
    watched: int
    """Active hours before."""
    ahead: int
    """Active hours after, at most those of a week."""
    new: int
    """Behaviours that came in these and that no rule allows."""
    episodes: int
    """Hours in which any of these came: one firmware update brings several at once."""
    bound: float
    """Surprises a week at most, as the certificate says."""
    guess: float
    """The same by who expects as many as came new in the latter half of the hours before."""

    @property
    def came(self) -> float:
        """New behaviours, brought to a week."""
        return self.new * WEEK / self.ahead

    @property
    def holds(self) -> bool:
        """Whether the certificate was right."""
        return self.new * WEEK <= self.bound * self.ahead

    @property
    def tells(self) -> bool:
        """Whether the hours after are enough: the bound leaves room for one surprise in them at least."""
        return self.bound * self.ahead >= WEEK

    @property
    def holds_by_episode(self) -> bool:
        """The same, where what comes in one hour counts as one."""
        return self.episodes * WEEK <= self.bound * self.ahead

    @property
    def guess_holds(self) -> bool:
        """Whether the guess was."""
        return self.came <= self.guess


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What all splits of a set of captures came to."""

    name: str
    splits: tuple[Split, ...]

    @property
    def telling(self) -> "Kept":
        """Only splits with enough hours after them."""
        return Kept(name=self.name, splits=tuple(each for each in self.splits if each.tells))

    @property
    def eventful(self) -> "Kept":
        """Only splits after which something new came: all others hold whatever the bound."""
        return Kept(name=self.name, splits=tuple(each for each in self.splits if each.new))

    @property
    def devices(self) -> int:
        """How many there are."""
        return len({each.device for each in self.splits})

    @property
    def share(self) -> float:
        """Of splits in which the certificate was right."""
        return _share([each.holds for each in self.splits])

    @property
    def by_episode(self) -> float:
        """The same, where what comes in one hour counts as one."""
        return _share([each.holds_by_episode for each in self.splits])

    @property
    def always(self) -> int:
        """Devices of which the certificate was right at every split."""
        return self.devices - len({each.device for each in self.splits if not each.holds})

    @property
    def guessed(self) -> float:
        """Of splits in which the guess was right."""
        return _share([each.guess_holds for each in self.splits])

    @property
    def bound(self) -> float:
        """The median of what certificates say."""
        return median(each.bound for each in self.splits)

    @property
    def came(self) -> float:
        """The mean of what came."""
        return sum(each.came for each in self.splits) / len(self.splits)


def follow(paths: Sequence[Path], devices: Collection[DeviceId] = ()) -> Iterator[Split]:
    """Splits before each capture that begins an hour; `paths` in order of time, `devices` empty: all.

    A device that did nothing since the split before is not split again.
    """
    whole = study(paths)
    hours = [first_hour(path) for path in paths]
    watched: dict[DeviceId, int] = {}
    for place in range(1, len(paths)):
        if hours[place] == hours[place - 1]:
            continue
        for split in _splits(study(paths[:place]), whole, hours[place], devices):
            if watched.get(split.device) != split.watched:
                watched[split.device] = split.watched
                yield split


def _splits(
    before: Study, whole: Study, hour: int, devices: Collection[DeviceId]
) -> Iterator[Split]:
    for device in before.policy.devices:
        one, watch = device.device_id, device.watch_time
        if watch is None or (devices and one not in devices):
            continue
        ahead = [each for each in whole.hours.get(one, ()) if each >= hour][:WEEK]
        if watch.active_hours < LEAST_HOURS or not ahead:
            continue
        end = (ahead[-1] + 1) * HOUR_US
        came = [each for each in whole.seen.get(one, ()) if hour * HOUR_US <= each.first_us < end]
        new = uncovered(came, of_device(before.policy, one))
        yield Split(
            device=one,
            watched=watch.active_hours,
            ahead=len(ahead),
            new=len(new),
            episodes=len({each.first_us // HOUR_US for each in new}),
            bound=watch.surprises,
            guess=_guess(before.seen.get(one, ()), before.hours.get(one, ()), watch),
        )


def _guess(seen: Sequence[Seen], hours: Sequence[int], watch: WatchTime) -> float:
    """As many a week as came new in the latter half of the hours watched."""
    half = hours[len(hours) // 2 :]
    if not half or not watch.active_hours:
        return 0.0
    new = {each.behaviour for each in seen if each.first_us >= half[0] * HOUR_US}
    return len(new) * WEEK / len(half)


def _share(held: Sequence[bool]) -> float:
    return sum(held) / max(len(held), 1)
