"""Advertising and analytics services."""

from thingwarden.checks.provider.tracker_contact import read_trackers
from thingwarden.inventory.identification.domains import registered_domain
from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "tracker-contact"


def test_a_connection_with_a_tracker_is_certain():
    home = Home()
    tv = home.device("tv")
    tv.asks("stats.g.doubleclick.net", SITE)
    frame = tv.speaks_tls(SITE, "stats.g.doubleclick.net")

    result = judged(home)

    finding = result.finding(tv, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert "doubleclick.net (advertising)" in finding.statement
    assert result.frames(tv, CHECK) == [frame]


def test_a_tracker_that_was_only_looked_up_is_likely():
    home = Home()
    tv = home.device("tv")
    frame = tv.asks("log-config.samsungacr.com", rcode=3)

    result = judged(home)

    assert result.finding(tv, CHECK).confidence is Confidence.LIKELY
    assert result.frames(tv, CHECK) == [frame]


def test_names_that_only_resemble_a_tracker_are_silent():
    home = Home()
    tv = home.device("tv")
    tv.asks("notdoubleclick.net", SITE)
    tv.asks("doubleclick.net.example", SITE)
    tv.asks("api.unity3d.com", SITE)
    tv.speaks_tls(SITE, "www.google.com")

    assert judged(home).is_silent(tv, CHECK)


def test_a_resolver_that_asks_for_others_is_silent():
    home = Home()
    tv, filter_box = home.device("tv"), home.device("filter")
    tv.asks("www.google-analytics.com", SITE, resolver=filter_box.ip)
    filter_box.asks("www.google-analytics.com", SITE, resolver="9.9.9.9")

    result = judged(home)

    assert result.finding(tv, CHECK)
    assert not result.finding(filter_box, CHECK)


def test_without_names_nothing_is_judged():
    home = Home()
    tv = home.device("tv")
    tv.speaks_tls(SITE, None)

    assert not judged(home).was_judged(tv, CHECK)


def test_the_list_is_short_sorted_and_holds_registered_domains_or_hosts_below_them():
    domains = read_trackers()["domain"]

    assert domains == sorted(set(domains))
    assert len(domains) <= 60
    assert all(registered_domain(domain) for domain in domains)
    assert all(domain.count(".") in (1, 2) for domain in domains)
