"""Checks over facts: which evidence is kept, and what counts as not judged."""

from dataclasses import replace

from thingwarden.checks import CHECKS
from thingwarden.checks.judge import SHOWN_EVIDENCE, Row, judge_device
from thingwarden.model import Confidence, Device, DeviceId, Judgement, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

DEVICE = Device(id=DeviceId("d"), macs=(), addresses=(), names=())


def row(frame, about="a", total=1):
    return Row(
        device_id=DEVICE.id,
        capture=0,
        frame=frame,
        time_us=frame,
        says="seen",
        about=about,
        amount=1,
        total=total,
    )


def always(device, evidence):
    return Judgement(
        severity=Severity.LOW, confidence=Confidence.LIKELY, statement=f"{len(evidence)} rows."
    )


def test_a_finding_has_a_stable_id_and_its_evidence_in_order():
    check = replace(CHECKS[0], judge=always)

    finding = judge_device(check, DEVICE, [row(3, total=70), row(1, total=70)])

    assert finding.id == f"{check.id}:d"
    assert finding.remedy == check.remedy
    assert [each.frame for each in finding.evidence] == [1, 3]
    assert finding.evidence_total == 70


def test_much_evidence_is_judged_and_little_is_shown():
    check = replace(CHECKS[0], judge=always)

    finding = judge_device(check, DEVICE, [row(frame) for frame in range(1, 100)])

    assert finding.statement == "99 rows."
    assert len(finding.evidence) == SHOWN_EVIDENCE


def test_without_evidence_or_a_judgement_there_is_no_finding():
    undecided = replace(CHECKS[0], judge=lambda device, evidence: None)

    assert judge_device(CHECKS[0], DEVICE, []) is None
    assert judge_device(undecided, DEVICE, [row(1)]) is None


def test_evidence_is_spread_over_what_it_is_about():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    often = [plug.asks("often.example", SITE, resolver="8.8.8.8") for _ in range(60)]
    seldom = plug.asks("seldom.example", SITE, resolver="9.9.9.9")

    frames = judged(home).frames(plug, "other-dns-resolver")

    assert frames == [*often[: SHOWN_EVIDENCE - 1], seldom]


def test_the_same_capture_is_judged_the_same_way_again():
    home = Home()
    plug, hub = home.device("plug"), home.device("hub")
    plug.retries(SITE, 8883, times=300, every_seconds=5)
    plug.logs_in_by_telnet(hub)
    plug.speaks_mqtt(SITE, password="not-kept")

    first, second = judged(home), judged(home)

    assert first.report.assessments == second.report.assessments
    assert {each.check for each in first.by_mac[plug.mac].findings} == {
        "mqtt-without-tls",
        "plaintext-login",
        "retry-storm",
        "telnet",
    }
