from thingwarden.model import Device, DeviceId, Link

from tools.relinking import count_changes, lasting
from tools.roaming_home import Truth

TRUTH = Truth(
    owner={"a1": "anna", "b1": "ben", "a2": "anna", "b2": "ben", "a3": "anna"},
    shows={"anna": frozenset({"own-name"}), "ben": frozenset({"nothing"})},
)


def device(*macs, links=(), addresses=()):
    told = tuple(Link(other=other, confidence=0.8, because=(), joined=False) for other in links)
    return Device(id=DeviceId(macs[0]), macs=macs, names=(), addresses=addresses, links=told)


def count(*devices):
    return count_changes(TRUTH, devices, home="roaming_home", seed=1, twins=False)


def test_all_right():
    result = count(device("a1", "a2", "a3"), device("b1", "b2"))

    assert (result.changes, result.known_again, result.wrongly_joined) == (3, 3, 0)
    assert (result.lasting_changes, result.lasting_known_again) == (2, 2)


def test_what_is_missed_or_only_perhaps_the_same():
    result = count(device("a1", links=("a2",)), device("a2", "a3"), device("b1"), device("b2"))

    assert (result.known_again, result.perhaps, result.wrongly_joined) == (1, 1, 0)


def test_two_in_one_are_counted():
    assert count(device("a1", "b2"), device("a2", "a3"), device("b1")).wrongly_joined == 1


def test_addresses_of_two_prefixes():
    both = device("a1", "a2", "a3", addresses=("2001:db8:a1:1::1", "2001:db8:b2:7::1"))

    assert count(both, device("b1", "b2", addresses=("2001:db8:a1:1::2",))).shared_addresses == 1


def test_a_name_that_is_a_models_or_shared_does_not_last():
    assert lasting(frozenset({"model-name", "shared-name"})) == {"nothing"}
    assert lasting(frozenset({"duid", "model-name"})) == {"duid"}
