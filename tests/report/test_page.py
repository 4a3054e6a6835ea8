import json
import re
from dataclasses import replace

import pytest

from thingwarden.model import Verdict
from thingwarden.report.page import Most, headline, render_page

from tests.report.pages import Page, browse
from tests.report.reports import (
    HOSTILE,
    assess,
    big_report,
    empty_report,
    home_report,
    hostile_report,
    make_device,
)

REPORTS = {
    "home": home_report,
    "empty": empty_report,
    "hostile": hostile_report,
    "big": big_report,
}


@pytest.fixture(scope="module", params=list(REPORTS))
def page(request):
    return Page(render_page(REPORTS[request.param]()))


@pytest.fixture(scope="module")
def home():
    return Page(render_page(home_report()))


def test_nothing_is_loaded_from_outside(page):
    credit = ("a", "href", "https://db-ip.com")  # a link that their licence asks for
    for tag, name, value in page.references:
        inside = value.startswith("#") or re.fullmatch(r"width:\d+%|position:absolute", value)
        assert inside or (tag, name, value) == credit
    css = "".join(page.css)
    assert set(re.findall(r"url\([^)]*\)", css)) == {"url(#hatch)"}
    assert "@import" not in css


def test_nothing_runs(page):
    assert not {tag for tag, _ in page.elements} & {"script", "iframe", "object", "embed", "link"}
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]


def test_every_element_is_closed_and_every_id_is_there_once(page):
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))


def test_every_link_inside_leads_somewhere(page):
    targets = {value[1:] for _, name, value in page.references if name == "href" and "#" in value}

    assert targets <= set(page.ids)


def test_every_picture_has_a_title_and_a_description(page):
    for attrs, tags in page.svgs:
        if attrs.get("aria-hidden") != "true":
            assert attrs["role"] == "img"
            assert tags[:2] == ["title", "desc"]
            assert set(attrs["aria-labelledby"].split()) <= set(page.ids)


def test_hostile_names_are_words_and_nothing_else():
    text = render_page(hostile_report())
    page = Page(text)

    assert "<script" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert any(HOSTILE.partition("[")[0] in words for words in page.words)
    assert "{{7*7}}" in "".join(page.words)


def test_the_page_opens_with_what_to_do(home):
    words = " ".join(" ".join(home.words).split())

    assert words.index("3 of 8 devices need something from you.") < words.index("What to do")
    assert words.index("switch Telnet off") < words.index("Who talks with whom")
    assert words.index("camera-hall") < words.index("plug-3") < words.index("LivingRoomTV")


def test_the_page_shows_evidence_gaps_problems_and_hashes(home):
    words = " ".join(home.words)

    for expected in (
        "2026-09-21T14:14:21.000000Z",
        "telnet login at its own 192.168.1.20 port 23",
        "A capture that contains an update of the device.",
        "the file ends inside a packet",
        "What happened outside the capture is not seen.",
        home_report().captures[0].sha256,
        "fritz.box",
    ):
        assert expected in words


def test_an_identity_card_says_what_how_sure_why_and_where(home):
    words = " ".join(" ".join(home.words).split())

    for expected in (
        "Hikvision Digital Technology DS-2CD2042WD camera",
        "Model DS-2CD2042WD 97 %",
        "Contradiction claims to be a Hikvision camera by its name, but talks like a Tuya plug.",
        "asks for litedev.hik-connect.com speaks for Hikvision · frame 77 of home.pcap , "
        "2026-09-21T14:14:37Z",
        "in every frame of it",
        "All 4 clues",
        "Perhaps HS110 54 % HS100 43 %",
        "What would settle it a capture of its start tells its name.",
        "not certain its network chip is by Espressif",
        "Behind it: 4 things without an address of their own",
        "Hue lamp, hall (bulb) told by the hub over mDNS , frame 90 of home.pcap",
        "Also known by these addresses 06:41:13:9c:00:71 over 99 %: asks for",
        "Perhaps the same as kitchen speaker 72 %: looks for the same speakers",
        "measured on 31 kinds of things in 2 networks",
    ):
        assert expected in words


