"""A check's queries -> its evidence by device, bounded, and the devices with something to examine."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from thingwarden.checks.check import Check
from thingwarden.model import DeviceId, Evidence
from thingwarden.store import Reader

JUDGED_EVIDENCE = 1000
"""Rows a device that `judge` gets, so that a storm of millions does not fill the memory."""

KEEP = """
    with found as ({evidence}
    ), placed as (
        select *,
            count(*) over (partition by device_id) as total,
            row_number() over (
                partition by device_id, about order by time_us, capture, frame, says
            ) as turn
        from found
    )
    select device_id, capture::int, frame::bigint, time_us::bigint, says::varchar, about::varchar,
        amount::double, total
    from placed
    qualify row_number() over (
        partition by device_id order by turn, time_us, capture, frame, about, says
    ) <= {judged}
    order by device_id, turn, time_us, capture, frame, about, says
"""
"""The first row about each thing, then the second about each, and so on."""


@dataclass(slots=True, kw_only=True)
class Kept:
    """Evidence about one device, spread over what it is about, and how much there was."""

    rows: list[Evidence] = field(default_factory=list)
    total: int = 0


def read_evidence(reader: Reader, check: Check) -> Mapping[DeviceId, Kept]:
    """What `check` found, by device; devices without anything are absent."""
    kept: dict[DeviceId, Kept] = defaultdict(Kept)
    sql = KEEP.format(evidence=check.evidence, judged=JUDGED_EVIDENCE)
    for device_id, capture, frame, time_us, says, about, amount, total in reader.rows(
        sql, check.values
    ):
        found = kept[device_id]
        found.total = total
        found.rows.append(
            Evidence(
                device_id=device_id,
                capture=capture,
                frame=frame,
                time_us=time_us,
                says=says,
                about=about,
                amount=amount,
            )
        )
    return kept


class Examinations:
    """Devices that checks had something to examine on; many checks ask the same, which is asked once."""

    def __init__(self) -> None:
        self._known: dict[str, frozenset[DeviceId]] = {}

    def of(self, check: Check, reader: Reader) -> frozenset[DeviceId]:
        """By the check's own query."""
        named = {name: check.values[name] for name in check.values if f"${name}" in check.examined}
        key = f"{check.examined}{named}"
        if key not in self._known:
            rows: Sequence[tuple[DeviceId]] = reader.rows(check.examined, named)
            self._known[key] = frozenset(device_id for (device_id,) in rows)
        return self._known[key]
