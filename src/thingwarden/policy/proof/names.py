"""Answers of the network's resolvers -> which addresses names have, at each moment of a capture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from thingwarden.policy.entries import Ends
from thingwarden.policy.gateway.ground import ends_of
from thingwarden.policy.gateway.names import read_address, read_name
from thingwarden.policy.gateway.sets import MOST_ELEMENTS, NAME_SECONDS, known_addresses
from thingwarden.policy.proof.lists import Lists, Names

LIFE_US = NAME_SECONDS * 1_000_000

NEVER = 1 << 62

Address = tuple[int, int]
"""Version of IP, and the address as a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A name that got an address, or lost it."""

    name: str
    address: Address
    here: bool
    """False: its time is over."""


class NameSets(Names):
    """The sets of a policy's names, as a gateway's kernel holds them."""

    def __init__(self, lists: Lists) -> None:
        """With what names were last known to have, from the beginning of time."""
        entries = [
            line.entry for one in lists.devices for lines in one.lines.values() for line in lines
        ]
        ends: Iterable[Ends] = ends_of(entries)
        names = {read_name(one.name) for one in ends if one.name is not None}
        self._sets: dict[str, dict[Address, int]] = {name: {} for name in names if name}
        self._started = False
        for name, addresses in known_addresses(one.device for one in lists.devices).items():
            for address in addresses:
                if name in self._sets and len(self._sets[name]) < MOST_ELEMENTS:
                    self._sets[name][read_number(address)] = NEVER

    def has(self, name: str, version: int, address: int) -> bool:
        """Whether an address is in the set of a name or pattern."""
        return (version, address) in self._sets.get(name, ())

    def start(self, time_us: int) -> None:
        """What was known at first lives from here on; the second call does nothing."""
        if not self._started:
            self._started = True
            for addresses in self._sets.values():
                for address in addresses:
                    addresses[address] = time_us + LIFE_US

    def tell(self, name: str, addresses: Iterable[Address], time_us: int) -> list[Told]:
        """An answer was given: names and patterns that are new to an address."""
        new: list[Told] = []
        for each in self.covering(name):
            held = self._sets[each]
            for address in addresses:
                if address not in held:
                    if len(held) >= MOST_ELEMENTS:
                        continue
                    new.append(Told(name=each, address=address, here=True))
                held[address] = time_us + LIFE_US
        return new

    def use(self, name: str, address: Address, time_us: int) -> None:
        """A packet to an address of a name was let pass."""
        held = self._sets[name]
        if address in held:
            held[address] = max(held[address], time_us + LIFE_US)

    def next_end(self) -> int:
        """When the next address goes, if nothing comes between."""
        ends = (min(each.values(), default=NEVER) for each in self._sets.values())
        return min(ends, default=NEVER)

    def forget(self, time_us: int) -> list[Told]:
        """Takes away what has had its time."""
        gone = [
            Told(name=name, address=address, here=False)
            for name, addresses in self._sets.items()
            for address, end in addresses.items()
            if end <= time_us
        ]
        for told in gone:
            del self._sets[told.name][told.address]
        return gone

    def covering(self, name: str) -> list[str]:
        """Names and patterns of the policy that stand for a name."""
        labels = name.split(".")
        patterns = (f"*.{'.'.join(labels[start:])}" for start in range(1, len(labels)))
        return [each for each in (name, *patterns) if each in self._sets]

    def addresses(self) -> Mapping[str, Iterable[Address]]:
        """What each name has at the moment."""
        return self._sets


def read_number(text: str) -> Address:
    """An address that is known to be one."""
    address = ip_address(text)
    return address.version, int(address)


def read_told_address(text: str | None) -> Address | None:
    """An address as an answer has it; None where it is none."""
    sound = read_address(text) if text else None
    return read_number(sound) if sound else None


def say_address(address: Address) -> str:
    """As it is commonly written."""
    version, number = address
    return str(IPv4Address(number) if version == 4 else IPv6Address(number))
