"""Known kinds of things -> tables on a terminal."""

import io
from pathlib import Path

from rich.console import Console

from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.knowledge import KnowledgeList, KnowledgeSource
from thingwarden.report.knowledge import MOST_KINDS, render_knowledge

SOURCE = KnowledgeSource(
    name="list", what="rules", licence="CC0", version="7", as_of="2026-01-01", rows=1234
)


def render(**more: object) -> str:
    fields = {"sources": (SOURCE,), "own_file": Path("mine.json"), "own": (), "refused": ""}
    console = Console(file=io.StringIO(), width=100)
    render_knowledge(KnowledgeList(**{**fields, **more}), console)
    return console.file.getvalue()


def test_sources_are_shown_with_counts_dates_and_licences():
    text = render()

    assert "1,234" in text
    assert "2026-01-01" in text
    assert "CC0" in text
    assert "You taught it nothing yet" in text


def test_own_kinds_are_shown_and_many_are_cut():
    own = tuple((Kind(vendor=f"Maker {n}", model="M"), 2) for n in range(MOST_KINDS + 3))

    text = render(own=own)

    assert "Maker 0" in text
    assert "and 3 kinds more" in text


def test_refused_knowledge_is_told():
    assert "not used: damaged" in render(refused="damaged")


def test_markup_and_steering_letters_are_shown_as_text():
    text = render(own=((Kind(vendor="[red]x\x1b[31m"), 1),), own_file=Path("[bold]mine"))

    assert "[red]x" in text
    assert "[bold]mine" in text
    assert "\x1b" not in text
