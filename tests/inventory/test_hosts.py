"""What stands at each pair of addresses."""

import pytest

from tests.inventory.rows import (
    CAMERA,
    CAMERA_ID,
    CAMERA_IP,
    EVERYBODY,
    PLUG,
    PLUG_ID,
    PLUG_IP,
    ROUTER,
    ROUTER_IP,
    SITE,
    devices_of,
    ends_of,
    flow,
    found,
    frames,
    lease,
    message,
    says,
    unanswered,
)


def test_one_hardware_address_is_one_device_whatever_addresses_it_has():
    talks = [flow((CAMERA, ip), (PLUG, PLUG_IP)) for ip in (CAMERA_IP, "fe80::1:2", "fd00::17")]

    with found(flows=talks) as store:
        assert devices_of(store) == [CAMERA_ID, PLUG_ID]


def test_who_never_sends_is_no_device():
    talk = unanswered((CAMERA, CAMERA_IP), (PLUG, PLUG_IP))

    with found(flows=[talk], ethernet=[frames(CAMERA, to="00:17:88:00:00:99")]) as store:
        assert devices_of(store) == [CAMERA_ID]
        assert ends_of(store) == [(CAMERA_ID, "device", None, "local")]


def test_who_sends_only_frames_without_ip_is_a_device():
    with found(ethernet=[frames(CAMERA, kind="lldp", to="01:80:c2:00:00:0e")]) as store:
        assert devices_of(store) == [CAMERA_ID]
        assert ends_of(store, "ethernet") == [(CAMERA_ID, "device", None, "group")]


@pytest.mark.parametrize("mac", [EVERYBODY, "01:00:5e:00:00:fb", "00:00:00:00:00:00"])
def test_an_address_of_nobody_or_everybody_is_no_device(mac):
    with found(ethernet=[frames(mac)], flows=[flow((mac, CAMERA_IP), (PLUG, PLUG_IP))]) as store:
        assert devices_of(store) == [PLUG_ID]


@pytest.mark.parametrize(
    ("mac", "ip", "place"),
    [
        ("01:00:5e:00:00:fb", "224.0.0.251", "group"),
        ("33:33:00:00:00:fb", "ff02::fb", "group"),
        (EVERYBODY, "192.168.1.255", "group"),
        (None, "255.255.255.255", "group"),
        (None, "192.168.1.255", "group"),
        (None, "10.9.9.9", "local"),
        (None, "172.31.0.9", "local"),
        (None, "100.64.0.9", "local"),
        (None, "169.254.3.4", "local"),
        (None, "fd12:3456::1", "local"),
        (None, "fe80::9", "local"),
        (None, "127.0.0.1", "local"),
        (None, "240.0.0.1", "local"),
        (None, "172.32.0.9", "internet"),
        (None, "100.128.0.9", "internet"),
        (None, "203.0.113.9", "internet"),
        (None, "fcc::1", "internet"),
        (None, "2001:db8::9", "internet"),
        (None, "0.0.0.0", "none"),
        (None, None, "none"),
    ],
)
def test_the_place_follows_from_the_address(mac, ip, place):
    with found(flows=[unanswered((CAMERA, CAMERA_IP), (mac, ip))]) as store:
        assert ends_of(store) == [(CAMERA_ID, "device", None, place)]


def test_a_device_that_has_no_address_yet_is_still_that_device():
    asks = message((CAMERA, "0.0.0.0"), (EVERYBODY, "255.255.255.255"), kind="discover")

    with found(dhcp=[asks], ethernet=[frames(CAMERA)]) as store:
        assert ends_of(store, "dhcp") == [(CAMERA_ID, "device", None, "group")]


def test_without_hardware_addresses_a_local_address_that_sends_is_a_device():
    talks = [
        flow((None, CAMERA_IP), (None, SITE)),
        unanswered((None, CAMERA_IP), (None, "192.168.1.77")),
        flow((None, "fd00::1"), (None, SITE)),
    ]

    with found(flows=talks) as store:
        assert devices_of(store) == ["d-192-168-1-10", "d-fd00--1"]
        assert ends_of(store)[0] == ("d-192-168-1-10", "device", None, "internet")
        assert ("d-192-168-1-10", "device", None, "local") in ends_of(store)


def test_without_local_addresses_the_one_at_the_end_of_most_flows_is_the_device():
    talks = [flow((None, "141.2.3.4"), (None, f"45.33.{n}.7")) for n in range(3)]

    with found(flows=talks) as store:
        assert devices_of(store) == ["d-141-2-3-4"]
        assert set(ends_of(store)) == {("d-141-2-3-4", "device", None, "internet")}


def test_an_address_without_hardware_address_belongs_to_who_was_seen_with_it():
    talks = [flow((CAMERA, CAMERA_IP), (ROUTER, SITE)), flow((None, CAMERA_IP), (None, SITE))]

    with found(flows=talks) as store:
        assert devices_of(store) == [CAMERA_ID]
        assert ends_of(store) == [(CAMERA_ID, "device", None, "internet")] * 2


def test_a_local_address_behind_the_gateway_is_neither_device_nor_gateway():
    talks = [
        flow((CAMERA, CAMERA_IP), (ROUTER, SITE)),
        flow((CAMERA, CAMERA_IP), (ROUTER, ROUTER_IP)),
        flow((CAMERA, CAMERA_IP), (ROUTER, "10.20.30.40")),
    ]

    with found(flows=talks, arp=[says(ROUTER, ROUTER_IP)]) as store:
        assert [place for *_, place in ends_of(store)] == ["gateway", "internet", "local"]


def test_an_unclaimed_gateway_has_the_local_address_that_it_uses_most():
    talks = [
        flow((CAMERA, CAMERA_IP), (ROUTER, SITE)),
        flow((CAMERA, CAMERA_IP), (ROUTER, ROUTER_IP), dst_packets=99),
        flow((CAMERA, CAMERA_IP), (ROUTER, "10.20.30.40")),
    ]

    with found(flows=talks) as store:
        hosts = store.arrow("select ip from hosts where place = 'gateway'")["ip"].to_pylist()
        assert hosts == [ROUTER_IP]


def test_the_network_tells_its_servers_once():
    leases = [lease(CAMERA, CAMERA_IP, ntp_servers=["192.168.1.5"]), lease(PLUG, PLUG_IP)]

    with found(dhcp=leases) as store:
        rows = store.arrow("select kind, ip from network order by all").to_pylist()
        assert [tuple(row.values()) for row in rows] == [
            ("dns", ROUTER_IP),
            ("ntp", "192.168.1.5"),
            ("router", ROUTER_IP),
        ]


def test_hosts_have_every_pair_that_sent_or_was_claimed():
    talk = flow((CAMERA, CAMERA_IP), (ROUTER, SITE))

    with found(flows=[talk], arp=[says(CAMERA, "169.254.9.9")]) as store:
        rows = store.arrow("select mac, ip, device_id, place from hosts order by all").to_pylist()
        assert [tuple(row.values()) for row in rows] == [
            (CAMERA, "169.254.9.9", CAMERA_ID, "device"),
            (CAMERA, CAMERA_IP, CAMERA_ID, "device"),
            (ROUTER, SITE, None, "internet"),
        ]


def test_an_empty_capture_has_nobody():
    with found() as store:
        assert devices_of(store) == []
        assert ends_of(store) == []
        assert store.arrow("select * from hosts").num_rows == 0
