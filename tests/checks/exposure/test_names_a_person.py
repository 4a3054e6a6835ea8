"""Names that tell whose a thing is."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "names-a-person"


@pytest.mark.parametrize(
    "name", ["Annas-iPhone", "iPhone-von-Anna", "anna's galaxy", "pc-de-marie"]
)
def test_a_name_with_its_owner_is_a_fact_to_know(name):
    home = Home()
    phone = home.device("phone")
    frame = phone.joins_by_dhcp(hostname=name)

    result = judged(home)

    finding = result.finding(phone, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.INFO, Confidence.LIKELY)
    assert result.frames(phone, CHECK) == [frame]


@pytest.mark.parametrize("name", ["iPhone", "galaxy-s21", "plug-4f21", "kitchen-tv", "pc-03"])
def test_names_of_kinds_and_rooms_are_silent(name):
    home = Home()
    phone = home.device("phone")
    phone.joins_by_dhcp(hostname=name)

    assert judged(home).is_silent(phone, CHECK)


def test_a_device_that_told_no_name_is_not_judged():
    home = Home()
    phone = home.device("phone")
    phone.requests(SITE)

    assert not judged(home).was_judged(phone, CHECK)
