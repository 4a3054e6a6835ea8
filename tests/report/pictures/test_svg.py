from thingwarden.report.pictures.svg import cut, drawing, path, text, top

from tests.report.reports import HOSTILE


def test_hostile_words_stay_words():
    for drawn in (
        text((1, 2), HOSTILE),
        path("M0 0", "link", hint=HOSTILE),
        drawing("name", HOSTILE, HOSTILE, size=(1, 1), body=""),
    ):
        assert "<script" not in drawn
        assert drawn.count("</svg>") <= 1
        assert "\x1b" not in drawn


def test_what_does_not_fit_is_cut_where_it_says_least():
    assert cut("short", 100, 13) == "short"
    assert cut("a very long name of a thing", 80, 13) == "a very lo…"
    assert cut("very.long.host.example.com", 120, 13) == "very.l…mple.com"
    assert cut("Maker of things (b5:cb)", 150, 13) == "Maker of t…(b5:cb)"
    assert len(cut("x" * 99, 1, 13)) == 4


def test_the_largest_are_kept_and_one_more_is_as_short_as_one_other():
    rows = [(name, ord(name)) for name in "abcd"]

    assert top(rows, 4) == (["d", "c", "b", "a"], 0)
    assert top(rows, 3) == (["d", "c", "b", "a"], 0)
    assert top(rows, 2) == (["d", "c"], 2)
