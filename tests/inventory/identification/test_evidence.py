"""What a device told -> tokens, rules and where they were seen."""

from thingwarden.inventory.identification.evidence import gather

from tests.inventory.identification.things import PLUG_MAC, RANDOM_MAC, STRANGE_MAC, told


def test_tokens_are_gathered_by_channel_with_their_first_frame():
    evidence = gather(
        [STRANGE_MAC],
        [
            told("domain", "a1.acme.com", frame=9),
            told("domain", "a2.acme.com", frame=4),
            told("host-name", "acme", frame=7),
        ],
    )

    assert evidence.tokens["domain"] == ["a#.acme.com"]
    assert evidence.first["domain", "a#.acme.com"].frame == 4


def test_a_prefix_of_a_maker_who_sells_under_its_own_name_speaks_for_it():
    evidence = gather([PLUG_MAC], [])

    [prefix] = [match for match in evidence.matches if match.token[0] == "prefix"]
    assert prefix.kind.vendor == "Philips"
    assert prefix.strength >= 0.9
    assert evidence.chip == "Philips Lighting BV"


def test_a_prefix_of_a_maker_of_parts_says_nothing():
    evidence = gather(["5c:cf:7f:07:ae:fb"], [told("host-name", "kitchen")])

    assert evidence.chip
    assert "Espressif" in evidence.chip
    assert not [match for match in evidence.matches if match.token[0] == "prefix"]
    assert "prefix" not in evidence.tokens


def test_a_random_address_has_no_prefix_but_hints_at_a_phone():
    evidence = gather([RANDOM_MAC], [])

    assert evidence.chip is None
    assert "prefix" not in evidence.tokens
    assert [match.kind.category for match in evidence.matches] == ["phone"]


def test_no_address_and_nothing_told_is_no_evidence():
    evidence = gather([], [])

    assert not evidence.tokens
    assert not evidence.matches


def test_the_first_sight_of_a_prefix_is_the_first_frame_that_was_told():
    evidence = gather(
        [PLUG_MAC], [told("domain", "a.acme.com", frame=9), told("domain", "b.de", frame=3)]
    )

    [token] = [token for token in evidence.first if token[0] == "prefix"]
    assert evidence.first[token].frame == 3
