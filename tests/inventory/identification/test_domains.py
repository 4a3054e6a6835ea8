"""Names on the Internet: the parts that all devices of a kind have in common."""

import pytest

from thingwarden.inventory.identification.domains import registered_domain, stable_part


@pytest.mark.parametrize(
    ("name", "stable"),
    [
        ("ntp1.dlink.com", "ntp#.dlink.com"),
        ("a.b.c.acme.co.uk", "b.c.acme.co.uk"),
        ("acme.com", "acme.com"),
        ("thing-1543133972.us-east-1.elb.amazonaws.com", "thing-#.us-east-1.elb.amazonaws.com"),
        ("0f1e2d3c4b5a69788796a5b4c3d2e1f0.acme.com", "*.acme.com"),
        ("printer.local", ""),
        ("router.lan", ""),
        ("1.1.168.192.in-addr.arpa", ""),
        ("192.168.1.1", ""),
        ("localhost", ""),
        ("", ""),
        ("...", ""),
        ("com", ""),
    ],
)  # fmt: skip
def test_a_name_keeps_its_stable_part(name, stable):
    assert stable_part(name) == stable


def test_the_registered_domain_heeds_the_public_suffix_list():
    assert registered_domain("www.shop.example.co.uk") == "example.co.uk"
    assert registered_domain("kitchen.local") == ""
