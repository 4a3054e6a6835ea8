"""Who began, what was counted, how it ended: flows of homes whose packets are known."""

import pytest

from thingwarden.flows.records import ACTIVE_US, IDLE_US

from tests import frames
from tests.flows.observed import flows_of, observe, values
from tests.home import Home

SERVER = "93.184.215.14"


@pytest.fixture
def home():
    return Home()


def tcp_frame(device, to, flags, *, ports=(40000, 80), sequence=1, payload=b"", turned=False):
    """One segment between a device and an address, either way, put on the wire."""
    src, dst = (device.home.place(to), device) if turned else (device, device.home.place(to))
    both = (ports[1], ports[0]) if turned else ports
    segment = frames.tcp(
        (src.ip, dst.ip), both, flags, sequence=sequence, acknowledged=1, payload=payload
    )
    return device.home.carries(src, dst, frames.ip(src.ip, dst.ip, segment, 6))


def test_a_connection_is_one_flow_with_both_directions(home):
    stream = home.device("plug").connects(SERVER, 8080)
    stream.asks(b"x" * 3000)
    stream.answers(b"y" * 100)
    stream.closes()

    (flow,) = flows_of(home)

    assert (flow["src_ip"], flow["dst_port"], flow["protocol"]) == ("192.168.1.10", 8080, "tcp")
    assert (flow["began_by"], flow["tcp_state"], flow["ended_by"]) == ("syn", "closed", "close")
    assert (flow["src_payload_bytes"], flow["dst_payload_bytes"]) == (3000, 100)
    assert flow["src_packets"] + flow["dst_packets"] == len(home.records)
    assert flow["handshake_us"] == 2000
    assert flow["src_retransmissions"] == flow["dst_retransmissions"] == 0


def test_bytes_are_those_of_ip_packets_on_the_wire(home):
    home.device("plug").sets_its_clock(SERVER)

    (flow,) = flows_of(home)

    assert flow["src_bytes"] == 20 + 8 + 48
    assert flow["app"] == "ntp"


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (lambda device: device.knocks(SERVER, 80), "attempt"),
        (lambda device: device.knocks(SERVER, 80, refused=True), "rejected"),
        (lambda device: device.connects(SERVER, 80), "established"),
        (lambda device: device.connects(SERVER, 80).resets(), "reset"),
        (lambda device: device.connects(SERVER, 80).closes(), "closed"),
        (lambda device: tcp_frame(device, SERVER, frames.ACK, payload=b"x"), "partial"),
    ],
)
def test_states_tell_how_far_a_connection_came(home, act, state):
    act(home.device("plug"))

    assert values(flows_of(home), "tcp_state") == [state]


def test_an_answer_that_comes_first_does_not_turn_the_flow(home):
    tcp_frame(home.device("plug"), SERVER, frames.SYN | frames.ACK, turned=True)

    (flow,) = flows_of(home)

    assert (flow["src_ip"], flow["dst_ip"]) == ("192.168.1.10", SERVER)
    assert (flow["src_packets"], flow["dst_packets"]) == (0, 1)


def test_without_a_syn_the_first_packet_tells_who_began(home):
    tcp_frame(home.device("plug"), SERVER, frames.ACK, payload=b"x", turned=True)

    (flow,) = flows_of(home)

    assert (flow["src_ip"], flow["began_by"]) == (SERVER, "first-packet")


def test_who_began_is_remembered_in_the_next_file():
    first, second = Home(), Home()
    first.device("plug").connects(SERVER, 80)
    second.waits(60)
    tcp_frame(
        second.device("plug"), SERVER, frames.ACK, payload=b"x", turned=True, ports=(40001, 80)
    )
    port = observe(first.capture())["flows"][0]["src_port"]
    second.records.clear()
    tcp_frame(
        second.device("plug"), SERVER, frames.ACK, payload=b"x", turned=True, ports=(port, 80)
    )

    flows = observe(first.capture(), second.capture())["flows"]

    assert values(flows, "src_ip") == ["192.168.1.10"] * 2
    assert values(flows, "began_by") == ["syn", "memory"]
    assert values(flows, "capture") == [0, 1]
    assert values(flows, "ended_by") == ["capture-end"] * 2


@pytest.mark.parametrize(
    ("pause", "src_ip", "began_by"),
    [(60, "192.168.1.10", "memory"), (121, SERVER, "first-packet")],
)
def test_who_asked_by_udp_is_remembered_until_the_flow_would_be_over(pause, src_ip, began_by):
    home = Home()
    plug = home.device("plug")
    server = home.place(SERVER)
    home.datagram(plug, server, (40000, 123), b"x")
    first = home.capture()
    home.records.clear()
    home.waits(pause)
    home.datagram(server, plug, (123, 40000), b"y")

    _, flow = observe(first, home.capture())["flows"]

    assert (flow["src_ip"], flow["began_by"]) == (src_ip, began_by)


