"""A `Report` -> SARIF 2.1.0 (OASIS), for a maker's CI: one result a finding, one rule a check.

A capture has no lines: a result names the file, and its frames stand in the logical location and in
`properties`, where `thingwarden verify` can be pointed at them.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from thingwarden.model import CheckFacts, Confidence, Finding, Report, Severity
from thingwarden.report.changes import Change
from thingwarden.report.letters import escape_unseen, sound
from thingwarden.report.naming import label_devices

VERSION = "2.1.0"
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
HOME = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html"

LEVELS = {
    Severity.INFO: "note",
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
"""SARIF section 3.27.10 knows three levels; the severity itself stands in `properties`."""

RANKS = {Confidence.GUESS: 30.0, Confidence.LIKELY: 70.0, Confidence.CERTAIN: 100.0}
"""SARIF section 3.27.25: how important it is to look at a result, 0 to 100; here how sure it is."""

NEW_MARK = " (new): "
"""How a change says that a finding was not there before; see `changes`."""

Json = dict[str, Any]


def render_sarif(report: Report, changes: Sequence[Change] | None = None) -> str:
    """The log as JSON text, always the same for the same report.

    `changes` since an earlier report make each result new, updated or unchanged.
    """
    log = {"$schema": SCHEMA, "version": VERSION, "runs": [_run(report, changes)]}
    text = msgspec.json.format(msgspec.json.encode(log), indent=2).decode()
    return escape_unseen(text) + "\n"


def _run(report: Report, changes: Sequence[Change] | None) -> Json:
    names = {str(id_): name for id_, name in label_devices(report).items()}
    order = {check.id: number for number, check in enumerate(report.checks)}
    artifacts = {capture.number: place for place, capture in enumerate(report.captures)}
    news = _baseline(changes)
    results = [
        _result(finding, names, order, artifacts, news)
        for entry in report.assessments
        for finding in entry.findings
    ]
    return {
        "tool": {
            "driver": {
                "name": "thingwarden",
                "semanticVersion": report.version,
                "rules": [_rule(check) for check in report.checks],
            }
        },
        "artifacts": [
            {
                "location": {"uri": _uri(capture.file)},
                "hashes": {"sha-256": capture.sha256},
            }
            for capture in report.captures
        ],
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }


def _rule(check: CheckFacts) -> Json:
    return {
        "id": check.id,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": f"{check.title}. Limits: {' '.join(check.limits)}"},
        "helpUri": check.sources[0].url if check.sources else HOME,
        "properties": {
            "tags": [check.concern.value, *(f"EN 303 645 {one}" for one in check.bears_on)]
        },
    }


def _result(
    finding: Finding,
    names: Mapping[str, str],
    order: Mapping[str, int],
    artifacts: Mapping[int, int],
    news: Mapping[str, str] | None,
) -> Json:
    who = sound(names.get(finding.device_id, finding.device_id))
    result: Json = {
        "ruleId": finding.check,
        "ruleIndex": order.get(finding.check, -1),
        "level": LEVELS[finding.severity],
        "rank": RANKS[finding.confidence],
        "message": {"text": f"{who}: {sound(finding.statement)} {finding.remedy}".rstrip()},
        "locations": [_location(finding, artifacts)],
        "partialFingerprints": {"finding/v1": finding.id},
        "properties": {
            "severity": finding.severity.value,
            "confidence": finding.confidence.value,
            "device": finding.device_id,
            "evidenceTotal": finding.evidence_total,
            "evidence": [
                {
                    "capture": artifacts.get(row.capture, -1),
                    "frame": row.frame,
                    "timeUs": row.time_us,
                    "says": sound(row.says),
                }
                for row in finding.evidence
            ],
        },
    }
    if finding.suppressed:
        reason = f"{sound(finding.suppressed.reason)} (until {finding.suppressed.until})"
        result["suppressions"] = [{"kind": "external", "justification": reason}]
    if news is not None:
        result["baselineState"] = news.get(finding.id, "unchanged")
    return result


def _location(finding: Finding, artifacts: Mapping[int, int]) -> Json:
    """The first place; the device is the logical location."""
    first = finding.evidence[0]
    place: Json = {
        "logicalLocations": [
            {
                "name": f"frame {first.frame}",
                "fullyQualifiedName": f"{finding.device_id}/frame/{first.frame}",
            }
        ]
    }
    if first.capture in artifacts:
        location = {"index": artifacts[first.capture]}
        place["physicalLocation"] = {"artifactLocation": location}
    return place


def _invocation(report: Report) -> Json:
    """Checks that failed make the run incomplete, and are told (SARIF section 3.20.21)."""
    failed = [check for check in report.checks if check.failed]
    return {
        "executionSuccessful": not failed,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {"text": f"The check {check.id} failed: {sound(check.failed)}"},
                "associatedRule": {"id": check.id},
            }
            for check in failed
        ],
    }


def _baseline(changes: Sequence[Change] | None) -> Mapping[str, str] | None:
    """Finding -> new or updated; None where nothing was compared."""
    if changes is None:
        return None
    return {
        change.finding: "new" if NEW_MARK in change.says else "updated"
        for change in changes
        if change.finding
    }


def _uri(file: str) -> str:
    """A file's name as a relative reference (RFC 3986): everything unusual is escaped."""
    return quote(sound(file))
