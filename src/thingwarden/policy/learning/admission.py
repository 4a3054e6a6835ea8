"""Species -> those that may become rules, and in words what may not and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from thingwarden.policy.learning.alarms import Alarm
from thingwarden.policy.learning.species import MOST_SPECIES, Species
from thingwarden.policy.needs import ICMP, ICMP6, TCP, UDP

HOSTS = 32
"""Neighbours that a device may call on one port; past that it searches, and the owner is asked."""

AGAIN = 2
"""Hours in which something unanswered must be seen to be more than a try."""

NEEDED_PORTS = frozenset({67, 68, 546, 547})
"""DHCP, which every policy allows where it belongs (`policy.needs`)."""

ERRORS = {ICMP: frozenset({3, 4, 5, 11, 12}), ICMP6: frozenset({1, 2, 3, 4, 137})}
NEIGHBOURS = frozenset({130, 131, 132, 133, 134, 135, 136, 143})
"""ICMPv6 of neighbour discovery and group membership."""

SHOWN = 3
"""Examples that a sentence names."""

Others = Mapping[str, Sequence[Alarm]]
NO_OTHERS: Others = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """What may become rules, and what was left out."""

    species: tuple[Species, ...]
    left_out: tuple[str, ...]


def admit(
    species: Sequence[Species], alarms: Sequence[Alarm], others: Others = NO_OTHERS
) -> Admitted:
    """Split the species of one device; `others` are alarms about its neighbours, by hardware address.

    What a neighbour did to it while an alarm about that neighbour is open is not learnt either.
    """
    kept: list[Species] = []
    refused: dict[str, list[Species]] = defaultdict(list)
    wide = _too_wide(species)
    for each in species:
        if _is_needed(each):
            continue
        theirs = () if each.begins else others.get(each.peer_mac or "", ())
        reason = _alarmed(each, (*alarms, *theirs)) or _reason(each, wide)
        if reason:
            refused[reason].append(each)
        else:
            kept.append(each)
    told = [_tell(reason, refused[reason]) for reason in sorted(refused)]
    if species and species[0].of_all > MOST_SPECIES:
        more = species[0].of_all - MOST_SPECIES
        told.append(f"{more} more behaviours, seldom or unanswered: more than any device needs.")
    return Admitted(species=tuple(kept), left_out=tuple(told))


def _is_needed(species: Species) -> bool:
    """Whether every policy allows it, or nobody depends on it."""
    number = species.number
    if number == UDP and species.service in NEEDED_PORTS:
        return species.where_is != "internet"
    if number == ICMP6 and species.service in NEIGHBOURS:
        return species.where_is != "internet"
    if number in ERRORS and species.service in ERRORS[number]:
        return not species.begins or species.where_is != "internet"
    return number == 2


def _alarmed(species: Species, alarms: Iterable[Alarm]) -> str | None:
    found = sorted({alarm.check for alarm in alarms if alarm.covers(species)})
    return f"while an alarm is open ({', '.join(found)})" if found else None


def _reason(species: Species, wide: frozenset[tuple[str, int | None]]) -> str | None:
    """Why a species is not learnt; None if it may be."""
    number = species.number
    if not species.own:
        return "from an address that is not the device's"
    if species.tunnelled:
        return "inside a tunnel, of which only the inside is known"
    if number is None or species.where_is in {"none", "self"} or not species.ip:
        return "without an address at the other end"
    if number in ERRORS and species.service in ERRORS[number]:
        return "errors told to the Internet, on which nothing depends"
    if species.where_is == "internet" and not species.begins:
        return "begun by the Internet: who must reach it from outside is for its owner to say"
    if (species.protocol, species.service) in wide and _is_lateral(species):
        return f"on one port of more than {HOSTS} neighbours"
    return _unanswered(species, number)


def _unanswered(species: Species, number: int) -> str | None:
    """Whether nobody answered where somebody should: a try leads nowhere."""
    if species.where_is == "group":
        return "a TCP connection to a group" if number == TCP else None
    if species.answered or species.name:
        return None
    if number == TCP or species.where_is == "internet":
        return "never answered"
    return None if species.hours >= AGAIN else "never answered, and seen once"


def _is_lateral(species: Species) -> bool:
    return species.begins and not species.answers_group and species.where_is in {"device", "local"}


def _too_wide(species: Iterable[Species]) -> frozenset[tuple[str, int | None]]:
    """Ports on which a device called more neighbours than one that works has."""
    called = Counter(
        (each.protocol, each.service) for each in species if _is_lateral(each) and each.own
    )
    return frozenset(way for way, count in called.items() if count > HOSTS)


def _tell(reason: str, species: Sequence[Species]) -> str:
    shown = sorted(species, key=lambda each: (-each.flows, str(each)))[:SHOWN]
    examples = ", ".join(map(str, shown))
    many = f"{len(species)} behaviours, such as" if len(species) > SHOWN else "Not learnt:"
    return f"{reason[0].upper()}{reason[1:]} — {many} {examples}."
