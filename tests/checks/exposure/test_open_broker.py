"""Brokers that let everybody in."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "open-broker"


def test_a_client_without_a_password_that_is_let_in_is_certain():
    home = Home()
    hub, plug = home.device("hub"), home.device("plug")
    first = plug.speaks_mqtt(hub)

    result = judged(home)

    finding = result.finding(hub, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert result.frames(hub, CHECK) == [first + 2]
    assert not result.finding(plug, CHECK)


def test_a_client_with_a_password_is_as_it_should_be():
    home = Home()
    hub, plug = home.device("hub"), home.device("plug")
    plug.speaks_mqtt(hub, password="not-kept")

    assert judged(home).is_silent(hub, CHECK)


def test_a_broker_on_the_internet_is_no_device_of_ours():
    home = Home()
    plug = home.device("plug")
    plug.speaks_mqtt(SITE)

    result = judged(home)

    assert not result.finding(plug, CHECK)
    assert not result.was_judged(plug, CHECK)
