"""Catalogue + recog + Home Assistant -> `src/thingwarden/data/identity_*`: what things tell of themselves.

    python -m tools.make_identities [--from FOLDER]

FOLDER holds `home-assistant/*.json` and `recog.zip`; `tools/catalogue` is read beside it. The same
sources give the same bytes. What the licences ask for stands in `docs/sources.md`.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from thingwarden.inventory.identification.makers import short_name
from thingwarden.inventory.identification.normal import plain
from thingwarden.inventory.vendors import read_knowledge

from tools import identities_home_assistant as home_assistant
from tools import identities_recog as recog
from tools.identities_catalogue import (
    SOURCE,
    CatalogueError,
    Maker,
    catalogue_rules,
    read_categories,
    read_makers,
    read_rows,
)
from tools.identities_rule import Rule

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "src/thingwarden/data"
CATALOGUE = ROOT / "tools/catalogue"

SOURCES = (
    {
        "name": "recog",
        "what": "banners, titles, certificates and DHCP classes by which devices are known",
        "licence": "BSD-2-Clause, Rapid7",
        "version": "14fa1a7",
        "as_of": "not recorded",
    },
    {
        "name": "home-assistant",
        "what": "host names, services and models by which integrations find their products",
        "licence": "Apache-2.0",
        "version": "2026.2.3",
        "as_of": "2026-02",
    },
    {
        "name": SOURCE,
        "what": "makers and their names, and what their products tell, written by hand",
        "licence": "Apache-2.0",
        "version": "1",
        "as_of": "2026-11",
    },
)

PRIORITY = (SOURCE, home_assistant.SOURCE, recog.SOURCE)
"""Which source is believed where two have the same pattern."""

RULES = pa.schema(
    [
        *((name, pa.string()) for name in ("channel", "form", "pattern", "literal")),
        *((name, pa.string()) for name in ("maker", "family", "model", "category")),
        ("strength", pa.float64()),
        ("source", pa.string()),
    ]
)
MAKERS = pa.schema(
    [
        ("maker", pa.string()),
        ("aliases", pa.list_(pa.string())),
        ("role", pa.string()),
        ("words", pa.list_(pa.string())),
        ("owner", pa.string()),
    ]
)


def main(arguments: Sequence[str]) -> int:
    """Write all files; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    beside = Path(os.environ.get("THINGWARDEN_DATA", ROOT.parent / "shared/data"))
    parser.add_argument("--from", dest="folder", type=Path, default=beside / "identification")
    folder = parser.parse_args(arguments).folder
    categories = read_categories(CATALOGUE)
    makers = make_makers()
    rules, refused = make_rules(folder, makers, categories)
    check(rules, makers, {str(category["id"]) for category in categories})
    about = {"categories": json.dumps(categories, ensure_ascii=False)}
    write("identity_makers", pa.Table.from_pylist(list(map(_row, makers)), MAKERS), about)
    write("identity_rules", pa.Table.from_pylist([asdict(rule) for rule in rules], RULES), {})
    write_sources(rules)
    print("left out:", ", ".join(f"{why} {count}" for why, count in refused.most_common()))
    return 0


def make_makers() -> list[Maker]:
    """Makers with the names of the list of the IEEE that ships."""
    return read_makers(CATALOGUE, read_knowledge("vendors")["vendor"].unique().to_pylist())


def make_rules(
    folder: Path, makers: Sequence[Maker], categories: Iterable[Mapping[str, Any]]
) -> tuple[list[Rule], Counter[str]]:
    """Rules of all sources in order, and how often what could not be kept."""
    refused: Counter[str] = Counter()
    products = {row["domain"]: row for row in read_rows(CATALOGUE / "integrations.csv")}
    fingerprints = recog.read_fingerprints(folder / "recog.zip")
    kinds = {
        name: str(kind["id"]) for kind in categories for name in (kind["id"], *kind["aliases"])
    }
    made = [
        *catalogue_rules(CATALOGUE, makers),
        *home_assistant.make_rules(home_assistant.read_lists(folder / "home-assistant"), products),
        *(rule for _, rule in recog.make_rules(fingerprints, names_of(makers), kinds, refused)),
    ]
    kept: dict[tuple[str, str, str], Rule] = {}
    for rule in sorted(made, key=lambda rule: PRIORITY.index(rule.source)):
        kept.setdefault((rule.channel, rule.form, rule.pattern), rule)
    return [kept[key] for key in sorted(kept)], refused


def names_of(makers: Iterable[Maker]) -> dict[str, str]:
    """By every spelling: the maker's name as people write it."""
    return {
        spelling: maker.name
        for maker in makers
        for name in (maker.name, *maker.aliases)
        for spelling in (plain(name), short_name(name))
    }


def check(rules: Iterable[Rule], makers: Iterable[Maker], categories: set[str]) -> None:
    """Raise `CatalogueError` if a rule names what is in no table, or says nothing."""
    known = {maker.name for maker in makers}
    for rule in rules:
        if rule.maker and rule.maker not in known:
            raise CatalogueError(f"{rule.pattern}: no such maker: {rule.maker}")
        if rule.category and rule.category not in categories:
            raise CatalogueError(f"{rule.pattern}: no such kind of thing: {rule.category}")
        if not (rule.maker or rule.family or rule.category):
            raise CatalogueError(f"{rule.pattern}: says nothing")


def _row(maker: Maker) -> dict[str, Any]:
    return {
        "maker": maker.name,
        "aliases": list(maker.aliases),
        "role": maker.role,
        "words": list(maker.words),
        "owner": maker.owner or None,
    }


def write_sources(rules: Iterable[Rule]) -> None:
    """What is told of each source, with the rules that are from it."""
    counts = Counter(rule.source for rule in rules)
    entries = [{**source, "rows": counts[source["name"]]} for source in SOURCES]
    text = json.dumps(entries, indent=2, ensure_ascii=False)
    (DATA / "identity_sources.json").write_text(text + "\n", "utf-8")


def write(name: str, table: pa.Table, about: Mapping[str, str]) -> None:
    """One Arrow file, compressed."""
    licence = (
        "Apache-2.0; facts of recog (BSD-2-Clause) and Home Assistant (Apache-2.0), see NOTICE"
    )
    metadata = {**about, "licence": licence, "rows": str(len(table))}
    path = DATA / f"{name}.arrow"
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=19))
    described = table.combine_chunks().replace_schema_metadata(metadata)
    with (
        pa.OSFile(str(path), "wb") as file,
        pa.ipc.new_file(file, described.schema, options=options) as to,
    ):
        to.write_table(described)
    print(f"{path.name}: {len(table)} rows, {path.stat().st_size} bytes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
