"""Outages of the Internet, told from the traffic of all devices."""

from dataclasses import dataclass

import pytest

from thingwarden.inventory.devices import find_devices
from thingwarden.pipeline import read_captures, tables_of_facts
from thingwarden.store import Facts, Store

from tests.home import Home

CLOUDS = [f"203.0.113.{number}" for number in range(10, 16)]


@dataclass(frozen=True, kw_only=True)
class Hit:
    device_id: str
    minutes: float


@pytest.fixture
def hits(tmp_path):
    """The devices that an outage hit, and how long it lasted."""

    def read(home: Home) -> list[Hit]:
        with Facts(None, memory_bytes=10**7) as facts:
            read_captures([home.write(tmp_path / "home.pcap")], facts)
            with Store(tables_of_facts(), facts=[facts]) as store:
                find_devices(store, tables_of_facts())
                return store.read(
                    Hit,
                    "select device_id, ((to_us - from_us) / 6e7)::double as minutes"
                    " from outage_hits order by device_id",
                )

    return read


def live(home, things, *, failing):
    """Everybody speaks with its cloud, or tries to."""
    for number, thing in enumerate(things):
        if failing:
            thing.knocks(CLOUDS[number], 443)
        else:
            thing.requests(CLOUDS[number], port=443)
    home.waits(60)


def home_with(things):
    home = Home()
    return home, [home.device(f"thing{number}") for number in range(things)]


def test_when_three_devices_try_in_vain_and_nobody_succeeds_the_internet_failed(hits):
    home, things = home_with(3)
    for failing in [False] * 3 + [True] * 10 + [False] * 3:
        live(home, things, failing=failing)

    found = hits(home)

    assert len(found) == 3
    assert all(10 < hit.minutes < 12 for hit in found)


def test_two_devices_may_have_lost_their_own_service(hits):
    home, things = home_with(2)
    for failing in [False] * 3 + [True] * 10 + [False] * 3:
        live(home, things, failing=failing)

    assert hits(home) == []


def test_while_somebody_gets_answers_there_is_no_outage(hits):
    home, things = home_with(4)
    for failing in [False] * 3 + [True] * 10 + [False] * 3:
        live(home, things[:3], failing=failing)
        live(home, things[3:], failing=False)

    assert hits(home) == []


def test_a_quiet_network_has_no_outage(hits):
    home, things = home_with(3)
    live(home, things, failing=False)
    home.waits(3600)
    live(home, things, failing=False)

    assert hits(home) == []
