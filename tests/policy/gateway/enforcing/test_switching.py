import json

import pytest

from thingwarden.policy.gateway.enforcing.state import Agreed, Loaded, Pending, State, read_state
from thingwarden.policy.gateway.enforcing.switching import DAY_US, may_advance
from thingwarden.policy.gateway.steps import Step

from tests.lab import a_room, wait_for
from tests.policy.gateway.enforcing.rooms import TIME, WEB, Gateway, policy

OURS = {("bridge", "thingwarden"), ("inet", "thingwarden")}


@pytest.fixture
def gateway(tmp_path):
    with a_room() as room:
        yield Gateway(room, tmp_path)


def test_it_begins_with_a_step_that_stops_nothing_and_needs_no_word(gateway):
    gateway.load(policy(WEB))

    status = gateway.status()
    assert (status["step"], status["confirmed"], status["in_kernel"]) == ("log", True, True)
    assert gateway.room.tables() == OURS


def test_a_step_that_stops_waits_for_a_word(gateway):
    gateway.load(policy(WEB))
    gateway.load(policy(WEB), "--step", "internet")

    assert gateway.status()["confirmed_step"] == "log"
    assert gateway.do("status").returncode == 1
    gateway.must("confirm")
    assert gateway.status()["confirmed_step"] == "internet"
    assert gateway.do("status").returncode == 0
    assert "nothing waits" in gateway.do("confirm").stderr


def test_the_first_change_that_nobody_confirms_leaves_nothing(gateway):
    gateway.load(policy(WEB), "--step", "all", "--confirm-within", "1")

    assert wait_for(lambda: not gateway.room.tables(), seconds=20)
    assert gateway.status()["step"] is None


def test_what_was_learnt_outlives_a_change_that_names_less(gateway):
    gateway.load(policy(WEB))
    gateway.learn("198.51.100.7")
    gateway.load(policy(TIME, others=0), "--step", "all", "--confirm-within", "1.2")
    assert "198.51.100.7" not in gateway.learnt()

    wait_for(lambda: gateway.status()["step"] == "log", seconds=20)

    assert "198.51.100.7" in gateway.learnt()


def test_a_change_of_one_device_leaves_counters_of_others(gateway):
    gateway.load(policy(WEB))
    before = gateway.room.must("nft", "-j", "-a", "list", "counters")
    gateway.load(policy(WEB, TIME))

    other = "d_020100000002_from_web"
    assert handle(before, other) == handle(
        gateway.room.must("nft", "-j", "-a", "list", "counters"), other
    )


def handle(listed, called):
    counters = (one["counter"] for one in json.loads(listed)["nftables"] if "counter" in one)
    return {(one["family"], one["handle"]) for one in counters if one["name"] == called}


def test_rules_that_the_kernel_does_not_take_change_nothing(gateway):
    gateway.load(policy(WEB))
    before = gateway.room.must("nft", "list", "ruleset")
    gateway.room.nft("table inet thingwarden {\nchain loaded_x {\n}\n}\n")
    file = gateway.folder / "policy/policy.json"
    file.write_text(file.read_text().replace("thingwarden-policy-1", "thingwarden-policy-7"))

    done = gateway.do("--policy", gateway.folder / "policy", "--step", "all")

    assert done.returncode == 2
    assert "schema" in done.stderr
    assert gateway.room.must("nft", "list", "ruleset").count("drop") == before.count("drop")


def test_resume_takes_back_what_nobody_confirmed(gateway):
    gateway.load(policy(WEB))
    gateway.load(policy(WEB), "--step", "all", "--confirm-within", "600")

    gateway.must("resume")

    assert gateway.status()["step"] == "log"
    assert "Nobody had confirmed" in gateway.status()["note"]


def test_a_word_that_comes_too_late_is_told(gateway):
    gateway.load(policy(WEB), "--step", "all", "--confirm-within", "600")
    state = gateway.state / "state.json"
    state.write_bytes(state.read_bytes().replace(b'"boot": "', b'"boot": "another '))

    done = gateway.do("confirm")

    assert done.returncode == 2
    assert "too late" in done.stderr
    assert gateway.room.tables() == set()


def test_where_the_old_rules_are_lost_there_are_none(gateway):
    gateway.load(policy(WEB))
    for file in gateway.state.glob("*.nft"):
        file.write_text("nonsense")
    gateway.room.nft("delete table inet thingwarden\ndelete table bridge thingwarden\n")

    gateway.must("resume")

    assert gateway.room.tables() == set()
    assert "could not be loaded" in gateway.status()["note"]


def test_off_forgets_everything(gateway):
    gateway.load(policy(WEB))

    assert gateway.must("off") == "Off: bridge and inet.\n"
    assert gateway.room.tables() == set()
    assert read_state(gateway.state) == State()
    assert [one.name for one in gateway.state.iterdir() if one.suffix] == ["state.json"]
    assert gateway.must("off") == "Nothing of ours was loaded.\n"


LOADED = Loaded(id="x", step=Step.LOG, families=("inet",), since_us=0)
AGREED = Agreed(days=7, most_stopped=3)


@pytest.mark.parametrize(
    ("change", "stopped", "days", "step"),
    [
        ({}, 3, 7, Step.INTERNET),
        ({}, 4, 7, None),
        ({}, 0, 6.9, None),
        ({"agreed": None}, 0, 9, None),
        ({"loaded": None}, 0, 9, None),
        ({"pending": Pending(token="t", boot="b", until_seconds=0, until_us=0)}, 0, 9, None),
        ({"loaded": Loaded(id="x", step=Step.ALL, families=(), since_us=0)}, 0, 9, None),
        ({"loaded": Loaded(id="x", step=Step.INTERNET, families=(), since_us=0)}, 0, 9, Step.ALL),
    ],
)
def test_the_next_step_is_taken_only_as_agreed(change, stopped, days, step):
    state = State(**({"loaded": LOADED, "agreed": AGREED} | change))

    assert may_advance(state, stopped, now_us=int(days * DAY_US)) is step