def test_bars_are_hidden_from_readers_aloud_since_numbers_stand_beside(home):
    bars = [attrs for _, attrs in home.elements if attrs.get("class") == "bar"]

    assert len(bars) >= 8 * (4 + 11)
    assert all(attrs["aria-hidden"] == "true" for attrs in bars)


def test_what_a_network_wrote_is_kept_apart_from_the_line_around_it(home):
    isolated = sum(tag == "bdi" for tag, _ in home.elements)

    assert isolated > 100


def test_a_flood_of_clues_links_and_things_is_cut():
    text = render_page(hostile_report())

    assert len(text) < 200_000
    assert "And 477 more in the JSON report." in text


def test_not_examined_looks_unlike_a_pass(home):
    unseen = [attrs for tag, attrs in home.elements if attrs.get("class") == "unseen"]

    assert len(unseen) > 8 * 4
    assert any("not examined" in words for words in home.words)
    assert any("too little to grade" in words for words in home.words)


def test_a_thousand_devices_fit_into_two_megabytes():
    text = render_page(big_report())
    words = " ".join(Page(text).words)

    assert len(text.encode()) < 2_000_000
    assert text.count('<article class="card"') == Most().cards
    assert "All 1,000 devices" in words
    assert "And 607 more devices" in words
    assert "988 others" in words
    assert "sensor-0999" in words


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ((), "No devices were seen."),
        ((Verdict.DEPEND,), "Nothing was found that needs doing."),
        ((Verdict.NOT_ENOUGH_SEEN,), "Too little was seen to say anything."),
        ((Verdict.DO_NOT_DEPEND,), "1 of 1 device needs something from you."),
    ],
)
def test_the_headline_says_it_all(verdicts, said):
    device = make_device(1, "x")
    ones = tuple(assess(device, verdict, "because") for verdict in verdicts)

    assert headline(replace(empty_report(), assessments=ones)) == said


SEEN = ("home", "hostile", "empty")
WIDTHS = (360, 1200)
MEASURE = (
    "<script>onload=()=>parent.postMessage([document.documentElement.scrollWidth,"
    "getComputedStyle(document.querySelector('h1')).fontWeight],'*')</script></body>"
)
COLLECT = (
    "<pre></pre><script>const seen={};onmessage=e=>{for(const one of document.querySelectorAll("
    "'iframe'))if(one.contentWindow===e.source)seen[one.name]=e.data;"
    "document.querySelector('pre').textContent=JSON.stringify(seen)}</script>"
)
"""Pages may not reach into each other's files, but they may write to each other."""


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Width and weight of each page in windows of each width, seen by one browser."""
    folder = tmp_path_factory.mktemp("measured")
    frames = []
    for name in SEEN:
        text = render_page(REPORTS[name]()).replace("</body>", MEASURE)
        text = text.replace(
            "default-src 'none';", "default-src 'none'; script-src 'unsafe-inline';"
        )
        (folder / f"{name}.html").write_text(text, "utf-8")
        frames += [
            f"<iframe name='{name} {width}' src='{name}.html'"
            f" style='width:{width}px;height:800px;border:0'></iframe>"
            for width in WIDTHS
        ]
    (folder / "all.html").write_text(COLLECT + "".join(frames), "utf-8")
    seen = browse(folder, folder / "all.html", "--window-size=1300,900",
                  "--virtual-time-budget=4000", "--dump-dom")  # fmt: skip
    found = re.search(r"<pre>(.+?)</pre>", seen)
    assert found, seen[:300]
    return json.loads(found[1])


@pytest.mark.parametrize("name", SEEN)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(measured, name, width):
    assert measured[f"{name} {width}"] == [width, "650"]


@pytest.mark.parametrize("scheme", [0, 1])
def test_the_page_can_be_painted_light_and_dark(tmp_path, scheme):
    page, picture = tmp_path / "page.html", tmp_path / "page.png"
    page.write_text(render_page(home_report()), "utf-8")

    browse(tmp_path, page, f"--screenshot={picture}", "--window-size=1100,1600",
           f"--blink-settings=preferredColorScheme={scheme}")  # fmt: skip

    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert picture.stat().st_size > 20_000
