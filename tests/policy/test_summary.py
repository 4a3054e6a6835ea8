import io

import pytest
from rich.console import Console

from thingwarden.model import Initiator, PeerKind, WatchTime
from thingwarden.policy.summary import (
    MOST_DEVICES,
    MOST_LEFT_OUT,
    render_device,
    render_mud,
    render_policy,
)
from thingwarden.policy.wording import Words

from tests.rule_sets import UDP, device, name, patch, peer, rule, site

RULES = (
    rule("web", name("a.example")),
    rule("time", name("*.pool.example"), UDP, 123),
    rule("served", peer(PeerKind.LOCAL), port=80, initiator=Initiator.PEER),
)
WATCH = WatchTime(active_hours=100, days=5, once=2, surprises=3.4, hours_to_go=40, homes=2)


def shown(render, *arguments, width=120):
    console = Console(width=width, file=io.StringIO())
    render(*arguments, console)
    return console.file.getvalue()


def of_policy(*devices):
    return shown(render_policy, site(devices))


def of_device(one):
    return shown(render_device, one, Words(site([one])))


def test_each_device_has_a_line_with_what_it_may_do():
    text = of_policy(device(1, RULES, name="Lamp", watch_time=WATCH))

    assert "1 devices, 3 rules." in text
    assert [cell for cell in text.splitlines()[-1].split("  ") if cell.strip()]
    row = next(line for line in text.splitlines() if line.startswith("Lamp"))
    assert row.split()[1:4] == ["2", "1", "0"]
    assert "at most 3.4" in row


def test_without_a_watch_time_it_is_said_to_be_unknown():
    assert "unknown" in of_policy(device(1, RULES))


def test_what_was_left_out_is_counted_for_all_and_named_for_one():
    many = device(1, [], not_learnt=tuple(f"thing {n}" for n in range(MOST_LEFT_OUT + 2)))

    assert "7 things were seen and not learnt" in of_policy(many)
    assert "Not learnt: thing 0" in of_device(many)
    assert "Not learnt: 2 more." in of_device(many)


def test_a_large_site_is_shown_in_part():
    text = of_policy(*(device(number, []) for number in range(1, MOST_DEVICES + 4)))

    assert "3 more devices stand in the folder." in text


def test_a_device_is_shown_with_whom_it_reaches_first():
    text = of_device(device(1, RULES, name="Lamp", watch_time=WATCH))

    assert text.index("It reaches:") < text.index("a.example") < text.index("It is reached by:")
    assert "names below pool.example" in text
    assert "UDP port 123" in text
    assert "anything on the local network" in text


def test_a_patch_is_shown_with_its_reason_and_end():
    hole = patch("hole", peer(PeerKind.ANYONE))

    assert "Patched: a hole, until 1.2.3." in of_device(device(1, RULES, patches=(hole,)))


@pytest.mark.parametrize("text", ["\x1b[31mred", "[bold]x[/bold]"])
def test_words_of_others_colour_nothing(text):
    assert "\x1b" not in of_policy(device(1, [], name=text))
    assert "[bold]x[/bold]" in of_device(device(1, [], name="[bold]x[/bold]"))


def test_a_mud_file_is_shown_like_a_device():
    text = shown(render_mud, "bulb.json", "", RULES)

    assert text.startswith("bulb.json: a thing")
    assert "a.example" in text
