"""A MUD file -> what RFC 8520 does not allow in it, with its line and place.

Some of it the YANG modules say (RFC 8520 section 7, RFC 8519 section 4), the rest only the text.
"""

from collections.abc import Iterator
from itertools import islice

from thingwarden.errors import PolicyError
from thingwarden.policy.mud.parse import (
    MOST_ACES,
    Node,
    lines_of,
    list_of,
    members,
    parse_mud,
    text_of,
)
from thingwarden.policy.mud.shape import (
    FILE,
    FILE_OF_OTHERS,
    KINDS,
    MATCHES_OF_OTHERS,
    PORTS,
    RANGE,
    Place,
    Problem,
    is_number,
    misfits,
)
from thingwarden.policy.mud.terms import (
    ACLS,
    EXACT,
    EXTENSION,
    FROM,
    IP_NODES,
    LONGEST_INFO,
    MUD,
    TO,
)
from thingwarden.policy.wording import printable

MOST_PROBLEMS = 100
"""Told at once: whoever wrote more puts these right first."""

MANDATORY = ("mud-version", "mud-url", "last-update", "is-supported")
L4_NODES = ("tcp", "udp", "icmp")
MOST_PORT = 65535

WRAPPING = {MUD, ACLS, "acl", "aces", "ace", "matches", "access-lists", "access-list"}
"""Members that say nothing of where something is."""

ACL_PLACE: Place = (ACLS, "acl")


def validate_mud(data: bytes, *, drafts: bool = False) -> tuple[str, ...]:
    """Problems with their line; none for a strict file, with or without the rules that we add.

    With `drafts`, as files of others are read: names of drafts, members that nobody knows and a long
    `systeminfo` are none, nor is an entry that cannot be understood, as it allows nothing.
    """
    try:
        document, renamed = parse_mud(data)
    except PolicyError as error:
        return (str(error),)
    told = () if drafts else tuple(f"{name!r} is a name of a draft" for name in renamed)
    problems = tuple(islice(_problems(document, strict=not drafts), MOST_PROBLEMS))
    return (*told, *_place(data, document, problems)) if problems else told


def _place(data: bytes, document: Node, problems: tuple[Problem, ...]) -> Iterator[str]:
    lines = lines_of(data, [place for place, _ in problems])
    for (place, what), line in zip(problems, lines, strict=True):
        where = printable("/".join(_words(document, place)))
        yield f"line {line}: {where}: {what}" if where else f"line {line}: {what}"


def _words(document: object, place: Place) -> Iterator[str]:
    """Names on the way to a place; an entry is called by its own."""
    node = document
    for step in place:
        if isinstance(step, int):
            node = node[step] if isinstance(node, list) and step < len(node) else None
            yield text_of(node, "name") or f"entry {step + 1}"
            continue
        node = members(node, step)
        if step not in WRAPPING or step == place[-1]:
            yield step


def _problems(document: Node, *, strict: bool) -> Iterator[Problem]:
    known = {name: node for name, node in document.items() if name != EXACT}
    shape = FILE if strict else FILE_OF_OTHERS
    wrong = tuple(islice(misfits(known, shape, unknown=strict), MOST_PROBLEMS))
    yield from wrong
    mud = members(document, MUD)
    if not isinstance(mud, dict):
        yield from () if MUD in document else (((MUD,), "is missing"),)
        return
    yield from _head(document, mud, strict=strict)
    if not any(place[0] == ACLS for place, _ in wrong):
        yield from _acls(document, mud, strict=strict)


def _head(document: Node, mud: Node, *, strict: bool) -> Iterator[Problem]:
    for name in MANDATORY:
        if name not in mud:
            yield (MUD, name), "is missing"
    if strict and len(text_of(mud, "systeminfo")) > LONGEST_INFO:
        yield (MUD, "systeminfo"), f"has more than {LONGEST_INFO} letters"
    told = mud.get("extensions", [])
    names = [each for each in told if isinstance(each, str)] if isinstance(told, list) else []
    if len(set(names)) < len(names):
        yield (MUD, "extensions"), "names one twice"
    if EXACT in document and EXTENSION not in names:
        yield (EXACT,), f"the extension {EXTENSION!r} is not declared"


