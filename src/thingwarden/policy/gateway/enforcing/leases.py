"""A lease that DHCP gave -> who may send from an address; kept, so that a reload binds it again."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from thingwarden.errors import GatewayError
from thingwarden.model import DevicePolicy, Policy
from thingwarden.policy.gateway.change import write_lease
from thingwarden.policy.gateway.enforcing.state import write_file
from thingwarden.policy.gateway.ground import owners_of
from thingwarden.policy.gateway.names import read_address, read_mac

LEASES_FILE = "leases.json"

MOST_LEASES = 20_000
"""More than any site has; whoever asks for ever new ones fills no disk."""

SCRIPT = """\
#!/bin/sh
# dnsmasq runs this as its dhcp-script: add|old|del, hardware address, IP address, host name.
exec "{program}" enforce lease --state "{folder}" -- "$1" "$2" "$3"
"""


def write_script(folder: Path, program: str) -> str:
    """The program for `dhcp-script=` of dnsmasq; raises `GatewayError` for paths that a shell would read."""
    for text in (str(folder), program):
        if any(letter in text for letter in '"$`\\\n'):
            raise GatewayError(
                f"{text!a}: no path for a script of the shell", hint="Choose another."
            )
    return SCRIPT.format(folder=folder, program=program)


def read_leases(folder: Path) -> dict[str, str]:
    """Hardware address -> the IPv4 address that it was given last; nothing where there is no such file."""
    try:
        told = msgspec.json.decode((folder / LEASES_FILE).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    sound = ((read_mac(mac), read_address(address)) for mac, address in told.items())
    return {mac: address for mac, address in sound if mac and address}


def take_lease(folder: Path, event: str, mac: str, address: str) -> bool:
    """Remember what DHCP did (`add`, `old` or `del`); whether somebody has an address that is new to them."""
    leases = read_leases(folder)
    owner, given = read_mac(mac), read_address(address)
    if owner is None or given is None or ":" in given:
        return False
    if event == "del":
        if leases.get(owner) == given:
            _write(folder, {each: one for each, one in leases.items() if each != owner})
        return False
    if leases.get(owner) == given:
        return False
    others = {each: one for each, one in leases.items() if one != given and each != owner}
    _write(folder, dict(list(others.items())[-MOST_LEASES:]) | {owner: given})
    return True


def write_leases(policy: Policy, leases: Mapping[str, str], families: Sequence[str]) -> str:
    """What binds all leases, behind the rules of `policy` in the same transaction."""
    owners, devices = owners_of(policy), _by_mac(policy)
    lines: list[str] = []
    for mac, address in leases.items():
        device = devices.get(mac)
        if device is None or address in device.addresses:
            continue
        for other in _holders(policy, address):
            owner = owners[other.device_id]
            lines.append(write_lease(other, "", owner=owner, gone=[address], families=families))
        owner = owners[device.device_id]
        lines.append(write_lease(device, address, owner=owner, families=families))
    return "".join(lines)


def write_one_lease(policy: Policy, mac: str, address: str, families: Sequence[str]) -> str:
    """What binds one lease in loaded rules; the kernel refuses it where another has the address."""
    device = _by_mac(policy).get(read_mac(mac) or "")
    if device is None:
        return ""
    owner = owners_of(policy)[device.device_id]
    return write_lease(device, address, owner=owner, families=families)


def _by_mac(policy: Policy) -> Mapping[str, DevicePolicy]:
    owners = owners_of(policy)
    return {mac: one for one in policy.devices if one.device_id in owners for mac in one.macs}


def _holders(policy: Policy, address: str) -> Iterator[DevicePolicy]:
    """Devices that had an address when their policy was learnt; of two the rules know the first."""
    owners = owners_of(policy)
    had = (one for one in policy.devices if address in one.addresses and one.device_id in owners)
    yield from list(had)[:1]


def _write(folder: Path, leases: Mapping[str, str]) -> None:
    write_file(folder / LEASES_FILE, msgspec.json.format(msgspec.json.encode(leases), indent=1))
