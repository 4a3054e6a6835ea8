"""A home, or rows of facts -> the policy that is learnt, told in short words.

What is learnt of one thing in one hour of one day: `lives` says it again on other days.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from thingwarden.inventory.devices import find_devices, list_devices
from thingwarden.model import Behaviour, DevicePolicy, Initiator, PeerKind, Policy, Rule
from thingwarden.model import Device as Known
from thingwarden.pipeline import read_captures, tables_of_facts
from thingwarden.policy.learning.addresses import bind_addresses
from thingwarden.policy.learning.conversations import sum_conversations
from thingwarden.policy.learning.naming import name_peers
from thingwarden.policy.learning.species import Species
from thingwarden.store import Facts, Store
from thingwarden.wrapping import learn_captures, learn_facts

from tests.home import Device, Home
from tests.inventory.rows import Row
from tests.store.rows import batch

DAY_SECONDS, HOUR_SECONDS = 86_400, 3_600
DAY_US, HOUR_US = 86_400_000_000, 3_600_000_000
CLOUD, OTHER_CLOUD = "93.184.215.14", "151.101.1.140"
PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6"}
ROLES = {"urn:ietf:params:mud:dns": "dns", "urn:ietf:params:mud:ntp": "ntp"}


def learn(home: Home) -> Policy:
    """The policy of all devices of a home, from its capture alone."""
    with tempfile.TemporaryDirectory() as folder:
        return learn_captures([home.write(Path(folder) / "home.pcap")])


def learn_rows(**rows: Sequence[Row]) -> Policy:
    """The policy from rows of facts, by name of their table."""
    with _filled(**rows) as store:
        return learn_facts(store)


@contextmanager
def stored(**rows: Sequence[Row]) -> Iterator[Store]:
    """A store with these rows in which devices have been found."""
    with _filled(**rows) as store:
        find_devices(store, tables_of_facts())
        yield store


@contextmanager
def watched(home: Home) -> Iterator[tuple[Store, Sequence[Known]]]:
    """A store with the capture of a home in which devices have been found, and the gateways."""
    with tempfile.TemporaryDirectory() as folder, Facts() as facts:
        read_captures([home.write(Path(folder) / "home.pcap")], facts)
        with Store(tables_of_facts(), facts=[facts]) as store:
            links = find_devices(store, tables_of_facts())
            yield store, list_devices(store, {}, links)[1]


@contextmanager
def named(home: Home, resolvers: Sequence[str] = ("192.168.1.1",)) -> Iterator[Store]:
    """A store in which peers have names, those that `resolvers` answered."""
    with watched(home) as (store, gateways):
        sum_conversations(store)
        bind_addresses(store, gateways, {})
        name_peers(store, resolvers)
        yield store


def lives(home: Home, day: Callable[[], object], *, days: int = 1, hours: int = 1) -> None:
    """What is done once an hour, for some hours of some days, from midnight on."""
    for _ in range(days):
        for _ in range(hours):
            day()
            _until_next(home, HOUR_SECONDS)
        _until_next(home, DAY_SECONDS)


def calls_cloud(device: Device, name: str = "cloud.example.com", ip: str = CLOUD) -> None:
    """Ask for a name, and speak with the address that was answered."""
    device.asks(name, ip)
    device.connects(ip, 443).closes()


def policy_of(policy: Policy, device: Device | str) -> DevicePolicy:
    """The policy of one device, by its hardware address."""
    mac = device if isinstance(device, str) else device.mac
    return next(each for each in policy.devices if mac in each.macs)


def rules_of(policy: Policy, device: Device | str) -> dict[str, Rule]:
    """Its rules, by what they allow in short: `tcp 443 to cloud.example`."""
    return {short(rule.behaviour): rule for rule in policy_of(policy, device).rules}


def learnt(policy: Policy, device: Device | str) -> set[str]:
    """What was learnt of it, without DNS, which everything with a name has."""
    return {said for said in rules_of(policy, device) if not said.endswith("to dns")}


def known(policy: Policy, device: Device | str) -> dict[str, tuple[str, ...]]:
    """Last-good addresses of its names."""
    return {each.name: each.addresses for each in policy_of(policy, device).known}


def left_out(policy: Policy, device: Device | str) -> str:
    """What was not learnt, and why."""
    return "\n".join(policy_of(policy, device).not_learnt)


def short(behaviour: Behaviour) -> str:
    """A behaviour in a few words, every part of it."""
    span, peer = behaviour.service, behaviour.peer
    ports = str(span.first) if span.first == span.last else f"{span.first}-{span.last}"
    way = "to" if behaviour.initiator is Initiator.DEVICE else "from"
    whom = ROLES.get(peer.value, peer.value) or peer.kind.value
    named = whom.removesuffix("/32").removesuffix("/128") if peer.kind in NETWORKS else whom
    return f"{PROTOCOLS.get(behaviour.protocol, behaviour.protocol)} {ports} {way} {named}"


NETWORKS = {PeerKind.NETWORK, PeerKind.GROUP}


def species(**told: object) -> Species:
    """One behaviour as it was seen: a device that calls a cloud, unless told otherwise."""
    usual: dict[str, object] = {
        "key": "1", "device_id": "d-1", "begins": True, "where_is": "internet", "peer_mac": None,
        "peer_ip": None, "name": None, "basis": None, "protocol": "tcp", "service": 443,
        "tunnelled": False, "answers_group": False, "own": True, "days": 1, "hours": 1, "flows": 1,
        "answered": 1, "first_us": 0, "last_us": 0, "of_all": 1, "ip": CLOUD,
    }  # fmt: skip
    whole = usual | told
    return Species(**{"ips": (whole["ip"],), **whole})  # type: ignore[arg-type]  # by name


def _until_next(home: Home, seconds: int) -> None:
    """Wait for the next full hour or day; none where it has just begun."""
    home.waits(-(home.now_us / 1_000_000) % seconds)


@contextmanager
def _filled(**rows: Sequence[Row]) -> Iterator[Store]:
    tables = {table.name: table for table in tables_of_facts()}
    with Facts() as facts:
        for name, listed in rows.items():
            facts.add(tables[name], batch(tables[name], listed))
        with Store(tables_of_facts(), facts=[facts]) as store:
            yield store
