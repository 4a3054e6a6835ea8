"""A hole -> a patch of the policy, and the proof that it stops what exploits it and nothing else that passed."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from thingwarden.capture.sources import CaptureFile
from thingwarden.errors import PolicyError
from thingwarden.model import Behaviour, DevicePolicy, Initiator, Patch, Policy
from thingwarden.policy.proof.headers import Headers
from thingwarden.policy.proof.judge import Judge
from thingwarden.policy.proof.kernel import kernel_ability
from thingwarden.policy.proof.lists import mac_number
from thingwarden.policy.proof.prove import Batch, judge_file, prove
from thingwarden.policy.proof.tally import Tallies

ID = re.compile(r"[A-Za-z0-9-]{1,32}")

Progress = Callable[[CaptureFile, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a patch does to given captures."""

    exploit_frames: int
    """Frames at the exposure in what exploits the hole."""
    exploit_passes: int
    """Of these, those that pass nevertheless."""
    benign_frames: int
    """Frames of the benign captures that passed before."""
    benign_stopped: int
    """Of these, those that no longer pass."""
    kernel: str
    """Why the kernel did not confirm it; empty: it did."""
    differing: int
    """Frames on which the kernel says something else."""

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the patch is not proven, in words."""
        told = (
            (self.exploit_passes, f"{self.exploit_passes:,} frames of the exploit still pass"),
            (self.benign_stopped, f"{self.benign_stopped:,} benign frames that passed are stopped"),
            (self.differing, f"on {self.differing:,} frames the kernel says something else"),
        )
        return tuple(text for count, text in told if count)


def make_patch(
    behaviour: Behaviour,
    *,
    still: Sequence[str] = (),
    reason: str,
    until: str,
    holes: Sequence[str] = (),
) -> Patch:
    """A patch with an id made of what it stops; raises `PolicyError` for peers that are none."""
    from thingwarden.policy.safety.invariants import read_peer  # noqa: PLC0415

    if not reason.strip() or not until.strip():
        raise PolicyError("a patch needs a reason, and an end such as “firmware 1.2.3 or newer”")
    peers = tuple(map(read_peer, still))
    digest = sha256(repr((behaviour, peers)).encode()).hexdigest()[:8]
    first = next((hole for hole in holes if ID.fullmatch(hole)), "patch")
    return Patch(
        id=f"{first}-{digest}",
        behaviour=behaviour,
        still=peers,
        reason=reason,
        until=until,
        holes=tuple(holes),
    )


def add_patch(policy: Policy, device: DevicePolicy, patch: Patch) -> Policy:
    """The policy with one patch more; the same patch again takes the place of the first."""
    kept = tuple(one for one in device.patches if one.id != patch.id)
    return _with(policy, replace(device, patches=(*kept, patch)))


def remove_patch(policy: Policy, device: DevicePolicy, patch_id: str) -> Policy:
    """The policy without a patch; raises `PolicyError` where there is none of this id."""
    kept = tuple(one for one in device.patches if one.id != patch_id)
    if len(kept) == len(device.patches):
        known = ", ".join(one.id for one in device.patches) or "it has none"
        raise PolicyError(f"no such patch: {patch_id!r}", hint=f"Patches of this device: {known}.")
    return _with(policy, replace(device, patches=kept))


def judge_patch(
    before: Policy,
    after: Policy,
    device: DevicePolicy,
    patch: Patch,
    *,
    exploits: Sequence[CaptureFile],
    benign: Sequence[CaptureFile],
) -> Effect:
    """Both policies on the same frames; raises `PolicyError` where the exploit is not at the exposure."""
    macs = np.array([mac_number(mac) for mac in device.macs], np.uint64)
    at_hole = passing = had = lost = 0
    for batch in _batches(after, exploits):
        exposed = exposure(batch.headers, macs, patch.behaviour)
        at_hole += int(np.count_nonzero(exposed))
        passing += int(np.count_nonzero(exposed & batch.passes))
    if exploits and not at_hole:
        raise PolicyError(
            "the exploit captures hold nothing at this port and device: nothing would be proved"
        )
    for old, new in zip(_batches(before, benign), _batches(after, benign), strict=True):
        had += int(np.count_nonzero(old.passes))
        lost += int(np.count_nonzero(old.passes & ~new.passes))
    files = [*exploits, *benign]
    missing = kernel_ability() or "" if files else "no capture was given"
    return Effect(
        exploit_frames=at_hole,
        exploit_passes=passing,
        benign_frames=had,
        benign_stopped=lost,
        kernel=missing,
        differing=0 if missing else prove(after, files).differing,
    )


def exposure(headers: Headers, macs: NDArray[np.uint64], behaviour: Behaviour) -> NDArray[np.bool_]:
    """Frames that are at a behaviour of a device with these hardware addresses."""
    from_peer = behaviour.initiator is Initiator.PEER
    own = headers.dst_mac if from_peer else headers.src_mac
    there = np.isin(own, macs) & (headers.protocol == behaviour.protocol) & ~headers.later
    port = headers.ports[:, 1]
    exposed: NDArray[np.bool_] = there & (port >= behaviour.service.first)
    return exposed & (port <= behaviour.service.last)


def _batches(policy: Policy, files: Sequence[CaptureFile]) -> Iterator[Batch]:
    judge, tallies = Judge(policy), Tallies()
    for file in files:
        for batch in judge_file(file, judge, tallies):
            if not isinstance(batch, str):
                yield batch


def _with(policy: Policy, device: DevicePolicy) -> Policy:
    devices = (device if one.device_id == device.device_id else one for one in policy.devices)
    return replace(policy, devices=tuple(devices))
