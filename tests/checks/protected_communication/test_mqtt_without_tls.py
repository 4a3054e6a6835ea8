"""MQTT to the Internet without TLS."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "mqtt-without-tls"


def test_a_session_in_the_clear_is_certain():
    home = Home()
    plug = home.device("plug")
    frame = plug.speaks_mqtt(SITE, topics=["home/plug/state"])

    result = judged(home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(plug, CHECK)[0] == frame


def test_an_attempt_without_an_answer_is_likely():
    home = Home()
    plug = home.device("plug")
    frame = plug.connects(SITE, 1883).asks(b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02ab")

    result = judged(home)

    assert result.finding(plug, CHECK).confidence is Confidence.LIKELY
    assert result.frames(plug, CHECK) == [frame]


def test_a_broker_at_home_and_a_broker_with_tls_are_silent():
    home = Home()
    plug, hub = home.device("plug"), home.device("hub")
    plug.speaks_mqtt(hub, topics=["home/plug/state"])
    plug.speaks_tls(SITE, "broker.example", port=8883)

    result = judged(home)

    assert result.is_silent(plug, CHECK)
    assert not result.finding(hub, CHECK)


def test_without_the_internet_nothing_is_judged():
    home = Home()
    plug, hub = home.device("plug"), home.device("hub")
    plug.speaks_mqtt(hub, topics=["home/plug/state"])

    assert not judged(home).was_judged(plug, CHECK)
