"""The JSON Schema of reports -> `docs/report.md`, a line for each field.

python tools/make_report_docs.py
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT / "src/thingwarden/data/thingwarden-report-1.schema.json"
PAGE = ROOT / "docs/report.md"

INTRODUCTION = """\
# The JSON report

<!-- Written by tools/make_report_docs.py from the schema; do not edit. -->

`thingwarden inspect CAPTURE --json FILE` writes one JSON object. Its schema is
`thingwarden-report/1`: a JSON Schema of it is in the package, as
`thingwarden/data/thingwarden-report-1.schema.json`. Every field listed here is always there; those
marked with a star came later, and reports of earlier versions lack them.

Texts that a network chose have at most 4,096 letters. Letters that steer a terminal or the direction
of writing stand in the file as escapes (`\\u202e`) only, and come out of any JSON reader as they were.

`thingwarden verify REPORT.json CAPTURE` derives the whole report anew and compares all of it but
what no capture can tell: the name of each file, the version that wrote the report, and what the user
said (a first name that the captures do not have, a statement of confidence 1 and what is certain
beside it, a link by the user).
"""


def describe_schema() -> str:
    """Write the whole page."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    parts = [INTRODUCTION, *describe_object("The report", schema)]
    for name, shape in schema["$defs"].items():
        if "properties" in shape:
            parts += describe_object(name, shape)
    return "\n".join(parts)


def describe_object(name: str, shape: Mapping) -> Iterable[str]:
    """Write a heading, and a table with a row for each field."""
    yield f"## {name}\n\n{shape['description']}\n"
    yield "| field | type | meaning |\n|---|---|---|"
    for field, kind in shape["properties"].items():
        later = "" if field in shape["required"] else " *"
        yield f"| `{field}`{later} | {name_type(kind)} | {kind['description']} |"
    yield ""


def name_type(kind: Mapping) -> str:
    """Name a type as people do."""
    if "$ref" in kind:
        name = kind["$ref"].rpartition("/")[2]
        return {"texts": "texts", "concern_name": "name of a concern"}.get(name, link(name))
    if "anyOf" in kind:
        return " or ".join(name_type(one) for one in kind["anyOf"])
    if "const" in kind:
        return f"`{kind['const']}`"
    if "enum" in kind:
        return ", ".join("null" if one is None else f"`{one}`" for one in kind["enum"])
    if kind["type"] == "array":
        return f"list of {name_type(kind['items'])}"
    names = {
        "integer": "whole number",
        "string": "text",
        "number": "number",
        "boolean": "yes or no",
    }
    types = kind["type"] if isinstance(kind["type"], list) else [kind["type"]]
    return " or ".join(names.get(one, one) for one in types)


def link(name: str) -> str:
    """Link to the part of the page that describes `name`."""
    return f"[{name}](#{name})"


if __name__ == "__main__":
    PAGE.write_text(describe_schema(), encoding="utf-8")
