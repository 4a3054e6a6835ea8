"""A policy -> the one transaction that loads it, keeping what was learnt; and what is loaded, by its mark."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from thingwarden.errors import GatewayError, PolicyError
from thingwarden.model import DeviceId, DevicePolicy, PeerKind, Policy
from thingwarden.policy.files import read_policy
from thingwarden.policy.gateway.change import write_change
from thingwarden.policy.gateway.elements import write_elements
from thingwarden.policy.gateway.enforcing.nft import listed
from thingwarden.policy.gateway.enforcing.state import Loaded, policy_file, rules_file
from thingwarden.policy.gateway.ground import FAMILIES, list_wrapped, peers_of
from thingwarden.policy.gateway.names import TABLE
from thingwarden.policy.gateway.rules import write_removal

MARK = "loaded_"
"""An empty chain of this name and the id of what was loaded stands in each table of ours."""

MOST_CHANGED = 20
"""Devices up to which a change is loaded alone: the counters and sets of all others go on."""

_Devices = Mapping[DeviceId, DevicePolicy]


def write_whole(rules: str, name: str, families: Sequence[str], kept: str) -> str:
    """The transaction that loads a whole rule set in place of whatever of ours is there.

    `kept` are the elements that were learnt. Tables of ours in other families go.
    """
    gone = write_removal([family for family in loaded_families() if family not in families])
    return f"{gone}{rules}{_marks(name, families)}{kept}"


def keep_elements(policy: Policy, families: Sequence[str]) -> str:
    """What the kernel's sets of names have learnt, as lines that put it back."""
    return write_elements(policy, listed("sets"), families=families)


def write_difference(before: Policy, after: Policy, loaded: Loaded, name: str) -> str | None:
    """The transaction that changes some devices alone; None where more is different than that."""
    old, new = ({one.device_id: one for one in policy.devices} for policy in (before, after))
    changed = [one for one in old | new if old.get(one) != new.get(one)]
    whole = before.network != after.network or bool(list_wrapped(after)[1])
    if whole or len(changed) > MOST_CHANGED or _are_named(changed, old, new):
        return None
    peers = peers_of(after)
    texts = (
        write_change(
            old.get(one),
            new.get(one),
            after.network,
            loaded.step,
            peers=peers,
            families=loaded.families,
        )
        for one in changed
    )
    gone = (f"delete chain {family} {TABLE} {MARK}{loaded.id}\n" for family in loaded.families)
    return "".join((*texts, *gone, _marks(name, loaded.families)))


def read_rules(folder: Path, loaded: Loaded) -> tuple[str, Policy]:
    """The kept text and policy of a rule set; raises `GatewayError`."""
    try:
        text = rules_file(folder, loaded.id).read_text(encoding="utf-8")
        return text, read_policy(policy_file(folder, loaded.id).read_bytes())
    except (OSError, UnicodeDecodeError, PolicyError) as error:
        raise GatewayError(
            f"{folder}: the rule set {loaded.id} cannot be read ({error})",
            hint="`thingwarden enforce --policy DIR` loads a policy anew.",
        ) from error


def loaded_families() -> tuple[str, ...]:
    """Families in which a table of ours stands."""
    found = {
        item["table"]["family"]
        for item in listed("tables")["nftables"]
        if item.get("table", {}).get("name") == TABLE
    }
    return tuple(family for family in FAMILIES if family in found)


def is_loaded(loaded: Loaded) -> bool:
    """Whether the tables in the kernel bear the mark of a rule set, in each of its families."""
    chains = (("chain", family, TABLE, f"{MARK}{loaded.id}") for family in loaded.families)
    return all(any("chain" in item for item in listed(*chain)["nftables"]) for chain in chains)


def _marks(name: str, families: Sequence[str]) -> str:
    return "".join(f"add chain {family} {TABLE} {MARK}{name}\n" for family in families)


def _are_named(changed: Iterable[DeviceId], old: _Devices, new: _Devices) -> bool:
    """Whether rules of others name a device by hardware address that is now elsewhere."""
    moved = [one for one in changed if _ends(old.get(one)) != _ends(new.get(one))]
    macs = {mac for one in moved for devices in (old, new) for mac in _ends(devices.get(one))[0]}
    return bool(macs) and any(
        rule.behaviour.peer.kind is PeerKind.DEVICE and rule.behaviour.peer.value in macs
        for device in new.values()
        for rule in device.rules
    )


def _ends(device: DevicePolicy | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (device.macs, device.addresses) if device else ((), ())
