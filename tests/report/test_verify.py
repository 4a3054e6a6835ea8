import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from thingwarden.model import Guess, Identity
from thingwarden.report.document import read_document, render_document
from thingwarden.report.verify import compare_report, render_verification

from tests.report.reports import CAPTURE, HOSTILE, big_report, empty_report, home_report


def compare(change=lambda document: None, fresh=None):
    """What does not hold after `change` to the JSON of the home."""
    document = json.loads(render_document(home_report()))
    change(document)
    results = compare_report(read_document(json.dumps(document).encode()), fresh or home_report())
    return [result for result in results if not result.holds]


def test_an_honest_report_holds():
    assert compare() == []


def test_a_large_honest_report_holds():
    report = big_report()

    results = compare_report(read_document(render_document(report).encode()), report)

    assert all(result.holds for result in results)


def test_a_capture_that_was_changed_is_caught():
    changed = replace(home_report(), captures=(replace(CAPTURE, sha256="f" * 64),))

    wrong = compare(fresh=changed)

    finding = next(result for result in wrong if result.kind == "finding")
    assert "was not given, or was changed" in finding.reasons[0]
    assert [result.kind for result in wrong].count("capture") == 2


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("severity", "low", "severity is 'low' in the report, 'high' in truth"),
        ("statement", "All is well.", "statement is 'All is well.' in the report"),
        ("remedy", "Send money.", "remedy is 'Send money.' in the report"),
        ("confidence", "guess", "confidence is 'guess'"),
        ("evidence_total", 1, "evidence_total is 1 in the report, 12 in truth"),
        ("evidence", [], "the report gives no evidence"),
    ],
)
def test_a_changed_finding_is_caught(field, value, reason):
    [wrong] = compare(lambda document: document["findings"][0].update({field: value}))

    assert wrong.kind == "finding"
    assert wrong.reasons[0].startswith(reason)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("frame", 9, "frame 9 is not among the evidence"),
        ("time_us", 1, "frame 1200: the time is 1970-01-01T00:00:00.000001Z in the report"),
        ("says", "nothing", "frame 1200 shows 'telnet login"),
    ],
)
def test_changed_evidence_is_caught(field, value, reason):
    [wrong] = compare(
        lambda document: document["findings"][0]["evidence"][0].update({field: value})
    )

    assert wrong.reasons[0].startswith(reason)
    assert wrong.reasons[1] == "frame 1200 is evidence too, but was left out of the report"


def test_a_finding_that_was_taken_out_is_caught():
    [wrong] = compare(lambda document: document["findings"].pop(0))

    assert wrong.reasons == ("the captures show this, but it was left out of the report",)


def test_an_invented_finding_is_caught():
    def invent(document):
        document["findings"].append(document["findings"][0] | {"id": "invented"})

    [wrong] = compare(invent)

    assert wrong.reasons == ("the captures given do not lead to this finding",)


def test_a_finding_that_is_there_twice_is_caught():
    [wrong] = compare(lambda document: document["findings"].append(document["findings"][0]))

    assert wrong.reasons == ("the report has this id twice",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda device: device.update(verdict="depend"), "verdict is 'depend' in the report"),
        (lambda device: device["concerns"][5].update(grade="A"), "provider: grade is 'A'"),
        (lambda device: device["concerns"][0].update(coverage=1), "operating-system: coverage"),
        (lambda device: device["concerns"].pop(), "the concern portability was left out"),
        (lambda device: device["concerns"][0].update(concern="luck"), "the concern luck is not"),
        (lambda device: device.update(names=["a", "b"]), "names is [a, b] in the report"),
        (lambda device: device["identity"].update(vendor=None), "vendor is empty in the report"),
        (lambda device: device.update(macs=[]), "macs is [] in the report"),
    ],
)
def test_a_changed_device_is_caught(change, reason):
    [wrong] = compare(lambda document: change(document["devices"][0]))

    assert wrong.kind == "device"
    assert wrong.reasons[0].startswith(reason)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("clues", "clues: 0 entries are not what the captures say, 4 are missing"),
        ("conflicts", "conflicts: 0 entries are not what the captures say, 1 are missing"),
    ],
)
def test_clues_and_contradictions_that_were_taken_out_are_caught(name, reason):
    [wrong] = compare(lambda document: document["devices"][0]["identity"][name].clear())

    assert wrong.reasons == (reason,)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"level": "vendor"}, "level is 'vendor' in the report, 'model' in truth"),
        ({"family": {"value": "Pro", "confidence": 0.9, "because": []}}, "family is "),
        ({"chip": "Ring"}, "chip is 'Ring' in the report, 'Hangzhou"),
        ({"calibration": ""}, "calibration is '' in the report"),
        ({"settle": ["a guess"]}, "settle: 1 entries are not what the captures say, 0 are missing"),
        ({"candidates": [{"value": "a", "confidence": 0.5}]}, "candidates: 1 entries are not"),
    ],
)
def test_a_changed_identity_is_caught(changed, reason):
    [wrong] = compare(lambda document: document["devices"][0]["identity"].update(changed))

    assert wrong.reasons[0].startswith(reason)


