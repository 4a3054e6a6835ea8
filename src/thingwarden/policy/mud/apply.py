"""What makers say of devices, put in the place of what was learnt of them."""

from collections.abc import Mapping
from dataclasses import replace

from thingwarden.errors import PolicyError
from thingwarden.model import DevicePolicy, Network, PeerKind, Policy, Rule
from thingwarden.policy.gateway.names import read_mac
from thingwarden.policy.mud.read import MudFile


def apply_mud(policy: Policy, said: Mapping[str, MudFile]) -> Policy:
    """The devices with these hardware addresses, by what their makers say; raises `PolicyError`.

    Addresses that names had are kept where a rule still has the name.
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


def list_unfilled(rules: tuple[Rule, ...], network: Network) -> tuple[str, ...]:
    """Roles that rules name and nobody in the network fills: nobody is let in by them."""
    filled = {urn for urn, addresses in network.controllers if addresses}
    return tuple(
        dict.fromkeys(
            rule.behaviour.peer.value
            for rule in rules
            if rule.behaviour.peer.kind is PeerKind.CONTROLLER
            and rule.behaviour.peer.value not in filled
            and not rule.behaviour.peer.value.startswith("urn:ietf:params:mud:")
        )
    )


def _follow(device: DevicePolicy, file: MudFile) -> DevicePolicy:
    names = {rule.behaviour.peer.value for rule in file.rules}
    known = tuple(each for each in device.known if each.name in names)
    return replace(device, rules=file.rules, known=known, not_learnt=file.warnings)
