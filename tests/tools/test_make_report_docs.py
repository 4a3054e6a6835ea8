import importlib.util
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "make_report_docs.py"


def load():
    spec = importlib.util.spec_from_file_location("make_report_docs", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_schema_says():
    tool = load()

    assert tool.PAGE.read_text(encoding="utf-8") == tool.describe_schema(), (
        "report.md is out of date: run tools/make_report_docs.py"
    )


def test_every_field_is_one_line():
    tool = load()

    for line in tool.describe_schema().splitlines():
        assert line.count("|") in (0, 4)
