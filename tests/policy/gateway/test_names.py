import re

from hypothesis import given
from hypothesis import strategies as st

from thingwarden.policy.entries import Way
from thingwarden.policy.gateway.names import (
    comment,
    counter_name,
    device_name,
    read_address,
    read_mac,
    read_name,
    read_network,
    set_name,
)

SAFE = re.compile(r"[a-z][A-Za-z0-9_-]{0,120}")


def test_a_usual_device_keeps_its_id():
    assert device_name("d-0017882b9a25") == "d_0017882b9a25"


def test_ids_that_look_alike_stay_apart():
    assert len({device_name(text) for text in ("d-a b", "d-a_b", "d-a-b", "D-A-B")}) == 4
    assert counter_name("d", Way.TO, "a b") != counter_name("d", Way.TO, "a-b")
    assert set_name("*.a.example", 4) != set_name("a.example", 4)


@given(st.text())
def test_no_text_leaves_a_name_or_a_comment(text):
    assert SAFE.fullmatch(device_name(text))
    assert SAFE.fullmatch(set_name(text, 6))
    assert SAFE.fullmatch(counter_name(device_name(text), Way.FROM, text))
    assert re.fullmatch(r"[A-Za-z0-9 .,:/@()*_+?-]{0,128}", comment(text))


@given(st.text())
def test_what_is_no_address_or_name_is_none(text):
    for read in (read_mac, read_address, read_name):
        assert read(text) is None or re.fullmatch(r"[0-9a-z:.*_-]+", read(text))
    assert read_network(text) is None or read_network(text).prefixlen >= 0


def test_names_of_the_dns_are_read():
    assert read_name("*.Cloud.Example.") == "*.cloud.example"
    for wrong in (
        "",
        "*",
        "a..b",
        "a.*.b",
        "a b",
        "a/b",
        "bücher.example",
        f"{'a' * 64}.b",
        "a." * 127 + "bb",
    ):
        assert read_name(wrong) is None, wrong


def test_addresses_of_groups_and_with_zones_are_no_device():
    assert read_mac("01:00:5E:00:00:01") is None
    assert read_mac("AA:BB:CC:DD:EE:0F") == "aa:bb:cc:dd:ee:0f"
    assert read_address("fe80::1%eth0") is None
    assert read_network("fe80::/10%x") is None
