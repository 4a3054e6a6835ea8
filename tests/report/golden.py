"""Documents that are compared with a file; `THINGWARDEN_GOLDEN=write` writes the files anew."""

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden"


def assert_golden(name, text):
    path = FOLDER / name
    if os.environ.get("THINGWARDEN_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
