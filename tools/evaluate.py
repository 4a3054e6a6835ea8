"""Measure how well devices are named, and write `docs/evaluation.md`: `make evaluate`.

Labelled captures are looked for in the data folder (`$THINGWARDEN_DATA`, else `../shared/data` beside
the project). They only measure: what ships was not learnt from them.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from thingwarden.inventory.identification.evidence import gather
from thingwarden.inventory.identification.identify import weigh_evidence
from thingwarden.inventory.identification.knowledge import Knowledge
from thingwarden.model import Identity
from thingwarden.store.files import write_text

from tools.evaluation_page import Named, Open, Row, write_page
from tools.labelled import Telling, read_names, read_sentinel, tell
from tools.precision import write_sections
from tools.relinking import measure_home
from tools.trials import (
    ABLATIONS,
    Case,
    Given,
    draw_per_type,
    hide,
    leave_one_model_out,
    leave_one_out,
    leave_one_person_out,
    one_per_type,
    prefix_only,
    score,
    train,
)
from tools.wrapping.section import replace_section, write_section

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "evaluation.md"
DRAWS = 5
HOMES, DAYS = 5, 14
"""Generated homes of each sort, and how long they are watched."""


def find_data() -> Path:
    """The folder with labelled captures, whether it exists or not."""
    return Path(os.environ.get("THINGWARDEN_DATA") or ROOT.parent / "shared" / "data")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all trials, print the page and write it."""
    parser = argparse.ArgumentParser(prog="evaluate", description=__doc__)
    parser.add_argument("--draws", type=int, default=DRAWS, help="draws of one capture per type")
    parser.add_argument("--page", type=Path, default=PAGE, help="where the page is written")
    parser.add_argument("--only", choices=["wrapping"], help="make this section of the page anew")
    options = parser.parse_args(arguments)
    data = find_data()
    if not (data / "iot-sentinel").is_dir():
        print(f"No labelled captures in {data}: nothing can be measured.", file=sys.stderr)
        return 2
    with Progress(console=Console(stderr=True), transient=True) as bars:
        step = bars.add_task("reading captures", total=None)

        def say(what: str) -> None:
            bars.update(step, description=what)

        if options.only:
            section = "\n".join(write_section(data, say))
            page = replace_section(options.page.read_text(encoding="utf-8"), section)
        else:
            page = evaluate(data, options.draws, say)
    write_text(options.page, page)
    print(page)
    return 0


def evaluate(data: Path, draws: int, say: Callable[[str], None]) -> str:
    """The page with everything that was measured."""
    say("reading set-up captures")
    cases = read_sentinel(data / "iot-sentinel")
    closed = [row for hidden in ABLATIONS for row in _closed(cases, hidden, draws, say)]
    say("models that nobody taught")
    opened = list(_open(cases, draws))
    say("homes that nobody taught")
    named = list(_named(data, cases))
    say("phones that change their address")
    relinked = [
        measure_home(home, seed, days=DAYS, twins=twins)
        for home in ("roaming_home", "roaming_phones")
        for seed in range(1, HOMES + 1)
        for twins in (False, True)
    ]
    say("checks, days and attacks")
    page = write_page(
        closed,
        opened,
        named,
        relinked,
        days=DAYS,
        cases=len(cases),
        types=len({case.type for case in cases}),
        models=len({case.kind for case in cases}),
    )
    lines = [page, *write_sections(data)]
    say("policies, learnt and proved")
    return "\n".join([*lines, *write_section(data, say)]).rstrip() + "\n"


def _closed(
    cases: Sequence[Case], hidden: str, draws: int, say: Callable[[str], None]
) -> Iterator[Row]:
    say(f"models that were taught: {hidden}")
    seen = hide(cases, ABLATIONS[hidden])
    drawn = draw_per_type(cases, 0)
    yield Row(
        hidden=hidden,
        split=f"one capture per type ({draws} draws)",
        score=score(one_per_type(seen, draws)),
        baseline=prefix_only(drawn, cases),
    )
    yield Row(hidden=hidden, split="leave one out", score=score(leave_one_out(seen)))
    for person, given in leave_one_person_out(seen):
        if given:
            yield Row(hidden=hidden, split=f"person {person} by the others", score=score(given))


def _open(cases: Sequence[Case], draws: int) -> Iterator[Open]:
    yield _count_wrong("all other captures", leave_one_model_out(cases, lambda others: others))
    given = [
        one
        for draw in range(draws)
        for one in leave_one_model_out(cases, lambda others, draw=draw: draw_per_type(others, draw))
    ]
    yield _count_wrong(f"one capture of each other type ({draws} draws)", given)


def _count_wrong(training: str, given: Sequence[Given]) -> Open:
    siblings = {case.kind.vendor: set[str]() for case in (one.case for one in given)}
    for one in given:
        siblings[one.case.kind.vendor].add(one.case.kind.model)
    related = [one for one in given if len(siblings[one.case.kind.vendor]) > 1]
    return Open(
        training=training,
        cases=len(given),
        wrong_model=sum(one.names_model and not one.model_right for one in given) / len(given),
        right_model=sum(one.names_model and one.model_right for one in given) / len(given),
        vendor_named=sum(one.names_vendor for one in related) / len(related),
        vendor_right=sum(one.names_vendor and one.vendor_right for one in related)
        / max(sum(one.names_vendor for one in related), 1),
        wrong_vendor=sum(one.names_vendor and not one.vendor_right for one in given) / len(given),
    )


def _named(data: Path, cases: Sequence[Case]) -> Iterator[Named]:
    """Devices of homes that nobody taught; the hue bridge of 2018 also by captures of 2016."""
    madea = sorted((data / "madea").glob("*/*.cap*"))
    if madea:
        names = read_names(data / "madea" / "Device_MAC_Name_Mapping.csv")
        yield from _compare("MADEA", tell(madea), names, Knowledge())
    bridges = sorted((data / "iot23-benign").rglob("*.pcap*"))
    if bridges:
        names = {"001788": "Philips Hue bridge"}
        yield from _compare("IoT-23", tell(bridges), names, Knowledge())
        yield from _compare("IoT-23, taught in 2016", tell(bridges), names, train(cases))


def _compare(
    site: str, telling: Telling, names: dict[str, str], knowledge: Knowledge
) -> Iterator[Named]:
    devices, told = telling
    for device in devices:
        listed = [name for mac, name in names.items() if any(_is(mac, one) for one in device.macs)]
        if not listed:
            continue
        began = time.perf_counter()
        identity: Identity = weigh_evidence(gather(device.macs, told.get(device.id, ())), knowledge)
        took = time.perf_counter() - began
        yield Named(site=site, listed=listed[0], identity=identity, seconds=took)


def _is(listed: str, mac: str) -> bool:
    return mac.replace(":", "").startswith(listed)


if __name__ == "__main__":
    sys.exit(main())
