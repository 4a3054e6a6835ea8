"""The kernel's hooks -> a device's chains: who sends, whether its source is its own, whole or fragment.

Each hook sees every frame once: `prerouting` of the bridge has what devices send, `output` what the gateway
itself sends to them. A frame between two devices passes the list of the sender and then that of the receiver,
which are chains of their own, so that the first may accept without speaking for the second.
"""

from collections.abc import Iterable, Iterator

from thingwarden.policy.entries import Way
from thingwarden.policy.gateway.chains import Chain
from thingwarden.policy.gateway.ground import BRIDGE, Unit
from thingwarden.policy.gateway.sets import addresses_of
from thingwarden.policy.gateway.steps import Step

LATER4, LATER6 = "meta protocol ip ip frag-off & 0x1fff != 0", "meta protocol ip6 frag frag-off > 0"
"""Fragments behind the first: what is behind their IP header is no header."""

HOOKS = {
    BRIDGE: (
        ("prerouting", -200, Way.FROM),
        ("prerouting", -199, Way.TO),
        ("output", -199, Way.TO),
    ),
    "inet": (
        ("forward", -5, Way.FROM),
        ("forward", -4, Way.TO),
        ("input", -5, Way.FROM),
        ("output", -4, Way.TO),
    ),
}
"""Hook, priority and list; in the bridge before fragments are put together, routed before the filters of others."""

Map = tuple[str, str, list[str]]
"""Name, type of its keys, and elements."""


def end_chains(step: Step, family: str) -> Iterator[Chain]:
    """What becomes of that which no entry allows: here alone the steps differ."""
    for way, side in ((Way.FROM, "daddr"), (Way.TO, "saddr")):
        yield f"end_{way.value}", _end(step, side, family)


def maps_of(units: Iterable[Unit], family: str) -> Iterator[Map]:
    """Which chain each device's packets go to."""
    units = list(units)
    for name, chain in (("from", "from"), ("from_frag", "from_frag"), ("spoofed", "spoof")):
        yield name, "ether_addr", [one for unit in units for one in mac_elements(unit, chain)]
    if family == BRIDGE:
        for name in ("to", "to_frag"):
            yield name, "ether_addr", [one for unit in units for one in mac_elements(unit, name)]
        return
    for version, kind in ((4, "ipv4_addr"), (6, "ipv6_addr")):
        for name in ("to", "to_frag"):
            yield f"{name}_{version}", kind, _address_elements(units, name, version)


def mac_elements(unit: Unit, chain: str) -> list[str]:
    """Elements that send packets of a unit's devices to one of its chains."""
    return [f"{mac} : goto {unit.name}_{chain}" for device in unit.devices for mac in device.macs]


def hook_chains(family: str) -> Iterator[Chain]:
    """The way from the hooks to the maps."""
    yield from _source_chains(family)
    yield "judge_from", _judge_from(family)
    yield "judge_to", _judge_to(family)
    for hook, priority, way in HOOKS[family]:
        start = f"type filter hook {hook} priority {priority}; policy accept;"
        yield f"{way.value}_{hook}", [start, _enter(way, family)]


def _end(step: Step, side: str, family: str) -> list[str]:
    if step is Step.LOG:
        return ["accept"]
    if step is Step.ALL:
        return ["drop"]
    inside = [f"ip {side} @inside_4 accept", f"ip6 {side} @inside_6 accept"]
    return [*(["meta protocol arp accept"] if family == BRIDGE else []), *inside, "drop"]


def _enter(way: Way, family: str) -> str:
    if way is Way.TO:
        return "ether daddr @wrapped goto judge_to" if family == BRIDGE else "goto judge_to"
    return "ether saddr @wrapped goto judge_from"


def _source_chains(family: str) -> Iterator[Chain]:
    """A packet whose source is the device's returns, all others are counted as spoofed."""
    stop = ["ether saddr vmap @spoofed", "goto end_from"]
    if family == BRIDGE:
        arp = "meta protocol arp"
        yield (
            "source_arp",
            [
                f"{arp} arp saddr ip 0.0.0.0 accept",
                f"{arp} ether saddr . arp saddr ip @bound_4 accept",
                f"{arp} ether saddr @unbound_4 arp saddr ip @source_4 accept",
                *stop,
            ],
        )
    yield (
        "source_4",
        [
            "meta protocol ip ip saddr 0.0.0.0 return",
            "meta protocol ip ether saddr . ip saddr @bound_4 return",
            "meta protocol ip ether saddr @unbound_4 ip saddr @source_4 return",
            *stop,
        ],
    )
    yield (
        "source_6",
        [
            "meta protocol ip6 ip6 saddr { ::, fe80::/10 } return",
            "meta protocol ip6 ip6 saddr @source_6 return",
            "meta protocol ip6 ether saddr . ip6 saddr @bound_6 return",
            *stop,
        ],
    )


def _judge_from(family: str) -> list[str]:
    """A frame with two tags of VLANs would hide what it carries from all that follows."""
    link = (
        [
            "meta protocol arp goto source_arp",
            "meta protocol { 8021q, 8021ad } ether saddr vmap @spoofed",
        ]
        if family == BRIDGE
        else []
    )
    return [
        *link,
        "meta protocol ip jump source_4",
        "meta protocol ip6 jump source_6",
        f"{LATER4} ether saddr vmap @from_frag",
        f"{LATER6} ether saddr vmap @from_frag",
        "meta protocol { ip, ip6 } ether saddr vmap @from",
    ]


def _judge_to(family: str) -> list[str]:
    if family == BRIDGE:
        return [
            f"{LATER4} ether daddr vmap @to_frag",
            f"{LATER6} ether daddr vmap @to_frag",
            "meta protocol { ip, ip6 } ether daddr vmap @to",
        ]
    return [
        f"{LATER4} ip daddr vmap @to_frag_4",
        f"{LATER6} ip6 daddr vmap @to_frag_6",
        "meta protocol ip ip daddr vmap @to_4",
        "meta protocol ip6 ip6 daddr vmap @to_6",
    ]


def _address_elements(units: Iterable[Unit], name: str, version: int) -> list[str]:
    """An address that two devices have is the first's."""
    found: dict[str, str] = {}
    for unit in units:
        for device in unit.devices:
            for address in addresses_of(device, version):
                found.setdefault(address, f"{address} : goto {unit.name}_{name}")
    return list(found.values())
