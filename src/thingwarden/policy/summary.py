"""A policy -> tables on a terminal: a line for each device, or all that one may do."""

from collections.abc import Iterable
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from thingwarden.model import DevicePolicy, Initiator, Network, PeerKind, Policy, Rule
from thingwarden.policy.learning.states import State, state_of
from thingwarden.policy.learning.surprises import say_number, say_watch_time
from thingwarden.policy.wording import Words, printable, say_ground, say_service, short_name

FAR = frozenset({PeerKind.NAME, PeerKind.NETWORK, PeerKind.ANYONE})
"""Peers that may be outside the site."""

STATES = {
    State.LEARNING: ("watch on", "bold"),
    State.ADVISORY: ("only tell", "bold yellow"),
    State.ENFORCE_INTERNET: ("enforce Internet", "bold green"),
    State.ENFORCE_ALL: ("enforce all", "bold green"),
}
"""What its watch time carries, in words."""

SIDES = {Initiator.DEVICE: "It reaches", Initiator.PEER: "It is reached by"}

MOST_DEVICES = 100
"""More lines than this nobody reads on a terminal."""

MOST_LEFT_OUT = 5

NOBODY = Policy(
    network=Network(locals=(), gateways=(), gateway_addresses=(), resolvers=()), devices=()
)


def render_policy(policy: Policy, console: Console) -> None:
    """A line for each device: what it may do, how sure that is, and how far it may be enforced."""
    _print(console, _headline(policy), style="bold")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in (
        "device",
        "Internet",
        "local",
        "provisional",
        "may be enforced",
        "surprises a week",
    ):
        table.add_column(column, overflow="fold", justify="left" if column == "device" else "right")
    for device in policy.devices[:MOST_DEVICES]:
        table.add_row(*_cells(device))
    console.print(table)
    if len(policy.devices) > MOST_DEVICES:
        _print(console, f"{len(policy.devices) - MOST_DEVICES:,} more devices stand in the folder.")
    left_out = sum(len(device.not_learnt) for device in policy.devices)
    if left_out:
        _print(
            console,
            f"{left_out:,} things were seen and not learnt: `thingwarden wrap show` names them.",
        )


def render_device(device: DevicePolicy, words: Words, console: Console) -> None:
    """All that one device may do, whom it reaches first, and what was left out."""
    _print(console, f"{short_name(device)} ({device.device_id})", style="bold")
    if device.watch_time:
        _print(console, say_watch_time(device.watch_time), style="dim")
    for initiator, rules in groupby(sorted(device.rules, key=_order), key=_initiator):
        _print(console, f"{SIDES[initiator]}:")
        console.print(_rules(rules, words))
    for patch in device.patches:
        holes = f" ({', '.join(map(printable, patch.holes))})" if patch.holes else ""
        _print(
            console, f"Patched{holes}: {printable(patch.reason)}, until {printable(patch.until)}."
        )
    for sentence in device.not_learnt[:MOST_LEFT_OUT]:
        _print(console, f"Not learnt: {printable(sentence)}")
    if len(device.not_learnt) > MOST_LEFT_OUT:
        _print(console, f"Not learnt: {len(device.not_learnt) - MOST_LEFT_OUT:,} more.")


def render_mud(title: str, info: str, rules: Iterable[Rule], console: Console) -> None:
    """What a MUD file allows, whom the device reaches first."""
    words = Words(NOBODY)
    _print(console, f"{title}: {info or 'a thing'}", style="bold")
    for initiator, some in groupby(sorted(rules, key=_order), key=_initiator):
        _print(console, f"{SIDES[initiator]}:")
        console.print(_rules(some, words))


def _headline(policy: Policy) -> str:
    rules = sum(len(device.rules) for device in policy.devices)
    return f"{len(policy.devices):,} devices, {rules:,} rules."


def _cells(device: DevicePolicy) -> tuple[Text, ...]:
    far = sum(rule.behaviour.peer.kind in FAR for rule in device.rules)
    loose = sum(not rule.firm for rule in device.rules)
    said, style = STATES[state_of(device)]
    surprises = (
        f"at most {say_number(device.watch_time.surprises)}" if device.watch_time else "unknown"
    )
    return (
        Text(short_name(device)),
        Text(str(far)),
        Text(str(len(device.rules) - far)),
        Text(str(loose)),
        Text(said, style=style),
        Text(surprises),
    )


def _rules(rules: Iterable[Rule], words: Words) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 2))
    for rule in rules:
        table.add_row(
            Text(words.peer(rule.behaviour.peer), overflow="fold"),
            Text(say_service(rule.behaviour)),
            Text(say_ground(rule), style="dim"),
            Text(rule.id, style="dim"),
        )
    return table


def _order(rule: Rule) -> tuple[str, bool, str, int]:
    behaviour = rule.behaviour
    near = behaviour.peer.kind not in FAR
    return behaviour.initiator.value, near, behaviour.peer.value, behaviour.service.first


def _initiator(rule: Rule) -> Initiator:
    return rule.behaviour.initiator


def _print(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style), highlight=False, soft_wrap=False)
