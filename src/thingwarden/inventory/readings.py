"""What was read, and what could not be."""

from thingwarden.model import CaptureFacts, Problem
from thingwarden.store import Store

CAPTURES = """
    select capture as number, coalesce(sha256, '') as sha256, file, packets, bytes, first_us, last_us
    from captures
    order by number
"""

PROBLEMS = """
    select capture, frame, part, problem, "count"
    from problems
    order by capture, frame nulls first, part, problem
"""


def list_captures(store: Store) -> tuple[CaptureFacts, ...]:
    """The captures of a site, in the order in which they were read."""
    return tuple(store.read(CaptureFacts, CAPTURES))


def list_problems(store: Store) -> tuple[Problem, ...]:
    """What could not be read, in the order of captures and frames."""
    return tuple(store.read(Problem, PROBLEMS))
