"""What ships about makers and their things: sound, needed, and the same each time it is made."""

import json
import os
import re
from collections import Counter
from fnmatch import translate
from pathlib import Path

import pyarrow as pa
import pytest

from thingwarden.inventory.identification.makers import find_maker, short_name
from thingwarden.inventory.identification.normal import plain
from thingwarden.inventory.identification.rules import find_rules

from tools import identities_home_assistant, identities_recog, make_identities
from tools.identities_catalogue import CatalogueError, read_categories, read_makers
from tools.identities_rule import (
    FORMS,
    RefusedPatternError,
    Rule,
    lower_pattern,
    matches,
    simplest,
)

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "tools/catalogue"
SOURCES = Path(os.environ.get("THINGWARDEN_DATA") or ROOT.parent / "shared/data") / "identification"
FILES = ("identity_makers.arrow", "identity_rules.arrow", "identity_sources.json")

CHANNELS = frozenset(
    [
        "domain",
        "host-name",
        "dhcp-vendor",
        "user-agent",
        "server",
        "page",
        "banner",
        "upnp-maker",
        "upnp-model",
        "upnp-type",
        "mdns-service",
        "mdns-name",
        "mdns-text",
        "mqtt-client",
        "mqtt-topic",
        "certificate",
        "prefix",
    ]
)

EVERYDAY = (
    "nginx/1.18.0", "apache/2.4.41 (ubuntu)", "linux/3.14 upnp/1.0 portable sdk for upnp devices/1.6",
    "udhcp 1.24.1", "dhcpcd-6.8.2", "login:", "password:", "http/1.0", "lighttpd/1.4.35", "curl/7.68.0",
    "pool.ntp.org", "example.com", "amazonaws.com", "cloudfront.net", "azurewebsites.net", "akamai.net",
    "localhost", "kitchen", "unknown", "mqttjs_12ab34cd", "upnp:rootdevice", "index", "welcome", "404 not found",
    "ssh-2.0-dropbear_2019.78", "ssh-2.0-openssh_8.2p1", "okhttp/4.9.1", "python-requests/2.25", "_http._tcp",
    "220 ftp server ready", "txtvers=1", "path=/", "cn=localhost", "cn=192.168.1.1", "generic|device|1.0",
)  # fmt: skip
"""Values that say nothing of a maker."""


def read(name):
    return pa.ipc.open_file(ROOT / "src/thingwarden/data" / name).read_all()


@pytest.fixture(scope="module")
def rules():
    return [Rule(**row) for row in read("identity_rules.arrow").to_pylist()]


@pytest.fixture(scope="module")
def makers():
    return read("identity_makers.arrow").to_pylist()


@pytest.fixture(scope="module")
def sources():
    if not (SOURCES / "recog.zip").exists():
        pytest.skip(f"the lists of recog and Home Assistant are not in {SOURCES}")
    return SOURCES


def make(folder, into, monkeypatch):
    into.mkdir()
    monkeypatch.setattr(make_identities, "DATA", into)
    assert make_identities.main(["--from", str(folder)]) == 0
    return {name: (into / name).read_bytes() for name in FILES}


def test_the_same_sources_give_the_bytes_that_ship(sources, tmp_path, monkeypatch, capsys):
    made = make(sources, tmp_path / "data", monkeypatch)

    for name, content in made.items():
        shipped = (ROOT / "src/thingwarden/data" / name).read_bytes()
        assert content == shipped, f"{name} is out of date: run python -m tools.make_identities"
    assert "rows" in capsys.readouterr().out


def test_what_ships_is_small():
    sizes = [(ROOT / "src/thingwarden/data" / name).stat().st_size for name in FILES]

    assert sum(sizes) < 1_000_000


def test_every_rule_is_of_a_known_channel_form_maker_and_kind(rules, makers):
    kinds = {kind["id"] for kind in read_categories(CATALOGUE)}
    names = {maker["maker"] for maker in makers}

    for rule in rules:
        assert rule.channel in CHANNELS
        assert rule.form in FORMS
        assert rule.maker is None or rule.maker in names, rule
        assert rule.category is None or rule.category in kinds, rule
        assert rule.maker or rule.family or rule.category, rule
        assert rule.maker or not rule.model, rule
        assert 0 < rule.strength < 1, rule


