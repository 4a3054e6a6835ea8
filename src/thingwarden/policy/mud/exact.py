"""Our own member of a MUD file -> the rules that it was written from, exactly."""

import re

import msgspec

from thingwarden.errors import PolicyError
from thingwarden.model import DeviceId, Patch, Rule, WatchTime
from thingwarden.policy.mud.parse import Node, list_of, members
from thingwarden.policy.mud.terms import ACLS, EXACT, FROM, MUD, TO
from thingwarden.policy.mud.write import list_access
from thingwarden.policy.wording import printable

RULE_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class Exact(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """What standard members cannot say of a device."""

    rules: tuple[Rule, ...]
    patches: tuple[Patch, ...] = ()
    watch_time: WatchTime | None = None


def read_exact(document: Node) -> Exact | None:
    """None where a file has no such member; raises `PolicyError` where it is malformed."""
    if EXACT not in document:
        return None
    try:
        exact = msgspec.convert(document[EXACT], Exact, dec_hook=_as_id)
    except (msgspec.ValidationError, RecursionError) as error:
        raise PolicyError(f"{EXACT}: {printable(str(error))}") from error
    ids = [*(rule.id for rule in exact.rules), *(patch.id for patch in exact.patches)]
    for each in ids:
        if not RULE_ID.fullmatch(each):
            raise PolicyError(f"{EXACT}: {printable(each)!r} is no id of a rule")
    if len(set(ids)) < len(ids):
        raise PolicyError(f"{EXACT}: two rules have one id")
    return exact


def says_the_same(document: Node, rules: tuple[Rule, ...]) -> bool:
    """Whether the access lists of a file are those of `rules`.

    Whoever reads it without our member must find in it what we find.
    """
    policies, acls = list_access(rules)
    named = all(members(document, MUD, way) == policies.get(way) for way in (FROM, TO))
    return named and list_of(document, ACLS, "acl") == acls


def _as_id(kind: type, value: object) -> object:
    return value if kind is DeviceId else kind(value)
