import pytest

from thingwarden.policy.files import read_policy_folder
from thingwarden.policy.folder import write_policy_folder

from tests.command import call
from tests.policy.proof.story import write
from tests.policy.safety.test_patching import ANYBODY, BEFORE, ENGINEER, visit

WORDS = ("--device", "d-020100000001", "--port", "80/tcp", "--reason", "a hole", "--until", "1.2.3")


@pytest.fixture
def folder(tmp_path):
    write_policy_folder(BEFORE, tmp_path / "policy")
    return tmp_path / "policy"


@pytest.fixture
def exploit(tmp_path):
    return write(tmp_path / "exploit.pcap", visit(ANYBODY))


@pytest.fixture
def benign(tmp_path):
    return write(tmp_path / "benign.pcap", visit(ENGINEER))


def patch(folder, *words):
    return call("wrap", "patch", "--policy", folder, *words)


def patches(folder):
    return read_policy_folder(folder).devices[0].patches


def test_a_proven_patch_is_written_listed_and_taken_back(folder, exploit, benign):
    more = (
        "--still",
        ENGINEER,
        "--hole",
        "CVE-2020-12345",
        "--exploit",
        exploit,
        "--benign",
        benign,
    )

    done = patch(folder, *WORDS, *more)
    listed = patch(folder, "--list")
    (made,) = patches(folder)
    removed = patch(folder, *WORDS[:2], "--remove", made.id)

    assert done.status == 0, done.err
    assert "Of the exploit 1 of 1 frames at the port are stopped." in done.out
    assert "Of 2 benign frames that passed, 2 pass." in done.out
    assert "is reached by anyone, TCP port 80 (CVE-2020-12345): a hole, until 1.2.3" in listed.out
    assert removed.status == 0
    assert patches(folder) == ()


def test_a_patch_that_stops_benign_visits_is_not_written(folder, exploit, benign):
    done = patch(folder, *WORDS, "--exploit", exploit, "--benign", benign)

    assert done.status == 1
    assert "Not proven: 1 benign frames that passed are stopped." in done.out
    assert "Nothing was written." in done.err
    assert patches(folder) == ()


def test_without_captures_it_says_what_was_not_proven(folder):
    done = patch(folder, *WORDS)

    assert done.status == 0
    assert "Not proven against an exploit" in done.out
    assert "Not proven to leave the rest alone" in done.out
    assert "The kernel did not confirm it: no capture was given." in done.out
    assert len(patches(folder)) == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--port", "80/tcp"), "--device is needed"),
        (("--device", "x", "--port", "80"), "--port is needed, such as 80/tcp"),
        ((*WORDS, "--path", "/cgi-bin"), "rules look at headers"),
        ((*WORDS, "--peer", "no name!"), "no name, address or word"),
        ((*WORDS[:4], "--reason", "x"), "a patch needs a reason, and an end"),
        (("--device", "toaster", *WORDS[2:]), "no such device: toaster"),
        ((*WORDS[:2], "--remove", "x"), "no such patch"),
    ],
)
def test_what_cannot_be_patched_is_told(folder, words, why):
    done = patch(folder, *words)

    assert done.status == 2
    assert why in done.err
    assert patches(folder) == ()


def test_a_patch_that_breaks_an_invariant_is_refused(folder, tmp_path):
    safety = tmp_path / "safety.toml"
    safety.write_text(
        f'[[always]]\ndevice = "*"\nname = "visits"\nbegins = "peer"\npeer = "{ANYBODY}"\nport = 80\n'
    )

    good = patch(folder, *WORDS, "--still", ANYBODY, "--safety", safety)
    bad = patch(folder, *WORDS, "--safety", safety)

    assert good.status == 0, good.err
    assert bad.status == 2
    assert "the policy breaks “visits”" in bad.err
    assert len(patches(folder)) == 1


def test_a_safety_file_is_held_to_by_wrap(tmp_path):
    site = tmp_path / "site"
    safety = tmp_path / "safety.toml"
    call("inspect", "samples/home.pcap", "--site", site)
    safety.write_text('[[always]]\ndevice = "camera"\npeer = "alarm.example"\nport = 8883\n')
    out = tmp_path / "policy"

    done = call("wrap", "--site", site, "--out", out, "--safety", safety)
    safety.write_text('[[never]]\ndevice = "recorder"\npeer = "anyone"\n')
    refused = call("wrap", "--site", site, "--out", tmp_path / "other", "--safety", safety)

    assert done.status == 0, done.err
    shown = call("wrap", "show", "--policy", out, "--device", "camera").out
    assert "alarm.example" in shown
    assert "demanded by a" in shown
    assert refused.status == 2
    assert "lets it pass" in refused.err
    assert not (tmp_path / "other").exists()
