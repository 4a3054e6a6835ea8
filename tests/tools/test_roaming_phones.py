"""The generated home of roaming phones is what its truth says."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import pytest

from thingwarden.flows.observe import TABLES
from thingwarden.pipeline import read_captures
from thingwarden.store import Facts, Store

from tests.tools.pcap_reader import checksums_are_right, read_pcap
from tools.roaming_models import PHONES, THINGS
from tools.roaming_phones import PREFIXES, ROUTER_MAC, draw_mac, main, make_roaming_home

DAYS = 4
DAY_US = 86_400_000_000
IDENTIFIERS = {"client-id", "duid", "uuid"}


@dataclass(frozen=True)
class Row:
    mac: str
    value: str


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    path = tmp_path_factory.mktemp("phones") / "home.pcap"
    return path, make_roaming_home(path, seed=3, days=DAYS, twins=True)


@pytest.fixture(scope="module")
def truth(home):
    return home[1]


@pytest.fixture(scope="module")
def packets(home):
    return list(read_pcap(home[0].read_bytes()))


@pytest.fixture(scope="module")
def store(home):
    with Facts() as facts:
        read_captures([home[0]], facts)
        with Store(TABLES, facts=[facts]) as store:
            yield store


@pytest.fixture(scope="module")
def stays(packets):
    """First and last time that each hardware address sent."""
    found = {}
    for packet in packets:
        mac = packet.frame[6:12].hex(":")
        found[mac] = (found.get(mac, (packet.time_us,))[0], packet.time_us)
    return found


def told(store, truth, sql):
    """What the SQL gives, as a set of values by name of device."""
    found = defaultdict(set)
    for row in store.read(Row, sql):
        found[truth.owner[row.mac]].add(row.value)
    return found


def addresses_of(truth, name):
    return [mac for mac, owner in truth.owner.items() if owner == name]


def test_the_same_seed_gives_the_same_home(home, tmp_path, monkeypatch):
    again, other = tmp_path / "again.pcap", tmp_path / "other.pcap"
    words = ["roaming_phones", str(again), "--seed", "3", "--days", str(DAYS), "--twins"]
    monkeypatch.setattr("sys.argv", words)

    main()
    make_roaming_home(other, seed=4, days=DAYS, twins=True)

    assert again.read_bytes() == home[0].read_bytes()
    assert other.read_bytes() != home[0].read_bytes()


def test_time_goes_forward_and_every_reader_can_read(packets, store):
    times = [packet.time_us for packet in packets]

    assert times == sorted(times)
    assert times[-1] - times[0] < DAYS * DAY_US
    assert all(checksums_are_right(packet) for packet in packets if packet.kind == 0x0800)
    assert store.arrow("select * from problems").num_rows == 0


def test_its_addresses_are_those_in_the_capture(truth, stays):
    assert set(truth.owner) | {ROUTER_MAC} == set(stays)
    assert set(truth.shows) == set(truth.owner.values())


def test_no_device_is_there_under_two_addresses_at_once(truth, stays):
    for name in truth.shows:
        times = sorted(stays[mac] for mac in addresses_of(truth, name))
        assert all(later[0] - earlier[1] > 20_000_000 for earlier, later in pairwise(times)), name


def test_most_take_an_address_a_day_and_two_at_each_connection(truth):
    counts = {name: len(addresses_of(truth, name)) for name in truth.shows}
    roaming = [count for name, count in counts.items() if " of " in name]

    assert len(roaming) == len(PHONES)
    assert sorted(roaming)[:-2] == [DAYS] * (len(PHONES) - 2)
    assert min(sorted(roaming)[-2:]) >= 3 * DAYS


def test_some_reconnect_within_a_minute(truth, stays):
    times = sorted(stays[mac] for mac in addresses_of(truth, "galaxy of Elif"))
    gaps = [later[0] - earlier[1] for earlier, later in pairwise(times)]

    assert any(gap < 60_000_000 for gap in gaps)
    assert any(gap > 3_600_000_000 for gap in gaps)


def test_roaming_addresses_are_random_and_burnt_in_ones_stay(truth, stays):
    burnt = [mac for mac in truth.owner if not int(mac[1], 16) & 2]

    assert {truth.owner[mac] for mac in burnt} == {thing.name for thing in THINGS}
    assert all(stays[mac][1] - stays[mac][0] > (DAYS - 0.1) * DAY_US for mac in burnt)
    assert not any(int(mac[1], 16) & 1 for mac in truth.owner)


def test_the_prefix_changes_while_devices_are_there(store, truth):
    both = defaultdict(set)
    for row in store.read(Row, "select distinct src_mac as mac, src_ip as value from flows"):
        both[row.mac] |= {prefix for prefix in PREFIXES if row.value.startswith(prefix[:-1])}
    changed = {truth.owner[mac] for mac, prefixes in both.items() if len(prefixes) == 2}

    assert changed >= {thing.name for thing in THINGS}
    assert changed >= {"iphone of Anna", "silent android of Carla"}


def test_who_says_so_shows_a_host_name_and_others_hide_it(store, truth):
    names = told(
        store, truth,
        "select client_mac as mac, hostname as value from dhcp where hostname is not null",
    )  # fmt: skip

    assert not names["silent android of Carla"] | names["chromebook of Gina"]
    assert names["iphone of Anna"] == names["plain iphone of Gina"] == {"iPhone"}
    assert names["pixel of Ben"] == names["second pixel of Fritz"] == {"Pixel-7"}
    for name, shows in truth.shows.items():
        alone = sum(bool(names[name] & others) for others in names.values()) == 1
        assert (len(names[name]), alone) == (1, True) or not shows & {"host-name", "model-name"}
        assert not alone or "shared-name" not in shows


def test_a_third_of_the_twelve_show_nothing_that_lasts(truth):
    silent = {name.split(" of ")[0] for name, shows in truth.shows.items() if "none" in shows}

    assert silent == {"silent android", "chromebook", "ipad", "plain iphone"}
    assert all(shows == {"none"} or "none" not in shows for shows in truth.shows.values())


def test_identifiers_last_where_they_are_shown_and_nowhere_else(store, truth):
    kinds = {
        "duid": """
            select src_mac as mac, duid as value
            from dhcpv6
            where kind = 'information-request'
        """,
        "client-id": """
            select client_mac as mac, client_id as value
            from dhcp
            where client_id like 'ff%'
        """,
        "uuid": r"""
            select src_mac as mac, regexp_extract(lower(value), '\bu?u?id=([0-9a-f-]{36})', 1) as value
            from mdns_answers
            where type = 16 and regexp_matches(lower(value), 'id=[0-9a-f-]{36}')
            union all
            select src_mac, usn
            from ssdp
        """,
    }
    for kind, sql in kinds.items():
        found = told(store, truth, sql)
        assert set(found) == {name for name, shows in truth.shows.items() if kind in shows}
        assert all(len(values) == 1 for values in found.values())
        assert len(set.union(*found.values())) == len(found)


def test_the_windows_duid_holds_another_address_of_the_laptop(store, truth):
    sql = "select src_mac as mac, duid_mac as value from dhcpv6 where duid_mac is not null and src_port = 546"

    [(name, macs)] = told(store, truth, sql).items()

    assert name == "windows laptop of Anna"
    assert not macs & set(truth.owner)


def test_what_rotates_is_another_at_each_connection(store, truth):
    sql = "select src_mac as mac, value from mdns_answers where type = 16"

    assert len(told(store, truth, sql)["iphone of Anna"]) > DAYS


def test_names_in_mdns_are_those_of_owners_for_some(store, truth):
    hosts = told(
        store, truth, "select src_mac as mac, name as value from mdns_answers where type = 1"
    )

    assert hosts["iphone of Anna"] == {"annas-iphone.local"}
    assert hosts["plain iphone of Gina"] == {"iphone.local"}
    assert len(hosts["second pixel of Fritz"]) > DAYS
    for name, shows in truth.shows.items():
        assert "mdns-name" not in shows or len(hosts[name]) == 1


def test_hellos_are_those_of_the_platform(store, truth):
    hellos = told(
        store, truth, "select src_mac as mac, ja4 as value from tls where ja4 is not null"
    )

    assert all(len(values) == 1 for values in hellos.values())
    assert hellos["iphone of Anna"] == hellos["ipad of Dario"] == hellos["old iphone of Dario"]
    assert hellos["pixel of Ben"] == hellos["galaxy of Elif"]
    assert len(set.union(*hellos.values())) == 6


def test_apps_overlap_among_people(store, truth):
    asked = told(store, truth, "select src_mac as mac, name as value from dns where src_port <> 53")
    apps = {
        name: {domain for domain in domains if domain.endswith(".example")}
        for name, domains in asked.items()
        if " of " in name
    }

    assert all(1 <= len(domains) <= 5 for domains in apps.values())
    assert apps["windows laptop of Anna"] & apps["iphone of Anna"]
    assert any(apps["iphone of Anna"] & apps[name] for name in apps if not name.endswith("Anna"))


def test_twins_are_never_there_at_once_and_namesakes_are(truth, stays):
    def at_once(one, other):
        return any(
            stays[a][0] < stays[b][1] and stays[b][0] < stays[a][1]
            for a in addresses_of(truth, one)
            for b in addresses_of(truth, other)
        )

    assert not at_once("early twin", "late twin")
    assert at_once("first namesake", "second namesake")
    assert truth.shows["early twin"] == truth.shows["late twin"] == {"shared-name"}


def test_a_name_is_taken_over_only_after_its_owner_left(truth, stays):
    left = max(stays[mac][1] for mac in addresses_of(truth, "gone for good"))
    came = min(stays[mac][0] for mac in addresses_of(truth, "took its name"))

    assert came > left
    assert truth.shows["gone for good"] == truth.shows["took its name"] == {"shared-name"}


def test_without_twins_and_with_more_phones(tmp_path):
    truth = make_roaming_home(tmp_path / "big.pcap", seed=1, days=1, phones=40)

    assert len(truth.shows) == 40 + len(THINGS)
    assert not any("twin" in name for name in truth.shows)
    assert truth.shows["iphone of AnnaAnna"] == {"mdns-name"}


def test_drawn_addresses_are_random_ones_of_one_station():
    class Dice:
        def randbytes(self, count):
            return b"\xff" * count

    assert draw_mac(Dice()) == "fe:ff:ff:ff:ff:ff"
