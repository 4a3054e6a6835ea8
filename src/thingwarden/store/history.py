"""What a site's inspections concluded, one after the other -> how grades developed."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from thingwarden.model import (
    Assessment,
    DeviceId,
    Grade,
    PastAssessment,
    Report,
    Verdict,
)
from thingwarden.store.state import PAST, State

MOST_PAST = 2000
"""Rows that are read: the newest; a thousand devices twice."""

NEWEST = """
    select device_id, last_us, verdict, grades
    from past
    where regexp_full_match(device_id, 'd-[0-9a-f-]{3,45}') and length(grades) < 5000
    order by number desc, device_id
    limit $most
"""


class History:
    """Past conclusions, in the state of an open site."""

    def __init__(self, state: State) -> None:
        self._state = state

    def list(self) -> tuple[PastAssessment, ...]:
        """Earlier conclusions by device and time; rows that are not ours are left out."""
        if not self._state.has("past"):
            return ()
        rows = (_read(row) for row in self._state.ask(NEWEST, {"most": MOST_PAST}))
        past = [row for row in rows if row]
        return tuple(sorted(past, key=lambda one: (one.device_id, one.last_us)))

    def join(self, report: Report) -> Report:
        """`report` with what was concluded before, which is kept with what is concluded now.

        Conclusions that still stand are not told again: the last of each device, if nothing changed.
        """
        now = {one.device.id: (one.verdict, _rounded(one.grades)) for one in report.assessments}
        past = self.list()
        newest = {one.device_id: one for one in past}
        told = tuple(
            one
            for one in past
            if one is not newest[one.device_id]
            or (one.verdict, one.grades) != now.get(one.device_id)
        )
        ends = [capture.last_us for capture in report.captures if capture.last_us is not None]
        self.add(report.assessments, max(ends, default=0))
        return replace(report, history=told)

    def add(self, assessments: Sequence[Assessment], last_us: int) -> None:
        """Keep what was concluded now, where it differs from what was concluded last."""
        if not self._state.has("past"):
            self._state.change(PAST, {})
        latest = {one.device_id: (one.verdict, one.grades) for one in self.list()}
        changed = [
            one
            for one in assessments
            if latest.get(one.device.id) != (one.verdict, _rounded(one.grades))
        ]
        rows = [
            {
                "device_id": one.device.id,
                "last_us": last_us,
                "verdict": one.verdict.value,
                "grades": msgspec.json.encode(_rounded(one.grades)).decode(),
            }
            for one in changed
        ]
        if rows:
            self._state.change(
                "insert into past select (select coalesce(max(number), 0) + 1 from past),"
                " row.device_id, row.last_us, row.verdict, row.grades"
                " from (select unnest($rows) as row)",
                {"rows": rows},
            )


def _rounded(grades: Sequence[Grade]) -> tuple[Grade, ...]:
    """Coverage to a hundredth: less is no change worth a row."""
    return tuple(
        Grade(concern=one.concern, grade=one.grade, coverage=round(one.coverage, 2))
        for one in grades
    )


def _read(row: dict[str, object]) -> PastAssessment | None:
    try:
        return PastAssessment(
            device_id=DeviceId(str(row["device_id"])),
            last_us=int(str(row["last_us"])),
            verdict=Verdict(row["verdict"]),
            grades=msgspec.json.decode(str(row["grades"]), type=tuple[Grade, ...]),
        )
    except (ValueError, msgspec.DecodeError):
        return None
