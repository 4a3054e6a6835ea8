"""A proof -> a receipt that anyone can check: what passed, what was stopped, what was not tested, by whom.

It holds the SHA-256 of the policy and of every capture: with these at hand, `thingwarden verify` derives all its
numbers again.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from thingwarden import __version__
from thingwarden.errors import PolicyError
from thingwarden.model import DevicePolicy, Policy
from thingwarden.policy.needs import NEEDED
from thingwarden.policy.proof.judge import DEFAULT, SPOOF
from thingwarden.policy.proof.prove import Difference, Proof
from thingwarden.policy.proof.tally import Stop, Tally
from thingwarden.policy.wording import PROTOCOLS, Words, printable, say_ground, short_name

SCHEMA = "thingwarden-receipt-1"

MOST_BYTES = 256 << 20

NEEDED_IDS = frozenset(rule.id for rule in NEEDED)

WHY = {
    DEFAULT: "nothing allows it",
    SPOOF: "the source address is not its own",
}


class Allowed(msgspec.Struct, frozen=True, kw_only=True):
    """A rule, and what passed by it."""

    rule: str
    says: str
    ground: str
    packets: int
    """None of them: the rule was not tested."""
    confirmed: int
    """Packets that the kernel, too, lets pass."""


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was stopped."""

    says: str
    why: str
    packets: int
    confirmed: int
    """Packets that the kernel stops, too."""
    first_us: int
    last_us: int


class DeviceReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What was judged of one device."""

    id: str
    name: str
    passed: int
    stopped: int
    allowed: tuple[Allowed, ...]
    stops: tuple[Stopped, ...]
    """The most first; `stopped` counts what is left out, too."""


class CaptureReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A capture that was judged."""

    name: str
    sha256: str
    frames: int


class KernelReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the kernel said of the same frames."""

    missing: str
    """Why it was not asked; empty: it was."""
    confirmed: int
    differing: int
    differences: tuple[str, ...]
    unconfirmed: dict[str, int]


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    schema: str
    version: str
    policy_sha256: str
    captures: tuple[CaptureReceipt, ...]
    frames: int
    foreign: int
    """Frames of no device of the policy, which no rule is about."""
    untested: dict[str, int]
    kernel: KernelReceipt
    devices: tuple[DeviceReceipt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Whether one part of a receipt is what the captures and the policy say."""

    what: str
    holds: bool
    why: str = ""


def make_receipt(policy: Policy, proof: Proof) -> Receipt:
    """What a proof came to, with words for people."""
    return Receipt(
        schema=SCHEMA,
        version=__version__,
        policy_sha256=proof.policy_sha256,
        captures=tuple(
            CaptureReceipt(name=printable(one.name), sha256=one.sha256, frames=one.frames)
            for one in proof.captures
        ),
        frames=proof.tallies.frames,
        foreign=proof.tallies.foreign,
        untested=dict(sorted(proof.tallies.untested.items())),
        kernel=KernelReceipt(
            missing=proof.kernel,
            confirmed=proof.confirmed,
            differing=proof.differing,
            differences=tuple(_say_difference(one) for one in proof.differences),
            unconfirmed=dict(sorted(proof.unconfirmed.items())),
        ),
        devices=tuple(_devices(policy, proof)),
    )


def write_receipt(receipt: Receipt) -> bytes:
    """Deterministic JSON that people can read."""
    return msgspec.json.format(msgspec.json.encode(receipt, order="deterministic"), indent=1)


def read_receipt(data: bytes) -> Receipt:
    """What `write_receipt` wrote; raises `PolicyError` with the place that does not fit."""
    if len(data) > MOST_BYTES:
        raise PolicyError(f"a receipt has at most {MOST_BYTES} bytes, this has {len(data)}")
    try:
        receipt = msgspec.json.decode(data, type=Receipt)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PolicyError(f"not a receipt: {error}") from error
    if receipt.schema != SCHEMA:
        raise PolicyError(f"a receipt of schema {receipt.schema!r}, expected {SCHEMA!r}")
    return receipt


def is_receipt(data: bytes) -> bool:
    """Whether JSON is a receipt, whatever else may be wrong with it."""
    return f'"{SCHEMA}"'.encode() in data[:4096] or b'"policy_sha256"' in data[:65536]


def compare_receipts(told: Receipt, fresh: Receipt) -> Sequence[Check]:
    """What of a receipt holds, held against one that was made anew; words are not compared."""
    return (
        _check("the policy", told.policy_sha256 == fresh.policy_sha256, "another one was judged"),
        *_check_captures(told, fresh),
        _check(
            "frames of no device", told.foreign == fresh.foreign, f"{fresh.foreign:,} are there"
        ),
        *_check_devices(told, fresh),
    )


