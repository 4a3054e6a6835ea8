"""Addresses that names had when rules were last loaded -> lines that keep them over a reload."""

from collections.abc import Iterator, Sequence
from typing import Any

from thingwarden.model import Policy
from thingwarden.policy.gateway.ground import FAMILIES, list_units, list_wrapped
from thingwarden.policy.gateway.names import TABLE, read_address
from thingwarden.policy.gateway.sets import MOST_ELEMENTS, NAME_SECONDS, AddressSet, name_sets


def write_elements(policy: Policy, listed: Any, *, families: Sequence[str] = FAMILIES) -> str:  # noqa: ANN401  # JSON of nft
    """What to put behind `write_rules` in the same file, so that learnt addresses live on.

    `listed` is what `nft -j list sets` gave before. Sets that the policy no longer has are left out,
    and so is all that is no address; the time that each had left stays.
    """
    wrapped, _ = list_wrapped(policy)
    entries = (entry for unit in list_units(wrapped, policy.network) for entry in unit.entries)
    wanted = {one.name: one for one in name_sets(wrapped, entries)}
    lines = []
    for family, name, elements in _sets(listed):
        if family in families and name in wanted:
            kept = ", ".join(_kept(wanted[name], elements))
            lines += [f"add element {family} {TABLE} {name} {{ {kept} }}"] if kept else []
    return "".join(f"{line}\n" for line in lines)


def _sets(listed: Any) -> Iterator[tuple[str, str, Sequence[Any]]]:  # noqa: ANN401
    """Family, name and elements of each of our sets that has any."""
    for item in listed.get("nftables", ()):
        one = item.get("set")
        if one and one.get("table") == TABLE and one.get("elem"):
            yield one["family"], one["name"], one["elem"]


def _kept(wanted: AddressSet, elements: Sequence[Any]) -> Iterator[str]:
    """Elements with the seconds they have left, without those that the rules begin with."""
    room = MOST_ELEMENTS - len(wanted.elements)
    version = int(wanted.name[-1])
    for element in elements:
        inner = element.get("elem", {}) if isinstance(element, dict) else {"val": element}
        address = read_address(str(inner.get("val")))
        left = inner.get("expires", NAME_SECONDS)
        fits = address and (":" in address) == (version == 6) and address not in wanted.elements
        if fits and room > 0 and isinstance(left, int) and 0 < left <= NAME_SECONDS:
            room -= 1
            yield f"{address} timeout {NAME_SECONDS}s expires {left}s"
