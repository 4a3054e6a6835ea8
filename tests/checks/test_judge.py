"""Checks over facts: which evidence is kept, and what counts as not judged."""

from dataclasses import replace

from thingwarden.checks import CHECKS
from thingwarden.checks.evidence import Kept
from thingwarden.checks.judge import SHOWN_EVIDENCE, judge_all, judge_device
from thingwarden.inventory.devices import find_devices, list_devices
from thingwarden.model import Confidence, Device, DeviceId, Evidence, Judgement, Severity
from thingwarden.pipeline import read_captures, tables_of_facts
from thingwarden.store import Facts, Store

from tests.checks.judged import SITE, judged
from tests.home import Home

DEVICE = Device(id=DeviceId("d"), macs=(), addresses=(), names=())


def row(frame):
    return Evidence(
        device_id=DEVICE.id,
        capture=0,
        frame=frame,
        time_us=frame,
        says="seen",
        about="a",
        amount=1,
    )


def always(device, evidence):
    return Judgement(
        severity=Severity.LOW, confidence=Confidence.LIKELY, statement=f"{len(evidence)} rows."
    )


def test_a_finding_has_a_stable_id_and_its_evidence_in_order():
    check = replace(CHECKS[0], judge=always)

    finding = judge_device(check, DEVICE, Kept(rows=[row(3), row(1)], total=70))

    assert finding.id == f"{check.id}:d"
    assert finding.remedy == check.remedy
    assert [each.frame for each in finding.evidence] == [1, 3]
    assert finding.evidence_total == 70


def test_much_evidence_is_judged_and_little_is_shown():
    check = replace(CHECKS[0], judge=always)

    finding = judge_device(check, DEVICE, Kept(rows=[*map(row, range(1, 100))], total=99))

    assert finding.statement == "99 rows."
    assert len(finding.evidence) == SHOWN_EVIDENCE


def test_without_a_judgement_there_is_no_finding():
    undecided = replace(CHECKS[0], judge=lambda device, evidence: None)

    assert judge_device(undecided, DEVICE, Kept(rows=[row(1)], total=1)) is None


def test_the_same_capture_is_judged_the_same_way_again():
    home = Home()
    plug, hub = home.device("plug"), home.device("hub")
    plug.retries(SITE, 8883, times=300, every_seconds=5)
    plug.logs_in_by_telnet(hub)
    plug.speaks_mqtt(SITE, password="not-kept")

    first, second = judged(home), judged(home)

    assert first.report.assessments == second.report.assessments
    assert {each.check for each in first.by_mac[plug.mac].findings} >= {
        "mqtt-without-tls",
        "plaintext-login",
        "retry-storm",
        "telnet",
    }


def broken_query(check):
    return replace(check, id="broken-query", evidence="select nothing from nowhere")


def broken_judge(check):
    def fall(device, evidence):
        raise ZeroDivisionError("by a zero\nthat is long")

    return replace(check, id="broken-judge", judge=fall)


def test_a_check_that_fails_takes_down_only_itself(tmp_path):
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    phone.logs_in_by_telnet(camera)
    telnet = next(check for check in CHECKS if check.id == "telnet")

    with Facts(None, memory_bytes=10**7) as facts:
        read_captures([home.write(tmp_path / "home.pcap")], facts)
        with Store(tables_of_facts(), facts=[facts]) as store:
            find_devices(store, tables_of_facts())
            devices, _ = list_devices(store, {})
            result = judge_all(store, devices, [broken_query(telnet), broken_judge(telnet), telnet])

    assert result.failed["broken-judge"] == "ZeroDivisionError: by a zero"
    assert set(result.failed) == {"broken-query", "broken-judge"}
    assert {found.check for each in result.findings.values() for found in each} == {"telnet"}
    for device in devices:
        gaps = {gap.check: gap.needs for gap in result.not_judged[device.id]}
        assert gaps["broken-judge"] == "Could not judge: ZeroDivisionError: by a zero."
        assert gaps["broken-query"].startswith("Could not judge: ")


def test_what_memory_does_not_hold_beside_another_is_asked_again_alone(tmp_path, caplog):
    home = Home()
    home.device("phone").logs_in_by_telnet(home.device("camera"))
    telnet = next(check for check in CHECKS if check.id == "telnet")
    large = f"from ({telnet.evidence}) where (select len(list(range)) from range(100_000_000)) > 0"
    caplog.set_level("INFO", logger="thingwarden.checks.judge")

    with Facts(None, memory_bytes=10**7) as facts:
        read_captures([home.write(tmp_path / "home.pcap")], facts)
        with Store(tables_of_facts(), facts=[facts]) as store:
            find_devices(store, tables_of_facts())
            devices, _ = list_devices(store, {})
            checks = [replace(telnet, id="large", evidence=large), broken_judge(telnet), telnet]
            result = judge_all(store, devices, checks)

    tried = [message.split()[1] for message in caplog.messages if message.endswith(" s")]
    assert sorted(tried) == ["broken-judge:", "large:", "large:", "telnet:"]
    assert "Out of Memory" in result.failed["large"]


def test_a_check_that_needs_long_watching_says_how_much_longer(tmp_path):
    home = Home()
    plug = home.device("plug")
    plug.asks("cloud.example", SITE)
    home.waits(6 * 3600)
    plug.asks("cloud.example", SITE)
    port_sweep = next(check for check in CHECKS if check.id == "port-sweep")
    any_device = replace(port_sweep, examined="select device_id from devices")
    patient = replace(any_device, id="patient", watch_us=3 * 24 * 3_600_000_000)
    quick = replace(any_device, id="quick", watch_us=3_600_000_000)

    with Facts(None, memory_bytes=10**7) as facts:
        read_captures([home.write(tmp_path / "home.pcap")], facts)
        with Store(tables_of_facts(), facts=[facts]) as store:
            find_devices(store, tables_of_facts())
            devices, _ = list_devices(store, {})
            result = judge_all(store, devices, [patient, quick])
    id_ = next(device.id for device in devices if plug.mac in device.macs)

    gaps = [gap for each in result.not_judged.values() for gap in each if gap.device_id == id_]
    assert [(gap.check, gap.needs) for gap in gaps] == [("patient", "Watch it for 3 more days.")]
