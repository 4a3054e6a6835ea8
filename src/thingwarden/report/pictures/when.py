"""Activity -> when each device spoke: one strip a device, as high as the bytes in each slice."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from thingwarden.model import Activity, DeviceId
from thingwarden.report.pictures.svg import Picture, cut, drawing, path, text
from thingwarden.report.words import clock, count, exact_moment, moment, size, span

TITLE = "When they spoke"
MOST_DEVICES = 24
WIDE, NARROW = 760, 340
SLOTS = {WIDE: 144, NARROW: 60}
PITCH = {WIDE: 34, NARROW: 48}
STRIP = 22
FONT = 13
FOOT = 26
MAX_SPAN_US = 100 * 366 * 86_400 * 1_000_000
"""A century: a longer capture has a broken clock, and no picture."""

DAY_US = 86_400_000_000


def draw_when(
    activity: Sequence[Activity], slice_us: int, labels: Mapping[DeviceId, str]
) -> Picture | None:
    """The picture; None if there was no activity, or its times are nonsense."""
    speaking = [row for row in activity if row.bytes > 0]
    if not speaking or slice_us <= 0:
        return None
    start = min(row.start_us for row in speaking)
    stop = max(row.start_us for row in speaking) + slice_us
    if stop - start > MAX_SPAN_US or "unknown" in (exact_moment(start), exact_moment(stop)):
        return None
    rows: dict[DeviceId, list[Activity]] = defaultdict(list)
    for row in speaking:
        rows[row.device_id].append(row)
    shown = list(rows)[:MOST_DEVICES]
    if len(rows) > MOST_DEVICES:
        shown = sorted(rows, key=lambda key: -sum(row.bytes for row in rows[key]))[:MOST_DEVICES]
    says = (
        f"{count(len(rows), 'device')} spoke in {span(stop - start)} from {moment(start)};"
        f" each slice is {span(slice_us)}."
    )
    strips = {labels.get(key, key): rows[key] for key in shown}
    drawings = tuple(
        drawing(
            f"when-{width}",
            TITLE,
            says,
            size=(width, PITCH[width] * len(strips) + FOOT),
            body=_body(strips, (start, stop, slice_us), width),
        )
        for width in (WIDE, NARROW)
    )
    return Picture(
        id="when",
        title=TITLE,
        says=says,
        drawings=drawings,
        heads=("Device", "First", "Last", "Most at", "Slices with traffic", "Bytes"),
        rows=tuple(_row(name, spoken, slice_us) for name, spoken in strips.items()),
        numbers_from=4,
        note=_note(len(rows)),
    )


def _note(devices: int) -> str:
    note = "Times are UTC. Each strip has its own scale, by the square root: compare times, not heights."
    if devices > MOST_DEVICES:
        note += f" Shown are the {MOST_DEVICES} of {devices:,} devices with the most bytes."
    return note


def _row(name: str, spoken: Sequence[Activity], slice_us: int) -> tuple[str, ...]:
    most = max(spoken, key=lambda row: row.bytes)
    return (
        name,
        moment(spoken[0].start_us),
        moment(spoken[-1].start_us + slice_us),
        moment(most.start_us),
        f"{len(spoken):,}",
        size(sum(row.bytes for row in spoken)),
    )


def _body(strips: Mapping[str, Sequence[Activity]], times: tuple[int, int, int], width: int) -> str:
    """Names beside the strips, or above them where there is no room; `times` in microseconds."""
    start, stop, slice_us = times
    left = 170 if width == WIDE else 0
    slots = min(SLOTS[width], -(-(stop - start) // slice_us))
    parts = []
    for number, (name, spoken) in enumerate(strips.items()):
        base = PITCH[width] * (number + 1) - 4
        place: tuple[float, float]
        place = (left - 12, base - 6) if left else (0, base - STRIP - 5)
        room = left - 12 if left else width
        parts.append(text(place, cut(name, room, FONT), kind="name", anchor="end" if left else ""))
        parts.append(path(f"M{left} {base + 0.5}H{width}", "rule"))
        bins = _bins(spoken, start, stop, slots)
        parts.append(path(_strip(bins, (left, base), (width - left) / slots), "strip"))
    foot = PITCH[width] * len(strips) + 16
    return "".join(parts) + _axis((left, width), foot, (start, stop))


def _axis(ends: tuple[float, float], base: float, times: tuple[int, int]) -> str:
    """Three times below the strips; with the day where it could be another one."""
    start, stop = times
    with_day = stop - start > DAY_US / 2
    return "".join(
        text(
            (ends[0] + share * (ends[1] - ends[0]), base),
            clock(int(start + share * (stop - start)), with_day=with_day),
            kind="axis",
            anchor=anchor,
        )
        for share, anchor in ((0.0, ""), (0.5, "middle"), (1.0, "end"))
    )


def _bins(spoken: Sequence[Activity], start: int, stop: int, slots: int) -> list[int]:
    bins = [0] * slots
    for row in spoken:
        bins[min(slots - 1, (row.start_us - start) * slots // (stop - start))] += row.bytes
    return bins


def _strip(bins: Sequence[int], corner: tuple[float, float], step: float) -> str:
    """Bars of one device, as one path; what is there at all is at least two units high."""
    most = max(bins)
    steps = []
    for number, amount in enumerate(bins):
        if amount:
            high = max(2.0, STRIP * math.sqrt(amount / most))
            x = corner[0] + number * step
            wide = max(1.0, step - 0.8)
            steps.append(f"M{x:.1f} {corner[1]:g}v-{high:.1f}h{wide:.1f}v{high:.1f}z")
    return "".join(steps)
