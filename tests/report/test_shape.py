import dataclasses
import json
from importlib.resources import files

from thingwarden.report import shape

SCHEMA = json.loads(
    (files("thingwarden") / "data/thingwarden-report-1.schema.json").read_text("utf-8")
)


def test_the_schema_has_exactly_the_fields_of_the_values():
    entries = {
        name: value for name, value in vars(shape).items() if dataclasses.is_dataclass(value)
    }

    for name, entry in entries.items():
        fields = dataclasses.fields(entry)
        always = {field.name for field in fields if field.default is dataclasses.MISSING}
        described = describe(name)
        assert set(described["properties"]) == {field.name for field in fields}, name
        assert set(described["required"]) == always, name


def describe(name):
    if name == "Document":
        return SCHEMA
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return SCHEMA["$defs"][snake.removeprefix("_").removesuffix("_entry")]
