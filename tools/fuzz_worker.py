"""Inspects captures whose paths come on standard input, one a line; answers with one line each.

An answer is `fine`, `refused` (the job could not be done, as the program may say of any bytes), or
the traceback of a crash as JSON. A worker lives on after each, as imports take longer than a try.
"""

import faulthandler
import io
import json
import sys
import traceback
from pathlib import Path

from rich.console import Console

from thingwarden.errors import ThingwardenError
from thingwarden.pipeline import inspect_captures
from thingwarden.report.document import render_document
from thingwarden.report.page import render_page
from thingwarden.report.terminal import render_terminal


def answer(path: Path) -> str:
    """Everything that the program does with a capture, all reports included."""
    try:
        report = inspect_captures([path])
        render_page(report)
        json.loads(render_document(report))
        render_terminal(report, Console(file=io.StringIO()))
    except ThingwardenError:
        return "fine: refused"
    except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
        return json.dumps(traceback.format_exc())
    return "fine"


def main() -> None:
    """Answer until there is nothing more to read."""
    faulthandler.enable()
    answers = sys.stdout
    sys.stdout = sys.stderr  # nothing that prints may disturb the answers
    for line in sys.stdin:
        Path("/proc/self/clear_refs").write_text("5")  # the peak of memory begins anew: proc(5)
        print(answer(Path(line.strip())), file=answers, flush=True)


if __name__ == "__main__":
    main()
