"""What is known of kinds of things -> tables on a terminal."""

from typing import TYPE_CHECKING

from thingwarden.inventory.identification.knowledge import KnowledgeList
from thingwarden.report.letters import plain

if TYPE_CHECKING:
    from rich.console import Console

MOST_KINDS = 40


def render_knowledge(known: KnowledgeList, console: "Console") -> None:
    """Print sources with their dates, then what the user taught."""
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    shipped = Table(
        title=Text("Ships with thingwarden"), title_justify="left", box=None, pad_edge=False
    )
    for heading in ("source", "tells", "entries", "version", "as of", "licence"):
        shipped.add_column(heading, justify="right" if heading == "entries" else "left")
    for source in known.sources:
        cells = (source.name, source.what, f"{source.rows:,}", source.version, source.as_of)
        shipped.add_row(*(Text(plain(cell)) for cell in (*cells, source.licence)))
    console.print(shipped)
    console.print()
    _render_own(known, console)


def _render_own(known: KnowledgeList, console: "Console") -> None:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    if known.refused:
        console.print(Text(plain(f"Your own knowledge is not used: {known.refused}")))
    elif not known.own:
        console.print(Text("You taught it nothing yet: see thingwarden knowledge learn --help."))
    else:
        own = Table(
            title=Text(plain(f"Taught by you ({known.own_file})")), title_justify="left", box=None
        )
        for heading in ("maker", "family", "model", "category", "examples"):
            own.add_column(heading, justify="right" if heading == "examples" else "left")
        for kind, examples in known.own[:MOST_KINDS]:
            own.add_row(*(Text(plain(cell)) for cell in (*kind, str(examples))))
        console.print(own)
        if len(known.own) > MOST_KINDS:
            console.print(Text(f"and {len(known.own) - MOST_KINDS} kinds more"))
