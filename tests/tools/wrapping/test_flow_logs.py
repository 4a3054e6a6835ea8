import json

from tests import frames
from tests.tools.wrapping.test_campaigns import PLACE
from tools.wrapping.flow_logs import Attack, move, read_attacks

HEAD = "#fields\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto"


def write(folder, *lines):
    path = folder / "conn.log"
    path.write_text("\n".join(lines) + "\n")
    return path


def row(begins="10.0.0.5", reached="203.0.113.9", port=23, proto="tcp"):
    return f"{begins}\t4000\t{reached}\t{port}\t{proto}"


def test_labelled_flows_are_the_attacks(tmp_path):
    log = write(
        tmp_path, f"{HEAD}\tlabel", f"{row()}\tMalicious", f"{row(port=80)}\tBenign", "#close"
    )

    [attack] = read_attacks(log, "unit")

    expected = Attack(outward=True, peer="203.0.113.9", protocol=6, ports=(4000, 23))
    assert attack == expected


def test_an_attack_from_outside_comes_to_the_device(tmp_path):
    rows = [f"{row(f'203.0.113.{n}', '198.51.100.1')}\tMalicious" for n in (1, 2)]

    found = read_attacks(write(tmp_path, f"{HEAD}\tlabel", *rows), "unit")

    assert [(each.outward, each.peer) for each in found] == [
        (False, "203.0.113.1"),
        (False, "203.0.113.2"),
    ]


def test_without_labels_it_is_who_begins_most(tmp_path):
    flows = [row(), row(port=80), row("10.0.0.9", "203.0.113.200")]

    assert {each.ports[1] for each in read_attacks(write(tmp_path, HEAD, *flows), "unit")} == {
        23,
        80,
    }


def test_json_is_read_and_ipv6_is_left_out(tmp_path):
    one = {
        "id.orig_h": "10.0.0.5",
        "id.orig_p": 8,
        "id.resp_h": "203.0.113.9",
        "id.resp_p": 0,
        "proto": "icmp",
    }
    other = one | {"id.orig_h": "fe80::1", "id.resp_h": "ff02::1"}

    [attack] = read_attacks(write(tmp_path, json.dumps(one), json.dumps(other)), "unit")

    assert (attack.protocol, attack.ports) == (1, (8, 0))


def test_where_a_unit_tells_its_port_only_that_counts(tmp_path):
    log = write(tmp_path, HEAD, row(), row(port=1337))

    assert [each.ports[1] for each in read_attacks(log, "003-zeek-scenario-malicious")] == [1337]


def test_a_log_without_attacks_gives_none(tmp_path):
    assert read_attacks(write(tmp_path, f"{HEAD}\tlabel", f"{row()}\tBenign"), "unit") == []


def test_a_flow_becomes_its_first_packet_at_the_device():
    out = Attack(outward=True, peer="203.0.113.9", protocol=6, ports=(4000, 23))
    into = Attack(outward=False, peer="10.9.9.9", protocol=17, ports=(4000, 53))

    sent, got = move([out, into], PLACE)

    ends = [frames.mac_bytes(each) for each in (PLACE.gateway_mac, PLACE.mac, PLACE.neighbour_mac)]
    assert sent[:12] == ends[0] + ends[1]
    assert sent[26:34] == frames.ip_bytes(PLACE.ip) + frames.ip_bytes("203.0.113.9")
    assert sent[36:38] == (23).to_bytes(2, "big")
    assert got[:12] == ends[1] + ends[2]
    assert got[26:34] == frames.ip_bytes(PLACE.neighbour_ip) + frames.ip_bytes(PLACE.ip)