def _acls(document: Node, mud: Node, *, strict: bool) -> Iterator[Problem]:
    acls = list_of(document, ACLS, "acl")
    yield from _names(mud, acls)
    if sum(len(list_of(acl, "aces", "ace")) for acl in acls) > MOST_ACES:
        yield (ACLS,), f"more than {MOST_ACES} entries"
        return
    for number, acl in enumerate(acls):
        yield from _acl(acl, (*ACL_PLACE, number), strict=strict)


def _names(mud: Node, acls: list[Node]) -> Iterator[Problem]:
    """Policies and access lists name each other, each once."""
    known = {text_of(acl, "name") for acl in acls}
    used: set[str] = set()
    for policy in (FROM, TO):
        own: set[str] = set()
        path = (policy, "access-lists", "access-list")
        for number, entry in enumerate(list_of(mud, *path)):
            name = text_of(entry, "name")
            if name not in known:
                yield (MUD, *path, number), "no access list has this name"
            elif name in own:
                yield (MUD, *path, number), "is named twice"
            own.add(name)
        used |= own
    for number, acl in enumerate(acls):
        name = text_of(acl, "name")
        if name not in used:
            yield (*ACL_PLACE, number), "no policy names this access list"
        elif name not in known:
            yield (*ACL_PLACE, number), "two access lists have one name"
        known.discard(name)


def _acl(acl: Node, place: Place, *, strict: bool) -> Iterator[Problem]:
    aces = list_of(acl, "aces", "ace")
    if not aces:
        yield place, "has no entries"
    seen: set[str] = set()
    for number, ace in enumerate(aces):
        own = text_of(ace, "name")
        where = (*place, "aces", "ace", number)
        if not own or own in seen:
            yield where, "an entry without a name of its own"
        seen.add(own)
        if not text_of(ace, "actions", "forwarding"):
            yield where, "says neither accept nor drop"
        if strict:
            yield from _entry(acl, members(ace, "matches"), where)


def _entry(acl: Node, matches: object, where: Place) -> Iterator[Problem]:
    """What only a strict file must keep."""
    if not isinstance(matches, dict):
        yield where, "has no matches"
        return
    for what in _choices(matches, whole=True):
        yield where, what
    kind = text_of(acl, "type").split(":")[-1]
    for node, kinds in KINDS.items():
        if node in matches and kind not in kinds:
            yield where, f"matches {node} in an access list that is no {kinds[0]}"


def match_problems(matches: object) -> Iterator[str]:
    """Why the matches of an entry are none of RFC 8519 and RFC 8520."""
    if not isinstance(matches, dict):
        yield "has no matches"
        return
    for place, what in misfits(matches, MATCHES_OF_OTHERS, unknown=False):
        yield f"{printable('/'.join(map(str, place)))} {what}"
    yield from _choices(matches, whole=False)


def _choices(matches: Node, *, whole: bool) -> Iterator[str]:
    """Where the modules leave a choice, one is made; with `whole` a span names both its ends."""
    if all(node in matches for node in IP_NODES.values()):
        yield "matches IPv4 and IPv6 at once"
    if sum(node in matches for node in L4_NODES) > 1:
        yield "matches two of TCP, UDP and ICMP at once"
    for node in ("tcp", "udp"):
        for side in PORTS:
            port = members(matches, node, side)
            if port is not None and not _is_port(port, whole=whole):
                yield f"{node} {side} is no port and no span of ports"


def _is_port(port: object, *, whole: bool) -> bool:
    if not isinstance(port, dict):
        return False
    if "lower-port" in port or "upper-port" in port:
        return _is_span(port, whole=whole)
    return is_number(port.get("port"), MOST_PORT) and port.get("operator") != RANGE


def _is_span(port: Node, *, whole: bool) -> bool:
    """Drafts had an operator beside it."""
    low = port.get("lower-port")
    high = port.get("upper-port", None if whole else low)
    if not (is_number(low, MOST_PORT) and is_number(high, MOST_PORT)) or "port" in port:
        return False
    return low <= high and port.get("operator") in ((None,) if whole else (None, RANGE, "eq"))
