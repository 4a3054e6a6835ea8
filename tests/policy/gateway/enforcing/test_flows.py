import pytest

from thingwarden.errors import GatewayError
from thingwarden.policy.gateway.enforcing.flows import ASKING, read_flow

from tests.rule_sets import GATEWAY_MAC, device, mac_of, site

POLICY = site([device(1, [], name="Lamp"), device(2, [])])


def read(text):
    return read_flow(text, POLICY)


def test_a_flow_is_the_packet_that_begins_it_and_its_answer():
    there, back = read("10.0.0.1 > 1.2.3.4:443 tcp")

    assert there.source.device == "d-020100000001"
    assert (there.source.mac, there.source.port) == (mac_of(1), ASKING)
    assert (there.target.address, there.target.port) == ("1.2.3.4", 443)
    assert (there.protocol, there.begins) == (6, True)
    assert (back.source, back.target, back.begins) == (there.target, there.source, False)


@pytest.mark.parametrize(
    "who", ["lamp", "d-020100000001", mac_of(1), mac_of(1).upper(), "10.0.0.1", "10.0.0.1:5000"]
)
def test_a_device_has_many_names(who):
    assert read(f"{who} -> 1.2.3.4:80 udp")[0].source.device == "d-020100000001"


def test_addresses_of_ipv6_stand_in_brackets_with_ports():
    there, _ = read("[2001:db8::1]:99 > [2001:db8::2]:53 udp")

    assert (there.source.address, there.source.port) == ("2001:db8::1", 99)
    assert (there.target.address, there.target.port) == ("2001:db8::2", 53)


def test_a_name_stands_for_its_addresses():
    assert read("10.0.0.1 > Time.Example:123 udp")[0].target.name == "time.example"


def test_an_address_of_the_internet_lies_behind_the_gateway():
    there, _ = read("10.0.0.1 > 8.8.8.8:53 udp")

    assert there.target.mac == GATEWAY_MAC
    assert read("10.0.0.1 > 10.9.9.9:53 udp")[0].target.mac is None


def test_a_device_may_claim_another_address():
    source = read(f"{mac_of(1)}/10.0.0.77 > 8.8.8.8:53 udp")[0].source

    assert (source.device, source.address) == ("d-020100000001", "10.0.0.77")


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("10.0.0.1 > 1.2.3.4 icmp", (8, 0)),
        ("10.0.0.1 > 1.2.3.4 icmp type 8", (8, 0)),
        ("10.0.0.1 > 1.2.3.4 icmp type 3", (3, 3)),
        ("fe80::1 > ff02::1 icmp6", (128, 129)),
    ],
)
def test_an_echo_is_answered_by_its_answer(text, types):
    assert tuple(packet.type for packet in read(text)) == types


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("10.0.0.1", "not a flow"),
        ("10.0.0.1 > 1.2.3.4 tcp", "no port behind"),
        ("10.0.0.1 > 1.2.3.4:70000 tcp", "no such port"),
        ("10.0.0.1 > 1.2.3.4:80 carrots", "no such protocol"),
        ("10.0.0.1 > 1.2.3.4:80 256", "no such protocol"),
        ("10.0.0.1 > no;name!:80 tcp", "neither an address nor a name"),
        ("10.0.0.1 > a.example/1.2.3.4:80 tcp", "only a device has an address to claim"),
        ("x" * 500, "not a flow"),
    ],
)
def test_what_is_no_flow_is_refused_with_an_example(text, why):
    with pytest.raises(GatewayError, match=why) as error:
        read(text)

    assert "Such as" in error.value.hint
