"""Sums of flows and DNS questions, a row for each pair of ends."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from thingwarden.inventory.devices import find_devices
from thingwarden.pipeline import read_captures, tables_of_facts
from thingwarden.store import Facts, Store

from tests.home import Home

CLOUD = "93.184.215.14"


@dataclass(frozen=True, kw_only=True)
class Talk:
    side: str
    peer_ip: str
    peer_name: str | None
    port: int
    flows: int
    opened: int
    answered: int
    in_vain: int
    frame: int
    answered_frame: int | None


@dataclass(frozen=True, kw_only=True)
class Lookup:
    name: str
    asked: int
    answered: int
    resolved: int
    unknown: int
    frame: int


@pytest.fixture
def asked(tmp_path):
    """Run a query over the sums of a home."""

    def ask(home: Home, shape: type, sql: str) -> list:
        with Facts(None, memory_bytes=10**7) as facts:
            read_captures([home.write(Path(tmp_path) / "home.pcap")], facts)
            with Store(tables_of_facts(), facts=[facts]) as store:
                find_devices(store, tables_of_facts())
                return store.read(shape, sql)

    return ask


TALKS = """
    select side, peer_ip, peer_name, port, flows, opened, answered, in_vain, frame, answered_frame
    from talks
    where protocol = 'tcp'
    order by side, peer_ip, port
"""


def test_many_flows_to_one_end_are_one_row_with_the_first_places(asked):
    home = Home()
    plug, hub = home.device("plug"), home.device("hub")
    plug.asks("cloud.example", CLOUD)
    first = plug.knocks(CLOUD, 443)
    stream = plug.connects(CLOUD, 443)
    stream.asks(b"x")
    answer_flow = stream.frame
    stream.answers(b"y")
    stream.closes()
    hub.knocks(plug, 80, refused=True)

    rows = asked(home, Talk, TALKS)

    cloud = next(row for row in rows if row.peer_ip == CLOUD)
    assert (cloud.flows, cloud.opened, cloud.answered, cloud.in_vain) == (2, 1, 1, 1)
    assert (cloud.frame, cloud.answered_frame) == (first, answer_flow)
    assert cloud.peer_name == "cloud.example"
    refused = [row for row in rows if row.port == 80]
    assert {row.side for row in refused} == {"client", "server"}
    assert {(row.in_vain, row.answered_frame) for row in refused} == {(1, None)}


def test_questions_for_one_name_are_one_row(asked):
    home = Home()
    plug = home.device("plug")
    first = plug.asks("cloud.example", CLOUD)
    plug.asks("cloud.example", CLOUD)
    plug.asks("gone.example", rcode=3)

    rows = asked(
        home,
        Lookup,
        "select name, asked, answered, resolved, unknown, frame from lookups order by name",
    )

    assert [(row.name, row.asked, row.resolved, row.unknown) for row in rows] == [
        ("cloud.example", 2, 2, 0),
        ("gone.example", 1, 0, 1),
    ]
    assert rows[0].frame == first
