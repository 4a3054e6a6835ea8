"""A file of invariants in TOML -> what must always pass, and what never may (`docs/safety.md`)."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from thingwarden.errors import PolicyError
from thingwarden.model import (
    ANY,
    DNS,
    NTP,
    Behaviour,
    DevicePolicy,
    Initiator,
    Peer,
    PeerKind,
    Span,
)
from thingwarden.policy.gateway.names import read_mac, read_name, read_network
from thingwarden.policy.needs import ICMP, ICMP6, TCP, UDP
from thingwarden.policy.wording import printable

MOST_BYTES = 1 << 20
MOST_INVARIANTS = 1000

EVERY = "*"
PROTOCOLS = {"tcp": TCP, "udp": UDP, "icmp": ICMP, "icmpv6": ICMP6}
WORDS = {
    "gateway": Peer(kind=PeerKind.GATEWAY),
    "local": Peer(kind=PeerKind.LOCAL),
    "anyone": Peer(kind=PeerKind.ANYONE),
    "dns": Peer(kind=PeerKind.CONTROLLER, value=DNS),
    "ntp": Peer(kind=PeerKind.CONTROLLER, value=NTP),
}
BEGINS = {"device": Initiator.DEVICE, "peer": Initiator.PEER}
KEYS = frozenset(
    ("device", "name", "begins", "peer", "protocol", "port", "needs", "at_least", "on_failure")
)
RATE = re.compile(r"(\d{1,9})/(s|min|h)")

LOOK_UP = Behaviour(
    initiator=Initiator.DEVICE,
    peer=WORDS["dns"],
    protocol=UDP,
    service=Span(first=53, last=53),
)
CLOCK = Behaviour(
    initiator=Initiator.DEVICE,
    peer=WORDS["ntp"],
    protocol=UDP,
    service=Span(first=123, last=123),
)
NEEDS = {"dns": LOOK_UP, "ntp": CLOCK}
"""What a path may depend on besides itself; ARP, neighbours and DHCP every policy has."""


class Demand(Enum):
    """What an invariant asks for."""

    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """Something that must hold whatever is learnt."""

    name: str
    demand: Demand
    device: str
    """Id, hardware address or name, `role:` and a role, or `*` for every device."""
    behaviour: Behaviour
    needs: tuple[Behaviour, ...] = ()
    at_least: str = ""
    """Minimum rate, such as "10/s"."""

    def is_about(self, device: DevicePolicy) -> bool:
        """Whether it holds for a device."""
        role = device.role.value if device.role else ""
        called = {str(device.device_id).lower(), device.name.lower(), *device.macs, f"role:{role}"}
        return self.device == EVERY or self.device.lower() in called - {"", "role:"}


def read_invariants(data: bytes) -> tuple[Invariant, ...]:
    """Raises `PolicyError` with the entry, its key and the reason."""
    if len(data) > MOST_BYTES:
        raise PolicyError(f"a file of invariants has at most {MOST_BYTES} bytes")
    try:
        told = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise PolicyError(f"not TOML: {printable(str(error))}") from error
    unknown = set(told) - {one.value for one in Demand}
    if unknown:
        raise PolicyError(f"{printable(min(unknown))}: expected [[always]] or [[never]]")
    found = tuple(each for demand in Demand for each in _read_all(told, demand))
    if not found:
        raise PolicyError("there is no [[always]] and no [[never]] in it")
    if len(found) > MOST_INVARIANTS:
        raise PolicyError(f"more than {MOST_INVARIANTS} invariants")
    return found


def _read_all(told: Mapping[str, Any], demand: Demand) -> Iterator[Invariant]:
    entries = told.get(demand.value, [])
    if not isinstance(entries, list):
        raise PolicyError(f"{demand.value}: write [[{demand.value}]], with two brackets")
    for number, entry in enumerate(entries, 1):
        try:
            yield _read(entry, demand)
        except PolicyError as error:
            raise PolicyError(f"[[{demand.value}]] number {number}: {error}") from error


def _read(entry: Mapping[str, Any], demand: Demand) -> Invariant:
    unknown = set(entry) - KEYS
    if unknown:
        raise PolicyError(f"{printable(min(unknown))}: no such key")
    behaviour = Behaviour(
        initiator=_one_of(entry, "begins", BEGINS, "device"),
        peer=read_peer(_text(entry, "peer")),
        protocol=_one_of(entry, "protocol", PROTOCOLS, "tcp"),
        service=read_span(entry.get("port")),
    )
    _refuse_closed(entry)
    return Invariant(
        name=printable(_text(entry, "name", "")) or f"{demand.value} {_text(entry, 'peer')}",
        demand=demand,
        device=_text(entry, "device"),
        behaviour=behaviour,
        needs=_needs(entry, behaviour) if demand is Demand.ALWAYS else (),
        at_least=_rate(entry),
    )


def _text(entry: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str) or (default is None and not value):
        raise PolicyError(f"{key}: a text is needed")
    return value


def _one_of(entry: Mapping[str, Any], key: str, known: Mapping[str, Any], default: str) -> Any:  # noqa: ANN401
    value = _text(entry, key, default)
    if value not in known:
        raise PolicyError(f"{key}: {printable(value)!r} is none of {', '.join(known)}")
    return known[value]


def read_peer(text: str) -> Peer:
    """A word, a hardware address, a prefix, or a name of the DNS; raises `PolicyError`."""
    if text in WORDS:
        return WORDS[text]
    mac, network, name = read_mac(text), read_network(text), read_name(text)
    if mac:
        return Peer(kind=PeerKind.DEVICE, value=mac)
    if network:
        group = network.is_multicast or str(network) == "255.255.255.255/32"
        return Peer(kind=PeerKind.GROUP if group else PeerKind.NETWORK, value=str(network))
    if name:
        return Peer(kind=PeerKind.NAME, value=name)
    raise PolicyError(f"peer: {printable(text)!r} is no name, address or word such as gateway")


def read_span(port: object) -> Span:
    """A port or ports such as 8000-8010; None: all of them. Raises `PolicyError`."""
    if port is None:
        return ANY
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", str(port))
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not first <= last <= ANY.last:
        raise PolicyError(
            f"port: {printable(str(port))!r} is no port and no span such as 8000-8010"
        )
    return Span(first=first, last=last)


def _needs(entry: Mapping[str, Any], behaviour: Behaviour) -> tuple[Behaviour, ...]:
    told = entry.get("needs", [])
    if not isinstance(told, list) or any(one not in NEEDS for one in told):
        raise PolicyError(f"needs: expected a list of {', '.join(NEEDS)}")
    wanted = [*(["dns"] if behaviour.peer.kind is PeerKind.NAME else []), *told]
    return tuple(NEEDS[one] for one in dict.fromkeys(wanted))


def _rate(entry: Mapping[str, Any]) -> str:
    told = _text(entry, "at_least", "")
    if told and not RATE.fullmatch(told):
        raise PolicyError(f"at_least: {printable(told)!r} is no rate such as 10/s")
    return told


def _refuse_closed(entry: Mapping[str, Any]) -> None:
    """Whatever fails here ends with no rules of ours: nothing can promise the opposite."""
    told = _text(entry, "on_failure", "open")
    if told == "closed":
        raise PolicyError(
            "on_failure: closed cannot be promised: where rules fail they are taken off, and all passes"
        )
    if told != "open":
        raise PolicyError(f"on_failure: {printable(told)!r} is not open")
