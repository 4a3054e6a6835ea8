"""What a user said of a site's devices: labels, roles, which are one, and what is accepted."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import msgspec

from thingwarden.errors import LabelError
from thingwarden.model import DeviceId, Role, Statement, Suppression
from thingwarden.store.state import ROLES, STATEMENTS, SUPPRESSIONS, State

UNDO = "undo"
"""Kind of a row that takes the statement before it back."""

SAID = """
    select kind, first, second
    from statements
    where kind in ('same', 'apart', 'alone', 'undo')
        and regexp_full_match(concat_ws(' ', first, second), '[0-9a-f d-]{0,91}')
    order by number
"""
"""What does not look like ours, in a site that came from somebody else, is not heard."""

ACCEPTED = """
    select device_id, "check", reason, until
    from suppressions
    where regexp_full_match(device_id, 'd-[0-9a-f-]{3,45}')
        and regexp_full_match("check", '[a-z0-9-]{2,60}')
        and regexp_full_match(until, '[0-9]{4}-[0-9]{2}-[0-9]{2}')
        and length(reason) <= 200
    order by device_id, "check"
"""

LABEL_LIMIT = 80
"""Characters of a label: more do not fit a line of the report."""

REASON_LIMIT = 200
"""Characters of the reason for a suppression."""

CHECK_ID = re.compile("[a-z0-9-]{2,60}")

TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Kinds of characters that turn the direction of others: Unicode Standard Annex 9, table 4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a user says about a device; None: nothing said."""

    name: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything that a user said, whether a site keeps it or a report repeats it."""

    labels: Mapping[DeviceId, Label] = field(default_factory=dict)
    roles: Mapping[DeviceId, Role] = field(default_factory=dict)
    role: Role | None = None
    """Of all devices of which nothing else is said."""
    statements: tuple[Statement, ...] = ()
    suppressions: tuple[Suppression, ...] = ()

    def over(self, kept: "Told") -> "Told":
        """Both together; where they differ, this one wins."""
        accepted = {(one.device_id, one.check): one for one in kept.suppressions}
        accepted |= {(one.device_id, one.check): one for one in self.suppressions}
        return Told(
            labels={**kept.labels, **self.labels},
            roles={**kept.roles, **self.roles},
            role=self.role or kept.role,
            statements=(*kept.statements, *self.statements),
            suppressions=tuple(accepted.values()),
        )


class Said:
    """What the user said, in the state of an open site."""

    def __init__(self, state: State) -> None:
        self._state = state

    def all(self) -> Told:
        """Everything that was said."""
        return Told(
            labels=self.labels(),
            roles=self.roles(),
            statements=self.statements(),
            suppressions=self.suppressions(),
        )

    def labels(self) -> dict[DeviceId, Label]:
        """Names and categories, by device."""
        rows = self._state.ask("select device_id, name, category from labels order by device_id")
        return {
            DeviceId(row["device_id"]): Label(name=row["name"], category=row["category"])
            for row in rows
        }

    def set_label(
        self, device_id: DeviceId, *, name: str | None = None, category: str | None = None
    ) -> None:
        """Keep what the user says of a device; what is None stays, both None remove its label.

        Raises `LabelError` for a value that is empty, too long, or would not show as it is.
        """
        if name is None and category is None:
            self._state.change("delete from labels where device_id = $id", {"id": device_id})
            return
        values = {
            "id": check_text(device_id),
            "name": check_text(name),
            "category": check_text(category),
        }
        self._state.change(
            "insert into labels values ($id, $name, $category, null)"
            " on conflict (device_id) do update set"
            " name = coalesce(excluded.name, name),"
            " category = coalesce(excluded.category, category)",
            values,
        )

    def roles(self) -> dict[DeviceId, Role]:
        """What devices are for, by device; what is no role is not heard."""
        rows = self._state.ask("select * from roles") if self._state.has("roles") else []
        known = {role.value: role for role in Role}
        return {
            DeviceId(row["device_id"]): known[row["role"]] for row in rows if row["role"] in known
        }

    def set_role(self, device_id: DeviceId, role: Role | None) -> None:
        """Keep what a device is for; None takes it back."""
        self._have("roles", ROLES)
        self._state.change("delete from roles where device_id = $id", {"id": device_id})
        if role:
            values = {"id": check_text(device_id), "role": role.value}
            self._state.change("insert into roles values ($id, $role)", values)

    def suppressions(self) -> tuple[Suppression, ...]:
        """What the user accepts, by device and check, in force or not."""
        rows = self._state.ask(ACCEPTED) if self._state.has("suppressions") else []
        return tuple(
            msgspec.convert(row, Suppression) for row in rows if is_date(str(row["until"]))
        )

    def suppress(self, suppression: Suppression) -> None:
        """Keep that something is accepted, in place of what was said of it before.

        Raises `LabelError` for a reason that is empty, too long or hidden, and for no date.
        """
        self.allow(suppression.device_id, suppression.check)
        if not is_date(suppression.until):
            raise LabelError(f"{suppression.until!r}: not a date", "Write it as 2027-01-31.")
        values = {
            "id": check_text(suppression.device_id),
            "check": suppression.check,
            "reason": check_text(suppression.reason, REASON_LIMIT),
            "until": suppression.until,
        }
        self._state.change("insert into suppressions values ($id, $check, $reason, $until)", values)

    def allow(self, device_id: DeviceId, check: str) -> bool:
        """Take a suppression back; False: there was none."""
        self._have("suppressions", SUPPRESSIONS)
        values: Mapping[str, object] = {"id": device_id, "check": check}
        where = 'from suppressions where device_id = $id and "check" = $check'
        found = bool(self._state.ask(f"select 1 {where}", values))
        self._state.change(f"delete {where}", values)
        return found

    def statements(self) -> tuple[Statement, ...]:
        """Which addresses the user said to be one device, without what was taken back."""
        said: list[Statement] = []
        rows = self._state.ask(SAID) if self._state.has("statements") else ()
        for row in rows:
            if row["kind"] != UNDO:
                said.append(msgspec.convert(row, Statement))
            elif said:
                said.pop()
        return tuple(said)

    def state(self, statement: Statement) -> None:
        """Keep what the user says of which addresses are one device."""
        self._append(statement.kind, statement.first, statement.second)

    def undo(self) -> Statement | None:
        """Take the last statement back; None: there is none left."""
        said = self.statements()
        if not said:
            return None
        self._append(UNDO, "", "")
        return said[-1]

    def _append(self, kind: str, first: str, second: str) -> None:
        """Statements are only ever added: what was taken back stays readable."""
        self._have("statements", STATEMENTS)
        self._state.change(
            "insert into statements"
            " select coalesce(max(number), 0) + 1, $kind, $first, $second from statements",
            {"kind": kind, "first": first, "second": second},
        )

    def _have(self, table: str, form: str) -> None:
        """Sites of earlier versions lack some tables until they are needed."""
        if not self._state.has(table):
            self._state.change(form, {})


def check_text(text: str | None, limit: int = LABEL_LIMIT) -> str | None:
    """`text` without white space around it; raises `LabelError` if it would not show as it is."""
    if text is None:
        return None
    if not text.strip():
        raise LabelError("a label is empty")
    if len(text) > limit:
        raise LabelError(f"{text[:20]!r}...: {len(text)} characters, expected at most {limit}")
    for one in text:
        if not _shows(one):
            raise LabelError(f"{text!r}: a label cannot hold the character U+{ord(one):04X}")
    return text.strip()


def is_date(text: str) -> bool:
    """Whether it is a day of the calendar as ISO 8601 writes it, such as 2027-01-31."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _shows(character: str) -> bool:
    """False for control characters, other lines, halves of pairs, and what turns the direction."""
    hidden = unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
    return not hidden and unicodedata.bidirectional(character) not in TURNING
