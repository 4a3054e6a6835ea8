import pytest

from thingwarden.model import (
    DNS,
    DeviceId,
    DevicePolicy,
    Known,
    PeerKind,
    Policy,
)

from tests.frames import mac_bytes
from tests.rule_sets import GATEWAY_MAC, NETWORK, UDP, name, peer, rule
from tools.evaluate import find_data
from tools.wrapping.campaigns import Place
from tools.wrapping.rehoming import STRANGER_MAC, generated, list_captured, place_of, rehome_all

MAC, IP, CLOUD = "02:00:00:00:00:02", "192.168.1.5", "203.0.113.7"
CALLS_CLOUD = rule("cloud", name("cloud.example"))
ASKS_NAMES = rule("names", peer(PeerKind.CONTROLLER, DNS), UDP, 53)


def policy(*rules, known=(), addresses=(IP,)):
    device = DevicePolicy(
        device_id=DeviceId("d-1"), macs=(MAC,), addresses=addresses, rules=rules, known=known
    )
    return Policy(network=NETWORK, devices=(device,))


def attack(tmp_path, made, *names):
    attacks = {each: generated()[each] for each in names}
    return rehome_all([made], attacks, tmp_path)


def test_a_scan_is_stopped_and_a_tunnel_goes_by_the_rule_for_names(tmp_path):
    made = policy(CALLS_CLOUD, ASKS_NAMES)

    found = attack(tmp_path, made, "telnet scan of internet", "tunnel by dns")

    scan, tunnel = found["telnet scan of internet"], found["tunnel by dns"]
    assert (scan.packets, scan.stopped, scan.passed.total()) == (60, 60, 0)
    assert (scan.behaviours, scan.behaviours_stopped, scan.devices) == (60, 60, 1)
    assert (tunnel.packets, tunnel.stopped) == (60, 0)
    assert (tunnel.behaviours, tunnel.behaviours_stopped) == (1, 0)
    assert dict(tunnel.passed) == {("d-1", "names"): 60}


def test_the_tunnel_is_stopped_where_nothing_asks_for_names(tmp_path):
    found = attack(tmp_path, policy(CALLS_CLOUD), "tunnel by dns")["tunnel by dns"]

    assert (found.packets, found.stopped) == (60, 60)


def test_who_hides_behind_an_allowed_address_passes(tmp_path):
    known = (Known(name="cloud.example", addresses=("2001:db8::7", CLOUD)),)

    found = attack(tmp_path, policy(CALLS_CLOUD, known=known), "hidden among what is allowed")

    hidden = found["hidden among what is allowed"]
    assert dict(hidden.passed) == {("d-1", "cloud"): 60}


def test_a_device_without_rules_or_without_address_is_left_out(tmp_path):
    bare, nowhere = policy(), policy(CALLS_CLOUD, addresses=())

    for made in (bare, nowhere):
        assert attack(tmp_path, made, "forged arp")["forged arp"].devices == 0


def test_the_neighbour_is_nobodys_device():
    made = policy(CALLS_CLOUD, addresses=("192.168.1.254",))

    place = place_of(made.devices[0], made)

    assert place == Place(
        mac=MAC,
        ip="192.168.1.254",
        gateway_mac=GATEWAY_MAC,
        gateway_ip="192.168.1.1",
        resolver_ip="192.168.1.1",
        neighbour_mac=STRANGER_MAC,
        neighbour_ip="192.168.1.253",
    )


def test_each_generated_attack_is_made_of_frames():
    place = place_of(policy(CALLS_CLOUD).devices[0], policy(CALLS_CLOUD))

    made = generated()["login from outside"](place)

    assert len(made) == 60
    assert {frame[:12] for frame in made} == {mac_bytes(MAC) + mac_bytes(GATEWAY_MAC)}


def test_captured_attacks_are_moved_to_the_device(tmp_path):
    folder = find_data() / "attacks"
    if not folder.is_dir():
        pytest.skip("the captured attacks are not in the data folder")
    place = place_of(policy(CALLS_CLOUD).devices[0], policy(CALLS_CLOUD))

    found = {unit: make(place) for unit, _, make in list_captured(folder, tmp_path)}

    assert len(found) >= 10
    assert "slips:dataset/test9-mixed-zeek-dir" not in found
    for frames in found.values():
        assert frames
        assert all(mac_bytes(MAC) in (frame[:6], frame[6:12]) for frame in frames)


def test_without_the_folder_there_are_no_captured_attacks(tmp_path):
    assert list(list_captured(tmp_path / "none", tmp_path)) == []