def test_patterns_are_lower_case_short_and_not_said_twice(rules):
    keys = Counter((rule.channel, rule.form, rule.pattern) for rule in rules)

    assert max(keys.values()) == 1
    for rule in rules:
        assert 2 <= len(rule.pattern) <= 400, rule
        if rule.form != "regex":
            assert rule.pattern == rule.pattern.lower(), rule
        if rule.form in ("exact", "prefix", "suffix", "contains"):
            assert rule.pattern.strip() == plain(rule.pattern), rule
        if rule.form == "domain":
            assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", rule.pattern), rule


def test_names_that_are_looked_for_anywhere_are_long_enough(rules):
    for rule in rules:
        fixed = rule.literal or rule.pattern
        assert len(fixed.strip("^$ ")) >= (3 if rule.form != "exact" else 2), rule


def test_no_rule_holds_for_what_everything_says(rules):
    for rule in rules:
        assert not [value for value in EVERYDAY if matches(rule, value)], rule


def test_a_regex_needs_its_literal(rules):
    for rule in rules:
        if rule.form != "regex":
            continue
        compiled = re.compile(rule.pattern)
        assert rule.literal
        assert compiled.search("") is None


def test_no_value_keeps_a_regex_busy(rules):
    """A pattern that takes one apart in countless ways would not come back from here."""
    hostile = ["a" * 120, "1." * 60, " " * 120, "-_" * 60, "ab 1" * 30]

    for rule in rules:
        if rule.form in ("regex", "glob"):
            form = translate(rule.pattern) if rule.form == "glob" else rule.pattern
            tried = re.compile(form)
            for value in hostile:
                tried.search(f"{rule.literal or ''}{value}"[:120])


def test_no_spelling_is_claimed_by_two_makers(makers):
    owners = {}
    for maker in makers:
        for name in (maker["maker"], *maker["aliases"]):
            for spelling in {plain(name), short_name(name)}:
                assert owners.setdefault(spelling, maker["maker"]) == maker["maker"], spelling


def test_makers_have_roles_lower_case_spellings_and_words_of_their_own(makers):
    words = Counter(word for maker in makers for word in maker["words"])

    assert len(makers) > 800
    assert max(words.values()) == 1
    for maker in makers:
        assert maker["role"] in ("brand", "module", "platform", "general")
        assert all(alias == alias.lower() for alias in maker["aliases"])
        assert all(len(word) >= 4 and word == word.lower() for word in maker["words"]), maker


@pytest.mark.parametrize(
    ("spelling", "name", "role"),
    [
        ("TP-LINK TECHNOLOGIES CO.,LTD.", "TP-Link", "brand"),
        ("tp-link", "TP-Link", "brand"),
        ("Signify Netherlands B.V.", "Philips", "brand"),
        ("Belkin International Inc.", "Belkin", "brand"),
        ("Espressif Inc.", "Espressif", "module"),
        ("Hon Hai Precision Ind. Co.,Ltd.", "Foxconn", "module"),
        ("Apple, Inc.", "Apple", "general"),
        ("SAMSUNG ELECTRO-MECHANICS(THAILAND)", "Samsung Electro-Mechanics", "module"),
        ("ASSMANN Electronic GmbH", "ASSMANN", "brand"),
        ("Juniper Networks", "Juniper", "general"),
    ],
)
def test_companies_are_known_by_all_their_names(spelling, name, role):
    maker = find_maker(spelling)

    assert maker
    assert (maker.name, maker.role) == (name, role)


@pytest.mark.parametrize("name", ["Tesla Controls", "Juniper Systems", "Murata Machinery, LTD."])
def test_a_company_with_a_like_name_is_another(name):
    assert find_maker(name) is None


