"""Devices as values: addresses, names, vendor, labels."""

import pytest

from thingwarden.inventory.devices import list_devices
from thingwarden.store import Label

from tests.inventory.rows import (
    CAMERA,
    CAMERA_ID,
    CAMERA_IP,
    PLUG,
    PLUG_IP,
    ROUTER,
    ROUTER_ID,
    ROUTER_IP,
    SITE,
    START_US,
    flow,
    found,
    lease,
    message,
)


def test_a_device_has_its_addresses_the_most_used_first():
    talks = [
        flow((CAMERA, "192.168.1.99"), (ROUTER, SITE)),
        flow((CAMERA, CAMERA_IP), (ROUTER, SITE), src_packets=50, last_us=START_US + 7),
    ]

    with found(flows=talks) as store:
        [camera], [router] = list_devices(store, {})

    assert camera.id == CAMERA_ID
    assert camera.macs == (CAMERA,)
    assert camera.addresses == (CAMERA_IP, "192.168.1.99")
    assert (camera.first_us, camera.last_us) == (START_US, START_US + 7)
    assert (camera.packets, camera.bytes) == (63, 1800)
    assert router.id == ROUTER_ID
    assert router.addresses == ()


def test_who_was_captured_without_a_hardware_address_is_a_device_beside_the_gateway():
    talks = [
        flow((CAMERA, CAMERA_IP), (ROUTER, SITE)),
        flow((None, "192.168.7.7"), (None, "192.168.7.8")),
    ]

    with found(flows=talks) as store:
        devices, [router] = list_devices(store, {})

    assert router.id == ROUTER_ID
    assert ("192.168.7.7",) in {device.addresses for device in devices}


def test_a_random_hardware_address_has_no_vendor():
    with found(flows=[flow(("da:a1:19:00:00:01", CAMERA_IP), (PLUG, PLUG_IP))]) as store:
        devices, _ = list_devices(store, {})

    phone = next(device for device in devices if device.id == "d-daa119000001")
    assert phone.random_mac
    assert phone.identity.vendor is None


@pytest.mark.parametrize(
    ("hostname", "names"),
    [("Porch", ("Porch", "hall-camera", "camera")), ("Camera", ("hall-camera", "Camera"))],
)
def test_names_come_from_dhcp_then_mdns_and_those_of_a_kind_last(hostname, names):
    asks = message((CAMERA, None), (None, None), kind="request", client_mac=CAMERA)
    records = [
        {"name": "hall-camera.local", "value": CAMERA_IP, "type": 1},
        {"name": "camera.local", "value": CAMERA_IP, "type": 1},
        {"name": "somebody-else.local", "value": PLUG_IP, "type": 1},
    ]
    told = message((CAMERA, CAMERA_IP), ("01:00:5e:00:00:fb", "224.0.0.251"))
    talk = flow((CAMERA, CAMERA_IP), (PLUG, PLUG_IP))

    with found(
        flows=[talk],
        dhcp=[{**asks, "hostname": hostname}],
        mdns_answers=[{**told, **record} for record in records],
    ) as store:
        camera = list_devices(store, {})[0][0]

    assert camera.names == names


def test_the_name_of_who_gives_leases_is_not_the_clients():
    with found(
        flows=[flow((CAMERA, CAMERA_IP), (ROUTER, ROUTER_IP))],
        dhcp=[lease(CAMERA, CAMERA_IP, hostname="made-up-by-the-server")],
    ) as store:
        [camera], [router] = list_devices(store, {})

    assert camera.names == ()
    assert router.addresses == (ROUTER_IP,)


def test_a_users_label_wins():
    labels = {CAMERA_ID: Label(name="Eye in the hall", category="camera")}
    asks = message((CAMERA, None), (None, None), kind="request", client_mac=CAMERA, hostname="cam")

    with found(flows=[flow((CAMERA, CAMERA_IP), (PLUG, PLUG_IP))], dhcp=[asks]) as store:
        camera = list_devices(store, labels)[0][0]

    assert camera.names == ("Eye in the hall", "cam")


def test_addresses_and_names_are_bounded():
    talks = [flow((CAMERA, f"10.1.{n}.1"), (PLUG, PLUG_IP)) for n in range(100)]
    asks = message((CAMERA, None), (None, None), kind="request", client_mac=CAMERA)

    with found(flows=talks, dhcp=[{**asks, "hostname": f"n{n}"} for n in range(50)]) as store:
        camera = list_devices(store, {})[0][0]

    assert len(camera.addresses) == 64
    assert len(camera.names) == 8
