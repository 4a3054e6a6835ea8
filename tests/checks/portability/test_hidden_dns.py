"""Devices that hide which names they ask for."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "hidden-dns"


@pytest.mark.parametrize("name", ["dns.google", "mozilla.cloudflare-dns.com", "doh.opendns.com"])
def test_dns_over_https_is_told_by_the_name_of_the_resolver(name):
    home = Home()
    plug = home.device("plug")
    hello = plug.speaks_tls(SITE, name)

    result = judged(home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LIKELY)
    assert result.frames(plug, CHECK) == [hello - 3]


def test_dns_over_tls_is_told_by_its_port():
    home = Home()
    plug = home.device("plug")
    plug.speaks_tls(SITE, None, port=853)

    assert judged(home).finding(plug, CHECK)


def test_a_phone_whose_user_may_have_chosen_it_is_told_as_a_fact():
    home = Home()
    phone = home.device("phone", mac="da:31:9c:00:00:18")
    phone.speaks_tls(SITE, "dns.google")

    assert judged(home).finding(phone, CHECK).severity is Severity.INFO


def test_other_services_and_a_port_that_is_closed_are_silent():
    home = Home()
    plug = home.device("plug")
    plug.speaks_tls(SITE, "www.google.com")
    plug.knocks(SITE, 853, refused=True)

    assert judged(home).is_silent(plug, CHECK)


def test_the_networks_own_resolver_may_be_asked_over_tls():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp(dns=["9.9.9.9"])
    plug.speaks_tls("9.9.9.9", "dns.quad9.net", port=853)

    assert judged(home).is_silent(plug, CHECK)


def test_without_encrypted_connections_nothing_is_judged():
    home = Home()
    plug = home.device("plug")
    plug.requests(SITE)

    assert not judged(home).was_judged(plug, CHECK)
