"""A `Report` -> one HTML file that needs nothing else: what to do, then pictures, then all of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from thingwarden.checks.suppressions import State, last_packet_us, list_states
from thingwarden.model import (
    Assessment,
    DeviceId,
    NotJudged,
    PastAssessment,
    Report,
    Verdict,
)
from thingwarden.report import card, words
from thingwarden.report.changes import Change
from thingwarden.report.letters import plain
from thingwarden.report.naming import describe, label_devices, say_what
from thingwarden.report.pictures.dependence import draw_dependence
from thingwarden.report.pictures.grades import draw_grades
from thingwarden.report.pictures.much import draw_much_by_device, draw_much_by_peer
from thingwarden.report.pictures.svg import Picture
from thingwarden.report.pictures.when import draw_when
from thingwarden.report.pictures.where import draw_where
from thingwarden.report.pictures.who import draw_who

MAX_TEXT = 2000
"""Letters of any one text on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """How much of each kind is shown; the page says what it leaves out, the JSON has it all."""

    actions: int = 60
    cards: int = 80
    rows: int = 3000
    findings: int = 12
    evidence: int = 10
    addresses: int = 8
    problems: int = 60
    captures: int = 100
    gateways: int = 20
    names: int = 24
    clues: int = 16
    accessories: int = 24
    changes: int = 60
    past: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A check that could not be applied, and to how many devices."""

    title: str
    needs: str
    devices: int


def render_page(report: Report, changes: Sequence[Change] | None = None) -> str:
    """The HTML text; every text from the network is escaped, and nothing is loaded from outside."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_show,
    )
    source = (files("thingwarden") / "data/report.html.j2").read_text(encoding="utf-8")
    labels = label_devices(report)
    page = environment.from_string(source).render(
        report=report,
        labels=labels,
        most=Most(),
        words=words,
        card=card,
        plain=plain,
        Verdict=Verdict,
        headline=headline(report),
        tally=Counter(assessment.verdict for assessment in report.assessments),
        by_verdict=_by_verdict(report.assessments),
        describe=describe,
        say_what=say_what,
        pictures=_draw(report),
        grades=draw_grades(report.assessments, labels),
        changes=changes,
        accepted=_accepted(report),
        history=_history(report),
        roles=words.ROLES,
        failed=[check for check in report.checks if check.failed],
        gaps=_gaps(report),
        titles={check.id: check.title for check in report.checks},
        hashes={capture.number: capture.sha256 for capture in report.captures},
        files={capture.number: capture.file for capture in report.captures},
        first_us=min((one.first_us for one in report.captures if one.first_us), default=None),
        last_us=max((one.last_us for one in report.captures if one.last_us), default=None),
        packets=sum(capture.packets for capture in report.captures),
    )
    return page.encode("utf-8", "replace").decode("utf-8")


def headline(report: Report) -> str:
    """The whole report in one sentence."""
    total = len(report.assessments)
    verdicts = Counter(assessment.verdict for assessment in report.assessments)
    bad = verdicts[Verdict.DO_NOT_DEPEND] + verdicts[Verdict.DEPEND_WRAPPED]
    if not total:
        return "No devices were seen."
    if bad:
        verb = "needs" if bad == 1 else "need"
        return f"{bad:,} of {words.count(total, 'device')} {verb} something from you."
    if verdicts[Verdict.DEPEND]:
        return "Nothing was found that needs doing."
    return "Too little was seen to say anything."


def _show(value: object) -> object:
    """What the template prints: text without characters that steer, `Markup` as it is."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return plain(value, MAX_TEXT)
    return value


def _by_verdict(assessments: Sequence[Assessment]) -> dict[Verdict, list[Assessment]]:
    return {
        verdict: [one for one in assessments if one.verdict is verdict]
        for verdict in words.VERDICTS
    }


def _draw(report: Report) -> list[Picture]:
    labels = label_devices(report)
    drawn = (
        draw_dependence(report.contacts, labels),
        draw_who(report.contacts, labels),
        draw_where(report.contacts, labels),
        draw_when(report.activity, report.slice_us, labels),
        draw_much_by_device(report.contacts, labels),
        draw_much_by_peer(report.contacts, labels),
    )
    return [picture for picture in drawn if picture]


def _accepted(report: Report) -> Sequence[State]:
    found = [finding for entry in report.assessments for finding in entry.findings]
    return list_states(found, report.suppressions, last_packet_us(report))


def _history(report: Report) -> Mapping[DeviceId, Sequence[PastAssessment]]:
    """Earlier conclusions, by device, in order."""
    past: dict[DeviceId, list[PastAssessment]] = {}
    for one in report.history:
        past.setdefault(one.device_id, []).append(one)
    return past


def _gaps(report: Report) -> list[Gap]:
    """What was not judged, over all devices: the most frequent first."""
    titles = {check.id: check.title for check in report.checks}
    gaps: Counter[tuple[str, str]] = Counter()
    for assessment in report.assessments:
        gaps.update(_reasons(assessment.not_judged))
    return [
        Gap(title=titles.get(check, check), needs=needs, devices=devices)
        for (check, needs), devices in gaps.most_common(100)
    ]


def _reasons(gaps: Sequence[NotJudged]) -> list[tuple[str, str]]:
    return [(gap.check, gap.needs) for gap in gaps]
