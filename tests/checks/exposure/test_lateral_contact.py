"""Things that call things."""

from dataclasses import replace

from thingwarden.checks.exposure.lateral_contact import CHECK as LATERAL
from thingwarden.model import Confidence, Device, DeviceId, Evidence, Guess, Identity, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "lateral-contact"
THING = Device(id=DeviceId("d"), macs=(), addresses=(), names=())
ROW = Evidence(device_id=THING.id, capture=0, frame=7, time_us=0, says="called", about="hub 80")


def of_kind(kind):
    guess = Guess(value=kind, confidence=0.99, because=())
    return replace(THING, identity=Identity(category=guess))


def test_a_camera_that_calls_a_plug_is_told_and_a_phone_is_not():
    camera = LATERAL.judge(of_kind("camera"), [ROW])

    assert (camera.severity, camera.confidence) == (Severity.LOW, Confidence.LIKELY)
    assert LATERAL.judge(of_kind("phone"), [ROW]) is None
    assert LATERAL.judge(THING, [ROW]) is None


def test_a_printer_that_calls_another_thing_is_told_with_the_frame():
    home = Home()
    printer = home.device("BRN30055C0A1B2C", mac="30:05:5c:0a:1b:2c")
    printer.joins_by_dhcp()
    printer.announces_by_mdns("_printer._tcp.local")
    printer.announces_by_mdns("_pdl-datastream._tcp.local")
    plug = home.device("plug")
    stream = printer.connects(plug, 8080)
    stream.asks(b"x")
    stream.answers(b"y")
    stream.closes()

    result = judged(home)

    kind = result.by_mac[printer.mac].device.identity.category
    assert kind is not None
    assert kind.value == "printer"
    assert result.frames(printer, CHECK) == [stream.frame]


def test_calling_the_internet_or_a_busy_hub_is_innocent():
    home = Home()
    hub = home.device("hub")
    things = [home.device(f"thing{number}") for number in range(4)]
    for thing in things:
        thing.requests(hub)
        thing.requests(SITE)

    result = judged(home)

    assert not any(result.finding(thing, CHECK) for thing in things)
