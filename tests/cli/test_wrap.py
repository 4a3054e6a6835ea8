import json
import shutil

import pytest

from thingwarden.policy.proof.kernel import kernel_ability

from tests.command import ROOT, call

SAMPLE = ROOT / "samples/home.pcap"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wrap") / "site"
    assert call("inspect", SAMPLE, "--site", folder).status == 1
    return folder


@pytest.fixture(scope="module")
def wrapped(site):
    """What was said, and the folder that was written."""
    out = site.parent / "policy"
    return call("wrap", "--site", site, "--out", out, "--export", "plain"), out


def test_a_site_is_wrapped_and_each_device_shown(wrapped):
    done, folder = wrapped

    assert done.status == 0
    assert "10 devices, " in done.out
    assert "watch on" in done.out
    assert f"Written: {folder}" in done.err
    assert {one.name for one in folder.iterdir()} == {
        *("policy.json", "hashes.json", "rules", "mud", "plain"),
    }


def test_the_same_site_gives_the_same_files(site, wrapped, tmp_path):
    call("wrap", "--site", site, "--out", tmp_path, "--export", "plain")

    again = (tmp_path / "hashes.json").read_bytes()
    assert again == (wrapped[1] / "hashes.json").read_bytes()


def test_one_device_alone_can_be_wrapped(site, tmp_path):
    done = call("wrap", "--site", site, "--out", tmp_path, "--device", "recorder")

    assert done.out.startswith("1 devices, ")
    assert len(list((tmp_path / "mud").iterdir())) == 2


def test_a_device_that_is_not_there_is_told(site, tmp_path):
    done = call("wrap", "--site", site, "--out", tmp_path, "--device", "toaster")

    assert done.status == 2
    assert "no such device: toaster" in done.err


def test_without_a_site_it_says_what_is_missing():
    done = call("wrap")

    assert done.status == 2
    assert "--site DIR and --out DIR are needed" in done.err


def test_a_policy_is_shown_device_by_device(wrapped):
    done = call("wrap", "show", "--policy", wrapped[1], "--device", "printer")

    assert done.status == 0
    assert done.out.startswith("printer (")
    assert "It reaches:" in done.out


def test_a_folder_without_a_policy_is_told(tmp_path):
    done = call("wrap", "show", "--policy", tmp_path)

    assert done.status == 2
    assert "`thingwarden wrap --site DIR --out DIR` writes one." in done.err


@pytest.fixture(scope="module")
def proved(wrapped):
    """A proof of the sample, with the receipt beside the policy."""
    return call("wrap", "prove", "--policy", wrapped[1], SAMPLE), wrapped[1]


def test_what_would_be_stopped_is_told_and_written_down(proved):
    done, folder = proved
    receipt = json.loads((folder / "receipt.json").read_text())

    assert done.status == 1
    assert "would be stopped" in done.out
    assert receipt["frames"] == 2774
    assert "<html" in (folder / "receipt.html").read_text()


def test_the_kernel_says_the_same_where_it_can_be_asked(proved):
    kernel = json.loads((proved[1] / "receipt.json").read_text())["kernel"]

    assert kernel["missing"] == (kernel_ability() or "")
    assert kernel["differing"] == 0
    assert kernel["missing"] or kernel["confirmed"] > 2500


def test_a_receipt_can_be_checked_by_anyone(proved, tmp_path):
    for name in ("policy.json", "receipt.json"):
        shutil.copy(proved[1] / name, tmp_path)

    good = call("verify", tmp_path / "receipt.json", SAMPLE)
    receipt = tmp_path / "receipt.json"
    receipt.write_text(receipt.read_text().replace('"foreign": ', '"foreign": 1'))
    bad = call("verify", receipt, SAMPLE)

    assert (good.status, bad.status) == (0, 1)
    assert "DOES NOT HOLD: frames of no device" in bad.out


def test_a_receipt_without_its_policy_cannot_be_checked(proved, tmp_path):
    shutil.copy(proved[1] / "receipt.json", tmp_path)

    done = call("verify", tmp_path / "receipt.json", SAMPLE)

    assert done.status == 2
    assert "policy.json" in done.err


def test_a_receipt_can_go_to_standard_output(wrapped, tmp_path):
    done = call(
        *("wrap", "prove", "--policy", wrapped[1], "--no-kernel", "--receipt", "-"),
        *("--html", tmp_path / "page.html", SAMPLE),
    )

    assert json.loads(done.out)["kernel"]["missing"] == "it was not asked"
    assert (tmp_path / "page.html").exists()
