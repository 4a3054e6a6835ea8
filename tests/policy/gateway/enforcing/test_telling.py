import json

import pytest

from thingwarden.model import DeviceId
from thingwarden.policy.entries import Way
from thingwarden.policy.gateway.enforcing.asking import Status
from thingwarden.policy.gateway.enforcing.counting import Count
from thingwarden.policy.gateway.enforcing.explaining import explain
from thingwarden.policy.gateway.enforcing.flows import read_flow
from thingwarden.policy.gateway.enforcing.state import Agreed, Loaded, Pending, State
from thingwarden.policy.gateway.enforcing.telling import (
    MOST_TOLD,
    answer_value,
    say_time,
    status_value,
    tell_answer,
    tell_status,
)
from thingwarden.policy.gateway.steps import Step

from tests.rule_sets import device, name, rule, site

POLICY = site([device(1, [rule("web", name("a.example"))], name="Lamp\x1b[31m"), device(2, [])])
LOADED = Loaded(id="0" * 16, step=Step.ALL, families=("bridge", "inet"), since_us=0)
PENDING = Pending(token="t", boot="b", until_seconds=1, until_us=60_000_000)


def count(packets, rule_id="default", number=1, *, stops=True):
    return Count(
        devices=(DeviceId(f"d-02010000000{number}"),),
        rule=rule_id,
        way=Way.FROM,
        packets=packets,
        bytes=packets,
        stops=stops,
        words="it sends what no rule allows",
    )


def status(*counts, is_loaded=True, **state):
    given = {"loaded": LOADED, "confirmed": LOADED} | state
    return Status(state=State(**given), is_loaded=is_loaded, policy=POLICY, counts=counts)


def told(one):
    return "\n".join(tell_status(one))


def test_nothing_loaded_is_said():
    assert told(status(loaded=None, confirmed=None, is_loaded=False)).startswith("No rules")


def test_the_step_is_said_with_what_it_means():
    text = told(status())

    assert "Step all since 1970-01-01T00:00:00Z (bridge and inet)" in text
    assert "what no rule allows is stopped" in text


@pytest.mark.parametrize(
    ("confirmed", "comes"), [(LOADED, "the step all comes back"), (None, "all rules go")]
)
def test_what_waits_is_said_with_what_comes_otherwise(confirmed, comes):
    text = told(status(pending=PENDING, confirmed=confirmed))

    assert f"Not confirmed: {comes} at 1970-01-01T00:01:00Z" in text


def test_other_rules_in_the_kernel_are_said():
    assert "But the kernel has other rules" in told(status(is_loaded=False))


def test_notes_and_agreements_are_said():
    text = told(status(note="Taken back.", agreed=Agreed(days=7, most_stopped=3)))

    assert "after 7 days with at most 3 packets" in text
    assert "Taken back." in text


def test_what_was_stopped_is_said_for_each_device_and_rule():
    text = told(status(count(12), count(5, "web", stops=False)))

    assert "12 packets were stopped." in text
    assert "5 let through, 12 not allowed" in text
    assert "12 packets, Lamp�[31m: it sends what no rule allows" in text
    assert "\x1b" not in text


def test_at_the_step_log_it_would_have_been_stopped():
    loaded = Loaded(id="0" * 16, step=Step.LOG, families=("inet",), since_us=0)

    assert "12 packets would have been stopped." in told(status(count(12), loaded=loaded))


def test_a_large_site_is_told_in_short():
    policy = site([device(number, []) for number in range(1, MOST_TOLD + 5)])
    one = Status(state=State(loaded=LOADED), is_loaded=True, policy=policy, counts=())

    assert "and 4 more devices: --json has all." in told(one)


def test_json_says_all_of_it():
    value = json.loads(json.dumps(status_value(status(count(12), pending=PENDING))))

    assert (value["step"], value["stopped"], value["confirmed"]) == ("all", 12, False)
    assert value["comes_back"] == say_time(PENDING.until_us)
    assert [one["stopped"] for one in value["devices"]] == [12, 0]
    assert value["rules"][0]["way"] == "from"


def answers(flow):
    return [(packet, explain(packet, POLICY, {})) for packet in read_flow(flow, POLICY)]


@pytest.mark.parametrize(
    ("flow", "step", "said"),
    [
        ("10.0.0.1 > a.example:443 tcp", Step.ALL, "There: allowed."),
        ("10.0.0.1 > 8.8.8.8:443 tcp", Step.ALL, "There: stopped."),
        ("10.0.0.1 > 8.8.8.8:443 tcp", Step.LOG, "There: not allowed; at the step log it passes"),
        ("10.0.0.1 > 8.8.8.8:443 tcp", None, "There: not allowed."),
    ],
)
def test_an_answer_says_what_becomes_of_it(flow, step, said):
    lines = list(tell_answer(answers(flow), POLICY, step))

    assert lines[0].startswith(said)
    assert any(line.startswith("Back: ") for line in lines)


def test_an_answer_as_json_names_rule_and_device():
    value = answer_value(answers("10.0.0.1 > a.example:443 tcp"))

    assert [(one["device"], one["rule"], one["allowed"]) for one in value["there"]] == [
        ("d-020100000001", "web", True)
    ]
