"""Names that a device asked for and was not seen to reach."""

from thingwarden.policy.learning.wanted import MOST_WANTED, list_asked, want_names

from tests.home import Home
from tests.policy.learning.lessons import (
    CLOUD,
    OTHER_CLOUD,
    learn,
    lives,
    named,
    rules_of,
    short,
    species,
)

LASTING = {"hours": 5, "answered": 3}


def wanted(names, *seen, known=()) -> list[str]:
    return [short(each) for each in want_names(names, seen, {each: [] for each in known})]


def test_a_name_is_wanted_on_the_port_on_which_a_nameless_address_is_in_use():
    assert wanted(["mqtt.example.com"], species(service=8883, **LASTING)) == [
        "tcp 8883 to mqtt.example.com"
    ]


def test_where_every_address_has_a_name_nothing_is_wanted():
    assert not wanted(["mqtt.example.com"], species(name="a.example.com", **LASTING))


def test_an_address_without_an_answer_or_in_use_for_an_hour_wants_nothing():
    assert not wanted(["mqtt.example.com"], species(hours=5, answered=0))
    assert not wanted(["mqtt.example.com"], species(hours=1, answered=3))


def test_whom_a_neighbour_or_the_internet_calls_is_not_wanted():
    near = species(where_is="device", peer_mac="00:17:88:00:00:02", **LASTING)

    assert not wanted(["mqtt.example.com"], near, species(begins=False, **LASTING))


def test_a_name_of_a_time_pool_is_wanted_for_the_time_only():
    seen = (
        species(service=443, **LASTING),
        species(key="2", protocol="udp", service=123, **LASTING),
    )

    assert wanted(["0.de.pool.ntp.org"], *seen) == ["udp 123 to *.de.pool.ntp.org"]


def test_local_names_and_search_domains_are_not_wanted():
    names = ["printer.lan", "localhost", "a.example.com", "a.example.com.fritz.box"]

    assert wanted(names, species(**LASTING)) == ["tcp 443 to a.example.com"]


def test_what_is_a_rule_already_is_not_wanted_again():
    seen = species(**LASTING)
    there = want_names(["a.example.com"], [seen], {})

    assert not wanted(["a.example.com"], seen, known=there)


def test_of_many_names_only_the_first_are_wanted():
    names = [f"n{number}.example.com" for number in range(50)]

    assert wanted(names, species(**LASTING)) == [
        f"tcp 443 to {name}" for name in names[:MOST_WANTED]
    ]


def test_names_are_listed_by_how_often_they_were_asked_for_but_not_those_that_were_reached():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    plug.asks("seldom.example.com", OTHER_CLOUD)
    for _ in range(3):
        plug.asks("often.example.com")
    plug.asks("reached.example.com", CLOUD)
    plug.knocks(CLOUD, 443)
    plug.asks("elsewhere.example.com", CLOUD, resolver="192.168.1.66")

    with named(home) as store:
        found = list_asked(store, ["192.168.1.1"])

    assert found == {"d-00178800000a": ["often.example.com", "seldom.example.com"]}


def test_a_device_that_keeps_a_connection_may_reach_the_name_that_it_asks_for():
    """The capture begins in the middle; the name leads elsewhere by now."""
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()

    def hour():
        plug.connects(CLOUD, 8883).asks(b"x")
        plug.asks("mqtt.example.com", OTHER_CLOUD)

    lives(home, hour, hours=2)

    rules = rules_of(learn(home), plug)

    assert not rules["tcp 8883 to mqtt.example.com"].firm
    assert rules["tcp 8883 to mqtt.example.com"].learnt is None
    assert rules[f"tcp 8883 to {CLOUD}"].learnt.hours == 2
