"""Where one owner's names end."""

import csv
from importlib import resources

import pytest

from thingwarden.policy.learning.suffixes import is_numbered, is_shared, pool_of


@pytest.mark.parametrize(
    "domain",
    [
        "com",
        "co.uk",
        "amazonaws.com",
        "iot.us-east-1.amazonaws.com",
        "s3.amazonaws.com",
        "cloudfront.net",
        "azure-devices.net",
        "github.io",
        "herokuapp.com",
        "pool.ntp.org",
        "akamaiedge.net",
        "duckdns.org",
    ],
)
def test_below_it_names_are_of_many_owners(domain):
    assert is_shared(domain)


@pytest.mark.parametrize(
    "domain", ["example.com", "iot.example.com", "example.co.uk", "me.github.io"]
)
def test_below_it_names_are_of_one_owner(domain):
    assert not is_shared(domain)


def test_every_domain_of_tenants_is_shared_and_so_is_what_lies_below_it():
    path = resources.files("thingwarden") / "data" / "tenants.csv"
    with path.open(encoding="utf-8") as lines:
        domains = [row["domain"] for row in csv.DictReader(lines)]

    assert domains
    for domain in domains:
        assert is_shared(domain), domain
        assert is_shared(f"region.{domain}"), domain


def test_a_name_that_only_ends_in_the_same_letters_is_no_tenant():
    assert not is_shared("notamazonaws.com")


@pytest.mark.parametrize(
    "label", ["7", "0123", "a1b2c3", "node-4711", "srv-a1b2c3-x", "ec2-54-230-10-077"]
)
def test_labels_that_machines_number(label):
    assert is_numbered(label)


@pytest.mark.parametrize("label", ["api", "www2", "deadbeef", "facade", "eu-west-1", "s3"])
def test_labels_that_people_choose(label):
    assert not is_numbered(label)


def test_numbered_names_of_a_time_pool_belong_to_its_part():
    assert pool_of("2.irobot.pool.ntp.org") == "irobot.pool.ntp.org"
    assert pool_of("0.pool.ntp.org") == "pool.ntp.org"


@pytest.mark.parametrize(
    "name", ["pool.ntp.org", "de.pool.ntp.org", "0.pool.ntp.org.evil.example", "0.xpool.ntp.org"]
)
def test_others_are_no_numbered_names_of_the_pool(name):
    assert pool_of(name) is None
