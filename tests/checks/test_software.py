"""Which software is past its end, and when: the table, the names, and the packet's time as now."""

import re

import pytest

from thingwarden.checks.software import PATTERNS, Values, read_releases
from thingwarden.model import Severity

from tests.checks.judged import judged
from tests.home import Home

BEFORE_US = 1_673_000_000_000_000  # 2023-01-06: Linux 4.9 ended on the next day
CHECK = "outdated-kernel"
KERNEL = "dhcpcd-9.4.1:Linux-4.9.337:armv7l"


def test_every_row_has_one_date_and_says_where_it_is_from():
    for release in read_releases():
        assert (release.ended_us is None) != (release.released_us is None), release
        assert release.source.startswith("https://"), release
        assert release.first <= (release.last or release.first), release


def test_every_product_has_a_name_and_every_name_a_row():
    assert {release.product for release in read_releases()} == set(PATTERNS)


def test_rows_of_a_product_without_a_first_version_stand_in_order():
    for product in PATTERNS:
        open_rows = [row for row in read_releases() if row.product == product and not row.first]

        assert [row.last for row in open_rows] == sorted(row.last for row in open_rows)
        assert [row.over_us for row in open_rows] == sorted(row.over_us for row in open_rows)


def test_names_have_one_group():
    assert {re.compile(pattern).groups for pattern in PATTERNS.values()} == {1}


def test_values_are_those_of_the_products_asked_for():
    values = dict(Values("Boa"))

    assert values["product"] == ["Boa"]
    assert values["last"] == ["[0, 94]"]
    assert values["fate"] == ["support over by 2005-02-23"]


@pytest.mark.parametrize(("later_days", "found"), [(0, False), (3, True)])
def test_now_is_the_time_of_the_packet(later_days, found):
    home = Home()
    home.now_us = BEFORE_US + later_days * 86_400_000_000
    camera = home.device("camera")
    camera.joins_by_dhcp(vendor_class=KERNEL)

    result = judged(home)

    assert bool(result.finding(camera, CHECK)) is found
    assert result.was_judged(camera, CHECK)


def test_what_is_said_before_and_after_the_end_is_told_from_the_first_day_after():
    home = Home()
    home.now_us = BEFORE_US
    camera = home.device("camera")
    camera.joins_by_dhcp(vendor_class=KERNEL)
    home.waits(3 * 86_400)
    frame = camera.joins_by_dhcp(vendor_class=KERNEL)

    assert judged(home).frames(camera, CHECK) == [frame]


def test_hostile_texts_go_through_as_text():
    home = Home()
    camera = home.device("camera")
    camera.announces_by_ssdp("Linux/2.6.999999.1 '; drop table flows; --" + "9" * 200)
    camera.announces_by_ssdp("Linux/99999999999999999999 UPnP/1.0")

    finding = judged(home).finding(camera, CHECK)

    assert finding.severity is Severity.LOW
