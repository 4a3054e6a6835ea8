"""A policy -> the folder that `thingwarden wrap` leaves: for people, for gateways, for other tools."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from thingwarden.errors import PolicyError
from thingwarden.model import DevicePolicy, Policy
from thingwarden.policy.files import POLICY_FILE, write_policy
from thingwarden.policy.gateway.dnsmasq import write_dnsmasq
from thingwarden.policy.gateway.export import Kind, list_files
from thingwarden.policy.gateway.names import device_name
from thingwarden.policy.gateway.rules import write_removal, write_steps
from thingwarden.policy.gateway.steps import Step
from thingwarden.policy.mud.write import write_mud
from thingwarden.store.files import write_files

RULES = {step: f"rules/{step.value}.nft" for step in Step}
OFF = "rules/off.nft"
RESOLVER = "rules/dnsmasq.conf"
HASHES = "hashes.json"


def list_policy_files(policy: Policy, exports: Sequence[Kind] = ()) -> Mapping[str, bytes]:
    """Path below the folder -> content; the hashes of all others come last."""
    files = dict(_list_files(policy, exports))
    return files | {HASHES: write_hashes(files)}


def write_policy_folder(policy: Policy, folder: Path, exports: Sequence[Kind] = ()) -> None:
    """All files of a policy, each whole or not at all; raises `SiteError` where that is not possible."""
    write_files(
        {folder / place: data for place, data in list_policy_files(policy, exports).items()}
    )


def choose_devices(policy: Policy, chosen: Sequence[str]) -> Policy:
    """The policy for some devices, by id, hardware address or name; raises `PolicyError`."""
    if not chosen:
        return policy
    found = {each: [one for one in policy.devices if _is_called(one, each)] for each in chosen}
    unknown = [each for each, devices in found.items() if not devices]
    if unknown:
        raise PolicyError(
            f"no such device: {', '.join(unknown)}",
            hint="`thingwarden inspect` shows ids; a hardware address or a name will do too.",
        )
    wanted = {one.device_id for devices in found.values() for one in devices}
    return replace(policy, devices=tuple(one for one in policy.devices if one.device_id in wanted))


def choose_device(policy: Policy, called: str) -> DevicePolicy:
    """The one device of this id, hardware address or name; raises `PolicyError` where it is not one."""
    devices = choose_devices(policy, [called]).devices
    if len(devices) > 1:
        ids = ", ".join(str(one.device_id) for one in devices)
        raise PolicyError(
            f"{len(devices)} devices are called {called!r}", hint=f"Say which: {ids}."
        )
    return devices[0]


def _is_called(device: DevicePolicy, text: str) -> bool:
    return text.lower() in {str(device.device_id).lower(), device.name.lower(), *device.macs}


def write_hashes(files: Mapping[str, bytes]) -> bytes:
    """SHA-256 of each file, as JSON that people can compare."""
    hashes = {place: sha256(data).hexdigest() for place, data in sorted(files.items())}
    return f"{json.dumps(hashes, indent=1)}\n".encode()


def _list_files(policy: Policy, exports: Sequence[Kind]) -> Iterator[tuple[str, bytes]]:
    yield POLICY_FILE, write_policy(policy)
    for step, text in write_steps(policy).items():
        yield RULES[step], text.encode()
    yield OFF, write_removal().encode()
    yield RESOLVER, write_dnsmasq(policy).encode()
    for device in policy.devices:
        yield from _mud_files(device)
    for kind in exports:
        for place, text in list_files(policy, kind).items():
            yield f"{kind}/{place}", text.encode()


def _mud_files(device: DevicePolicy) -> Iterator[tuple[str, bytes]]:
    """The strict form for everyone, and the one from which the policy can be read again."""
    name = device_name(str(device.device_id))
    for strict, end in ((True, "json"), (False, "extended.json")):
        yield f"mud/{name}.{end}", write_mud(device, strict=strict)
