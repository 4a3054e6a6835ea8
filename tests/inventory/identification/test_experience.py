"""Examples -> probabilities of tokens."""

import pytest

from thingwarden.inventory.identification.experience import RATES, Experience

from tests.inventory.identification.things import (
    CAMERA,
    CAMERA_TELLS,
    EXAMPLES,
    OTHER_PLUG,
    PLUG,
    PLUG_TELLS,
    example,
)

NAME, SHARED, UNSEEN = ("host-name", "acme-plug1"), ("tls-client", "t12d1"), ("host-name", "new")


def test_kinds_and_vendors_are_counted():
    experience = Experience.of(EXAMPLES)

    assert experience.kinds == [PLUG, OTHER_PLUG, CAMERA]
    assert experience.vendors == ["Acme", "Blick"]
    assert experience.models == [2, 1]
    assert experience.by_kind[NAME] == {0: 1}
    assert experience.by_vendor[SHARED] == {0: 2}


def test_a_token_of_its_own_is_more_probable_on_its_kind_than_on_a_sibling_than_on_a_stranger():
    experience = Experience.of(EXAMPLES)

    own, sibling, any_thing = (
        experience.on_kind(NAME, 0),
        experience.on_vendor(NAME, 0),
        experience.on_any(NAME),
    )

    assert own > 2 * sibling > 2 * any_thing


def test_what_all_siblings_show_is_expected_of_the_next():
    experience = Experience.of(EXAMPLES)

    assert experience.on_vendor(SHARED, 0) > 0.5
    assert experience.on_vendor(NAME, 0) < 0.3


def test_more_examples_that_agree_make_a_token_surer():
    once = Experience.of([example(PLUG, PLUG_TELLS), example(CAMERA, CAMERA_TELLS)])
    often = Experience.of([example(PLUG, PLUG_TELLS)] * 5 + [example(CAMERA, CAMERA_TELLS)])

    assert often.on_kind(NAME, 0) > once.on_kind(NAME, 0)
    assert often.rates["host-name"].again > once.rates["host-name"].again
    assert often.rates["host-name"].fresh < once.rates["host-name"].fresh


def test_a_capture_without_a_channel_says_nothing_against_its_tokens():
    silent = {"domain": PLUG_TELLS["domain"]}
    experience = Experience.of([example(PLUG, PLUG_TELLS), example(PLUG, silent)])

    assert experience.on_kind(NAME, 0) == pytest.approx(RATES["host-name"].again)


def test_names_that_siblings_do_not_share_teach_that_names_tell_models_apart():
    experience = Experience.of(EXAMPLES)

    assert experience.rates["host-name"].shared < RATES["host-name"].shared
    assert experience.rates["tls-client"].shared > RATES["tls-client"].shared


def test_what_things_of_all_makers_show_proves_little():
    tells = {"domain": ("pool.ntp.org", "api.acme.example.com")}
    experience = Experience.of([example(PLUG, tells), example(CAMERA, CAMERA_TELLS)])

    assert experience.on_any(("domain", "pool.ntp.org")) >= 0.3
    assert experience.on_any(("domain", "api.acme.example.com")) < 0.1


def test_no_examples_are_no_experience():
    experience = Experience.of([])

    assert experience.kinds == []
    assert experience.on_any(UNSEEN) > 0
