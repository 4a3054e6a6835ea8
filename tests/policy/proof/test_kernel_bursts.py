"""Frames of all sizes come out of a bridge, each known by its mark."""

import sys

import numpy as np

from thingwarden.policy.proof.kernel_bursts import MARK_BYTES, Messages

from tests.policy.proof.kernel_here import needs_kernel
from tests.rule_sets import in_namespace

SCRIPT = """
import numpy as np
from thingwarden.policy.proof.kernel_bridge import build_wire
from thingwarden.policy.proof import kernel_bursts
wire = build_wire()
sizes = np.array([14, 15, 60, 1514, 65549, 9000] * 200)
data = np.zeros(sizes.sum(), np.uint8)
starts = np.cumsum(sizes) - sizes
data[starts + 6] = 2
data[starts[::3] + 6] = 3  # a group as source: no bridge forwards it
passed = wire.passed(data, sizes)
print(int(passed.sum()), bool(passed[::3].any()))
wire._room = 1  # no burst of more than one
print(int(wire.passed(data, sizes).sum()))
print(len(wire.passed(data[:0], sizes[:0])))
"""


@needs_kernel
def test_each_frame_is_known_when_it_comes_out():
    done = in_namespace([sys.executable, "-c", SCRIPT])

    assert done.stdout.splitlines() == ["800 False", "800", "0"], done.stderr


def test_messages_point_at_frames_and_marks():
    data, sizes = np.arange(10, dtype=np.uint8), np.array([4, 6])

    messages = Messages(2)
    messages.carry(data, sizes)

    assert messages.marks["mark"].tolist() == [1, 2]
    assert messages.marks["size"].tolist() == [MARK_BYTES] * 2
    assert np.diff(messages.headers["header"]["control"]) == [messages.marks.itemsize]
    assert np.diff(messages._vectors["data"]) == [4]
    assert messages._vectors["size"].tolist() == [4, 6]
