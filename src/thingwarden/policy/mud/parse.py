"""Bytes of a MUD file -> its members with their present names; what is wrong is told with its place."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from thingwarden.errors import PolicyError
from thingwarden.policy.mud.terms import DRAFT_NAMES
from thingwarden.policy.wording import printable

MOST_BYTES = 4 << 20
"""The largest of 28 published profiles has 0.1 MB."""

DEEPEST = 32

MOST_ACES = 10_000

TOKEN = re.compile(
    r'(?P<name>"(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|(?P<open>[{\[])|(?P<close>[}\]])|(?P<next>,)'
)
"""What makes the tree of a JSON text; other values are of no account."""

Node = dict[str, Any]


def parse_mud(data: bytes) -> tuple[Node, tuple[str, ...]]:
    """The document, and the nodes that a draft called differently; raises `PolicyError` with the line."""
    if len(data) > MOST_BYTES:
        raise PolicyError(f"a MUD file has at most {MOST_BYTES} bytes, this has {len(data)}")
    try:
        document = json.loads(
            data.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=_once
        )
    except json.JSONDecodeError as error:
        raise PolicyError(f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise PolicyError(f"not JSON: {printable(str(error))}") from error
    if not isinstance(document, dict):
        raise PolicyError("line 1: a MUD file is a JSON object")
    renamed: dict[str, None] = {}
    modern = _rename(document, renamed, 0)
    return modern, tuple(renamed)


def lines_of(data: bytes, places: Sequence[Sequence[str | int]]) -> list[int]:
    """The line of each place, from 1 on, or of the nearest place around it; `data` is JSON.

    A place has names of members as they are called now, and numbers of entries.
    """
    wanted = {tuple(place[:depth]) for place in places for depth in range(len(place) + 1)}
    found = {(): 1} | {at: line for at, line in _walk(data.decode("utf-8-sig")) if at in wanted}
    return [
        next(found[start] for start in _starts(tuple(place)) if start in found) for place in places
    ]


def _starts(place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    return (place[:depth] for depth in range(len(place), -1, -1))


def _walk(text: str) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Each member and entry of a JSON text with its line."""
    steps: list[str | int] = []
    line, before = 1, 0
    for token in TOKEN.finditer(text):
        line, before = line + text.count("\n", before, token.start()), token.start()
        if _is_entry(steps) and not (token["close"] or token["next"]):
            yield tuple(steps), line
        if token["name"]:
            name = json.loads(token["name"])
            steps[-1] = DRAFT_NAMES.get(name, name)
            yield tuple(steps), line
        elif token["open"]:
            steps.append("" if token["open"] == "{" else 0)
        elif token["close"]:
            steps.pop()
        elif token["next"] and _is_entry(steps):
            steps[-1] = int(steps[-1]) + 1
        if _is_entry(steps) and (token["open"] or token["next"]):
            yield tuple(steps), line


def _is_entry(steps: Sequence[str | int]) -> bool:
    return bool(steps) and isinstance(steps[-1], int)


def members(node: object, *path: str) -> Any:  # noqa: ANN401  # whatever JSON has there
    """What lies at a path of members; None where there is nothing."""
    for name in path:
        node = node.get(name) if isinstance(node, dict) else None
    return node


def list_of(node: object, *path: str) -> list[Node]:
    """The objects of a list at a path; what is none is left out."""
    found = members(node, *path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def text_of(node: object, *path: str) -> str:
    """A text at a path; empty where there is none."""
    found = members(node, *path)
    return found if isinstance(found, str) else ""


def _rename(node: object, renamed: dict[str, None], depth: int) -> Any:  # noqa: ANN401
    if depth > DEEPEST:
        raise PolicyError(f"more than {DEEPEST} members inside each other")
    if isinstance(node, list):
        return [_rename(one, renamed, depth + 1) for one in node]
    if not isinstance(node, dict):
        return node
    found: Node = {}
    pairs: Node = node
    for name, value in pairs.items():
        new = DRAFT_NAMES.get(name, name)
        if new in found:
            raise PolicyError(f"{printable(name)!r} and {new!r} stand for the same")
        if new != name:
            renamed[name] = None
        found[new] = _rename(value, renamed, depth + 1)
    return found


def _once(pairs: list[tuple[str, object]]) -> Node:
    """Of two members of one name readers keep different ones: neither is to be trusted."""
    found: Node = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name!r} stands twice in one object")
        found[name] = value
    return found


def _refuse(name: str) -> Iterator[None]:
    raise ValueError(f"{name} is no JSON")
