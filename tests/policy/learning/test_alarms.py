"""What of a device's behaviour is not learnt while an alarm is open."""

from dataclasses import replace

import pytest

from thingwarden.model import (
    Concern,
    Confidence,
    DeviceId,
    Evidence,
    Finding,
    Severity,
    Suppression,
)
from thingwarden.policy.learning.alarms import is_rogue, open_alarms, seen_from, taken_addresses

from tests.policy.learning.lessons import CLOUD, HOUR_US, OTHER_CLOUD, species

ALARM_US = 100 * HOUR_US
LATER = {"first_us": ALARM_US + 50 * HOUR_US, "last_us": ALARM_US + 51 * HOUR_US}


def finding(
    *abouts: str,
    check: str = "beacon",
    severity: Severity = Severity.MEDIUM,
    confidence: Confidence = Confidence.LIKELY,
    total: int = 0,
) -> Finding:
    rows = (
        Evidence(
            device_id=DeviceId("d-1"), capture=0, frame=1, time_us=ALARM_US, says="", about=about
        )
        for about in abouts
    )
    return Finding(
        id=f"{check}:d-1",
        check=check,
        device_id=DeviceId("d-1"),
        concern=Concern.CONDUCT,
        severity=severity,
        confidence=confidence,
        statement="",
        remedy="",
        evidence=tuple(rows),
        evidence_total=total or len(abouts),
    )


def covers(found: Finding, **seen: object) -> bool:
    return any(alarm.covers(species(**seen)) for alarm in open_alarms([found]))


def test_an_address_that_an_alarm_names_is_not_learnt_whenever_it_was_seen():
    found = finding(f"tcp port 443 of {CLOUD}")

    assert covers(found, **LATER)
    assert not covers(found, ip=OTHER_CLOUD, **LATER)


def test_the_port_and_the_protocol_that_are_named_must_fit_too():
    found = finding(f"tcp port 8000 of {CLOUD}")

    assert not covers(found, service=443)
    assert not covers(found, service=8000, protocol="udp")
    assert covers(found, service=8000)


def test_a_name_is_not_learnt_where_any_of_its_addresses_is_named():
    both = {"name": "cloud.example.com", "ip": OTHER_CLOUD, "ips": (OTHER_CLOUD, CLOUD)}

    assert covers(finding(f"port 443 of {CLOUD}"), **both)


def test_an_address_of_ipv6_is_named_too():
    found = finding("ssh of 2001:db8::9 port 22")

    assert covers(found, ip="2001:db8::9", service=22)
    assert not covers(found, ip="2001:db8::8", service=22)


@pytest.mark.parametrize("name", ["t.evil.example", "a.b.t.evil.example"])
def test_a_domain_that_is_named_covers_what_lies_below_it(name):
    assert covers(finding("t.evil.example"), name=name)


@pytest.mark.parametrize("name", ["evil.example", "not.evil.example", None])
def test_a_domain_that_is_named_covers_nothing_else(name):
    assert not covers(finding("t.evil.example"), name=name)


def test_a_domain_below_an_international_ending_is_named_whole():
    assert covers(finding("mail.evil.xn--p1ai"), name="mail.evil.xn--p1ai", service=25)


def test_an_owner_beside_an_address_is_no_name():
    found = finding(f"{CLOUD} port 443, Amazon.com, US")

    assert covers(found)
    assert not covers(found, ip=OTHER_CLOUD, name="www.amazon.com")


def test_a_port_without_an_address_is_not_learnt_with_anyone():
    found = finding("tcp port 23 on many hosts", check="port-sweep")

    assert covers(found, service=23, ip=OTHER_CLOUD, **LATER)
    assert not covers(found, service=80, **LATER)


def test_words_that_name_nothing_cover_nothing():
    assert not covers(finding("unanswered addresses"), **LATER)


def test_a_grave_alarm_closes_its_time():
    during = {"first_us": ALARM_US + 1, "last_us": ALARM_US + 2}
    grave = finding("unanswered addresses", severity=Severity.HIGH)

    assert covers(grave, **during)
    assert not covers(grave, **LATER)
    assert not covers(grave, first_us=ALARM_US - 1, last_us=ALARM_US + 1)
    assert not covers(finding("unanswered addresses"), **during)


def test_a_guess_closes_no_time():
    guess = finding("x", severity=Severity.HIGH, confidence=Confidence.GUESS)

    assert not covers(guess, first_us=ALARM_US + 1, last_us=ALARM_US + 2)


def test_an_alarm_about_more_than_it_shows_closes_all_time_since():
    many = finding(*(f"mail{number}.example" for number in range(25)), total=500)

    assert covers(many, name="mail400.example", **LATER)
    assert not covers(many, name="cloud.example", first_us=0, last_us=ALARM_US + 1)


def test_many_rows_about_one_thing_are_no_more_than_it_shows():
    once = finding(*["t.evil.example"] * 25, total=500)

    assert not covers(once, name="cloud.example", **LATER)


def test_a_small_alarm_keeps_nobody_from_working():
    assert not open_alarms([finding(CLOUD, severity=Severity.LOW)])


def test_what_is_no_conduct_is_no_alarm():
    assert not open_alarms([replace(finding(CLOUD), concern=Concern.EXPOSURE)])


def test_what_the_user_accepts_is_no_alarm():
    accepted = Suppression(
        device_id=DeviceId("d-1"), check="beacon", reason="a test of mine", until="2030-01-01"
    )

    assert not open_alarms([replace(finding(CLOUD), suppressed=accepted)])


def test_to_its_victim_an_alarm_is_about_whoever_it_names():
    alarms = open_alarms([finding("telnet of 192.168.1.11 port 23", severity=Severity.HIGH)])
    visit = species(begins=False, where_is="device", ip="192.168.1.10", service=23, **LATER)

    (victim,) = seen_from(alarms, ["192.168.1.11"])
    (other,) = seen_from(alarms, ["192.168.1.12"])

    assert victim.covers(visit)
    assert not other.covers(visit)


def test_to_its_victims_a_sweep_without_addresses_is_about_its_port():
    alarms = open_alarms([finding("tcp port 23 on many hosts", check="port-sweep")])

    (alarm,) = seen_from(alarms, ["192.168.1.11"])

    assert alarm.covers(species(begins=False, service=23, **LATER))
    assert not alarm.covers(species(begins=False, service=80, **LATER))


def test_addresses_that_it_took_are_those_of_the_alarm():
    thief = finding("192.168.1.1 of the gateway", "192.168.1.9", check="arp-spoof")

    assert taken_addresses([thief]) == ("192.168.1.1", "192.168.1.9")
    assert taken_addresses([finding("192.168.1.1")]) == ()


def test_who_pretends_to_run_the_network_is_a_rogue():
    assert is_rogue([finding("router or resolver 192.168.1.66", check="dhcp-server")])
    assert is_rogue([finding("default router", check="router-advertiser")])
    assert not is_rogue([finding(CLOUD)])
