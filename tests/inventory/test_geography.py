"""Addresses, countries and networks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.inventory.geography import Place, look_up, place_of, places_of
from thingwarden.inventory.vendors import read_knowledge


@pytest.mark.parametrize(
    ("ip", "country", "number"),
    [
        ("8.8.8.8", "US", 15169),
        ("2001:4860:4860::8888", "US", 15169),
        ("1.1.1.1", "AU", 13335),
        ("131.188.3.221", "DE", 680),
    ],
)
def test_known_addresses_are_found(ip, country, number):
    place = place_of(ip)

    assert (place.country, place.as_number) == (country, number)
    assert place.provider


@pytest.mark.parametrize(
    "ip",
    [
        "192.168.1.1",
        "10.0.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "ff02::1",
        "203.0.113.9",
        "192.88.99.1",  # any relay of 6to4
        "2002:808:808::1",  # 6to4: the address of another inside
        "2001::1",  # Teredo
    ],
)
def test_addresses_that_belong_to_nobody_are_not_found(ip):
    place = place_of(ip)

    assert (place.country, place.as_number, place.provider) == (None, None, None)


@pytest.mark.parametrize("text", ["", "nonsense", "1.2.3", "1.2.3.4.5", ":::", "8.8.8.8\x00", "é:"])
def test_what_is_no_address_is_nowhere(text):
    assert place_of(text).country is None


def test_many_are_found_at_once_in_their_order():
    places = look_up(["8.8.8.8", "bad", "2001:4860:4860::8888", "0.0.0.0", "255.255.255.255"])

    assert places["as_number"].to_pylist() == [15169, None, 15169, None, None]


def test_none_are_found_for_none():
    assert look_up([]).num_rows == 0


@pytest.mark.parametrize(("version", "size"), [(4, 1 << 32), (6, 1 << 48)])
def test_the_blocks_cover_all_addresses_once(version, size):
    table = read_knowledge(f"addresses{version}")

    assert sum(table["size"].to_pylist()) == size
    assert max(table["network"].to_pylist()) <= read_knowledge("networks").num_rows


@pytest.mark.parametrize("name", ["addresses4", "addresses6", "networks", "vendors"])
def test_each_file_tells_its_source_date_and_licence(name):
    about = read_knowledge(name).schema.metadata

    assert {b"source", b"date", b"licence", b"rows"} <= set(about)


def test_places_come_in_the_order_of_their_addresses():
    google, nowhere, cloudflare = places_of(["8.8.8.8", "10.0.0.1", "1.1.1.1"])

    assert google == Place(country="US", as_number=15169, provider="Google LLC")
    assert nowhere == Place(country=None, as_number=None, provider=None)
    assert cloudflare.provider is not None
    assert cloudflare.provider.startswith("Cloudflare")


@settings(max_examples=100)
@given(
    st.text(max_size=30) | st.text("0123456789abcdef:.", max_size=40) | st.ip_addresses().map(str)
)
def test_any_text_gives_one_place(text):
    assert len(places_of([text, "8.8.8.8"])) == 2
