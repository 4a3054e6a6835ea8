"""Knowledge that ships: what its rules say holds together, and is made again out of its sources."""

import os
import re
from collections import Counter
from fnmatch import translate
from pathlib import Path

import pytest

from thingwarden.inventory.identification.channels import CHANNELS
from thingwarden.inventory.identification.normal import plain
from thingwarden.inventory.identification.rules import find_rules
from thingwarden.inventory.vendors import read_knowledge

from tools import make_identities
from tools.identities_catalogue import read_categories
from tools.identities_rule import FORMS, matches

RULES = read_knowledge("identity_rules").to_pylist()
MAKERS = read_knowledge("identity_makers").to_pylist()
CATEGORIES = {str(kind["id"]) for kind in read_categories(make_identities.CATALOGUE)}
SOURCES = Path(
    os.environ.get("THINGWARDEN_DATA") or make_identities.ROOT.parent / "shared" / "data"
) / "identification"  # fmt: skip
NOT_HERE = "needs the lists of Home Assistant and recog in the data folder"
TOGETHER_BYTES = 10 << 20


def test_all_together_is_small():
    files = make_identities.DATA.glob("identity_*")

    assert sum(file.stat().st_size for file in files) < TOGETHER_BYTES


def test_a_rule_says_something_of_what_is_known():
    makers = {maker["maker"] for maker in MAKERS}
    for rule in RULES:
        assert rule["channel"] in CHANNELS
        assert rule["form"] in FORMS
        assert rule["pattern"].strip("*?. ")
        assert 0 < rule["strength"] < 1
        assert rule["maker"] is None or rule["maker"] in makers
        assert rule["category"] is None or rule["category"] in CATEGORIES
        assert rule["maker"] or rule["family"] or rule["category"]


def test_no_rule_holds_for_everything():
    for value in ("", "x", "qz7"):
        for channel in CHANNELS:
            assert not find_rules(channel, value)


def test_every_pattern_compiles_and_needs_its_literal():
    for rule in RULES:
        if rule["form"] == "regex":
            re.compile(rule["pattern"])
            assert rule["literal"]
            assert rule["literal"] == rule["literal"].lower()
        elif rule["form"] == "glob":
            re.compile(translate(rule["pattern"]))


def test_patterns_are_as_values_are_compared():
    for rule in RULES:
        if rule["form"] not in ("regex", "glob"):
            assert rule["pattern"].strip() == plain(rule["pattern"])


def test_a_name_is_of_one_maker():
    spellings = Counter(
        alias
        for maker in MAKERS
        for alias in {plain(maker["maker"]), *map(plain, maker["aliases"])}
    )

    assert [name for name, times in spellings.items() if times > 1] == []


def test_makers_have_a_role_and_words_that_are_no_accident():
    assert {maker["role"] for maker in MAKERS} <= {"brand", "module", "platform", "general"}
    assert all(len(word) >= 4 for maker in MAKERS for word in maker["words"])


@pytest.mark.parametrize(
    ("channel", "value", "maker"),
    [
        ("domain", "fw.ring.com", "Ring"),
        ("domain", "bridge.meethue.com", "Philips"),
        ("mdns-service", "_hue._tcp", "Philips"),
        ("upnp-maker", "Sonos, Inc.", "Sonos"),
        ("host-name", "Roomba-1234567890", "iRobot"),
    ],
)
def test_things_that_everybody_knows_are_known(channel, value, maker):
    assert maker in {rule.kind.vendor for rule in find_rules(channel, value)}


@pytest.mark.parametrize(
    ("channel", "value"),
    [
        ("domain", "pool.ntp.org"), ("domain", "www.google.com"), ("dhcp-vendor", "udhcp 1.24.1"),
        ("server", "nginx"), ("host-name", "localhost"), ("mdns-service", "_http._tcp"),
    ],
)  # fmt: skip
def test_what_all_makers_use_names_none(channel, value):
    assert not {rule.kind.vendor for rule in find_rules(channel, value)} - {""}


@pytest.mark.skipif(not SOURCES.is_dir(), reason=NOT_HERE)
def test_the_same_sources_give_the_same_bytes(tmp_path, monkeypatch):
    shipped = {file.name: file.read_bytes() for file in make_identities.DATA.glob("identity_*")}
    monkeypatch.setattr(make_identities, "DATA", tmp_path)

    assert make_identities.main(["--from", str(SOURCES)]) == 0

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == shipped


@pytest.mark.skipif(not SOURCES.is_dir(), reason=NOT_HERE)
def test_the_examples_of_recog_still_name_their_makers():
    makers = make_identities.make_makers()
    names = make_identities.names_of(makers)
    held = 0
    for fingerprint, rule in make_identities.recog.make_rules(
        make_identities.recog.read_fingerprints(SOURCES / "recog.zip"), names, {}, Counter()
    ):
        for example in fingerprint.examples:
            heard = make_identities.recog.heard(fingerprint, example)
            assert matches(rule, plain(heard))
            held += 1

    assert held > 500