def test_a_retransmission_is_counted_and_a_reordered_segment_is_not(home):
    device = home.device("plug")
    for sequence in (1, 101, 101, 301, 201):
        tcp_frame(device, SERVER, frames.ACK, sequence=sequence, payload=b"x" * 100)

    (flow,) = flows_of(home)

    assert flow["src_retransmissions"] == 1
    assert flow["src_payload_bytes"] == 500


def test_a_keep_alive_is_no_retransmission(home):
    device = home.device("plug")
    tcp_frame(device, SERVER, frames.ACK, sequence=1, payload=b"x" * 100)
    tcp_frame(device, SERVER, frames.ACK, sequence=100, payload=b"x")

    assert values(flows_of(home), "src_retransmissions") == [0]


def test_numbers_that_wrap_around_are_followed(home):
    device = home.device("plug")
    for sequence in (0xFFFFFFC0, 0x24, 0x88):
        tcp_frame(device, SERVER, frames.ACK, sequence=sequence, payload=b"x" * 100)

    (flow,) = flows_of(home)

    assert flow["src_retransmissions"] == 0


def test_a_silent_flow_ends_and_a_later_packet_begins_another(home):
    device = home.device("plug")
    for _ in range(2):
        device.home.datagram(device, home.place(SERVER), (5000, 5001), b"x")
        home.waits(IDLE_US / 1_000_000 + 1)

    flows = flows_of(home)

    assert values(flows, "ended_by") == ["idle", "capture-end"]
    assert len(set(values(flows, "flow_id"))) == 2
    assert len(set(values(flows, "community_id"))) == 1


def test_a_long_flow_is_cut_at_the_active_time_out(home):
    device = home.device("plug")
    for _ in range(ACTIVE_US // 100_000_000 + 2):
        device.home.datagram(device, home.place(SERVER), (5000, 5001), b"x")
        home.waits(100)

    assert values(flows_of(home), "ended_by") == ["active", "capture-end"]


def test_a_port_that_is_used_again_is_another_flow(home):
    device = home.device("plug")
    for sequence in (1000, 900_000):
        tcp_frame(device, SERVER, frames.SYN, sequence=sequence)
        tcp_frame(device, SERVER, frames.RST | frames.ACK, turned=True)

    flows = flows_of(home)

    assert values(flows, "tcp_state") == ["rejected", "rejected"]
    assert values(flows, "ended_by") == ["close", "close"]


def test_a_repeated_syn_is_the_same_attempt(home):
    for _ in range(3):
        tcp_frame(home.device("plug"), SERVER, frames.SYN, sequence=7)

    (flow,) = flows_of(home)

    assert flow["src_retransmissions"] == 2
    assert flow["tcp_state"] == "attempt"


def test_question_and_answer_of_a_ping_are_one_flow(home):
    device = home.device("plug")
    for kind, src, dst in ((8, device, home.router), (0, home.router, device)):
        packet = frames.ip(src.ip, dst.ip, frames.icmp(kind, 0, bytes(8)), 1)
        home.carries(src, dst, packet)

    (flow,) = flows_of(home)

    assert (flow["src_packets"], flow["dst_packets"]) == (1, 1)
    assert (flow["protocol"], flow["src_port"], flow["dst_port"]) == ("icmp", 8, 0)


def test_vlan_tags_keep_flows_apart(home):
    device = home.device("plug")
    packet = frames.ip(device.ip, SERVER, frames.udp(device.ip, SERVER, 1, 2, b"x"), 17)
    for number in (5, 6):
        home.sends(
            frames.ethernet(device.mac, home.router.mac, frames.vlan(number, packet), 0x8100)
        )

    assert values(flows_of(home), "vlan") == [5, 6]


def test_a_flood_of_flows_is_told_in_bounded_room(home):
    device = home.device("plug")
    place = home.place(SERVER)
    for port in range(40_000):
        home.datagram(device, place, (1024 + port % 60_000, 9), b"")

    flows = flows_of(home)

    assert len(flows) == 40_000
    assert len(set(values(flows, "flow_id"))) == 40_000


def test_times_that_run_backwards_do_no_harm(home):
    device = home.device("plug")
    for seconds in (0, -30, 10, -500):
        home.waits(seconds)
        home.datagram(device, home.place(SERVER), (5000, 5001), b"x")

    (flow,) = flows_of(home)

    assert flow["src_packets"] == 4
