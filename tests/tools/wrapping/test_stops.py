import pytest

from tests.home import Home
from tools.wrapping.behaviours import study
from tools.wrapping.pieces import cut_by_hour, first_hour
from tools.wrapping.stops import CUT, NEW, Kind, by_address, follow_leases, judge_later

CLOUD, OTHER_CLOUD, THIRD = "93.184.215.14", "151.101.1.140", "198.51.100.9"


class Days:
    """An hour that is learnt, and a later one that is judged."""

    def __init__(self, folder):
        self.folder = folder
        self.home = Home()
        self.plug = self.home.device("plug")
        self.plug.joins_by_dhcp()
        self.calls("cloud.example", CLOUD)

    def calls(self, name, ip, port=443):
        self.plug.asks(name, ip)
        self.plug.connects(ip, port).closes()

    def passes(self):
        self.home.waits(3600)

    def judge(self, change=lambda policy, whole: policy):
        pieces = cut_by_hour(self.home.write(self.folder / "days.pcap"), self.folder)
        whole, learnt = study(pieces), study(pieces[:1]).policy
        policy = change(learnt, whole)
        before = first_hour(pieces[1])
        return judge_later(policy, pieces[1:], whole, learnt=learnt, before=before)


@pytest.fixture
def days(tmp_path):
    return Days(tmp_path)


def kinds(judgement):
    return [each.kind for each in judgement.stopped]


def test_what_was_learnt_passes_at_another_address_that_its_name_gets(days):
    days.passes()
    days.calls("cloud.example", OTHER_CLOUD)

    found = days.judge()

    assert found.stopped == ()
    assert (found.untouched, sum(found.hours.values())) == (1, 1)


def test_a_list_of_addresses_stops_it(days):
    days.passes()
    days.calls("cloud.example", CLOUD)
    days.calls("cloud.example", OTHER_CLOUD)

    found = days.judge(lambda policy, _: by_address(policy))

    [stopped] = found.stopped
    assert stopped.kind is Kind.GAP
    assert stopped.kind in CUT
    assert (found.count(), found.weekly(1), found.untouched) == (1, 168.0, 0)


def test_a_new_name_is_stopped_once_however_many_packets_it_has(days):
    days.passes()
    for _ in range(3):
        days.calls("update.example", OTHER_CLOUD)

    [stopped] = days.judge().stopped

    assert stopped.kind is Kind.NAME
    assert stopped.kind in NEW
    assert stopped.behaviour.peer.value == "update.example"
    assert stopped.packets > 3


def test_a_connection_that_was_open_before_is_told_from_a_new_address(days):
    stream = days.plug.connects(OTHER_CLOUD, 443)
    begun = len(days.home.records)
    del days.home.records[begun - 3 : begun]  # its beginning, which nobody captured
    days.passes()
    stream.asks(b"still here")
    stream.answers(b"so am I")
    days.plug.connects(THIRD, 443).closes()

    found = {each.behaviour.peer.value: each.kind for each in days.judge().stopped}

    assert found == {f"{OTHER_CLOUD}/32": Kind.UNDERWAY, f"{THIRD}/32": Kind.ADDRESS}


def test_an_answer_of_a_strange_resolver_is_no_gap(days):
    days.passes()
    days.plug.asks("cloud.example", OTHER_CLOUD, resolver="8.8.8.8")
    days.plug.connects(OTHER_CLOUD, 443).closes()

    found = {each.behaviour.peer.value: each.kind for each in days.judge().stopped}

    assert Kind.RESOLVER in found.values()
    assert Kind.GAP not in found.values()


def test_what_nobody_answered_is_no_need(days):
    days.passes()
    days.plug.knocks(OTHER_CLOUD, 8443)

    assert kinds(days.judge()) == [Kind.NO_NEED]


def test_a_new_address_of_its_own_stops_everything_unless_leases_are_followed(days):
    days.passes()
    days.plug.ip = "192.168.1.99"
    days.plug.joins_by_dhcp()
    days.calls("cloud.example", CLOUD)

    assert kinds(days.judge()) == [Kind.LEASE]
    assert days.judge(follow_leases).stopped == ()
