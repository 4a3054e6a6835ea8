"""Policies by dice: few devices, names and prefixes, so that random frames often touch them; odd ones, too."""

import random
from dataclasses import replace

from thingwarden.model import (
    ANY,
    DNS,
    NTP,
    Behaviour,
    DeviceId,
    DevicePolicy,
    Initiator,
    Known,
    Network,
    Origin,
    Patch,
    Peer,
    PeerKind,
    Policy,
    Rule,
    Span,
)

MACS = tuple(f"02:01:00:00:00:{number:02x}" for number in range(1, 9))
GATEWAY_MACS = ("02:00:00:00:00:01", "02:00:00:00:00:02")
LOCALS4 = ("192.168.1.0/24", "10.0.0.0/8", "172.16.5.0/25")
LOCALS6 = ("fd00:1::/64", "2001:db8:5::/56", "fd00:2::/96", "fd00:1::/48")
HOMES4 = (*(f"192.168.1.{number}" for number in (1, 2, 10, 11, 127, 128)), "10.0.0.7")
HOMES6 = ("fd00:1::10", "fd00:1::11", "fd00:2::5", "fe80::1", "2001:db8:9::1")
OUTSIDE4 = ("198.51.100.1", "198.51.100.2", "203.0.113.9", "8.8.8.8")
OUTSIDE6 = ("2001:db8::1", "2001:db8::2", "2001:4860::8888")
NAMES = ("a.example", "*.b.example", "c.b.example", "A.Example.", "bad name", "*.")
NETWORKS = (
    *OUTSIDE4,
    *OUTSIDE6,
    *HOMES4[:3],
    "198.51.100.0/31",
    "203.0.113.0/28",
    "0.0.0.0/0",
    "::/0",
    "2001:db8::/126",
    "128.0.0.0/1",
    "no address",
)
GROUPS = (
    "224.0.0.251",
    "239.255.255.250",
    "255.255.255.255",
    "ff02::fb",
    "224.0.0.0/4",
    "ff00::/8",
)
ROLES = (DNS, NTP, "https://role.example/hub", "https://role.example/nobody")
PORTS = (0, 1, 22, 53, 67, 68, 80, 123, 137, 443, 500, 546, 547, 1023, 1024, 5353, 65534, 65535)
TYPES = (0, 1, 3, 8, 11, 128, 129, 133, 136, 255)
PROTOCOLS = (6, 6, 6, 17, 17, 17, 1, 58, 2, 0, 44, 50, 59, 132, 255)


def random_policy(dice: random.Random) -> Policy:
    """A site with one to four devices."""
    macs = dice.sample(MACS, 6)
    devices = [_device(number, macs, dice) for number in range(dice.randint(1, 4))]
    first = devices[0]
    if dice.random() < 0.2:  # of one model: in a large site they share rules
        devices = [replace(one, rules=first.rules, patches=first.patches) for one in devices]
    if dice.random() < 0.6:  # one resolver tells all of them the same
        devices = [replace(one, known=first.known) for one in devices]
    return Policy(network=_network(dice), devices=tuple(devices))


def with_other_names(policy: Policy, dice: random.Random) -> Policy:
    """The same where names have other addresses now."""
    devices = (replace(device, known=_known(dice)) for device in policy.devices)
    return replace(policy, devices=tuple(devices))


def _network(dice: random.Random) -> Network:
    return Network(
        locals=_some(LOCALS4, 2, dice) + _some(LOCALS6, 2, dice),
        gateways=_some(GATEWAY_MACS, 2, dice),
        gateway_addresses=_some(("192.168.1.1", "fd00:1::1", "10.0.0.1"), 2, dice),
        resolvers=_some(("192.168.1.1", "8.8.8.8", "fd00:1::1", "192.168.1.2"), 3, dice),
        time_servers=_some(("192.168.1.1", "203.0.113.0/28", "2001:db8::1"), 2, dice),
        controllers=((ROLES[2], _some(HOMES4 + HOMES6, 3, dice)),) if dice.random() < 0.7 else (),
    )


def _device(number: int, macs: list[str], dice: random.Random) -> DevicePolicy:
    own = (macs[number], macs[4]) if dice.random() < 0.2 else (macs[number],)
    return DevicePolicy(
        device_id=DeviceId(f"d-{macs[number].replace(':', '')}"),
        macs=own,
        addresses=_some(HOMES4, 2, dice) + _some(HOMES6, 2, dice),
        rules=tuple(_rule(f"r{index}", dice) for index in range(dice.randint(0, 9))),
        patches=tuple(_patch(f"p{index}", dice) for index in range(dice.choice((0, 0, 1, 2)))),
        known=_known(dice),
    )


def _known(dice: random.Random) -> tuple[Known, ...]:
    names = _some(("a.example", "*.b.example", "c.b.example"), 3, dice)
    return tuple(
        Known(name=name, addresses=_some(OUTSIDE4 + OUTSIDE6 + HOMES4[:2], 4, dice))
        for name in names
    )


def _rule(name: str, dice: random.Random) -> Rule:
    return Rule(id=name, behaviour=_behaviour(dice), origin=Origin.LEARNT)


def _patch(name: str, dice: random.Random) -> Patch:
    still = tuple(_peer(dice) for _ in range(dice.choice((0, 1, 1, 2))))
    return Patch(id=name, behaviour=_behaviour(dice), still=still, reason="dice", until="later")


def _behaviour(dice: random.Random) -> Behaviour:
    protocol = dice.choice(PROTOCOLS)
    return Behaviour(
        initiator=dice.choice(list(Initiator)),
        peer=_peer(dice),
        protocol=protocol,
        service=_service(protocol, dice),
        version=dice.choice((None, None, None, 4, 6)),
    )


def _service(protocol: int, dice: random.Random) -> Span:
    if dice.random() < 0.2 or (protocol not in (1, 6, 17, 58) and dice.random() < 0.9):
        return ANY
    choices = TYPES if protocol in (1, 58) else PORTS
    first, last = sorted((dice.choice(choices), dice.choice(choices)))
    return Span(first=first, last=last if dice.random() < 0.4 else first)


def _peer(dice: random.Random) -> Peer:
    kind = dice.choice(list(PeerKind))
    values = {
        PeerKind.NAME: NAMES,
        PeerKind.NETWORK: NETWORKS,
        PeerKind.DEVICE: (*MACS, *GATEWAY_MACS, "no:mac"),
        PeerKind.CONTROLLER: ROLES,
        PeerKind.GROUP: GROUPS,
    }
    return Peer(kind=kind, value=dice.choice(values.get(kind, ("",))))


def _some(choices: tuple[str, ...], most: int, dice: random.Random) -> tuple[str, ...]:
    return tuple(dice.sample(choices, dice.randint(0, most)))