def _check_captures(told: Receipt, fresh: Receipt) -> Iterator[Check]:
    hashes = [one.sha256 for one in fresh.captures]
    for one in told.captures:
        holds = one.sha256 in hashes
        yield _check(f"capture {one.name}", holds, "it is not among those given, or was changed")
    extra = len(fresh.captures) - len(told.captures)
    if extra > 0:
        yield Check(what="number of captures", holds=False, why=f"{extra} more were given")


def _check_devices(told: Receipt, fresh: Receipt) -> Iterator[Check]:
    again = {device.id: device for device in fresh.devices}
    for device in told.devices:
        other = again.pop(device.id, None)
        holds = other is not None and _numbers(device) == _numbers(other)
        yield _check(f"device {printable(device.name)}", holds, "its numbers are others")
    for device in again.values():
        yield Check(what=f"device {device.name}", holds=False, why="it is missing in the receipt")


def _numbers(device: DeviceReceipt) -> object:
    allowed = {(one.rule, one.packets) for one in device.allowed}
    stops = [(one.why, one.packets, one.first_us, one.last_us) for one in device.stops]
    return device.passed, device.stopped, allowed, stops


def _check(what: str, holds: bool, why: str) -> Check:  # noqa: FBT001
    return Check(what=what, holds=holds, why="" if holds else why)


def _devices(policy: Policy, proof: Proof) -> Iterator[DeviceReceipt]:
    words = Words(policy)
    passed: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for (device_id, _, rule), tally in proof.tallies.passed.items():
        passed[device_id][rule].add(tally.packets, tally.first_us, tally.last_us, tally.confirmed)
    stopped: dict[str, list[tuple[Stop, Tally]]] = defaultdict(list)
    for stop, tally in proof.tallies.stopped.items():
        stopped[stop.device_id].append((stop, tally))
    for device in policy.devices:
        stops = sorted(stopped[device.device_id], key=lambda one: (-one[1].packets, one[0]))
        more = proof.tallies.more.get(device.device_id, 0)
        yield DeviceReceipt(
            id=str(device.device_id),
            name=short_name(device),
            passed=sum(tally.packets for tally in passed[device.device_id].values()),
            stopped=sum(tally.packets for _, tally in stops) + more,
            allowed=tuple(_allowed(device, words, passed[device.device_id])),
            stops=tuple(_say_stop(stop, tally, device) for stop, tally in stops),
        )


def _allowed(device: DevicePolicy, words: Words, passed: Mapping[str, Tally]) -> Iterator[Allowed]:
    for rule in device.rules:
        tally = passed.get(rule.id, Tally())
        yield Allowed(
            rule=rule.id,
            says=words.behaviour(rule.behaviour),
            ground=say_ground(rule),
            packets=tally.packets,
            confirmed=tally.confirmed,
        )
    needed = [tally for rule, tally in passed.items() if rule in NEEDED_IDS]
    yield Allowed(
        rule="needed",
        says="addresses, neighbours, groups and errors",
        ground="needed by every device",
        packets=sum(tally.packets for tally in needed),
        confirmed=sum(tally.confirmed for tally in needed),
    )


def _say_stop(stop: Stop, tally: Tally, device: DevicePolicy) -> Stopped:
    patches = {patch.id: f"patched: {printable(patch.reason)}" for patch in device.patches}
    return Stopped(
        says=say_stop(stop),
        why=WHY.get(stop.rule) or patches.get(stop.rule, stop.rule),
        packets=tally.packets,
        confirmed=tally.confirmed,
        first_us=tally.first_us,
        last_us=tally.last_us,
    )


def say_stop(stop: Stop) -> str:
    """Such as "to 192.0.2.1, TCP port 23"."""
    if stop.protocol == 0:
        return f"ARP as {stop.peer}" if stop.peer else "ARP"
    protocol = PROTOCOLS.get(stop.protocol, f"IP protocol {stop.protocol}")
    if stop.protocol < 0:
        protocol = "a packet whose headers do not fit"
    noun = "port" if stop.protocol in (6, 17) else "type"
    service = f" {noun} {stop.service}" if stop.service >= 0 else ""
    side = "as" if stop.rule == SPOOF else "to" if stop.way == "from" else "from"
    peer = f"{side} {stop.peer}, " if stop.peer else ""
    return f"{peer}{protocol}{service}"


def _say_difference(one: Difference) -> str:
    passes = "lets it pass" if one.kernel_passes else "stops it"
    return f"frame {one.frame} of {printable(one.capture)}: the kernel {passes}"
