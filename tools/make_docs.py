"""Tables and checks in the code -> docs/tables.md and docs/checks.md.

python tools/make_docs.py           writes both
python tools/make_docs.py --check   says which would change; exit 1 if any
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from thingwarden import protocols, tables
from thingwarden.checks import CHECKS
from thingwarden.checks.check import Check
from thingwarden.checks.grading import BEYOND_TRAFFIC
from thingwarden.model import Concern
from thingwarden.settings import ACTIVE_US, IDLE_US
from thingwarden.tables import Table

DOCS = Path(__file__).resolve().parent.parent / "docs"
WRITTEN = "<!-- Written by tools/make_docs.py from the code; do not edit. -->"

TABLES_BEGIN = f"""# Tables

{WRITTEN}

What `thingwarden facts CAPTURE --to DIR` and `thingwarden inspect CAPTURE --facts DIR` write, one Parquet
file per table, and what checks ask. In SQL, every table with `src_mac` to `dst_ip` has four more columns:
`src_device`, `dst_device`, `src_place` and `dst_place`; [house.md](house.md) says what they mean.

A flow ends after {IDLE_US // 1_000_000} s without packets and is cut after {ACTIVE_US // 1_000_000} s; [flows.md](flows.md)
says how flows are told.
"""

CHECKS_BEGIN = f"""# Checks

{WRITTEN}

Each check belongs to one concern. What it cannot tell stands under its limits, which every report
prints. [grading.md](grading.md) says how findings become grades and a verdict.
"""


def main(arguments: Sequence[str]) -> int:
    """Write the documents, or with `--check` compare them; gives the exit code."""
    stale = [path for path, text in documents().items() if _read(path) != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.name} is not what the code says: run tools/make_docs.py", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(documents()[path], encoding="utf-8")
        print(f"wrote {path.name}")
    return 0


def documents() -> dict[Path, str]:
    """Every document that is written from the code, with its text."""
    return {
        DOCS / "tables.md": describe_tables(every_table()),
        DOCS / "checks.md": describe_checks(CHECKS),
    }


def every_table() -> list[Table]:
    """The tables that belong to no protocol, then those of the protocols by name."""
    own = [value for value in vars(tables).values() if isinstance(value, Table)]
    found = {table.name: table for table in _protocol_tables()}
    return own + [found[name] for name in sorted(found)]


def describe_tables(every: Sequence[Table]) -> str:
    """The page about tables: a heading and a list of columns for each."""
    return "\n".join([TABLES_BEGIN, *(_describe_table(table) for table in every)])


def describe_checks(checks: Sequence[Check]) -> str:
    """The page about checks: a heading for each concern, a smaller one for each check."""
    return "\n".join([CHECKS_BEGIN, *(_describe_concern(concern, checks) for concern in Concern)])


def _protocol_tables() -> Iterator[Table]:
    for module in pkgutil.iter_modules(protocols.__path__):
        if not module.name.endswith("_kernel"):
            loaded = importlib.import_module(f"{protocols.__name__}.{module.name}")
            yield from (value for value in vars(loaded).values() if isinstance(value, Table))


def _describe_table(table: Table) -> str:
    head = f"## {table.name}\n\n{_sentence(table.meaning)}\n\n| column | type | meaning |\n|---|---|---|\n"
    rows = [
        f"| `{column.name}` | {column.type} | {column.meaning.replace('|', chr(92) + '|')} |"
        for column in table.columns
    ]
    return head + "\n".join(rows) + "\n"


def _describe_concern(concern: Concern, checks: Sequence[Check]) -> str:
    beyond = f"Not examined here: {', '.join(BEYOND_TRAFFIC[concern])}.\n"
    own = [_describe_check(check) for check in checks if check.concern is concern]
    return "\n".join([f"## {concern.value}\n", beyond, *own])


def _describe_check(check: Check) -> str:
    sources = [f"- [{source.title}]({source.url})" for source in check.sources]
    limits = [f"- {limit}" for limit in check.limits]
    parts = [
        f"### {check.id}\n\n{check.title}.",
        f"**What to do.** {check.remedy}",
        f"**Needs.** {check.needs}",
        "**Sources**\n\n" + "\n".join(sources),
        "**Limits**\n\n" + "\n".join(limits),
    ]
    return "\n\n".join(parts) + "\n"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
