from thingwarden.inventory.through_time.marks import read_marks

from tests.inventory.rows import START_US, message
from tests.inventory.through_time.visits import Diary

MAC = "da:01:9c:00:00:00"
ALL = ("33:33:00:00:00:fb", "224.0.0.251")
UUID = "2f402f80-da50-11e1-9b23-001788255acc"
DUID = "000100012b3c4d5e0a1b2c3d4e5f"


def marks_of(diary, mac=MAC):
    with diary.found() as (store, _):
        return set(read_marks(store).get(mac, {}))


def record(name, kind, value, *, ip="192.168.1.11", frame=7):
    ends = message((MAC, ip), ALL, frame=frame, time_us=START_US)
    return {**ends, "name": name, "type": kind, "value": value, "section": "answer"}


def test_what_a_client_of_dhcp_shows():
    shown = marks_of(
        Diary().visit(MAC, 8, 9, name="Annas-iPhone", duid=DUID, client_id="00" + "ab" * 9)
    )

    assert shown == {("personal", "annas-iphone"), ("duid", DUID), ("client-id", "00" + "ab" * 9)}


def test_the_duid_in_a_client_identifier_is_the_same_mark():
    shown = marks_of(Diary().visit(MAC, 8, 9, client_id="ff9c00aabb" + DUID))

    assert shown == {("duid", DUID)}


def test_what_is_made_of_the_address_itself_is_no_mark():
    own = MAC.replace(":", "")
    diary = Diary().visit(MAC, 8, 9, client_id="01" + own, duid="00030001" + own)

    assert marks_of(diary) == set()


def test_a_client_identifier_of_zeros_is_no_mark():
    assert marks_of(Diary().visit(MAC, 8, 9, client_id="00" * 8)) == set()


def test_names_and_identifiers_in_mdns_need_an_own_address_beside_them():
    diary = Diary().visit(MAC, 8, 9)
    diary.rows["mdns_answers"] += [
        record("annas-iphone.local", 1, "192.168.1.11"),
        record("x._companion-link._tcp.local", 16, f"rpMac=0;id={UUID};model=X"),
        record("sleeping-mac.local", 1, "192.168.1.77", frame=8),
        record("y._airplay._tcp.local", 16, "deviceid=aa:bb:cc:dd:ee:ff:00:11", frame=8),
    ]

    assert marks_of(diary) == {("personal", "annas-iphone"), ("uuid", UUID.replace("-", ""))}


def test_identifiers_of_upnp_and_ssdp_are_one():
    diary = Diary().visit(MAC, 8, 9)
    ends = message((MAC, "192.168.1.11"), ALL)
    diary.rows["ssdp"].append({**ends, "kind": "notify", "usn": f"uuid:{UUID}::upnp:rootdevice"})
    diary.rows["upnp"].append({**ends, "udn": f"uuid:{UUID.upper()}"})

    assert marks_of(diary) == {("uuid", UUID.replace("-", ""))}


def test_a_server_says_nothing_of_itself_by_what_it_gives():
    diary = Diary().visit(MAC, 8, 9)
    diary.rows["dhcp"][0]["kind"] = "ack"
    diary.rows["dhcp"][0]["hostname"] = "Annas-iPhone"

    assert marks_of(diary) == set()


def test_what_is_relayed_for_another_is_not_of_the_relay():
    diary = Diary().visit(MAC, 8, 9, name="Annas-iPhone")
    diary.rows["dhcp"][0]["src_mac"] = "00:17:88:00:00:44"

    assert marks_of(diary) == set()
    assert marks_of(diary, "00:17:88:00:00:44") == set()


def test_marks_of_one_address_have_an_end():
    diary = Diary().visit(MAC, 8, 9)
    for number in range(100):
        diary.visit(MAC, 8, 8, name=f"Annas-{number:03}x{number}yz")

    assert len(marks_of(diary)) == 32
