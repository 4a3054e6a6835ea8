import shutil
import subprocess

import pytest

from thingwarden.policy.gateway.dnsmasq import MOST_LINE, list_unsaid, write_dnsmasq
from thingwarden.policy.gateway.rules import write_rules
from thingwarden.policy.gateway.sets import TYPES
from thingwarden.policy.gateway.steps import Step

from tests.rule_sets import device, name, rule, site

NAMES = ("a.example", "*.b.example", "x.b.example", "*.example")


def policy(*names):
    return site([device(1, [rule(f"r{n}", name(one)) for n, one in enumerate(names)])])


def lines(*names, families=("bridge",)):
    """Domain -> names of the sets that it fills."""
    found = {}
    for line in write_dnsmasq(policy(*names), families=families).splitlines():
        if line.startswith("nftset="):
            _, domain, sets = line.split("/")
            found[domain] = [one.split("#")[-1] for one in sets.split(",")]
    return found


def test_the_line_of_a_name_fills_the_patterns_above_it_too():
    found = lines(*NAMES)

    assert set(found) == {"a.example", "b.example", "x.b.example", "example"}
    assert len(found["x.b.example"]) == 3 * len(TYPES)
    assert len(found["a.example"]) == 2 * len(TYPES)
    assert len(found["example"]) == len(TYPES)


def test_each_set_that_is_filled_stands_in_the_rules():
    rules = write_rules(policy(*NAMES), Step.ALL, families=["bridge"])

    assert all(f"set {one} " in rules for sets in lines(*NAMES).values() for one in sets)


def test_both_families_are_filled():
    text = write_dnsmasq(policy("a.example"))

    assert text.count("4#bridge#thingwarden#") == text.count("4#inet#thingwarden#") == 1
    assert text.count("6#bridge#thingwarden#") == 1


def test_a_hostile_name_reaches_no_line():
    text = write_dnsmasq(policy("a.example/4#x\nserver=/evil/6.6.6.6"))

    assert "nftset" not in text
    assert not any(line.startswith("server=") for line in text.splitlines())
    assert len(list_unsaid(policy("evil\nserver=x"))) == 1


def test_a_line_that_dnsmasq_would_cut_is_left_out_and_told():
    deep = [f"*.{'.'.join(['abcdefgh'] * depth)}.example" for depth in range(1, 20)]

    text = write_dnsmasq(policy(*deep))

    assert all(len(line) <= MOST_LINE for line in text.splitlines() if line.startswith("nftset"))
    assert any("more patterns lie above it" in one for one in list_unsaid(policy(*deep)))


@pytest.mark.skipif(not shutil.which("dnsmasq"), reason="dnsmasq is not on this machine")
def test_dnsmasq_reads_it(tmp_path):
    file = tmp_path / "thingwarden.conf"
    file.write_text(write_dnsmasq(policy(*NAMES)), encoding="utf-8")

    done = subprocess.run(
        ["dnsmasq", "--test", f"--conf-file={file}"], capture_output=True, text=True, check=False
    )

    assert "syntax check OK" in done.stderr
