"""Shapes and hostile text -> SVG source: every text and attribute is escaped here."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from thingwarden.report.letters import plain

LETTER_WIDTH = 0.61
"""Width of a letter of a system font, in its size; on average, in a wide one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing with what it says, in words and as a table."""

    id: str
    title: str
    says: str
    """Text alternative: what a person sees in it, in a sentence or two."""
    drawings: tuple[str, ...]
    """SVG source: for wide pages and, where it is another, for phones."""
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers_from: int
    """Columns from this one on are numbers."""
    note: str
    """What was left out, and how to read it; may be empty."""


def drawing(name: str, title: str, says: str, *, size: tuple[float, float], body: str) -> str:
    """A whole picture; `name` must be unique in its page."""
    width, height = size
    return (
        f'<svg id="{name}" viewBox="0 0 {width:g} {height:g}" role="img"'
        f' aria-labelledby="{name}-title {name}-says">'
        f'<title id="{name}-title">{escape(plain(title))}</title>'
        f'<desc id="{name}-says">{escape(plain(says, 1000))}</desc>{body}</svg>'
    )


def text(place: tuple[float, float], words: str, *, kind: str = "", anchor: str = "") -> str:
    """A line of text; `kind` is its class, `anchor` middle or end."""
    x, y = place
    anchored = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:.5g}" y="{y:.5g}"{_kind(kind)}{anchored}>{escape(plain(words))}</text>'


def path(steps: str, kind: str, *, hint: str = "", width: float = 0) -> str:
    """A path; `hint` shows when somebody points at it."""
    stroke = f' stroke-width="{width:.3g}"' if width else ""
    title = f"<title>{escape(plain(hint))}</title>" if hint else ""
    return f'<path{_kind(kind)} d="{steps}"{stroke}>{title}</path>'


def box(place: tuple[float, float], size: tuple[float, float], kind: str) -> str:
    """A rectangle."""
    return (
        f'<rect{_kind(kind)} x="{place[0]:.5g}" y="{place[1]:.5g}"'
        f' width="{max(0.0, size[0]):.5g}" height="{size[1]:.5g}"/>'
    )


def cut(words: str, room: float, font: float) -> str:
    """`words` shortened so that they fit into `room`, where letters are `font` high.

    Addresses, host names and what tells twins apart stand at the end: these lose their middle.
    """
    letters = max(4, int(room / (font * LETTER_WIDTH)))
    shown = plain(words)
    if len(shown) <= letters:
        return shown
    tail = (letters - 1) * 3 // 5 if "." in shown and " " not in shown else 0
    if shown.endswith(")"):
        mark = len(shown) - shown.rfind("(")
        tail = mark if mark * 2 < letters else 0
    return shown[: letters - 1 - tail].rstrip() + "…" + (shown[-tail:] if tail else "")


def top(rows: Sequence[tuple[str, float]], most: int) -> tuple[list[str], int]:
    """Keys of the largest rows, and how many are left over; one more is as short as `1 other`."""
    ordered = sorted(rows, key=lambda row: (-row[1], row[0]))
    kept = ordered if len(ordered) <= most + 1 else ordered[:most]
    return [key for key, _ in kept], len(ordered) - len(kept)


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
