import msgspec
import pytest

from thingwarden.errors import PolicyError
from thingwarden.policy.proof.prove import Difference, open_files, prove
from thingwarden.policy.proof.receipt import (
    compare_receipts,
    is_receipt,
    make_receipt,
    read_receipt,
    say_stop,
    write_receipt,
)
from thingwarden.policy.proof.tally import Stop

from tests.policy.proof.story import POLICY, RULES, STORY, begins, write
from tests.rule_sets import PeerKind, device, patch, peer, site


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    return write(tmp_path_factory.mktemp("story") / "story.pcap", STORY)


def receipt_of(path, policy=POLICY):
    return make_receipt(policy, prove(policy, open_files([path]), kernel="not asked"))


@pytest.fixture(scope="module")
def receipt(story):
    return receipt_of(story)


def test_a_receipt_says_what_passed_what_was_stopped_and_what_was_not_tested(receipt):
    (device_receipt,) = receipt.devices

    assert (device_receipt.passed, device_receipt.stopped) == (3, 3)
    assert [(one.rule, one.packets) for one in device_receipt.allowed] == [
        ("dns", 1),
        ("web", 2),
        ("idle", 0),
        ("needed", 0),
    ]
    assert device_receipt.allowed[1].says == "reaches a.example, TCP port 443"
    assert {(one.says, one.why) for one in device_receipt.stops} == {
        ("to 198.51.100.7, TCP port 443", "nothing allows it"),
        ("to 203.0.113.9, TCP port 443", "nothing allows it"),
        ("as 10.9.9.9, TCP port 443", "the source address is not its own"),
    }


def test_a_receipt_reads_back_and_is_the_same_each_time(receipt, story):
    data = write_receipt(receipt)

    assert read_receipt(data) == receipt
    assert write_receipt(receipt_of(story)) == data
    assert is_receipt(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"{", "not a receipt"),
        (b"[]", "not a receipt"),
        (b'{"schema": "x"}', "not a receipt"),
        (b"\xff", "not a receipt"),
        (b"[" * 100_000, "not a receipt"),
    ],
)
def test_what_is_no_receipt_is_refused(data, why):
    with pytest.raises(PolicyError, match=why):
        read_receipt(data)


def test_a_receipt_of_another_time_is_refused(receipt):
    with pytest.raises(PolicyError, match="schema"):
        read_receipt(
            write_receipt(receipt).replace(b"thingwarden-receipt-1", b"thingwarden-receipt-9")
        )


def test_a_report_is_no_receipt():
    assert not is_receipt(b'{"schema": "thingwarden-report-1", "devices": []}')


def failing(told, fresh):
    return [check.what for check in compare_receipts(told, fresh) if not check.holds]


def test_a_receipt_holds_against_itself(receipt):
    assert failing(receipt, receipt) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"policy_sha256": "0" * 64}, "the policy"),
        ({"foreign": 9}, "frames of no device"),
        ({"devices": ()}, "device d-020100000001"),
    ],
)
def test_each_changed_number_is_told(receipt, change, what):
    assert failing(msgspec.structs.replace(receipt, **change), receipt) == [what]


def test_a_changed_count_of_a_rule_is_told(receipt):
    (one,) = receipt.devices
    rules = (msgspec.structs.replace(one.allowed[0], packets=7), *one.allowed[1:])
    changed = msgspec.structs.replace(
        receipt, devices=(msgspec.structs.replace(one, allowed=rules),)
    )

    assert failing(changed, receipt) == ["device d-020100000001"]


def test_another_capture_is_told(receipt, tmp_path):
    fresh = receipt_of(write(tmp_path / "story.pcap", [*STORY, begins()]))

    assert failing(receipt, fresh)[0] == "capture story.pcap"


def test_what_a_patch_stops_is_told_with_its_reason(story):
    hole = patch("hole", peer(PeerKind.ANYONE), port=50000)
    policy = site([device(1, RULES, patches=(hole,))])

    (one,) = receipt_of(story, policy).devices

    assert ("from 198.51.100.7, TCP port 443", "patched: a hole") in {
        (stop.says, stop.why) for stop in one.stops
    }


def test_a_difference_of_the_judges_is_told_by_its_frame(story):
    proof = prove(POLICY, open_files([story]), kernel="not asked")
    proof.differences.append(Difference(capture="x\x1b.pcap", frame=3, kernel_passes=True))

    assert make_receipt(POLICY, proof).kernel.differences == (
        "frame 3 of x�.pcap: the kernel lets it pass",
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "to 192.0.2.1, TCP port 23"),
        ({"way": "to"}, "from 192.0.2.1, TCP port 23"),
        ({"rule": "spoof"}, "as 192.0.2.1, TCP port 23"),
        ({"protocol": 1, "service": 8}, "to 192.0.2.1, ICMP type 8"),
        ({"protocol": 47, "service": -1}, "to 192.0.2.1, IP protocol 47"),
        ({"protocol": -1, "service": -1}, "to 192.0.2.1, a packet whose headers do not fit"),
        ({"protocol": 0, "service": -1}, "ARP as 192.0.2.1"),
        ({"protocol": 0, "service": -1, "peer": ""}, "ARP"),
    ],
)
def test_a_stop_is_told_in_words(change, said):
    given = {"device_id": "d", "way": "from", "rule": "default", "peer": "192.0.2.1", "protocol": 6}

    assert say_stop(Stop(**(given | {"service": 23} | change))) == said
