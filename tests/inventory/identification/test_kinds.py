"""What a device can be."""

from thingwarden.inventory.identification.kinds import LEVELS, Kind


def test_a_kind_tells_what_it_is_at_each_level():
    kind = Kind(vendor="Acme", family="Home", model="Plug 1", category="plug")

    assert [kind.at(level) for level in LEVELS] == ["Acme", "Home", "Plug 1"]
    assert kind.at("category") == "plug"


def test_kinds_have_an_order_and_nothing_known_is_first():
    assert min(Kind("B"), Kind(), Kind("A", "x")) == Kind()
