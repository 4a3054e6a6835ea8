"""What `make bench` measures and says, on programs that do next to nothing."""

import sys

import pytest

from tools.bench_page import Bar, Comparison, Judging, write_page
from tools.measure import Cost, Duel, FailedError, measure
from tools.peers import Missing, Peer

JUDGING = Judging(
    name="big",
    decode_s=2,
    know_s=1,
    checks_s=0.5,
    peak_mib=400,
    each_s={"telnet": 0.2, "old-tls": 0.1},
)
PEER = Peer(name="snail", version="1.0", command=lambda *_: [], bar=10, does="creeps")


def cost(cpu_s: float) -> Cost:
    return Cost(cpu_s=cpu_s, wall_s=cpu_s, peak_mib=50, exit_code=0)


def test_the_cost_of_a_child_counts_its_children():
    inner = "import os; [x for x in range(3_000_000)]"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"

    found = measure([sys.executable, "-c", code])

    assert found.cpu_s > 0.05
    assert found.wall_s > 0.05
    assert found.peak_mib > 5


def test_a_command_that_fails_is_told_with_its_last_words(tmp_path):
    with pytest.raises(FailedError, match="no such thing"):
        measure([sys.executable, "-c", "import sys; sys.exit('no such thing')"])


def test_ratios_are_of_pairs_smallest_first():
    duel = Duel(ours=(cost(1), cost(2)), theirs=(cost(30), cost(20)))

    assert duel.ratios == [10, 30]


def test_a_page_says_what_was_reached_and_what_is_missing():
    duel = Duel(ours=(cost(1),), theirs=(cost(12),))
    bars = [
        Bar(what="multiple", bar=10, unit="x", measured=12, at_least=True),
        Bar(what="start", bar=1, unit="s", measured=1.5),
    ]

    page = write_page(
        [Comparison(capture="big", size=10_000_000, peer=PEER, duel=duel)],
        bars,
        [JUDGING],
        [Missing(name="zeek", reason="not installed")],
        rounds=1,
    )

    assert "| multiple | at least 10 x | 12 x | reached |" in page
    assert "| start | at most 1 s | 1.5 s | **not reached** |" in page
    assert "| big | 10 | snail | 1.00 | 12.00 |" in page
    assert "| big | 2.00 | 1.00 | 0.50 | 400 | telnet 0.20, old-tls 0.10 |" in page
    assert "- zeek: not installed" in page
