"""Documents that are written from the code say what the code says."""

import importlib.util
from pathlib import Path

import pytest

from thingwarden.checks import CHECKS

TOOL = Path(__file__).parent.parent / "tools" / "make_docs.py"


@pytest.fixture(scope="module")
def make_docs():
    spec = importlib.util.spec_from_file_location("make_docs", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["tables.md", "checks.md"])
def test_the_document_is_what_the_code_says(make_docs, name):
    path = make_docs.DOCS / name

    assert path.read_text(encoding="utf-8") == make_docs.documents()[path], (
        f"{name} is out of date: run tools/make_docs.py"
    )


def test_every_table_has_a_name_of_its_own_and_tells_each_column(make_docs):
    tables = make_docs.every_table()

    assert len({table.name for table in tables}) == len(tables)
    assert all(column.meaning for table in tables for column in table.columns)


def test_every_check_and_its_limits_are_described(make_docs):
    text = make_docs.describe_checks(CHECKS)

    assert all(f"### {check.id}\n" in text for check in CHECKS)
    assert all(limit in text for check in CHECKS for limit in check.limits)


def test_a_changed_document_is_told(make_docs, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(make_docs, "DOCS", tmp_path)

    assert make_docs.main(["--check"]) == 1
    assert "checks.md is not what the code says" in capsys.readouterr().err
    assert make_docs.main([]) == 0
    assert make_docs.main(["--check"]) == 0