@pytest.mark.parametrize(
    ("channel", "value", "vendor", "category"),
    [
        ("domain", "eu-use1-api.tplinkra.com", "TP-Link", ""),
        ("domain", "ws.meethue.com", "Philips", "hub"),
        ("domain", "captive.apple.com", "Apple", ""),
        ("domain", "a1.tuyaeu.com", "", ""),
        ("host-name", "Shelly1-AABBCC", "Shelly", ""),
        ("host-name", "Annas-iPhone", "Apple", "phone"),
        ("host-name", "DESKTOP-12AB34C", "", "computer"),
        ("dhcp-vendor", "android-dhcp-13", "", "phone"),
        ("dhcp-vendor", "MSFT 5.0", "", "computer"),
        ("mdns-service", "_hue._tcp", "Philips", "hub"),
        ("mdns-text", "md=Google Home Mini", "Google", "voice-assistant"),
        ("mdns-text", "model=MacBookPro18,3", "Apple", "computer"),
        ("mdns-text", "usb_MFG=Brother", "Brother", "printer"),
        ("upnp-maker", "Sonos, Inc.", "Sonos", ""),
        ("upnp-model", "Belkin International Inc.|Insight|1.0", "Belkin", "plug"),
        ("upnp-type", "urn:roku-com:device:player:1-0", "Roku", "streaming-player"),
        ("mqtt-client", "DVES_1A2B3C", "", ""),
        ("server", "Dahua Rtsp Server", "Dahua", "camera"),
        ("page", "Hue personal wireless lighting", "Philips", "hub"),
        ("certificate", "CN=001788fffe000000,O=Philips Hue,C=NL", "Philips", "hub"),
        ("prefix", "d073d5010203", "LIFX", "bulb"),
    ],
)
def test_what_well_known_things_say_is_known(channel, value, vendor, category):
    found = find_rules(channel, value)

    assert found
    assert {rule.kind.vendor for rule in found} >= {vendor}
    assert not category or category in {rule.kind.category for rule in found}


@pytest.mark.parametrize("value", ["udhcp 1.24.1", "dhcpcd-5.5.6", "anything"])
def test_dhcp_clients_of_many_makers_say_nothing(value):
    assert find_rules("dhcp-vendor", value) == ()


def test_examples_of_recog_still_give_the_vendor_of_their_fingerprint(sources):
    spellings = make_identities.names_of(make_identities.make_makers())
    fingerprints = list(identities_recog.read_fingerprints(sources / "recog.zip"))
    refused = Counter()

    kept = list(identities_recog.make_rules(fingerprints, spellings, {}, refused))

    shown = 0
    for fingerprint, rule in kept:
        for example in fingerprint.examples:
            value = identities_recog.heard(fingerprint, example)
            assert spellings[plain(fingerprint.vendor)] in {
                found.kind.vendor for found in find_rules(rule.channel, value)
            }, (fingerprint, value)
            shown += 1
    assert len(kept) > 800
    assert shown > 1000
    assert refused["its own examples look different to us"] < len(kept) / 10


def test_integrations_of_the_catalogue_are_those_of_home_assistant(sources):
    lists = identities_home_assistant.read_lists(sources / "home-assistant")
    known = {entry["domain"] for entry in lists["dhcp"]["DHCP"]} | set(lists["ssdp"]["SSDP"])
    known |= {entry["domain"] for entry in lists["zeroconf"]["HOMEKIT"].values()}
    known |= {one["domain"] for every in lists["zeroconf"]["ZEROCONF"].values() for one in every}
    known |= set(lists["mqtt"]["MQTT"])

    rows = make_identities.read_rows(CATALOGUE / "integrations.csv")

    assert {row["domain"] for row in rows} <= known


def test_a_pattern_is_made_for_lower_case_and_gets_the_simplest_form():
    assert simplest(lower_pattern("^HP Printer$")) == ("exact", "hp printer", None)
    assert simplest(lower_pattern("(?i)^AXIS,")) == ("prefix", "axis,", None)
    assert simplest(lower_pattern(r"RouterOS\.$")) == ("suffix", "routeros.", None)
    assert simplest(lower_pattern("Lexmark")) == ("contains", "lexmark", None)
    form, pattern, literal = simplest(lower_pattern(r"^Vigor(?:\r\n)+Router \D+\z"))
    assert (form, pattern, literal) == ("regex", r"^vigor router \D+$", "vigor router ")


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(?:a+)+bcd$",
        r"^abcd(?=e)",
        r"^(abc)\1$",
        r"(?P<name>abcd)",
        r"^[[:alpha:]]abcd",
        r"abcd.*.*.*.*.*e",
        r"^\d+$",
        r"^(?:abcd|efgh)$",
        r"^(?: |\r)*abcd(?:x|x)*$",
        r"^abcd(?:x|xy)*$",
        r"abcd\x00",
        r"abcd(",
    ],
)
def test_risky_patterns_and_those_without_text_are_refused(pattern):
    with pytest.raises(RefusedPatternError):
        simplest(lower_pattern(pattern))


