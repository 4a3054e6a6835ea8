"""Random policies and frames -> frames on which two judges disagree: each of them is a bug.

    python -m tools.wrapping.hunt --packets 100000 --seed 1 [--against reference]

One judge is the kernel, with the rules that a gateway loads; the other the judge in Python, or the plain
reading of the contract in `tests/policy/proof/reference.py`. Ends with 1 where they disagree, and shows the
first case with as little policy and frame as still shows it.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import numpy as np

from thingwarden.errors import GatewayError
from thingwarden.model import DevicePolicy, Network, Policy
from thingwarden.policy.entries import list_entries
from thingwarden.policy.files import write_policy
from thingwarden.policy.gateway import ground
from thingwarden.policy.gateway.change import write_change
from thingwarden.policy.gateway.ground import list_wrapped
from thingwarden.policy.gateway.sets import known_addresses, names_of
from thingwarden.policy.gateway.steps import Step
from thingwarden.policy.proof.headers import Frames, read_headers
from thingwarden.policy.proof.judge import Judge
from thingwarden.policy.proof.kernel import KernelJudge, kernel_ability

from tests.policy.proof.reference import Reference
from tools.wrapping.random_frames import random_frames
from tools.wrapping.random_policies import random_policy, with_other_names

FRAMES_A_POLICY = 1000
MOST_SHOWN = 20
TAGS, IP6 = (b"\x81\x00", b"\x88\xa8"), b"\x86\xdd"
FRAGMENT, WALKED = 44, (0, 43, 44, 60)
NOBODY = Policy(
    network=Network(locals=(), gateways=(), gateway_addresses=(), resolvers=()), devices=()
)

Judged = Callable[[Policy, Sequence[bytes]], Sequence[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A frame that the judges do not agree on."""

    policy: Policy
    frame: bytes
    kernel_passes: bool


