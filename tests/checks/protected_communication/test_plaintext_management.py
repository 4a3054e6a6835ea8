"""SNMP and syslog with the Internet."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "plaintext-management"
SNMP = bytes.fromhex(
    "302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500"
)


def test_answers_to_snmp_from_the_internet_are_a_guess():
    home = Home()
    printer = home.device("printer")
    printer.joins_by_dhcp()
    stranger = Device(home.router.mac, SITE, name="stranger", home=home)
    frame = home.datagram(stranger, printer, (40000, 161), SNMP)
    home.datagram(printer, stranger, (161, 40000), SNMP)

    result = judged(home)

    finding = result.finding(printer, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.GUESS)
    assert result.frames(printer, CHECK) == [frame]


def test_a_log_that_goes_to_the_internet_needs_no_answer():
    home = Home()
    camera = home.device("camera")
    frame = home.datagram(camera, home.place(SITE), (514, 514), b"<13>camera: started")

    result = judged(home)

    assert "syslog" in result.finding(camera, CHECK).statement
    assert result.frames(camera, CHECK) == [frame]


def test_snmp_that_nobody_answers_and_a_log_at_home_are_silent():
    home = Home()
    printer, hub = home.device("printer"), home.device("hub")
    home.datagram(printer, home.place(SITE), (40000, 161), SNMP)
    home.datagram(printer, hub, (514, 514), b"<13>printer: started")

    assert judged(home).is_silent(printer, CHECK)


def test_a_knock_that_is_not_answered_is_not_judged():
    home = Home()
    printer = home.device("printer")
    printer.joins_by_dhcp()
    stranger = Device(home.router.mac, SITE, name="stranger", home=home)
    home.datagram(stranger, printer, (40000, 161), SNMP)

    assert not judged(home).was_judged(printer, CHECK)
