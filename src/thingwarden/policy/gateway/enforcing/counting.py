"""Counters of the kernel -> what passed and what no rule allows, per device and rule, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from thingwarden.model import DeviceId, DevicePolicy, Policy
from thingwarden.policy.entries import Way
from thingwarden.policy.gateway.chains import DEFAULT, SPOOF, unit_counters
from thingwarden.policy.gateway.ground import own_unit, wrap
from thingwarden.policy.gateway.names import TABLE
from thingwarden.policy.gateway.rules import counters_of, shared_counters_of
from thingwarden.policy.needs import NEEDED
from thingwarden.policy.wording import Words, printable

UNRULED = {
    (DEFAULT, Way.FROM): "it sends what no rule allows",
    (DEFAULT, Way.TO): "it is sent what no rule allows",
    (SPOOF, Way.FROM): "it sends from an address that is not its own",
}

NEEDS = frozenset(rule.id for rule in NEEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Packets of one rule, one way."""

    devices: tuple[DeviceId, ...]
    """More than one where devices share a counter."""
    rule: str
    way: Way
    packets: int
    bytes: int
    stops: bool
    """Whether it counts what the step `all` stops."""
    words: str


def read_counts(policy: Policy, listed: Any) -> tuple[Count, ...]:  # noqa: ANN401  # JSON of nft
    """Every counter that counted, those that stop first, the busiest first.

    `listed` is what `nft -j list counters` gives. A packet that both families see counts once.
    """
    seen = _read(listed)
    known = _known(policy, seen)
    says = _Says(policy)
    counts = [
        Count(
            devices=devices,
            rule=rule,
            way=way,
            packets=seen[name][0],
            bytes=seen[name][1],
            stops=says.stops(devices, rule),
            words=says.words(devices, rule, way),
        )
        for name, (devices, rule, way) in known.items()
        if seen.get(name, (0, 0))[0]
    ]
    return tuple(
        sorted(counts, key=lambda one: (not one.stops, -one.packets, one.devices, one.rule))
    )


def stopped(counts: Sequence[Count], device: DeviceId | None = None) -> int:
    """Packets that no rule allows, of one device or of all."""
    return sum(one.packets for one in counts if one.stops and device in {None, *one.devices})


def passed(counts: Sequence[Count], device: DeviceId) -> int:
    """Packets of a device that rules of its own allow; what every device needs is counted for all alike."""
    return sum(
        one.packets
        for one in counts
        if not one.stops and device in one.devices and one.rule not in NEEDS
    )


def _read(listed: Any) -> Mapping[str, tuple[int, int]]:  # noqa: ANN401
    """Packets and bytes by name; the family that saw more is the one that saw all."""
    found: dict[str, tuple[int, int]] = {}
    for item in listed["nftables"]:
        one = item.get("counter")
        if one and one.get("table") == TABLE:
            name, both = one["name"], (one["packets"], one["bytes"])
            found[name] = max(found.get(name, (0, 0)), both)
    return found


def _known(
    policy: Policy, seen: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[tuple[DeviceId, ...], str, Way]]:
    """Whose each counter is; in a large site also of devices whose rules were changed alone."""
    known = {name: ((one,), rule, way) for name, (one, rule, way) in counters_of(policy).items()}
    shared = dict(shared_counters_of(policy))
    both = shared | known
    if any(packets and name not in both for name, (packets, _) in seen.items()):
        for device in policy.devices:
            unit = own_unit(wrap(device), policy.network)
            own = {
                name: ((device.device_id,), rule, way) for name, rule, way in unit_counters(unit)
            }
            both = own | both
    return both


class _Says:
    """What rules of a policy are, in words."""

    def __init__(self, policy: Policy) -> None:
        self._devices = {device.device_id: device for device in policy.devices}
        self._words = Words(policy)
        self._needs = {rule.id: rule for rule in NEEDED}

    def stops(self, devices: Sequence[DeviceId], rule: str) -> bool:
        if rule in {DEFAULT, SPOOF}:
            return True
        return any(patch.id == rule for device in self._own(devices) for patch in device.patches)

    def words(self, devices: Sequence[DeviceId], rule: str, way: Way) -> str:
        if (rule, way) in UNRULED:
            return UNRULED[rule, way]
        for device in self._own(devices[:1]):
            for patch in device.patches:
                if patch.id == rule:
                    behaviour = self._words.behaviour(patch.behaviour)
                    return f"{behaviour}: patched, {printable(patch.reason)}"
            for one in device.rules:
                if one.id == rule:
                    return self._words.behaviour(one.behaviour)
        need = self._needs.get(rule)
        return f"{self._words.behaviour(need.behaviour)}: needed" if need else printable(rule)

    def _own(self, devices: Sequence[DeviceId]) -> Iterator[DevicePolicy]:
        for one in devices:
            if one in self._devices:
                yield self._devices[one]