class Hunt:
    """Two judges, and what was counted while they were compared."""

    def __init__(self, kernel: KernelJudge, other: Judged) -> None:
        self._kernel = kernel
        self._other = other
        self.counts: Counter[str] = Counter()

    def run(self, packets: int, dice: random.Random) -> Iterator[Case]:
        """Cases among so many frames; half of each policy's frames come after its names have changed."""
        while self.counts["frames"] < packets:
            policy = random_policy(dice)
            self.counts["policies"] += 1
            self._load(policy, dice)
            yield from self._compare(policy, dice)
            changed = with_other_names(policy, dice)
            self._rename(policy, changed)
            yield from self._compare(changed, dice)

    def disagree(self, policy: Policy, frame: bytes) -> bool:
        """Whether the judges see one frame differently under a policy."""
        try:
            self._kernel.load(policy)
        except GatewayError:
            return False
        verdicts = self._kernel.judge([frame])
        if verdicts.untested[0]:
            return False
        return bool(verdicts.passed[0]) != bool(self._other(policy, [frame])[0])

    def _load(self, policy: Policy, dice: random.Random) -> None:
        """In one of the ways that a gateway knows: with rules of each, shared ones, or changed to these."""
        luck = dice.random()
        if luck < 0.25 and can_be_changed(policy):
            before = random_policy(dice).devices[0]
            self._change(policy, dice.randrange(len(policy.devices)), before)
            self.counts["changed"] += 1
        elif luck < 0.5:
            with patch.object(ground, "MOST_OWN_ENTRIES", 0):
                self._kernel.load(policy)
            self.counts["shared"] += 1
        else:
            self._kernel.load(policy)

    def _change(self, policy: Policy, place: int, other: DevicePolicy) -> None:
        """One device had what another has, and gets its own."""
        after = policy.devices[place]
        before = replace(other, device_id=after.device_id, macs=after.macs, known=after.known)
        devices = (*policy.devices[:place], before, *policy.devices[place + 1 :])
        self._kernel.load(replace(policy, devices=devices))
        change = write_change(before, after, policy.network, Step.ALL, families=("bridge",))
        self._kernel.change(change)

    def _compare(self, policy: Policy, dice: random.Random) -> Iterator[Case]:
        frames = list(random_frames(policy, FRAMES_A_POLICY // 2, dice))
        verdicts = self._kernel.judge(frames)
        others = self._other(policy, frames)
        for frame, passed, untested, other in zip(
            frames, verdicts.passed.tolist(), verdicts.untested.tolist(), others, strict=True
        ):
            self.counts["frames"] += 1
            self.counts["untested" if untested else "passed" if passed else "stopped"] += 1
            if untested or passed == other:
                continue
            if is_explained(frame):
                self.counts["explained"] += 1
            else:
                self.counts["disagreements"] += 1
                yield Case(policy=policy, frame=frame, kernel_passes=passed)

    def _rename(self, before: Policy, after: Policy) -> None:
        wrapped, _ = list_wrapped(before)
        entries = [one for it in wrapped for one in list_entries(it.policy, before.network)]
        old, new = (known_addresses(list_wrapped(policy)[0]) for policy in (before, after))
        for name in names_of(entries):
            was, is_now = set(old.get(name, ())), set(new.get(name, ()))
            self._kernel.forget(name, sorted(was - is_now))
            self._kernel.tell(name, sorted(is_now - was))


def can_be_changed(policy: Policy) -> bool:
    """Whether each device has addresses of its own, and names have one meaning."""
    macs = [mac for device in policy.devices for mac in device.macs]
    return len(set(macs)) == len(macs) and len({one.known for one in policy.devices}) == 1


def is_explained(frame: bytes) -> bool:
    """Whether `docs/differences.md` says why the kernel may differ: a piece that is cut into pieces again.

    Behind two fragment headers of IPv6, of which the second alone has an offset, some kernels look for ports
    in the wrong place.
    """
    at, pieces = 14, 0
    while frame[at - 2 : at] in TAGS:
        at += 4
    if frame[at - 2 : at] != IP6 or len(frame) < at + 40:
        return False
    kind, at = frame[at + 6], at + 40
    while kind in WALKED and len(frame) >= at + 4:
        if kind == FRAGMENT:
            pieces += 1
            if int.from_bytes(frame[at + 2 : at + 4]) & 0xFFF8:
                return pieces > 1
        kind, at = frame[at], at + (8 if kind == FRAGMENT else 8 * (frame[at + 1] + 1))
    return False


def shrink(case: Case, disagree: Callable[[Policy, bytes], bool]) -> Case:
    """The case with whatever its disagreement does not need taken away."""
    policy, frame = case.policy, case.frame
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(policy):
            if disagree(candidate, frame):
                policy, smaller = candidate, True
                break
    for size in range(14, len(frame)):
        if disagree(policy, frame[:size]):
            frame = frame[:size]
            break
    return replace(case, policy=policy, frame=frame)


def _smaller(policy: Policy) -> Iterator[Policy]:
    """Each policy that has one thing less."""
    for place, device in enumerate(policy.devices):
        yield replace(policy, devices=_without(policy.devices, place))
        for field in ("rules", "patches", "known", "addresses"):
            some = getattr(device, field)
            for index in range(len(some)):
                less = replace(device, **{field: _without(some, index)})
                yield replace(
                    policy, devices=(*policy.devices[:place], less, *policy.devices[place + 1 :])
                )
    for field in ("locals", "gateways", "gateway_addresses", "resolvers", "time_servers"):
        some = getattr(policy.network, field)
        for index in range(len(some)):
            network = replace(policy.network, **{field: _without(some, index)})
            yield replace(policy, network=network)


def _without(some: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    return (*some[:place], *some[place + 1 :])


def python_judge(policy: Policy, frames: Sequence[bytes]) -> Sequence[bool]:
    """What the judge in Python says."""
    sizes = np.array([len(frame) for frame in frames], np.int64)
    data = np.frombuffer(b"".join(frames) + b"\0", np.uint8)
    headers = read_headers(
        Frames(data=data, starts=np.cumsum(sizes) - sizes, captured=sizes, wire=sizes)
    )
    judge = Judge(policy)
    places = judge.judge(headers, np.ones(len(frames), np.int64)).outcome.tolist()
    return [judge.outcomes[place].passes for place in places]


def reference(policy: Policy, frames: Sequence[bytes]) -> Sequence[bool]:
    """What the plain reading of the contract says."""
    judge = Reference(policy)
    return [judge.passes(frame) for frame in frames]


def main() -> None:
    """Hunts, and tells."""
    parser = argparse.ArgumentParser(description="Frames on which two judges disagree.")
    parser.add_argument("--packets", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--against", choices=("judge", "reference"), default="judge")
    given = parser.parse_args()
    missing = kernel_ability()
    if missing:
        sys.exit(missing)
    other = python_judge if given.against == "judge" else reference
    started = time.monotonic()
    with KernelJudge(NOBODY) as kernel:
        hunt = Hunt(kernel, other)
        cases = list(hunt.run(given.packets, random.Random(given.seed)))
        _show(cases, hunt)
    seconds = time.monotonic() - started
    counted = ", ".join(f"{count:,} {what}" for what, count in hunt.counts.items())
    print(f"{counted}; {seconds:.0f} s, seed {given.seed}, against {other.__name__}")
    sys.exit(1 if cases else 0)


def _show(cases: Sequence[Case], hunt: Hunt) -> None:
    for case in cases[:MOST_SHOWN]:
        print("kernel passes" if case.kernel_passes else "kernel stops ", case.frame.hex())
    if cases:
        least = shrink(cases[0], hunt.disagree)
        print(write_policy(least.policy).decode())
        print("the first, with the least policy above:", least.frame.hex())


if __name__ == "__main__":
    main()
