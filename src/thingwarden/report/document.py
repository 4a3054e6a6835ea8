"""A `Report` -> JSON, schema thingwarden-report/1, and back to values that can be compared."""

from collections.abc import Iterable

import msgspec

from thingwarden.checks.suppressions import last_packet_us, list_states
from thingwarden.errors import ReportError
from thingwarden.model import Assessment, CheckFacts, Device, Finding, Grade, Report
from thingwarden.report.identities import Hashes, write_accessories, write_identity, write_links
from thingwarden.report.letters import escape_unseen, sound
from thingwarden.report.shape import (
    SCHEMA,
    ActivityEntry,
    CaptureEntry,
    CheckEntry,
    ConcernEntry,
    ContactEntry,
    DeviceEntry,
    Document,
    EvidenceEntry,
    FindingEntry,
    GatewayEntry,
    NotJudgedEntry,
    PastEntry,
    ProblemEntry,
    SourceEntry,
    StatementEntry,
    SuppressionEntry,
)

MAX_DOCUMENT_BYTES = 256 * 1024 * 1024
"""A thousand devices need some ten megabytes; more than this is no report of ours."""

COVERAGE_DIGITS = 4
"""Coverage is a quotient of small counts; more digits would only differ between machines."""


def render_document(report: Report) -> str:
    """The report as JSON text, indented, with a final new line; always the same for the same.

    Letters that steer a terminal or the direction of writing stand in it as escapes only.
    """
    text = msgspec.json.format(msgspec.json.encode(make_document(report)), indent=2).decode()
    return escape_unseen(text) + "\n"


