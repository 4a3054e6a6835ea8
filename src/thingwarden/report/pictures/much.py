"""Contacts -> how much: bytes that each device and each peer sent and received."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from thingwarden.model import Contact, DeviceId
from thingwarden.report.pictures.svg import Picture, box, cut, drawing, text, top
from thingwarden.report.pictures.who import peer_name
from thingwarden.report.words import count, size

MOST_BARS = 12
MOST_ROWS = 60
WIDE, NARROW = 760, 340
PITCH = {WIDE: 28, NARROW: 44}
BAR = 12
FONT = 13

Amounts = dict[str, tuple[int, int]]
"""Sent and received bytes, by name."""


def draw_much_by_device(
    contacts: Sequence[Contact], labels: Mapping[DeviceId, str]
) -> Picture | None:
    """Bars for devices; None if nobody talked."""
    amounts = _sum((labels.get(one.device_id, one.device_id), one) for one in contacts)
    return _draw(amounts, "much-device", "How much, by device", "Device")


def draw_much_by_peer(
    contacts: Sequence[Contact], labels: Mapping[DeviceId, str]
) -> Picture | None:
    """Bars for whom devices talked with on the Internet; None if with nobody."""
    amounts = _sum((peer_name(one, labels), one) for one in contacts if one.place == "internet")
    return _draw(amounts, "much-peer", "How much, by other end on the Internet", "Other end")


def _sum(named: Iterable[tuple[str, Contact]]) -> Amounts:
    amounts: Amounts = defaultdict(lambda: (0, 0))
    for name, contact in named:
        sent, received = amounts[name]
        amounts[name] = (
            sent + max(0, contact.sent_bytes),
            received + max(0, contact.received_bytes),
        )
    return amounts


def _draw(amounts: Amounts, name: str, title: str, head: str) -> Picture | None:
    if not amounts:
        return None
    totals = {key: sum(pair) for key, pair in amounts.items()}
    ordered = sorted(totals, key=lambda key: (-totals[key], key))
    first = ordered[0]
    sent, received = map(size, amounts[first])
    says = f"{first} has the most: {sent} sent and {received} received, seen from the devices."
    bars = _bars(amounts, totals)
    drawings = tuple(
        drawing(
            f"{name}-{width}",
            title,
            says,
            size=(width, PITCH[width] * len(bars) + 4),
            body=_body(bars, width),
        )
        for width in (WIDE, NARROW)
    )
    more = len(ordered) - MOST_ROWS
    return Picture(
        id=name,
        title=title,
        says=says,
        drawings=drawings,
        heads=(head, "Sent by devices", "Received"),
        rows=tuple((key, *map(size, amounts[key])) for key in ordered[:MOST_ROWS]),
        numbers_from=1,
        note=f"The table has the {MOST_ROWS} largest of {len(ordered):,}." if more > 0 else "",
    )


def _bars(amounts: Amounts, totals: Mapping[str, int]) -> Amounts:
    """The largest, and the sum of all others last."""
    kept, over = top(list(totals.items()), MOST_BARS)
    bars = {key: amounts[key] for key in kept}
    if over:
        rest = [pair for key, pair in amounts.items() if key not in bars]
        bars[count(over, "other")] = (sum(sent for sent, _ in rest), sum(got for _, got in rest))
    return bars


def _body(bars: Amounts, width: int) -> str:
    """Sent is full, received is hatched: they differ in black and white too."""
    left = 200 if width == WIDE else 0
    room = width - left - 74
    most = max(1, *(sum(pair) for pair in bars.values()))
    parts = []
    for number, (name, (sent, received)) in enumerate(bars.items()):
        base = PITCH[width] * (number + 1) - 8
        place = (left - 12, base - 2) if left else (0, base - BAR - 5)
        label = cut(name, left - 12 if left else width, FONT)
        parts.append(text(place, label, kind="name", anchor="end" if left else ""))
        full, hatched = room * sent / most, room * received / most
        parts.append(box((left, base - BAR), (full, BAR), "sent"))
        parts.append(box((left + full, base - BAR), (hatched, BAR), "received"))
        end = left + max(1.0, full + hatched) + 8
        parts.append(text((end, base - 2), size(sent + received), kind="axis"))
    return "".join(parts)
