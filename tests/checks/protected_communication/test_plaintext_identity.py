"""Numbers and keys of a device in the clear."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "plaintext-identity"


def test_a_hardware_address_in_a_query_is_low():
    home = Home()
    plug = home.device("plug")
    frame = plug.requests(SITE, "GET /check?mac=0017885ec3e7 HTTP/1.1")

    result = judged(home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert result.frames(plug, CHECK) == [frame]
    assert "0017885ec3e7" not in str(finding)


def test_a_token_is_medium():
    home = Home()
    plug = home.device("plug")
    token = "a1b2c3d4e5f6a7b8c9d0"
    frame = plug.requests(SITE, f"GET /check?serial=SN4821337&access_token={token} HTTP/1.1")

    result = judged(home)

    assert result.finding(plug, CHECK).severity is Severity.MEDIUM
    assert result.frames(plug, CHECK) == [frame, frame]
    assert token not in str(result.report)


@pytest.mark.parametrize("form", ["{mac}", "{plain}", "{upper}"])
def test_its_own_hardware_address_in_a_topic_is_low(form):
    home = Home()
    plug = home.device("plug", mac="00:17:88:5e:c3:e7")
    mac = form.format(mac=plug.mac, plain=plug.mac.replace(":", ""), upper="00-17-88-5E-C3-E7")
    first = plug.speaks_mqtt(SITE, topics=("home/light", f"tele/{mac}/state"))

    result = judged(home)

    assert result.finding(plug, CHECK).severity is Severity.LOW
    assert result.frames(plug, CHECK) == [first + 6]


def test_another_address_in_a_topic_and_other_parameters_are_silent():
    home = Home()
    plug = home.device("plug", mac="00:17:88:5e:c3:e7")
    plug.speaks_mqtt(SITE, topics=("tele/0017885ec3e8/state",))
    plug.requests(SITE, "GET /check?version=1.2.3&session=1&sn=1767225600 HTTP/1.1")

    assert judged(home).is_silent(plug, CHECK)


def test_the_same_to_a_neighbour_is_nothing_to_judge():
    home = Home()
    plug, hub = home.device("plug"), home.device("hub")
    plug.requests(hub, "GET /check?mac=0017885ec3e7 HTTP/1.1")
    plug.speaks_mqtt(hub, topics=(f"tele/{plug.mac}",))

    result = judged(home)

    assert not result.finding(plug, CHECK)
    assert not result.was_judged(plug, CHECK)
    assert not result.finding(hub, CHECK)
