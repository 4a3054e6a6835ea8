"""Assessments -> how every device does in every concern, with how much of it was examined.

A cell is as full as its concern was examined, and holds the grade; where nothing may be said it is
empty and hatched. Colour repeats what the letter says.
"""

from collections.abc import Mapping, Sequence
from html import escape

from thingwarden.model import Assessment, Concern, DeviceId, Grade
from thingwarden.report.letters import plain
from thingwarden.report.pictures.svg import Picture, box, cut, drawing, text
from thingwarden.report.words import CONCERNS, VERDICTS, count

MOST_DEVICES = 24
WIDE, NARROW = 760, 340
NAMES_WIDE = 200
HEAD = {WIDE: 126, NARROW: 126}
PITCH = {WIDE: 40, NARROW: 54}
CELL = {WIDE: 30, NARROW: 26}
FONT = 13

SHORT = {
    Concern.OPERATING_SYSTEM: "System",
    Concern.SUPPLY_CHAIN: "Supply chain",
    Concern.CODE_AGE: "Age of code",
    Concern.VENDOR: "Maker",
    Concern.VULNERABILITY_POLICY: "Known holes",
    Concern.PROVIDER: "Provider",
    Concern.PROTECTED_COMMUNICATION: "Protected",
    Concern.RELIABLE_COMMUNICATION: "Reliable",
    Concern.EXPOSURE: "Exposure",
    Concern.CONDUCT: "Conduct",
    Concern.PORTABILITY: "Portability",
}
"""What stands above a column: the whole name has no room."""


def draw_grades(
    assessments: Sequence[Assessment], labels: Mapping[DeviceId, str]
) -> Picture | None:
    """A row a device, those that need action first; None if there is no device."""
    if not assessments:
        return None
    shown = assessments[:MOST_DEVICES]
    more = len(assessments) - len(shown)
    says = _says(assessments)
    return Picture(
        id="grades",
        title="How each does, concern by concern",
        says=says,
        drawings=tuple(_draw(shown, labels, width, says) for width in (WIDE, NARROW)),
        heads=("Device", *(name for name, _ in CONCERNS.values())),
        rows=tuple(_row(one, labels) for one in assessments[:200]),
        numbers_from=1,
        note=(
            f"The {MOST_DEVICES} that need you most, of {len(assessments):,}." if more > 0 else ""
        ),
    )


def _says(assessments: Sequence[Assessment]) -> str:
    bad = sum(any(grade.grade in ("D", "F") for grade in one.grades) for one in assessments)
    graded = [grade for one in assessments for grade in one.grades if grade.grade]
    seen = len(graded) / max(1, sum(len(one.grades) for one in assessments))
    verb = "has" if bad == 1 else "have"
    return (
        f"{count(bad, 'device') if bad else 'No device'} {verb if bad else 'has'} a D or an F in a"
        f" concern; {seen:.0%} of all concerns could be graded at all.".replace("%", " %")
    )


def _row(one: Assessment, labels: Mapping[DeviceId, str]) -> tuple[str, ...]:
    cells = (f"{grade.grade or 'none'} ({grade.coverage:.0%})" for grade in one.grades)
    return labels.get(one.device.id, one.device.id), *(cell.replace("%", " %") for cell in cells)


def _draw(
    shown: Sequence[Assessment], labels: Mapping[DeviceId, str], width: int, says: str
) -> str:
    left = NAMES_WIDE if width == WIDE else 0
    step = (width - left) / len(Concern)
    parts = [_heads(left, step, width)]
    for number, one in enumerate(shown):
        base = HEAD[width] + PITCH[width] * number
        parts.append(_name(one, labels, base, width))
        cells = base + (0 if width == WIDE else 20)
        for turn, grade in enumerate(one.grades):
            at = (left + step * turn + (step - CELL[width]) / 2, cells)
            parts.append(_cell(grade, at, CELL[width]))
    height = HEAD[width] + PITCH[width] * len(shown)
    return drawing(f"grades-{width}", "Grades", says, size=(width, height), body="".join(parts))


def _heads(left: float, step: float, width: int) -> str:
    """Names of the concerns, from below to above."""
    parts = []
    for turn, concern in enumerate(Concern):
        x = left + step * (turn + 0.5) + 4
        y = HEAD[width] - 10
        turned = f"translate({x:.5g} {y}) rotate(-90)"
        parts.append(f'<text transform="{turned}">{escape(SHORT[concern])}</text>')
    return "".join(parts)


def _name(one: Assessment, labels: Mapping[DeviceId, str], base: float, width: int) -> str:
    name = labels.get(one.device.id, one.device.id)
    if width == NARROW:
        said = f"{name} · {VERDICTS[one.verdict].short.lower()}"
        return text((0, base + 12), cut(said, width, FONT), kind="name")
    return text((0, base + CELL[width] / 2 + 5), cut(name, NAMES_WIDE - 14, FONT), kind="name")


def _cell(grade: Grade, at: tuple[float, float], side: float) -> str:
    """Full from below as far as it was examined; hatched where no grade may be given."""
    x, y = at
    coverage = min(1.0, max(0.0, grade.coverage))
    full = side * coverage
    name = CONCERNS[grade.concern][0]
    said = f"grade {grade.grade}" if grade.grade else "no grade"
    hint = escape(plain(f"{name}: {said}, {coverage:.0%} examined"))
    kind = f"g{grade.grade}" if grade.grade else "gnone"
    parts = [
        f"<g><title>{hint}</title>",
        box((x, y), (side, side), f"cell {kind}"),
        box((x, y + side - full), (side, full), f"seen {kind}"),
    ]
    if grade.grade:
        middle = (x + side / 2, y + side / 2 + 5)
        parts.append(text(middle, grade.grade, kind="letter", anchor="middle"))
    return "".join([*parts, "</g>"])
