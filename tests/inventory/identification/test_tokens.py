"""Facts -> what each device told."""

from thingwarden.inventory.identification.channels import CHANNELS
from thingwarden.inventory.identification.tokens import MOST_VALUES, PORTS, SOURCES, read_told

from tests.inventory.rows import (
    CAMERA,
    CAMERA_ID,
    CAMERA_IP,
    EVERYBODY,
    ROUTER,
    ROUTER_IP,
    SITE,
    asks,
    flow,
    found,
    message,
)

INSIDE = (CAMERA, CAMERA_IP)
OUTSIDE = (ROUTER, SITE)
TALK = flow(INSIDE, OUTSIDE)


def told_by(**rows):
    """Channel and value of everything that the camera told."""
    with found(**{"flows": [TALK], **rows}) as store:
        return {(one.channel, one.raw) for one in read_told(store) if one.device_id == CAMERA_ID}


def test_requests_for_an_address_tell_names_and_options():
    told = told_by(dhcp=[asks(CAMERA, hostname="cam", vendor_class="udhcp 1.2", parameters="1,3")])

    assert {("host-name", "cam"), ("dhcp-vendor", "udhcp 1.2"), ("dhcp-options", "1,3")} <= told


def test_names_asked_for_are_domains_and_answers_are_not():
    question = {**message(INSIDE, (ROUTER, ROUTER_IP)), "name": "a.acme.com", "type": 1}
    told = told_by(
        dns=[{**question, "response": False}, {**question, "name": "b.acme.com", "response": True}]
    )

    assert ("domain", "a.acme.com") in told
    assert ("domain", "b.acme.com") not in told


def test_the_certificate_tells_of_the_one_who_shows_it():
    shown = {**message(OUTSIDE, INSIDE), "issuer": "CN=Acme", "subject": "CN=cam", "sni": "x.org"}
    told = told_by(tls=[{**shown, "answer_frame": 3, "answer_us": 5, "ja4": "t12"}])

    assert {("certificate", "CN=Acme"), ("certificate", "CN=cam")} <= told
    assert not {channel for channel, _ in told} & {"tls-client", "domain"}


def test_announcements_to_neighbours_tell_services_names_and_texts():
    sender = message(INSIDE, (EVERYBODY, "224.0.0.251"))
    told = told_by(
        mdns_answers=[
            {**sender, "name": "_hap._tcp.local", "type": 12, "value": "x._hap._tcp.local"},
            {**sender, "name": "x._hap._tcp.local", "type": 33, "value": "80 cam.local"},
            {**sender, "name": "x._hap._tcp.local", "type": 16, "value": "md=C1;ff=0"},
            {**sender, "name": "cam.local", "type": 1, "value": CAMERA_IP},
        ]
    )

    assert {
        ("mdns-service", "_hap._tcp"),
        ("mdns-name", "x"),
        ("mdns-text", "md=C1"),
        ("mdns-text", "ff=0"),
        ("mdns-name", "cam"),
    } <= told


def test_ports_that_are_chosen_anew_tell_nothing():
    told = told_by(flows=[TALK, flow(INSIDE, OUTSIDE, dst_port=60_000)])

    assert ("remote-port", "tcp 443") in told
    assert ("remote-port", "tcp 60000") not in told


def test_a_value_has_the_frame_where_it_was_told_first():
    rows = [asks(CAMERA, hostname="cam", frame=frame) for frame in (9, 4, 6)]
    with found(flows=[TALK], dhcp=rows) as store:
        [name] = [one for one in read_told(store) if one.channel == "host-name"]

    assert (name.frame, name.times) == (4, 3)


def test_a_flood_of_names_is_cut_and_the_frequent_stay():
    flood = [asks(CAMERA, hostname=f"n{number}") for number in range(200)]
    told = told_by(dhcp=[*flood, asks(CAMERA, hostname="often"), asks(CAMERA, hostname="often")])

    names = [value for channel, value in told if channel == "host-name"]
    assert len(names) == MOST_VALUES
    assert "often" in names


def test_every_channel_that_is_asked_for_exists():
    asked = {source.channel for source in SOURCES}
    asked |= {name for name in CHANNELS if f"'{name}'" in PORTS}

    assert CHANNELS.keys() - asked == {"prefix"}
