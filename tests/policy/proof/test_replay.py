"""A third witness: a capture is replayed by tcpreplay through loaded rules, and their counters are read."""

import json
import shutil

import pytest

from thingwarden.model import Known
from thingwarden.policy.gateway.rules import counters_of, write_rules
from thingwarden.policy.gateway.steps import Step
from thingwarden.policy.proof.prove import open_files, prove

from tests.lab import a_room, wait_for
from tests.policy.proof.story import CLOUD, RULES, STORY, answers, begins, write
from tests.rule_sets import device, site

KNOWN = (Known(name="a.example", addresses=(CLOUD,)),)
POLICY = site([device(1, RULES, known=KNOWN)])
SENT = (*STORY, *(begins(port=port) for port in (23, 80, 443)), answers(), answers(port=23))
WIRES = (
    "link add br0 type bridge stp_state 0 mcast_snooping 0",
    *(f"link add p{n} type veth peer name v{n}" for n in (1, 2)),
    *(f"link set p{n} master br0" for n in (1, 2)),
    *(f"link set p{n} type bridge_slave learning off" for n in (1, 2)),
    *(f"link set {name} up" for name in ("br0", "p1", "p2", "v1", "v2")),
)


def counted(room):
    """Packets by device, rule and way."""
    listed = json.loads(
        room.must("nft", "-j", "list", "counters", "table", "bridge", "thingwarden")
    )
    packets = {
        one["counter"]["name"]: one["counter"]["packets"]
        for one in listed["nftables"]
        if "counter" in one
    }
    names = counters_of(POLICY)
    return {
        (way.value, rule): packets[name] for name, (_, rule, way) in names.items() if packets[name]
    }


def judged(path):
    """The same as the judge in Python has it."""
    tallies = prove(POLICY, open_files([path]), kernel="not asked").tallies
    found = {(way, rule): tally.packets for (_, way, rule), tally in tallies.passed.items()}
    for stop, tally in tallies.stopped.items():
        key = (stop.way, stop.rule)
        found[key] = found.get(key, 0) + tally.packets
    return found


@pytest.mark.skipif(not shutil.which("tcpreplay"), reason="tcpreplay is not on this machine")
def test_counters_of_a_replay_are_what_the_judge_says(tmp_path):
    path = write(tmp_path / "story.pcap", SENT)
    with a_room() as room:
        room.ip(*WIRES)
        forwarding = "state forwarding"
        assert wait_for(lambda: room.must("bridge", "link").count(forwarding) == 2, seconds=60)
        room.nft(write_rules(POLICY, Step.ALL, families=["bridge"]))

        room.must("tcpreplay", "--intf1=v1", "--topspeed", path)

        expected = judged(path)
        assert wait_for(lambda: counted(room) == expected), (counted(room), expected)
    assert {("from", "web"), ("to", "web"), ("from", "default"), ("from", "spoof")} <= set(expected)
