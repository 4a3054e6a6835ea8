"""Which evidence a check gets, and on which devices it had something to examine."""

from dataclasses import replace

import pytest

from thingwarden.checks import CHECKS
from thingwarden.checks.evidence import JUDGED_EVIDENCE, Examinations, read_evidence
from thingwarden.checks.judge import SHOWN_EVIDENCE
from thingwarden.inventory.devices import find_devices
from thingwarden.pipeline import tables_of_facts
from thingwarden.store import Reader, Store

from tests.checks.judged import SITE, judged
from tests.home import Home

ROWS = """
    select 'd-' || range % 2 as device_id, 0 as capture, range as frame, range as time_us,
        'seen' as says, 'thing ' || range % 3 as about, 1 as amount
    from range({count})
    order by range
"""


@pytest.fixture(scope="module")
def reader():
    with Store(tables_of_facts()) as store:
        find_devices(store, tables_of_facts())
        yield store.readers[0]


def finding(count):
    return replace(CHECKS[0], evidence=ROWS.format(count=count), values={})


def test_little_evidence_is_kept_whole_the_first_of_each_thing_first(reader):
    kept = read_evidence(reader, finding(12))

    assert {device: each.total for device, each in kept.items()} == {"d-0": 6, "d-1": 6}
    assert [row.frame for row in kept["d-0"].rows] == [0, 2, 4, 6, 8, 10]
    assert [row.about for row in kept["d-0"].rows[:3]] == ["thing 0", "thing 2", "thing 1"]
    assert isinstance(kept["d-0"].rows[0].amount, float)


def test_of_much_evidence_a_bounded_part_is_kept_and_all_is_counted(reader):
    kept = read_evidence(reader, finding(JUDGED_EVIDENCE * 4))

    assert [len(each.rows) for each in kept.values()] == [JUDGED_EVIDENCE] * 2
    assert [each.total for each in kept.values()] == [JUDGED_EVIDENCE * 2] * 2


def test_without_evidence_no_device_is_there(reader):
    assert not read_evidence(reader, finding(0))


def test_evidence_is_spread_over_what_it_is_about():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    often = [plug.asks("often.example", SITE, resolver="8.8.8.8") for _ in range(60)]
    seldom = plug.asks("seldom.example", SITE, resolver="9.9.9.9")

    frames = judged(home).frames(plug, "other-dns-resolver")

    assert frames == [*often[: SHOWN_EVIDENCE - 1], seldom]


def test_what_several_checks_ask_is_asked_once(reader):
    asked = []

    class Counting(Reader):
        def rows(self, sql, values=None):
            asked.append(sql)
            return reader.rows(sql, values)

    examined = Examinations()
    one = replace(CHECKS[0], examined="select 'd-1' where $least < 2", values={"least": 1})
    other = replace(one, values={"least": 1, "most": 3})
    stricter = replace(one, values={"least": 2})

    found = [examined.of(check, Counting(None)) for check in (one, other, stricter)]

    assert found == [{"d-1"}, {"d-1"}, set()]
    assert len(asked) == 2
