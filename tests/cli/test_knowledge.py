"""The commands `thingwarden knowledge …`."""

import json

import pytest

from tests.command import call
from tests.home import Home

LABELS = "mac,vendor,model,category\n{mac},Acme,Plug 9,plug\n"


@pytest.fixture
def mine(tmp_path):
    return {"THINGWARDEN_KNOWLEDGE": str(tmp_path / "mine.json")}


@pytest.fixture
def plug(tmp_path):
    """A capture of a plug that joins and asks for its maker's cloud, and the file that names it."""
    home = Home()
    device = home.device("plug", mac="f0:0d:f0:12:34:56")
    device.joins_by_dhcp()
    device.asks("api.acme-things.example.com")
    device.speaks_tls("203.0.113.9", "api.acme-things.example.com")
    labels = tmp_path / "labels.csv"
    labels.write_text(LABELS.format(mac=device.mac), encoding="utf-8")
    return home.write(tmp_path / "plug.pcap"), labels


def test_without_a_word_it_tells_what_is_known(mine):
    done = call("knowledge", environment=mine)

    assert done.status == 0
    assert "home-assistant" in done.out
    assert "recog" in done.out
    assert "You taught it nothing yet" in done.out


def test_what_is_learnt_is_shown_exported_and_imported(plug, mine, tmp_path):
    capture, labels = plug

    learnt = call("knowledge", "learn", capture, "--labels", labels, environment=mine)
    shown = call("knowledge", environment=mine)
    exported = call("knowledge", "export", tmp_path / "out.json", environment=mine)
    other = {"THINGWARDEN_KNOWLEDGE": str(tmp_path / "other.json")}
    imported = call("knowledge", "import", tmp_path / "out.json", environment=other)

    assert learnt.out == "1 examples learnt, 0 known before; 1 in all.\n"
    assert "Plug 9" in shown.out
    assert exported.status == 0
    assert imported.out == "1 examples imported, 0 known before; 1 in all.\n"
    text = (tmp_path / "out.json").read_text(encoding="utf-8")
    assert "f0:0d:f0" not in text
    assert "192.168" not in text
    assert json.loads(text)["examples"][0]["kind"]["model"] == "Plug 9"


def test_the_same_capture_again_teaches_nothing(plug, mine):
    capture, labels = plug
    call("knowledge", "learn", capture, "--labels", labels, environment=mine)

    again = call("knowledge", "learn", capture, "--labels", labels, environment=mine)

    assert again.out == "0 examples learnt, 1 known before; 1 in all.\n"


def test_what_was_learnt_is_used_by_the_next_inspection(plug, mine):
    capture, labels = plug
    call("knowledge", "learn", capture, "--labels", labels, environment=mine)

    done = call("inspect", capture, "--json", "-", environment=mine)

    [device] = json.loads(done.out)["devices"]
    assert device["identity"]["vendor"]["value"] == "Acme"


def test_damaged_knowledge_is_told_and_the_rest_is_used(plug, mine, tmp_path):
    (tmp_path / "mine.json").write_text("damaged", encoding="utf-8")

    done = call("inspect", plug[0], "--json", "-", environment=mine)

    assert done.status in (0, 1)
    assert "Your own knowledge is not used" in done.err
    assert json.loads(done.out)["devices"]


def test_a_foreign_file_is_not_imported(mine, tmp_path):
    foreign = tmp_path / "foreign.json"
    foreign.write_text('{"schema": "other/1", "examples": []}', encoding="utf-8")

    done = call("knowledge", "import", foreign, environment=mine)

    assert done.status == 2
    assert "expected 'thingwarden-knowledge/1'" in done.err
    assert not (tmp_path / "mine.json").exists()


def test_labels_without_a_maker_are_refused(plug, mine, tmp_path):
    labels = tmp_path / "names.csv"
    labels.write_text("mac,name\nf0:0d:f0:12:34:56,plug\n", encoding="utf-8")

    done = call("knowledge", "learn", plug[0], "--labels", labels, environment=mine)

    assert done.status == 2
    assert "no column 'vendor'" in done.err
