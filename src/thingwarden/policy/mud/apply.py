"""What makers say of devices, put in the place of what was learnt of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from thingwarden import __version__
from thingwarden.errors import PolicyError
from thingwarden.model import DeviceId, DevicePolicy, Network, PeerKind, Policy
from thingwarden.policy.gateway.names import read_mac
from thingwarden.policy.mud.read import MudFile


def apply_mud(policy: Policy, said: Mapping[str, MudFile]) -> Policy:
    """The devices with these hardware addresses, by what their makers say; raises `PolicyError`.

    Addresses that names had are kept where a rule still has the name, and patches of the site in any case.
    """
    owners = {mac: device for device in policy.devices for mac in device.macs}
    chosen: dict[str, MudFile] = {}
    for text, file in said.items():
        device = owners.get(read_mac(text) or "")
        if device is None:
            raise PolicyError(
                f"no device of the site has the hardware address {text!r}",
                hint="`thingwarden wrap show` and the report list them.",
            )
        chosen[str(device.device_id)] = file
    devices = (
        _follow(device, chosen[str(device.device_id)])
        for device in policy.devices
        if str(device.device_id) in chosen
    )
    return replace(policy, devices=tuple(devices))


def unseen(network: Network, macs: Iterable[str]) -> Policy:
    """Devices of which nothing is known but their hardware addresses; raises `PolicyError` where one is none.

    Their other addresses come with their leases.
    """
    return Policy(network=network, devices=tuple(map(_new_device, macs)), version=__version__)


def list_unfilled(policy: Policy) -> tuple[str, ...]:
    """Roles that rules name and nobody in the network fills: nobody is let in by them."""
    filled = {urn for urn, addresses in policy.network.controllers if addresses}
    peers = (rule.behaviour.peer for device in policy.devices for rule in device.rules)
    return tuple(
        dict.fromkeys(
            peer.value
            for peer in peers
            if peer.kind is PeerKind.CONTROLLER
            and peer.value not in filled
            and not peer.value.startswith("urn:ietf:params:mud:")
        )
    )


def _new_device(text: str) -> DevicePolicy:
    mac = read_mac(text)
    if mac is None:
        raise PolicyError(f"{text!r} is no hardware address of one device")
    device_id = DeviceId(f"d-{mac.replace(':', '')}")
    return DevicePolicy(device_id=device_id, macs=(mac,), addresses=())


def _follow(device: DevicePolicy, file: MudFile) -> DevicePolicy:
    names = {rule.behaviour.peer.value for rule in file.rules}
    known = tuple(each for each in device.known if each.name in names)
    patches = {each.id: each for each in (*file.patches, *device.patches)}
    return replace(
        device,
        rules=file.rules,
        known=known,
        not_learnt=file.warnings,
        patches=tuple(patches.values()),
    )
