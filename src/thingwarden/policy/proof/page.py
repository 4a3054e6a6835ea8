"""A receipt -> one HTML page that needs nothing else, and tables on a terminal."""

from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from rich.console import Console
from rich.table import Table
from rich.text import Text

from thingwarden.policy.proof.receipt import DeviceReceipt, Receipt, Stopped

TEMPLATE = "receipt.html.j2"

MOST_DEVICES = 200
MOST_STOPS = 30
MOST_CAPTURES = 200
"""What a page shows; the JSON has it all."""

MOST_PORTS = 5
"""Ports that are named where many of one host were tried."""

MOST_LINES = 5
"""Things stopped that a terminal names of one device."""


def render_receipt_page(receipt: Receipt) -> str:
    """The page; every text in it is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    text = files("thingwarden").joinpath("data", TEMPLATE).read_text(encoding="utf-8")
    devices = sorted(receipt.devices, key=lambda one: (-one.stopped, -one.passed, one.name))
    return environment.from_string(text).render(
        receipt=receipt,
        headline=say_headline(receipt),
        kernel=say_kernel(receipt),
        devices=[(device, group_stops(device.stops)) for device in devices[:MOST_DEVICES]],
        left_out=max(len(devices) - MOST_DEVICES, 0),
        most_stops=MOST_STOPS,
        most_captures=MOST_CAPTURES,
    )


def render_receipt(receipt: Receipt, console: Console) -> None:
    """What would pass and what would be stopped, the device with the most stopped first."""
    _print(console, say_headline(receipt), "bold")
    _print(console, say_kernel(receipt), "dim")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("device", "passes", "stopped", "rules tested", "stopped most"):
        table.add_column(column, overflow="fold", justify="left" if column in _LEFT else "right")
    for device in sorted(receipt.devices, key=lambda one: (-one.stopped, -one.passed, one.name)):
        table.add_row(*_cells(device))
    console.print(table)
    for reason, count in receipt.untested.items():
        _print(console, f"Not judged: {count:,} frames, {reason}.")
    for sentence in receipt.kernel.differences[:MOST_LINES]:
        _print(console, f"The judges differ: {sentence}.", "bold red")


def group_stops(stops: Sequence[Stopped]) -> Sequence[Stopped]:
    """Stops that differ in their port alone as one, the most packets first: a search is one line."""
    groups: dict[tuple[str, str], list[Stopped]] = {}
    for one in stops:
        groups.setdefault((one.says.rpartition(" port ")[0] or one.says, one.why), []).append(one)
    joined = (some[0] if len(some) == 1 else _join(some) for some in groups.values())
    return sorted(joined, key=lambda one: -one.packets)


def _join(some: Sequence[Stopped]) -> Stopped:
    start, _, _ = some[0].says.rpartition(" port ")
    ports = [one.says.rpartition(" ")[2] for one in some]
    more = f" and {len(ports) - MOST_PORTS} more" if len(ports) > MOST_PORTS else ""
    return Stopped(
        says=f"{start} ports {', '.join(ports[:MOST_PORTS])}{more}",
        why=some[0].why,
        packets=sum(one.packets for one in some),
        confirmed=sum(one.confirmed for one in some),
        first_us=min(one.first_us for one in some),
        last_us=max(one.last_us for one in some),
    )


def say_headline(receipt: Receipt) -> str:
    """How much would be stopped, of how many devices."""
    stopped = sum(device.stopped for device in receipt.devices)
    passed = sum(device.passed for device in receipt.devices)
    hit = sum(device.stopped > 0 for device in receipt.devices)
    seen = sum(device.stopped + device.passed > 0 for device in receipt.devices)
    if not seen:
        return "No device of the policy is in these captures: nothing was tested."
    if not stopped:
        return f"Nothing would be stopped: {passed:,} packets of {seen} devices pass."
    return f"{stopped:,} packets of {hit} devices would be stopped, {passed:,} of {seen} pass."


def say_kernel(receipt: Receipt) -> str:
    """Whether the kernel says the same."""
    kernel = receipt.kernel
    if kernel.missing:
        return f"The kernel did not confirm it: {kernel.missing}."
    if kernel.differing:
        return f"The kernel differs on {kernel.differing:,} of {receipt.frames:,} frames."
    return f"The kernel itself confirmed {kernel.confirmed:,} of {receipt.frames:,} frames."


_LEFT = frozenset({"device", "stopped most"})


def _cells(device: DeviceReceipt) -> tuple[Text, ...]:
    tested = sum(one.packets > 0 for one in device.allowed)
    worst = next(iter(group_stops(device.stops)), None)
    said = f"{worst.says}: {worst.why}" if worst else ""
    return (
        Text(device.name),
        Text(f"{device.passed:,}"),
        Text(f"{device.stopped:,}", style="bold red" if device.stopped else ""),
        Text(f"{tested} of {len(device.allowed)}"),
        Text(said, style="dim"),
    )


def _print(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style), highlight=False, soft_wrap=False)
