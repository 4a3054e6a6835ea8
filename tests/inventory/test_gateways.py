"""Which hardware address is the gateway, and which is only a device."""

import pytest

from tests.inventory.rows import (
    CAMERA,
    CAMERA_ID,
    CAMERA_IP,
    OTHER_SITE,
    PLUG,
    PLUG_ID,
    PLUG_IP,
    ROUTER,
    ROUTER_IP,
    SITE,
    announces,
    devices_of,
    ends_of,
    flow,
    found,
    frames,
    lease,
    says,
    unanswered,
)

GLOBAL, FAR = "2001:db8:1::17", "2a00:1450:4001:80b::200e"


def test_the_router_that_dhcp_names_is_no_device():
    talk = flow((CAMERA, CAMERA_IP), (ROUTER, ROUTER_IP), dst_port=53)

    with found(flows=[talk], dhcp=[lease(CAMERA, CAMERA_IP)]) as store:
        assert devices_of(store) == [CAMERA_ID]
        assert ends_of(store) == [(CAMERA_ID, "device", None, "gateway")]


def test_a_thing_that_gives_addresses_while_it_is_set_up_stays_a_device():
    own_network = lease(PLUG, PLUG_IP, kind="offer", routers=[CAMERA_IP])
    asked = {**lease(CAMERA, CAMERA_IP, kind="request"), "src_mac": CAMERA, "dst_mac": ROUTER}
    talk = flow((CAMERA, CAMERA_IP), (ROUTER, SITE))

    with found(flows=[talk], dhcp=[own_network, asked]) as store:
        assert CAMERA_ID in devices_of(store)


def test_one_conversation_with_the_internet_tells_the_gateway():
    with found(flows=[flow((CAMERA, CAMERA_IP), (ROUTER, SITE))]) as store:
        assert devices_of(store) == [CAMERA_ID]
        assert ends_of(store) == [(CAMERA_ID, "device", None, "internet")]


def test_a_refusal_from_the_internet_tells_the_gateway_too():
    refused = unanswered((CAMERA, CAMERA_IP), (ROUTER, SITE)) | {"dst_packets": 1}

    with found(flows=[refused]) as store:
        assert devices_of(store) == [CAMERA_ID]


def test_a_device_that_forges_senders_is_no_gateway():
    forged = [unanswered((CAMERA, f"45.33.{n}.7"), (ROUTER, SITE)) for n in range(50)]
    talk = flow((CAMERA, CAMERA_IP), (ROUTER, OTHER_SITE))

    with found(flows=[*forged, talk]) as store:
        assert devices_of(store) == [CAMERA_ID]
        assert ends_of(store)[0] == (CAMERA_ID, "device", None, "internet")


def test_where_only_one_direction_is_seen_many_senders_tell_the_gateway():
    inward = [unanswered((ROUTER, f"45.33.{n}.7"), (CAMERA, CAMERA_IP)) for n in range(3)]
    other = unanswered((CAMERA, CAMERA_IP), (ROUTER, SITE))

    with found(flows=[*inward, other]) as store:
        assert devices_of(store) == [CAMERA_ID]


def test_a_public_address_that_is_claimed_by_arp_is_a_devices_own():
    talk = flow((CAMERA, "141.2.3.4"), (ROUTER, SITE))

    with found(flows=[talk], arp=[says(CAMERA, "141.2.3.4")], ethernet=[frames(CAMERA)]) as store:
        assert devices_of(store) == [CAMERA_ID]
        assert ends_of(store) == [(CAMERA_ID, "device", None, "internet")]


def test_a_lonely_public_address_that_begins_is_a_device():
    with found(flows=[flow((CAMERA, "141.2.3.4"), (ROUTER, SITE))]) as store:
        assert devices_of(store) == [CAMERA_ID]
        assert ends_of(store) == [(CAMERA_ID, "device", None, "internet")]


def test_a_flow_from_the_internet_to_a_forwarded_port_comes_through_the_gateway():
    with found(flows=[flow((ROUTER, SITE), (CAMERA, CAMERA_IP))]) as store:
        assert devices_of(store) == [CAMERA_ID]
        assert ends_of(store) == [(None, "internet", CAMERA_ID, "device")]


@pytest.mark.parametrize("seconds", [0, 1800])
def test_only_a_router_with_a_lifetime_is_one(seconds):
    advertised = flow((ROUTER, "fe80::1"), ("33:33:00:00:00:01", "ff02::1")) | {"dst_packets": 0}

    with found(flows=[advertised], ndp=[announces("fd00:1::/64", seconds=seconds)]) as store:
        assert len(devices_of(store)) == (0 if seconds else 1)


def test_a_virtual_router_is_a_gateway():
    with found(ethernet=[frames("00:00:5e:00:01:0a"), frames(CAMERA)]) as store:
        assert devices_of(store) == [CAMERA_ID]


def test_a_device_keeps_its_addresses_in_announced_prefixes():
    addresses = [f"2001:db8:{n}::17" for n in (1, 2, 3)]
    talks = [flow((CAMERA, ip), (ROUTER, FAR)) for ip in addresses]

    with found(flows=talks, ndp=[announces(f"2001:db8:{n}::/64") for n in (1, 2, 3)]) as store:
        assert devices_of(store) == [CAMERA_ID]
        assert set(ends_of(store)) == {(CAMERA_ID, "device", None, "internet")}


def test_without_announcements_who_begins_is_inside():
    with found(flows=[flow((CAMERA, GLOBAL), (ROUTER, FAR))]) as store:
        assert devices_of(store) == [CAMERA_ID]
        assert ends_of(store) == [(CAMERA_ID, "device", None, "internet")]


def test_an_address_made_from_the_hardware_address_is_inside():
    made = "2001:db8:1::217:88ff:fe00:1"

    with found(flows=[flow((ROUTER, FAR), (CAMERA, made))]) as store:
        assert devices_of(store) == [CAMERA_ID]
        assert ends_of(store) == [(None, "internet", CAMERA_ID, "device")]


def test_a_network_of_two_hardware_addresses_is_inside():
    talks = [flow((ROUTER, FAR), (CAMERA, GLOBAL)), flow((ROUTER, FAR), (PLUG, "2001:db8:1::18"))]

    with found(flows=talks) as store:
        assert devices_of(store) == [CAMERA_ID, PLUG_ID]


def test_a_prefix_that_is_none_is_ignored():
    talk = flow((CAMERA, CAMERA_IP), (PLUG, PLUG_IP))

    with found(flows=[talk], ndp=[announces("nonsense/999")]) as store:
        assert devices_of(store) == [CAMERA_ID, PLUG_ID]
