"""A bridge of its own forwards all, and nftables is spoken to in two ways."""

import sys
from pathlib import Path

import pytest

from thingwarden.policy.proof import kernel_bridge

from tests.policy.proof.kernel_here import needs_kernel
from tests.rule_sets import in_namespace

TABLE = "add table bridge t\nadd counter bridge t c { packets 7 bytes 0 }\n"

SCRIPT = """
import sys
from thingwarden.policy.proof import kernel_bridge
if "program" in sys.argv:
    kernel_bridge._library = lambda: None
rules = kernel_bridge.Rules()
rules.change(sys.stdin.read())
try:
    rules.change("add counter bridge nowhere c")
except ValueError as error:
    print(error)
print(rules.counters())
"""

BUILD = """
from pathlib import Path
from thingwarden.policy.proof.kernel_bridge import build_wire, leave_network
first = build_wire()
before = Path("/proc/thread-self/ns/net").readlink()
leave_network()
second = build_wire()
print(before != Path("/proc/thread-self/ns/net").readlink())
print(first.reaches(1000), second.reaches(1000))
print(Path("/sys/class/net/br0/brport").exists())
"""


@needs_kernel
@pytest.mark.parametrize("way", ["library", "program"])
def test_rules_are_changed_refused_and_counted(way):
    done = in_namespace([sys.executable, "-c", SCRIPT, way], given=TABLE)

    refusal, counters = done.stdout.splitlines()
    assert "No such file or directory" in refusal
    assert counters == "{'c': 7}"


@needs_kernel
def test_two_bridges_in_two_networks_forward():
    done = in_namespace([sys.executable, "-c", BUILD])

    assert done.stdout.splitlines()[:2] == ["True", "True True"], done.stderr


def test_a_program_that_is_missing_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(OSError, match="the program `nft` is missing"):
        kernel_bridge._program()


def test_nothing_outside_its_network_is_written():
    assert all(name.startswith("net/") for name, _ in kernel_bridge.QUIET)
    assert Path("/proc/sys/net").exists()
