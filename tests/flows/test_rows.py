import numpy as np

from thingwarden.flows import records
from thingwarden.flows.rows import flow_rows
from thingwarden.tables import FLOWS


def records_of(count):
    flows, sides = np.zeros(count, records.FLOW), np.zeros(2 * count, records.SIDE)
    flows["ip_version"], flows["vlan"], flows["handshake_us"] = 4, 0xFFFF, -1
    flows["flow_id"] = np.arange(count)
    return flows, sides


def test_what_is_not_tcp_has_no_tcp_columns():
    flows, sides = records_of(1)
    flows["protocol"] = 17

    (row,) = flow_rows(3, flows, sides).to_pylist()

    empty = [name for name in FLOWS.schema.names if row[name] is None]
    assert set(empty) >= {"tcp_state", "src_flags", "src_retransmissions", "handshake_us", "vlan"}
    assert (row["capture"], row["protocol"]) == (3, "udp")


def test_an_unnamed_protocol_is_its_number_and_has_no_ports():
    flows, sides = records_of(1)
    flows["protocol"] = 89

    (row,) = flow_rows(0, flows, sides).to_pylist()

    assert (row["protocol"], row["src_port"]) == ("89", None)


def test_no_flows_are_no_rows():
    assert len(flow_rows(0, *records_of(0))) == 0
