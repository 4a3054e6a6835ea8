"""Messages survive the way between two processes, and verdicts come from two bridges."""

import io
import json
import subprocess
import sys

import numpy as np

from thingwarden.policy.proof.kernel_room import (
    BROKEN,
    CHANGE,
    COUNTERS,
    DONE,
    FORGET,
    FRAMES,
    NOT_FORWARDED,
    PASSED,
    REFUSED,
    STOPPED,
    TELL,
    TOO_LONG,
    TOO_SHORT,
    judge_frames,
    read_message,
    write_message,
)

from tests.policy.proof.kernel_here import needs_kernel

ROOM = [sys.executable, "-m", "thingwarden.policy.proof.kernel_room"]
DROPS = "table bridge t {\ncounter c { }\nchain c {\ntype filter hook prerouting priority 0;\nether type 0x88b6 counter name c drop\n}\n}\n"

SET = b"add set bridge thingwarden s { type ipv4_addr; }\n"


class Bridge:
    """Lets frames pass that begin with given letters."""

    def __init__(self, letters):
        self.letters = letters
        self.asked = []

    def passed(self, data, sizes):
        starts = np.cumsum(sizes) - sizes
        self.asked.append([chr(data[start]) for start in starts])
        return np.array([chr(data[start]) in self.letters for start in starts], bool)


def test_messages_are_read_as_they_were_written():
    stream = io.BytesIO()
    write_message(stream, FRAMES, b"ab", memoryview(b"c"))
    write_message(stream, DONE)
    stream.seek(0)

    assert read_message(stream) == (FRAMES, b"abc")
    assert read_message(stream) == (DONE, b"")
    assert read_message(stream) is None


def test_a_message_that_is_cut_is_none():
    stream = io.BytesIO()
    write_message(stream, FRAMES, b"abc")
    whole = stream.getvalue()

    assert all(read_message(io.BytesIO(whole[:size])) is None for size in range(len(whole)))


def test_only_what_the_rules_did_not_let_pass_is_shown_to_the_bare_bridge():
    frames = [b"a" * 20, b"b" * 30, b"c" * 13, b"d" * 14, b"e" * 70000]
    data = np.frombuffer(b"".join(frames), np.uint8)
    ruled, bare = Bridge("a"), Bridge("ab")

    became = judge_frames(data, np.array([len(one) for one in frames]), ruled, bare)

    assert became.tolist() == [PASSED, STOPPED, TOO_SHORT, NOT_FORWARDED, TOO_LONG]
    assert ruled.asked == [["a", "b", "d"]]
    assert bare.asked == [["b", "d"]]


@needs_kernel
def test_a_room_answers_until_the_questions_end():
    frames = [
        bytes(6) + b"\x02" + bytes(5) + kind + bytes(50) for kind in (b"\x88\xb6", b"\x88\xb7")
    ]
    sizes = np.array([len(frame) for frame in frames], np.uint32).tobytes()
    asked = io.BytesIO()
    write_message(asked, CHANGE, DROPS.encode())
    write_message(asked, CHANGE, b"nonsense")
    write_message(asked, FRAMES, (2).to_bytes(4, "little"), sizes, *frames)
    write_message(asked, COUNTERS)

    answers = list(ask(asked.getvalue()))

    assert [letter for letter, _ in answers] == [DONE, DONE, REFUSED, DONE, DONE]
    assert list(answers[3][1]) == [STOPPED, PASSED]
    assert json.loads(answers[4][1]) == {"c": 1}


@needs_kernel
def test_a_room_adds_and_takes_addresses():
    asked = io.BytesIO()
    write_message(asked, CHANGE, b"add table bridge thingwarden\n" + SET)
    for letter in (TELL, FORGET, FORGET):
        write_message(asked, letter, json.dumps(["s", ["c0000201"]]).encode())

    answers = list(ask(asked.getvalue()))

    assert [letter for letter, _ in answers] == [DONE, DONE, DONE, DONE, REFUSED]


def test_a_room_that_cannot_be_built_says_why():
    done = subprocess.run(
        ROOM, input=b"", env={"PATH": "/nowhere"}, capture_output=True, check=False
    )

    letter, said = read_message(io.BytesIO(done.stdout))

    assert letter == BROKEN
    assert said.decode() == "the program `ip` is missing"


def ask(questions):
    done = subprocess.run(
        ["unshare", "-rn", *ROOM], input=questions, capture_output=True, check=False
    )
    stream = io.BytesIO(done.stdout)
    while message := read_message(stream):
        yield message
