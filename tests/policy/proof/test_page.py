import io
from html.parser import HTMLParser

import msgspec
import pytest
from rich.console import Console

from thingwarden.policy.proof.page import (
    MOST_DEVICES,
    group_stops,
    render_receipt,
    render_receipt_page,
    say_headline,
    say_kernel,
)

from tests.policy.proof.story import STORY, write
from tests.policy.proof.test_receipt import receipt_of

replace = msgspec.structs.replace
HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture(scope="module")
def receipt(tmp_path_factory):
    return receipt_of(write(tmp_path_factory.mktemp("page") / "story.pcap", STORY))


def on_terminal(receipt):
    console = Console(width=160, file=io.StringIO())
    render_receipt(receipt, console)
    return console.file.getvalue()


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def parse(page):
    found = Tags()
    found.feed(page)
    return found


def test_the_page_says_what_passes_what_is_stopped_and_what_was_not_tested(receipt):
    text = parse(render_receipt_page(receipt)).text

    assert "3 packets of 1 devices would be stopped, 3 of 1 pass." in text
    assert "reaches a.example, TCP port 443" in text
    assert "stopped: the source address is not its own" in text
    assert "not tested" in text
    assert receipt.policy_sha256 in text
    assert receipt.captures[0].sha256 in text


def test_hostile_words_stay_words(receipt):
    (one,) = receipt.devices
    evil = replace(
        one,
        name=HOSTILE,
        stops=tuple(replace(stop, says=HOSTILE, why=HOSTILE) for stop in one.stops),
        allowed=tuple(replace(rule, says=HOSTILE, ground=HOSTILE) for rule in one.allowed),
    )
    captures = tuple(replace(each, name=HOSTILE) for each in receipt.captures)

    found = parse(render_receipt_page(replace(receipt, devices=(evil,), captures=captures)))

    assert "script" not in found.tags
    assert found.text.count(HOSTILE) > 5


def test_the_page_asks_nobody_for_anything(receipt):
    page = render_receipt_page(receipt)

    assert not {"script", "img", "link", "iframe"} & set(parse(page).tags)
    assert "default-src 'none'" in page


@pytest.mark.parametrize(
    ("kernel", "said"),
    [
        ({"missing": "no namespaces"}, "The kernel did not confirm it: no namespaces."),
        ({"missing": "", "confirmed": 7}, "The kernel itself confirmed 7 of 7 frames."),
        ({"missing": "", "differing": 2}, "The kernel differs on 2 of 7 frames."),
    ],
)
def test_what_the_kernel_says_is_told(receipt, kernel, said):
    changed = replace(receipt, kernel=replace(receipt.kernel, **kernel))

    assert say_kernel(changed) == said
    assert said in parse(render_receipt_page(changed)).text
    assert said in on_terminal(changed)


def test_judges_that_differ_are_a_warning(receipt):
    kernel = replace(receipt.kernel, missing="", differing=1, differences=("frame 3 of x",))
    changed = replace(receipt, kernel=kernel)

    assert "Do not switch this policy on" in parse(render_receipt_page(changed)).text
    assert "The judges differ: frame 3 of x." in on_terminal(changed)


def test_each_verdict_says_whether_the_kernel_agrees(receipt):
    (one,) = receipt.devices
    kernel = replace(receipt.kernel, missing="", confirmed=7)
    agreed = replace(one, stops=tuple(replace(stop, confirmed=1) for stop in one.stops), allowed=())

    text = parse(render_receipt_page(replace(receipt, kernel=kernel, devices=(agreed,)))).text

    assert text.count("agrees") == 3  # two hosts, one address that is not its own
    assert "agrees" not in parse(render_receipt_page(receipt)).text


def test_a_search_is_one_line(receipt):
    (one,) = receipt.devices
    tried = [
        replace(one.stops[0], says=f"to 10.0.0.9, TCP port {port}", packets=port)
        for port in range(1, 9)
    ]
    other = replace(one.stops[0], says="to 10.0.0.9, UDP port 1", packets=90)

    grouped = group_stops([other, *tried[::-1]])

    assert [(each.says, each.packets) for each in grouped] == [
        ("to 10.0.0.9, UDP port 1", 90),
        ("to 10.0.0.9, TCP ports 8, 7, 6, 5, 4 and 3 more", 36),
    ]


def test_nothing_tested_is_no_all_clear(receipt):
    (one,) = receipt.devices
    idle = replace(receipt, devices=(replace(one, passed=0, stopped=0, stops=()),))

    assert say_headline(idle).endswith("nothing was tested.")
    assert "no frame of it is in the captures" in parse(render_receipt_page(idle)).text


def test_nothing_stopped_is_said_with_how_much_passed(receipt):
    (one,) = receipt.devices
    clean = replace(receipt, devices=(replace(one, stopped=0, stops=()),))

    assert say_headline(clean) == "Nothing would be stopped: 3 packets of 1 devices pass."


def test_a_page_of_very_many_devices_is_bounded(receipt):
    (one,) = receipt.devices
    many = replace(receipt, devices=(one,) * (MOST_DEVICES + 5))

    assert "And 5 more devices in the JSON receipt." in parse(render_receipt_page(many)).text


def test_the_terminal_shows_each_device_with_what_was_stopped_most(receipt):
    text = on_terminal(replace(receipt, untested={"cut": 3}))

    assert "d-020100000001" in text
    assert "2 of 4" in text
    assert "Not judged: 3 frames, cut." in text
