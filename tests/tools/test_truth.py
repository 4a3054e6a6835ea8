"""Results of other programs, as they are written."""

from collections import Counter

import pytest

from tools.truth import (
    read_expected_ja4,
    read_ndpi,
    read_options,
    read_zeek,
    unordered,
)

CONN = (
    "#fields\tts\tproto\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\torig_pkts\tresp_pkts\n"
    "#types\ttime\tenum\taddr\tport\taddr\tport\tcount\tcount\n"
    "XXX\ttcp\t192.0.2.1\t40000\t192.0.2.2\t80\t3\t4\n"
    "XXX\tudp\t192.0.2.1\t40000\t192.0.2.2\t53\t1\t-\n"
    "#close\n"
)


def test_connections_of_zeek_are_endpoints_and_packets(tmp_path):
    path = tmp_path / "conn.log"
    path.write_text(CONN)

    found = read_zeek(path)

    assert found.flows == Counter(
        [("tcp", "192.0.2.1", 40000, "192.0.2.2", 80), ("udp", "192.0.2.1", 40000, "192.0.2.2", 53)]
    )
    assert found.packets == 8


def test_versions_of_zeek_are_called_as_ours(tmp_path):
    path = tmp_path / "ssl.log"
    path.write_text("#fields\tversion\tserver_name\nTLSv12\ta.example\nTLSv13\t-\n")

    found = read_zeek(path)

    assert found.values["tls versions"] == Counter(["1.2", "1.3"])
    assert found.values["tls names"] == Counter(["a.example"])


def test_a_log_without_the_columns_says_nothing(tmp_path):
    path = tmp_path / "conn.log"
    path.write_text("#fields\tts\tuid\nXXX\tC1\n")

    assert read_zeek(path).flows is None


def test_options_are_those_of_the_test_with_the_name_of_the_baseline(tmp_path):
    (tmp_path / "core").mkdir()
    (tmp_path / "core/padding.test").write_text("# @TEST-EXEC: zeek -C -r $TRACES/a.pcap %INPUT\n")

    assert read_options(tmp_path) == {"core.padding": "zeek -C -r $TRACES/a.pcap %INPUT"}


def test_ndpi_lists_protocols_with_packets_bytes_and_flows(tmp_path):
    path = tmp_path / "a.out"
    path.write_text(
        "DPI Packets (TCP):\t7\t(7.00 pkts/flow)\n\nDNS\t4\t400\t2\nTLS\t6\t3000\t1\n\n"
        "Safe                             6 3000         1\n\n"
        "\t1\tTCP 192.0.2.1:1 <-> 192.0.2.2:443 [proto: 91/TLS][JA4: t13d_a_b]\n"
    )

    found = read_ndpi(path)

    assert (found.flows, found.packets, found.ja4) == (3, 10, frozenset({"t13d_a_b"}))


def test_expected_fingerprints_are_by_capture_and_implementation(tmp_path):
    path = tmp_path / "expected.csv"
    path.write_text(
        "capture,implementation,src,src_port,dst,dst_port,ja4\n"
        "a.pcap,rust,192.0.2.1,40000,192.0.2.2,443,t13d\n"
    )

    assert read_expected_ja4(path) == {("a.pcap", "rust"): ["192.0.2.1:40000 > 192.0.2.2:443 t13d"]}


@pytest.mark.parametrize("flow", [("tcp", "a", 1, "b", 2), ("tcp", "b", 2, "a", 1)])
def test_unordered_connections_do_not_say_who_began(flow):
    assert unordered(Counter([flow])) == Counter(["tcp a:1 b:2"])