def device_of(document, name):
    return next(one for one in document["devices"] if one[name])


@pytest.mark.parametrize("name", ["links", "accessories"])
def test_links_and_things_behind_that_were_taken_out_are_caught(name):
    [wrong] = compare(lambda document: device_of(document, name)[name].pop())

    assert wrong.reasons == (f"{name}: 0 entries are not what the captures say, 1 are missing",)


def test_links_that_the_user_said_are_not_compared():
    def link(document):
        links = device_of(document, "links")["links"]
        links.append(links[0] | {"other": "d-00aa", "confidence": 1.0, "by_user": True})

    assert compare(link) == []


def test_missing_invented_and_repeated_devices_are_caught():
    def exchange(document):
        document["devices"][0]["id"] = "d-invented"
        document["gateways"] *= 2

    reasons = [reason for wrong in compare(exchange) for reason in wrong.reasons]

    assert reasons == [
        "there is no such device in the captures",
        "it was left out of the report",
        "the report names one of them twice",
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda document: document["problems"].pop(), "0 entries are not what"),
        (lambda document: document["contacts"].reverse(), "the entries are in another order"),
        (lambda document: document["checks"][0].update(limits=[]), "1 entries are not what"),
        (lambda document: document.update(slice_us=7), "7 in the report, 300000000 in truth"),
    ],
)
def test_other_changes_are_caught(change, reason):
    [wrong] = compare(change)

    assert wrong.kind == "section"
    assert wrong.reasons[0].startswith(reason)


def test_labels_and_places_of_files_are_not_compared():
    def label(document):
        device = document["devices"][0]
        device["names"].insert(0, "my camera")
        device["identity"]["category"] = {
            "value": "camera", "confidence": 1.0, "because": ["you said so"],
        }  # fmt: skip
        device["identity"]["level"] = "category"
        device["identity"]["settle"] = ["its type plate"]
        document["captures"][0]["file"] = "moved.pcap"
        document["version"] = "0.0.9"

    assert compare(label) == []


def test_a_label_without_its_report_is_told():
    identity = Identity(category=Guess(value="camera", confidence=1.0, because=()))
    home = home_report()
    camera = home.assessments[0]
    labelled = replace(camera, device=replace(camera.device, identity=identity))

    wrong = compare(fresh=replace(home, assessments=(labelled, *home.assessments[1:])))

    assert [result.kind for result in wrong] == ["device"]


def test_many_reasons_are_counted():
    def empty(document):
        document["devices"][0]["concerns"] = []

    [wrong] = compare(empty)

    assert wrong.reasons[-1] == "and 3 more"


def printed(results):
    out = io.StringIO()
    render_verification(results, Console(file=out, width=100))
    return out.getvalue()


def test_an_honest_report_is_said_to_hold():
    results = compare_report(read_document(render_document(home_report()).encode()), home_report())

    text = printed(results)

    assert "5 of 5 findings hold." in text
    assert text.endswith("The report is what the captures say.\n")


def test_a_changed_report_is_said_not_to_hold():
    def change(document):
        document["findings"][0]["statement"] = HOSTILE
        document["devices"][0]["verdict"] = "depend"

    text = printed(compare(change))

    assert "DOES NOT HOLD" in text
    assert "0 of 1 findings hold." in text
    assert "1 other thing in the report is not" in text
    assert "\x1b" not in text


def test_a_report_without_findings_says_so():
    empty = empty_report()

    text = printed(compare_report(read_document(render_document(empty).encode()), empty))

    assert "There are no findings in it." in text
