"""From captures to policies: what a device needs, whatever the order in which it was seen."""

from itertools import pairwise
from pathlib import Path

import pytest

from thingwarden.model import Origin, PeerKind, Policy
from thingwarden.wrapping import learn_captures, learn_site

from tests import frames
from tests.home import Home
from tests.policy.learning.lessons import (
    CLOUD,
    DAY_SECONDS,
    OTHER_CLOUD,
    calls_cloud,
    known,
    learn,
    learnt,
    lives,
    policy_of,
    rules_of,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture
def home():
    return Home()


@pytest.fixture
def camera(home):
    home.device("camera").joins_by_dhcp()
    return home.devices["camera"]


@pytest.fixture(scope="module")
def sample():
    """The policy of the sample home."""
    return learn_captures([ROOT / "samples/home.pcap"])


def named_policy(policy: Policy, name: str) -> set[str]:
    return learnt(policy, next(each for each in policy.devices if each.name == name).macs[0])


def test_the_plug_of_the_sample_home_needs_its_cloud_and_the_time(sample):
    assert named_policy(sample, "plug") == {
        "tcp 1883 to mqtt.plugcloud.example",
        "udp 123 to time.ntp.example",
    }


def test_the_sensor_of_the_sample_home_needs_the_hub_and_the_hub_is_told_so(sample):
    assert named_policy(sample, "sensor") == {"tcp 1883 to ec:b5:fa:1e:83:54"}
    assert "tcp 1883 from 08:3a:f2:6d:0f:38" in named_policy(sample, "hub")


def test_what_the_recorder_of_the_sample_home_searched_is_nobody_s_need(sample):
    assert not any("from 20:57:9e:aa:31:c0" in each for name in ("camera", "speaker", "printer")
                   for each in named_policy(sample, name))  # fmt: skip
    assert not any(each.startswith("tcp 21 ") for each in named_policy(sample, "recorder"))


def test_a_resolver_that_the_television_chose_stays_an_address(sample):
    assert "udp 53 to 8.8.8.8" in named_policy(sample, "tv")


def test_every_learnt_rule_of_the_sample_home_names_its_capture_and_frame(sample):
    rules = [rule for device in sample.devices for rule in device.rules]
    learnt_ones = [rule for rule in rules if rule.origin is Origin.LEARNT]

    assert len(learnt_ones) > 30
    assert {rule.learnt.capture for rule in learnt_ones} == set(sample.captures)
    assert all(rule.learnt.frame > 0 for rule in learnt_ones)


def test_what_was_seen_on_two_days_is_firm(home, camera):
    lives(home, lambda: calls_cloud(camera), days=2)
    calls_cloud(camera, "update.example.com", OTHER_CLOUD)

    rules = rules_of(learn(home), camera)

    assert rules["tcp 443 to cloud.example.com"].firm
    assert rules["tcp 443 to cloud.example.com"].learnt.days == 2
    assert not rules["tcp 443 to update.example.com"].firm


def test_one_busy_day_is_not_enough(home, camera):
    lives(home, lambda: calls_cloud(camera), hours=20)

    assert not rules_of(learn(home), camera)["tcp 443 to cloud.example.com"].firm


def test_ipv6_is_learnt_as_ipv4_is(home, camera):
    home.router_advertises(dns=["2001:db8:1::53"])
    there, cloud = camera.at("2001:db8:1::10"), "2606:2800:220::14"
    there.asks("cloud.example.com", cloud, resolver="2001:db8:1::53")
    there.connects(cloud, 443).closes()
    there.connects("2606:2800:220::99", 8883).closes()
    camera.at("fe80::10").sends_to_group("ff02::fb", 5353, b"x", src_port=5353)

    policy = learn(home)

    assert learnt(policy, camera) == {
        "tcp 443 to cloud.example.com",
        "tcp 8883 to 2606:2800:220::99",
        "udp 5353 to ff02::fb",
    }
    assert known(policy, camera) == {"cloud.example.com": (cloud,)}
    assert "2001:db8:1::10" in policy_of(policy, camera).addresses
    assert policy.network.resolvers == ("192.168.1.1", "2001:db8:1::53")


def test_a_name_is_one_rule_over_both_versions(home, camera):
    home.router_advertises()
    calls_cloud(camera)
    camera.asks("cloud.example.com", "2606:2800:220::14")
    camera.at("2001:db8:1::10").connects("2606:2800:220::14", 443).closes()

    policy = learn(home)

    assert learnt(policy, camera) == {"tcp 443 to cloud.example.com"}
    assert known(policy, camera) == {"cloud.example.com": ("2606:2800:220::14", CLOUD)}


def test_neighbours_are_told_by_their_hardware_address_on_both_sides(home, camera):
    hub = home.device("hub")
    hub.joins_by_dhcp()
    camera.connects(hub, 8123).closes()

    policy = learn(home)

    assert learnt(policy, camera) == {f"tcp 8123 to {hub.mac}"}
    assert learnt(policy, hub) == {f"tcp 8123 from {camera.mac}"}


def test_a_device_is_known_by_its_hardware_address_after_it_got_another(home, camera):
    calls_cloud(camera)
    home.waits(DAY_SECONDS)
    later = camera.at("192.168.1.40")
    later.joins_by_dhcp()
    calls_cloud(later)

    policy = learn(home)

    assert policy_of(policy, camera).addresses == ("192.168.1.10", "192.168.1.40")
    assert rules_of(policy, camera)["tcp 443 to cloud.example.com"].firm


@pytest.mark.parametrize("cloud", ["s3.amazonaws.com", "cloudfront.net", "azure-devices.net"])
def test_names_that_change_below_a_cloud_of_many_are_never_a_pattern(home, camera, cloud):
    names = [f"a{number:06x}.{cloud}" for number in range(12)]
    for number, name in enumerate(names):
        calls_cloud(camera, name, f"52.85.1.{number + 1}")

    policy = learn(home)

    assert learnt(policy, camera) == {f"tcp 443 to {name}" for name in names}


def test_names_that_change_below_an_owner_are_a_pattern_with_examples(home, camera):
    for number in range(100, 106):
        calls_cloud(camera, f"edge-{number}.example.com", f"93.184.215.{number}")

    rule = rules_of(learn(home), camera)["tcp 443 to *.example.com"]

    assert rule.learnt.examples[0] == "edge-100.example.com"


# what makes no difference


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """Four days of a home in as many files, whose names tell nothing of their order."""
    folder = tmp_path_factory.mktemp("parts")
    home = Home()
    camera, hub = home.device("camera"), home.device("hub")
    camera.joins_by_dhcp()
    hub.joins_by_dhcp()
    cuts = [0]

    def hour():
        calls_cloud(camera)
        camera.connects(hub, 8123).closes()
        camera.speaks_tls(OTHER_CLOUD, "bank.example.com")
        hub.announces_by_mdns()

    for _ in range(4):
        lives(home, hour, hours=3)
        cuts.append(len(home.records))
    paths = []
    for number, (begin, end) in enumerate(pairwise(cuts)):
        path = folder / f"{(number * 3 + 1) % 4}.pcap"
        packets = (frames.pcap_record(*record) for record in home.records[begin:end])
        path.write_bytes(frames.pcap_header() + b"".join(packets))
        paths.append(path)
    return paths


def test_the_order_of_captures_makes_no_difference(parts):
    first = learn_captures(parts)

    assert any(rule.firm for device in first.devices for rule in device.rules)
    assert learn_captures(parts[::-1]) == first


def test_a_site_that_got_its_captures_one_by_one_knows_the_same(parts, tmp_path):
    """In whatever order: what comes in late may be older."""
    learn_site(tmp_path / "site", [parts[2]])

    later = learn_site(tmp_path / "site", [parts[3], parts[0], parts[1]])

    assert later == learn_captures(parts)


def test_a_capture_that_is_given_twice_counts_once(parts, tmp_path):
    again = tmp_path / "again.pcap"
    again.write_bytes(parts[1].read_bytes())

    assert learn_captures([*parts, again]) == learn_captures(parts)


def test_other_devices_do_not_change_what_a_device_may_do(home, camera):
    calls_cloud(camera)
    alone = learn(home)
    lamp = home.device("lamp")
    lamp.joins_by_dhcp()
    calls_cloud(lamp, "lamp.example.org", OTHER_CLOUD)

    together = learn(home)

    mine, before = policy_of(together, camera), policy_of(alone, camera)
    assert [rule.id for rule in mine.rules] == [rule.id for rule in before.rules]


def test_a_capture_without_devices_is_an_empty_policy(home):
    assert learn(home).devices == ()


# how far learning has come


def test_the_watch_time_counts_hours_in_which_the_device_did_anything(home, camera):
    lives(home, lambda: calls_cloud(camera), days=3, hours=5)

    watch = policy_of(learn(home), camera).watch_time

    assert (watch.active_hours, watch.days, watch.once) == (15, 3, 0)


def test_what_was_seen_in_several_hours_of_one_day_is_not_counted_against_it(home, camera):
    lives(home, lambda: calls_cloud(camera), hours=5)

    watch = policy_of(learn(home), camera).watch_time

    assert (watch.active_hours, watch.days, watch.once) == (5, 1, 0)


def test_what_was_seen_in_one_hour_only_is_counted_against_it(home, camera):
    lives(home, lambda: calls_cloud(camera), days=2, hours=5)
    before = policy_of(learn(home), camera).watch_time
    calls_cloud(camera, "update.example.com", OTHER_CLOUD)

    watch = policy_of(learn(home), camera).watch_time

    assert (before.once, watch.once) == (0, 1)
    assert watch.surprises > before.surprises
    assert watch.homes > before.homes


def test_a_device_that_only_joined_has_learnt_nothing(home, camera):
    device = policy_of(learn(home), camera)

    assert device.rules == ()
    assert device.watch_time.hours_to_go != 0


def test_a_rule_is_never_about_anyone(sample):
    kinds = {rule.behaviour.peer.kind for device in sample.devices for rule in device.rules}

    assert PeerKind.ANYONE not in kinds
    assert PeerKind.LOCAL not in kinds
