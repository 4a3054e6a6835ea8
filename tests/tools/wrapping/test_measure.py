import pytest

from tests.home import Home
from tools.wrapping.measure import measure
from tools.wrapping.section import write_section

CLOUD, OTHER_CLOUD = "93.184.215.14", "151.101.1.140"


@pytest.fixture
def data(tmp_path):
    """A data folder with two hours of one plug, which calls another cloud in the second."""
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    for name, ip in (("cloud.example", CLOUD), ("update.example", OTHER_CLOUD)):
        plug.asks(name, ip)
        plug.connects(ip, 443).closes()
        home.waits(3600)
    folder = tmp_path / "iot23-benign"
    folder.mkdir()
    home.write(folder / "day.pcap")
    return tmp_path


def test_a_day_is_learnt_judged_attacked_and_split(data):
    found = measure(data, lambda _: None, learnt_hours=1)

    by_policy = {one.policy: one.judgement.count() for one in found.judged}
    attacks = {each.name: each.outcome for each in found.attacked}
    [kept] = found.kept
    assert by_policy == {"names": 1, "addresses": 1}
    assert attacks["telnet scan of internet"].stopped == 60
    assert attacks["hidden among what is allowed"].stopped == 0
    assert [(each.watched, each.new) for each in kept.splits] == [(1, 1)]


def test_without_captures_there_is_no_section(tmp_path):
    assert list(write_section(tmp_path, lambda _: None)) == []
