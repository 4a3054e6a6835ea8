"""A `Report` -> a table of devices on the terminal: the verdict first, then what to do."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from thingwarden.model import Assessment, Device, DeviceId, Report, Verdict
from thingwarden.report import card
from thingwarden.report.letters import plain
from thingwarden.report.naming import label_devices, say_what
from thingwarden.report.words import (
    NOTHING_TO_DO,
    SEVERITIES,
    VERDICTS,
    WATCH_LONGER,
    count,
    listed,
    moment,
    what_to_do,
)

NARROW = 76
"""Columns below which three columns of text hold no words any more."""

WIDEST = 110
"""Columns beyond which lines become hard to follow."""

MOST_DEVICES = 100
"""More lines than this nobody reads on a terminal."""

MOST_PROBLEMS = 5

MOST_THINGS = 3
"""Things behind a hub, and devices that are perhaps the same, which a line names."""

CONTRADICTION = "bold magenta"

COLOURS = {
    Verdict.DO_NOT_DEPEND: "bold red",
    Verdict.DEPEND_WRAPPED: "bold yellow",
    Verdict.NOT_ENOUGH_SEEN: "bold",
    Verdict.DEPEND: "bold green",
}


def render_terminal(report: Report, console: Console) -> None:
    """Print the report; colour and width are the console's."""
    _print(console, Text(_headline(report), style="bold"))
    _print(console, Text(_period(report), style="dim"))
    shown = report.assessments[:MOST_DEVICES]
    labels = label_devices(report)
    if shown:
        _print(console, Text(""))
        _render_devices(shown, labels, console)
    for line in _remarks(report):
        _print(console, Text(line))


def _print(console: Console, text: Text) -> None:
    console.print(text, highlight=False, soft_wrap=False)


def _headline(report: Report) -> str:
    verdicts = Counter(assessment.verdict for assessment in report.assessments)
    if not verdicts:
        return "No devices were seen."
    parts = [
        f"{words.short}: {verdicts[verdict]:,}."
        for verdict, words in VERDICTS.items()
        if verdicts[verdict]
    ]
    return f"{count(len(report.assessments), 'device')}. {' '.join(parts)}"


def _period(report: Report) -> str:
    packets = sum(capture.packets for capture in report.captures)
    starts = [capture.first_us for capture in report.captures if capture.first_us is not None]
    ends = [capture.last_us for capture in report.captures if capture.last_us is not None]
    read = f"{count(packets, 'packet')} in {count(len(report.captures), 'capture')}"
    if not starts or not ends:
        return f"{read}."
    return f"{read}, {moment(min(starts))} to {moment(max(ends))}."


def _render_devices(
    shown: Sequence[Assessment], labels: Mapping[DeviceId, str], console: Console
) -> None:
    if console.width < NARROW:
        for assessment in shown:
            _render_block(assessment, labels, console)
        return
    table = Table(box=None, padding=(0, 3, 1, 0), pad_edge=False, header_style="dim", expand=True)
    table.width = min(console.width, WIDEST)
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Device", ratio=3, overflow="fold", min_width=17)
    table.add_column("Why, and what to do", ratio=5, overflow="fold")
    for assessment in shown:
        table.add_row(
            _verdict(assessment), _device(assessment, labels), _advice(assessment, labels)
        )
    console.print(table, highlight=False)
    _print(console, Text(""))


def _render_block(assessment: Assessment, labels: Mapping[DeviceId, str], console: Console) -> None:
    """One device below the other, for terminals too narrow for a table."""
    _print(console, _verdict(assessment))
    for text in (_device(assessment, labels), _advice(assessment, labels)):
        console.print(Padding(text, (0, 0, 0, 2)), highlight=False)
    _print(console, Text(""))


def _verdict(assessment: Assessment) -> Text:
    return Text(VERDICTS[assessment.verdict].short, style=COLOURS[assessment.verdict])


def _device(assessment: Assessment, labels: Mapping[DeviceId, str]) -> Text:
    device = assessment.device
    text = Text(labels[device.id], style="bold")
    what = say_what(device.identity)
    if what != labels[device.id] and f"{what} device" != labels[device.id]:
        text.append(f"\n{what}", style="not bold")
    ends = [end for end in (*device.addresses[:1], *device.macs[:1]) if end != labels[device.id]]
    if ends:
        more = len(device.macs) - 1
        also = f" and {more:,} more" if more > 0 else ""
        text.append("\n" + plain(" ".join(ends)) + also, style="not bold dim")
    return text


def _advice(assessment: Assessment, labels: Mapping[DeviceId, str]) -> Text:
    text = Text(plain(assessment.reason))
    action = what_to_do(assessment)
    if assessment.verdict is not Verdict.NOT_ENOUGH_SEEN and action != NOTHING_TO_DO:
        text.append("\nDo: ", style="bold")
        text.append(plain(action, 600))
    for conflict in card.say_conflicts(assessment.device.identity):
        text.append("\nContradiction: ", style=CONTRADICTION)
        text.append(conflict)
    if len(assessment.findings) > 1:
        worst = SEVERITIES[assessment.findings[0].severity].lower()
        text.append(f"\n{len(assessment.findings):,} findings, the worst {worst}.", style="dim")
    for line in _identity(assessment.device, labels):
        text.append(f"\n{line}", style="dim")
    return text


def _identity(device: Device, labels: Mapping[DeviceId, str]) -> Iterable[str]:
    """How sure it is what the thing is, why, and what would make it surer."""
    identity = device.identity
    sure = card.say_sure(identity)
    if sure:
        because = "; ".join(card.strongest_clues(identity))
        yield f"How sure: {sure}." + (f" Because: {because}." if because else "")
    perhaps = card.say_candidates(identity)
    if perhaps:
        yield f"Perhaps: {perhaps}."
    if not (identity.category or identity.vendor):
        yield from (f"To be sure, {step}" for step in card.say_settle(identity, 1))
    behind = [card.say_accessory(one) for one in device.accessories]
    if behind:
        yield f"Behind it: {listed(behind, MOST_THINGS)}."
    for link in card.doubtful_links(device)[:MOST_THINGS]:
        yield f"Perhaps the same as {card.say_link(link, labels)}, {card.say_why(link)}."


def _remarks(report: Report) -> Iterable[str]:
    """What was left out, could not be read, or cannot be said."""
    more = len(report.assessments) - MOST_DEVICES
    if more > 0:
        yield f"{count(more, 'more device')} not shown here; the HTML and JSON reports have them."
    if any(entry.verdict is Verdict.NOT_ENOUGH_SEEN for entry in report.assessments):
        yield f"Where not enough was seen: {WATCH_LONGER.lower()}"
    gaps = Counter(gap.check for entry in report.assessments for gap in entry.not_judged)
    if gaps:
        yield (
            f"Not judged: {count(sum(gaps.values()), 'time')} a check had too little to go on. "
            "Not examined is not a pass."
        )
    for problem in report.problems[:MOST_PROBLEMS]:
        times = f" ({problem.count:,} times)" if problem.count > 1 else ""
        yield plain(f"Could not read: {problem.problem}{times}")
    if len(report.problems) > MOST_PROBLEMS:
        yield f"And {len(report.problems) - MOST_PROBLEMS:,} more kinds of problems while reading."