def read_document(text: bytes) -> Document:
    """The values in a JSON report; raises `ReportError` if it is none."""
    if len(text) > MAX_DOCUMENT_BYTES:
        raise ReportError(f"the report has {len(text)} bytes, more than {MAX_DOCUMENT_BYTES}")
    try:
        schema = msgspec.json.decode(text, type=dict[str, msgspec.Raw]).get("schema")
        if schema is None or msgspec.json.decode(schema) != SCHEMA:
            raise ReportError(
                f"not a report of schema {SCHEMA}", "Write one with thingwarden inspect --json."
            )
        return msgspec.json.decode(text, type=Document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ReportError(f"not a readable report: {error}") from error


def make_document(report: Report) -> Document:
    """The values that stand in the JSON file; captures are named by their SHA-256."""
    hashes = {capture.number: capture.sha256 for capture in report.captures}
    return Document(
        schema=SCHEMA,
        version=report.version,
        captures=tuple(_captures(report)),
        devices=tuple(_device(assessment, hashes) for assessment in report.assessments),
        gateways=tuple(_gateway(device, hashes) for device in report.gateways),
        findings=tuple(
            _finding(finding, hashes)
            for assessment in report.assessments
            for finding in assessment.findings
        ),
        not_judged=tuple(_not_judged(report.assessments)),
        checks=tuple(_check(check) for check in report.checks),
        contacts=tuple(_contacts(report)),
        slice_us=report.slice_us,
        activity=tuple(
            ActivityEntry(device=slice_.device_id, start_us=slice_.start_us, bytes=slice_.bytes)
            for slice_ in report.activity
        ),
        problems=tuple(_problems(report, hashes)),
        statements=tuple(
            StatementEntry(kind=said.kind, first=said.first, second=said.second)
            for said in report.statements
        ),
        suppressions=tuple(_suppressions(report)),
        history=tuple(_history(report)),
    )


def _captures(report: Report) -> Iterable[CaptureEntry]:
    for capture in report.captures:
        yield CaptureEntry(
            sha256=capture.sha256,
            file=sound(capture.file),
            packets=capture.packets,
            bytes=capture.bytes,
            first_us=capture.first_us,
            last_us=capture.last_us,
        )


def _gateway(device: Device, hashes: Hashes) -> GatewayEntry:
    return GatewayEntry(
        id=device.id,
        macs=device.macs,
        addresses=device.addresses,
        names=tuple(map(sound, device.names)),
        identity=write_identity(device.identity, hashes),
        random_mac=device.random_mac,
        first_us=device.first_us,
        last_us=device.last_us,
        packets=device.packets,
        bytes=device.bytes,
        links=write_links(device, hashes),
        accessories=write_accessories(device, hashes),
    )


def _device(assessment: Assessment, hashes: Hashes) -> DeviceEntry:
    device = _gateway(assessment.device, hashes)
    return DeviceEntry(
        **{name: getattr(device, name) for name in GatewayEntry.__dataclass_fields__},
        verdict=assessment.verdict.value,
        reason=sound(assessment.reason),
        concerns=_concerns(assessment.grades),
        role=assessment.device.role.value if assessment.device.role else None,
        steps=assessment.steps,
    )


def _concerns(grades: Iterable[Grade]) -> tuple[ConcernEntry, ...]:
    return tuple(
        ConcernEntry(
            concern=grade.concern.value,
            grade=grade.grade,
            coverage=round(grade.coverage, COVERAGE_DIGITS),
        )
        for grade in grades
    )


def _finding(finding: Finding, hashes: Hashes) -> FindingEntry:
    return FindingEntry(
        id=finding.id,
        check=finding.check,
        device=finding.device_id,
        concern=finding.concern.value,
        severity=finding.severity.value,
        confidence=finding.confidence.value,
        statement=sound(finding.statement),
        remedy=finding.remedy,
        evidence=tuple(
            EvidenceEntry(
                capture=hashes[evidence.capture],
                frame=evidence.frame,
                time_us=evidence.time_us,
                says=sound(evidence.says),
            )
            for evidence in finding.evidence
        ),
        evidence_total=finding.evidence_total,
        suppressed=finding.suppressed is not None,
    )


def _not_judged(assessments: Iterable[Assessment]) -> Iterable[NotJudgedEntry]:
    for assessment in assessments:
        for gap in assessment.not_judged:
            yield NotJudgedEntry(
                check=gap.check, device=gap.device_id, concern=gap.concern.value, needs=gap.needs
            )


def _check(check: CheckFacts) -> CheckEntry:
    return CheckEntry(
        id=check.id,
        title=check.title,
        concern=check.concern.value,
        sources=tuple(SourceEntry(title=source.title, url=source.url) for source in check.sources),
        limits=check.limits,
        bears_on=check.bears_on,
        failed=sound(check.failed),
    )


def _suppressions(report: Report) -> Iterable[SuppressionEntry]:
    found = [finding for entry in report.assessments for finding in entry.findings]
    for state in list_states(found, report.suppressions, last_packet_us(report)):
        yield SuppressionEntry(
            device=state.suppression.device_id,
            check=state.suppression.check,
            reason=sound(state.suppression.reason),
            until=state.suppression.until,
            in_force=state.in_force,
            applied=state.applied,
        )


def _history(report: Report) -> Iterable[PastEntry]:
    for past in report.history:
        yield PastEntry(
            device=past.device_id,
            last_us=past.last_us,
            verdict=past.verdict.value,
            concerns=_concerns(past.grades),
        )


def _contacts(report: Report) -> Iterable[ContactEntry]:
    for contact in report.contacts:
        yield ContactEntry(
            device=contact.device_id,
            peer=sound(contact.peer),
            peer_device=contact.peer_device,
            place=contact.place,
            country=contact.country,
            provider=contact.provider,
            app=contact.app,
            encrypted=contact.encrypted,
            flows=contact.flows,
            sent_bytes=contact.sent_bytes,
            received_bytes=contact.received_bytes,
        )


def _problems(report: Report, hashes: Hashes) -> Iterable[ProblemEntry]:
    for problem in report.problems:
        yield ProblemEntry(
            capture=None if problem.capture is None else hashes.get(problem.capture),
            frame=problem.frame,
            part=problem.part,
            problem=sound(problem.problem),
            count=problem.count,
        )
