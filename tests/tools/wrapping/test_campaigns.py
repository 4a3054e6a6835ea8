import io
import struct

import pytest

from tests import frames
from tools.wrapping.campaigns import CAMPAIGNS, Place, rehome, write_campaign

PLACE = Place(
    mac="02:00:00:00:00:02",
    ip="192.168.1.5",
    gateway_mac="02:00:00:00:00:01",
    gateway_ip="192.168.1.1",
    resolver_ip="192.168.1.1",
    neighbour_mac="02:00:00:00:00:03",
    neighbour_ip="192.168.1.7",
    allowed=("203.0.113.7", 6, 443),
)


def read_frames(data: bytes) -> list[bytes]:
    stream = io.BytesIO(data[24:])
    found = []
    while head := stream.read(16):
        found.append(stream.read(struct.unpack("<IIII", head)[2]))
    return found


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_campaign_concerns_the_device_and_is_the_same_each_time(name):
    data = write_campaign(name, PLACE, start_us=1_700_000_000_000_000)

    made = read_frames(data)

    mac = frames.mac_bytes(PLACE.mac)
    assert len(made) >= 60
    assert all(mac in (frame[:6], frame[6:12]) for frame in made)
    assert data == write_campaign(name, PLACE, start_us=1_700_000_000_000_000)


def test_an_attack_is_sent_by_the_device_it_is_moved_to():
    attacker, victim = "02:00:00:00:00:66", "02:00:00:00:00:77"
    outside = frames.ethernet(attacker, victim, frames.ip("10.0.0.66", "203.0.113.9", b"x" * 8, 17))
    inside = frames.ethernet(attacker, victim, frames.ip("10.0.0.66", "10.0.0.77", b"x" * 8, 17))
    other = frames.ethernet(victim, attacker, frames.ip("10.0.0.77", "10.0.0.66", b"x" * 8, 17))

    captured = [(0, outside), (1, inside), (2, other)]
    moved = rehome(captured, PLACE, frames.mac_bytes(attacker))

    assert [(frame[:6], frame[30:34]) for frame in moved] == [
        (frames.mac_bytes(PLACE.gateway_mac), frames.ip_bytes("203.0.113.9")),
        (frames.mac_bytes(PLACE.neighbour_mac), frames.ip_bytes(PLACE.neighbour_ip)),
    ]
    assert {frame[26:30] for frame in moved} == {frames.ip_bytes(PLACE.ip)}


def test_what_went_to_a_group_still_does():
    attacker = "02:00:00:00:00:66"
    packet = frames.ip("172.16.0.66", "239.255.255.250", b"x" * 8, 17)
    group = frames.group_mac("239.255.255.250")

    [moved] = rehome(
        [(0, frames.ethernet(attacker, group, packet))], PLACE, frames.mac_bytes(attacker)
    )

    assert moved[:6] == frames.mac_bytes(group)
    assert moved[30:34] == frames.ip_bytes("239.255.255.250")