@pytest.mark.parametrize(
    ("form", "pattern", "value"),
    [
        ("exact", "ab", "ab"),
        ("prefix", "ab", "abc"),
        ("suffix", "bc", "abc"),
        ("contains", "b", "abc"),
        ("domain", "ring.com", "fw.ring.com"),
        ("glob", "a*c?", "abbcd"),
        ("regex", "b+", "abb"),
    ],
)
def test_each_form_holds_as_it_says(form, pattern, value):
    rule = Rule(channel="page", form=form, pattern=pattern, strength=0.9, source="catalogue")

    assert matches(rule, value)
    assert not matches(rule, "xyz")


def write_catalogue(folder, **files):
    for name in ("makers", "categories", "domains", "host_names", "names", "integrations"):
        head = (CATALOGUE / f"{name}.csv").read_text("utf-8").splitlines()[0]
        (folder / f"{name}.csv").write_text(f"{head}\n{files.get(name, '')}", "utf-8")


def test_organisations_go_to_the_maker_with_the_longest_words(tmp_path):
    makers = "Lamp,brand,lampco,lamp,,\nLamp Parts,module,,lamp parts|lamp bits,,Lamp\n"
    write_catalogue(tmp_path, makers=makers)

    found = read_makers(tmp_path, ["Lamp Inc.", "Lamp Bits Ltd", "Lampshade GmbH", "Other"])

    assert {maker.name: maker.aliases for maker in found} == {
        "Lamp": ("lamp inc.",),
        "Lamp Parts": ("lamp bits ltd",),
    }


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"makers": "Lamp,wizard,,,,\n"}, "no such role"),
        ({"makers": "Lamp,brand,,,,Nobody\n"}, "no such owner"),
        ({"makers": "Lamp,brand\n"}, "not as many cells"),
        ({"domains": "a.example,Nobody,,,\n"}, "no such maker"),
        ({"domains": "a.example,,,teapot,\n"}, "no such kind"),
        ({"domains": "a.example,,,,\n"}, "says nothing"),
        ({"names": "page,magic,abc,,Lamp,,,\n"}, "no such form"),
    ],
)
def test_a_catalogue_that_contradicts_itself_is_not_written(
    sources, tmp_path, monkeypatch, files, message
):
    write_catalogue(tmp_path, **files)
    monkeypatch.setattr(make_identities, "CATALOGUE", tmp_path)
    monkeypatch.setattr(make_identities, "DATA", tmp_path)

    with pytest.raises(CatalogueError, match=message):
        make_identities.main(["--from", str(sources)])

    assert not (tmp_path / "identity_rules.arrow").exists()


def test_sources_are_told_with_version_date_and_rows(rules):
    told = json.loads((ROOT / "src/thingwarden/data/identity_sources.json").read_text("utf-8"))

    assert {entry["name"]: entry["rows"] for entry in told} == Counter(
        rule.source for rule in rules
    )
    for entry in told:
        assert set(entry) == {"name", "what", "licence", "version", "as_of", "rows"}
        assert all(entry.values())


def test_kinds_of_things_ship_with_their_words():
    kinds = json.loads(read("identity_makers.arrow").schema.metadata[b"categories"])

    assert kinds == read_categories(CATALOGUE)
    assert {"camera", "plug", "hub", "phone", "voice-assistant"} <= {kind["id"] for kind in kinds}
    spellings = Counter(name for kind in kinds for name in (kind["id"], *kind["aliases"]))
    assert max(spellings.values()) == 1
