"""Who talks with whom, and when."""

from thingwarden.inventory import contacts
from thingwarden.inventory.contacts import list_activity, list_contacts

from tests.inventory.rows import (
    CAMERA,
    CAMERA_ID,
    CAMERA_IP,
    OTHER_SITE,
    PLUG,
    PLUG_ID,
    PLUG_IP,
    ROUTER,
    START_US,
    flow,
    found,
    message,
    unanswered,
)

SECOND = 1_000_000


def test_both_directions_of_a_contact_are_one():
    out = flow((CAMERA, CAMERA_IP), (ROUTER, OTHER_SITE), app="tls")
    back = flow((ROUTER, OTHER_SITE), (CAMERA, CAMERA_IP), app="tls")
    hello = message((CAMERA, CAMERA_IP), (ROUTER, OTHER_SITE), sni="dns.example")

    with found(flows=[out, back], tls=[hello]) as store:
        [contact] = list_contacts(store)

    assert (contact.device_id, contact.peer, contact.place) == (
        CAMERA_ID,
        "dns.example",
        "internet",
    )
    assert (contact.country, contact.provider) == ("US", "Google LLC")
    assert (contact.flows, contact.sent_bytes, contact.received_bytes) == (2, 900, 900)
    assert (contact.app, contact.encrypted) == ("tls", True)


def test_two_devices_are_each_others_contacts():
    with found(flows=[flow((CAMERA, CAMERA_IP), (PLUG, PLUG_IP), app="http")]) as store:
        found_contacts = list_contacts(store)

    sides = [
        (each.device_id, each.peer, each.peer_device, each.sent_bytes) for each in found_contacts
    ]
    assert sides == [(CAMERA_ID, PLUG_ID, PLUG_ID, 500), (PLUG_ID, CAMERA_ID, CAMERA_ID, 400)]
    assert {each.encrypted for each in found_contacts} == {False}


def test_an_unknown_protocol_is_told_by_its_port():
    talks = [
        flow((CAMERA, CAMERA_IP), (ROUTER, OTHER_SITE), dst_port=6667),
        flow((CAMERA, CAMERA_IP), (ROUTER, OTHER_SITE), protocol="50", dst_port=None),
    ]

    with found(flows=talks) as store:
        apps = {(each.app, each.encrypted) for each in list_contacts(store)}

    assert apps == {("tcp/6667", None), ("50", None)}


def test_contacts_are_bounded_the_largest_first(monkeypatch):
    monkeypatch.setattr(contacts, "MOST_CONTACTS", 2)
    talks = [
        flow((CAMERA, CAMERA_IP), (ROUTER, OTHER_SITE), dst_port=port, src_bytes=port)
        for port in (1000, 3000, 2000)
    ]

    with found(flows=talks) as store:
        assert [each.app for each in list_contacts(store)] == ["tcp/3000", "tcp/2000"]


def test_activity_is_spread_over_the_time_of_a_flow():
    talk = flow((CAMERA, CAMERA_IP), (ROUTER, OTHER_SITE), last_us=START_US + 4 * SECOND - 4)

    with found(flows=[talk]) as store:
        activity, slice_us = list_activity(store, 4)

    assert slice_us == SECOND
    assert [each.start_us - START_US for each in activity] == [0, SECOND, 2 * SECOND, 3 * SECOND]
    assert [each.bytes for each in activity] == [225] * 4


def test_who_does_not_answer_is_not_active():
    talks = [
        unanswered((CAMERA, CAMERA_IP), (PLUG, PLUG_IP)),
        flow((PLUG, PLUG_IP), (ROUTER, OTHER_SITE)),
    ]

    with found(flows=talks) as store:
        activity, _ = list_activity(store, 4)

    assert [(each.device_id, each.bytes) for each in activity] == [(CAMERA_ID, 60), (PLUG_ID, 900)]


def test_nobody_is_never_active():
    with found() as store:
        assert list_activity(store, 4) == ((), 0)
        assert list_contacts(store) == ()
