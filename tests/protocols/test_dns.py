import ipaddress
import struct
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols import dns

from tests.messages import dns_answer, dns_name, dns_question, dns_record
from tests.protocols.batches import payloads
from tests.protocols.kernels import table_rows

WWW = bytes.fromhex(
    "1234818000010002000000010377777706476f6f676c6503636f6d0000010001c00c00010001"
    "0000012c0004acd90e64c00c001c00010000012c00102a0014504001080e000000000000200e"
    "0000290200000080000000"
)


def read(*messages, stream=False):
    readings = dns.READER.read(replace(payloads(messages), stream=stream))
    messages_read, records = readings.records
    return table_rows(messages_read), table_rows(records), readings.unread


def read_value(kind, value):
    """The value of a record of this kind, and the reason if it could not be read."""
    message = struct.pack("!6H", 1, 0x8000, 0, 1, 0, 0) + dns_record("x.test", value, kind)
    _, (record,), unread = read(message)
    return record["value"], [reason for _, reason in unread]


def name_message(name):
    """A question whose name is these bytes."""
    return struct.pack("!6H", 1, 0, 1, 0, 0, 0) + name + b"\0\1\0\1"


def test_a_known_answer_gives_its_message_and_its_records_without_opt():
    (message,), records, unread = read(WWW)

    assert message == {
        "source": 0,
        "id": 0x1234,
        "response": True,
        "opcode": 0,
        "rcode": 0,
        "flags": 0x8180,
        "name": "www.google.com",
        "type": 1,
        "class": 1,
        "question": 0,
        "questions": 1,
        "answers": 2,
        "transport": "udp",
    }
    assert [list(record.values()) for record in records] == [
        [0, "answer", "www.google.com", 1, 1, 300, "172.217.14.100"],
        [0, "answer", "www.google.com", 28, 1, 300, "2a00:1450:4001:80e::200e"],
    ]
    assert unread == ()


def test_no_payloads_give_no_rows():
    assert read() == ([], [], ())


def test_every_truncation_keeps_what_is_whole_and_says_what_is_cut():
    whole_question, whole_records = 32, {48: 1, 76: 2}

    for size in range(len(WWW)):
        messages, records, unread = read(WWW[:size])

        assert len(messages) == (size >= 12)
        assert [message["name"] for message in messages] == ["www.google.com"] * (
            size >= whole_question - 4
        ) + [None] * (12 <= size < whole_question - 4)
        assert len(records) == sum(end <= size for end in whole_records)
        assert len(unread) == 1 or size == 0
        assert {reason for _, reason in unread} <= {
            "shorter than a DNS header",
            "name cut",
            "question cut",
            "record cut",
        }


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=80), max_size=4), st.booleans())
def test_any_bytes_give_rows_or_a_reason(messages, stream):
    read(*messages, stream=stream)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=120), st.tuples(*[st.integers(0, 4)] * 4))
def test_any_bytes_after_a_good_header_give_rows_or_a_reason(body, counts):
    read(struct.pack("!6H", 7, 0x8180, *counts) + body)


@settings(max_examples=100, deadline=None)
@given(st.integers(12, len(WWW) - 1), st.integers(0, 255))
def test_any_changed_byte_gives_rows_or_a_reason(place, value):
    read(WWW[:place] + bytes([value]) + WWW[place + 1 :])


def test_several_payloads_keep_their_order_and_number():
    messages, records, unread = read(
        dns_question("a.test"), b"GET / HTTP/1.1\r\n", dns_answer("B.test", ["10.0.0.1"])
    )

    assert [(row["source"], row["name"]) for row in messages] == [(0, "a.test"), (2, "b.test")]
    assert [(row["source"], row["value"]) for row in records] == [(2, "10.0.0.1")]
    assert unread == ((1, "not a DNS message"),)


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        (b"\0", "."),
        (b"\3WWW\4Test\0", "www.test"),
        (b"\5a.b\\c\1x\0", "a\\.b\\\\c.x"),
        (b"\3a\0\xff\0", "a\\000\\255"),
        (b"\3a b\0", "a b"),
        (b"\6K\xc3\xbcche\0", "k\\195\\188che"),
    ],
)
def test_names_are_lower_case_ascii_with_escapes(wire, text):
    (message,), _, unread = read(name_message(wire))

    assert (message["name"], unread) == (text, ())


@pytest.mark.parametrize(
    ("wire", "reason"),
    [
        (b"\xc0\x0c", "compression loop"),
        (b"\1a\xc0\x0c", "compression loop"),
        (b"\1a\xc0\x20", "compression loop"),
        (b"\1a\xc0\x04", "compression into the header"),
        (b"\x40a", "label of an unknown kind"),
        (b"\x3f" + b"a" * 63 + (b"\x3f" + b"b" * 63) * 3 + b"\0", "name over 255 bytes"),
    ],
)
def test_a_wrong_name_in_the_question_is_a_reason_and_no_row(wire, reason):
    messages, records, unread = read(name_message(wire))

    assert (messages, records, unread) == ([], [], ((0, reason),))


def test_a_name_of_255_bytes_is_whole():
    labels = [b"\x3f" + b"a" * 63] * 3 + [b"\x3d" + b"b" * 61]

    (message,), _, unread = read(name_message(b"".join(labels) + b"\0"))

    assert len(message["name"]) == 253
    assert unread == ()


def chained_names(hops):
    """Two records: one whose value is a chain of pointers, one whose owner enters it at the end."""
    start = 12 + 11  # header, root name, type, class, time to live and size
    places = [start, *[start + 3 + 2 * step for step in range(hops - 1)]]
    chain = b"\1a\0" + b"".join(struct.pack("!H", 0xC000 | place) for place in places[:-1])
    owner = struct.pack("!H", 0xC000 | places[-1])
    last = owner + struct.pack("!HHIH", 1, 1, 60, 4) + bytes(4)
    return struct.pack("!6H", 1, 0x8000, 0, 2, 0, 0) + dns_record("", chain, 99) + last


def test_a_name_may_be_16_hops_away():
    _, records, unread = read(chained_names(16))

    assert (records[1]["name"], unread) == ("a", ())


def test_a_name_17_hops_away_is_not_read():
    _, records, unread = read(chained_names(17))

    assert (len(records), unread) == (1, ((0, "more than 16 compression hops"),))


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (1, bytes((192, 168, 0, 1)), "192.168.0.1"),
        (2, dns_name("NS.test"), "ns.test"),
        (5, dns_name("cdn.test"), "cdn.test"),
        (6, dns_name("ns.test") + dns_name("admin.test") + bytes(20), "ns.test"),
        (12, dns_name("host.test"), "host.test"),
        (15, b"\0\x0a" + dns_name("mail.test"), "10 mail.test"),
        (16, b"\5a=b;c\2de", "a=b;c;de"),
        (16, b"\0", ""),
        (16, b"\3a\n\\", "a\\010\\\\"),
        (33, struct.pack("!HHH", 1, 2, 8883) + dns_name("mqtt.test"), "8883 mqtt.test"),
        (64, b"\0\1" + dns_name("svc.test") + b"\0\1\0\3\2h2", "1 svc.test"),
        (65, b"\0\1\0", "1 ."),
        (47, b"anything", None),
        (1, b"", None),
    ],
)
def test_values_are_told_as_text(kind, value, text):
    assert read_value(kind, value) == (text, [])


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        (1, bytes(5), "value does not fit its record"),
        (28, bytes(4), "value does not fit its record"),
        (16, b"\5abc", "value does not fit its record"),
        (33, bytes(6), "value does not fit its record"),
        (5, b"\5abc", "name cut"),
        (12, b"\xc0\xff", "compression loop"),
    ],
)
def test_a_wrong_value_is_null_with_a_reason(kind, value, reason):
    assert read_value(kind, value) == (None, [reason])


def test_a_record_after_a_wrong_value_is_read():
    bad, good = dns_record("x", bytes(3), 1), dns_record("y", bytes(4), 1)

    _, records, unread = read(struct.pack("!6H", 1, 0x8000, 0, 1, 1, 0) + bad + good)

    assert [(row["section"], row["value"]) for row in records] == [
        ("answer", None),
        ("authority", "0.0.0.0"),
    ]
    assert unread == ((0, "value does not fit its record"),)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([0, 0, 0, 1, 0x20, 0x300, 0xFFFF, 0xABCD]), min_size=8, max_size=8))
def test_ipv6_addresses_are_written_as_rfc_5952_says(groups):
    value = struct.pack("!8H", *groups)
    address = ipaddress.IPv6Address(value)

    text, _ = read_value(28, value)

    mapped = address.ipv4_mapped
    assert text == (f"::ffff:{mapped}" if mapped else address.compressed)


def test_txt_strings_are_cut_at_255_bytes_between_characters():
    text, _ = read_value(16, (b"\xff" + b"a" * 249 + b"\xff" * 6) * 4)

    assert 250 <= len(text) <= 255
    assert text.endswith(("a", "\\255"))


def test_ttl_is_kept_with_its_top_bit():
    record = dns_record("x", bytes(4), 1).replace(struct.pack("!I", 300), b"\xff\xff\xff\xfe")

    _, (row,), _ = read(struct.pack("!6H", 1, 0x8000, 0, 1, 0, 0) + record)

    assert row["ttl_seconds"] == 0xFFFFFFFE


def test_a_compressed_name_is_the_same_however_often_it_is_used():
    pointer = b"\xc0\x0c"
    records = [
        pointer + struct.pack("!HHIH", 5, 1, 60, 6) + b"\3www" + pointer,
        b"\3api" + pointer + struct.pack("!HHIH", 5, 1, 60, 2) + b"\xc0\x0c",
        b"\1x\xc0\x0e" + struct.pack("!HHIH", 12, 1, 60, 2) + b"\xc0\x0e",
        b"\1y\xc0\x0e" + struct.pack("!HHIH", 12, 1, 60, 2) + b"\xc0\x0e",
    ]
    head = struct.pack("!6H", 1, 0x8000, 1, 4, 0, 0) + b"\1a\4test\0" + b"\0\1\0\1"

    (message,), rows, unread = read(head + b"".join(records))

    assert message["name"] == "a.test"
    assert [(row["name"], row["value"]) for row in rows] == [
        ("a.test", "www.a.test"),
        ("api.a.test", "a.test"),
        ("x.test", "test"),
        ("y.test", "test"),
    ]
    assert unread == ()


def test_more_than_256_records_are_not_read():
    record = b"\0" + struct.pack("!HHIH", 1, 1, 60, 4) + bytes(4)

    (_,), records, unread = read(struct.pack("!6H", 1, 0x8000, 0, 300, 0, 0) + record * 300)

    assert len(records) == 256
    assert unread == ((0, "more than 256 records or 16 KiB of text"),)


def test_compression_does_not_make_a_message_grow_without_end():
    long_name = b"".join(b"\x3f" + b"\xff" * 63 for _ in range(3)) + b"\0"
    record = b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 60, 2) + b"\xc0\x0c"
    head = struct.pack("!6H", 1, 0x8000, 1, 250, 0, 0) + long_name + b"\0\1\0\1"

    _, records, unread = read(head + record * 250)

    assert sum(len(row["name"]) for row in records) < 18_000
    assert unread == ((0, "more than 256 records or 16 KiB of text"),)


def test_each_question_of_a_message_is_a_row():
    head = struct.pack("!6H", 1, 0x8000, 2, 1, 0, 0)
    questions = b"\1a\0\0\1\0\1" + b"\1b\xc0\x0c\0\x1c\0\1"

    messages, (record,), unread = read(head + questions + dns_record("c", bytes(4), 1))

    assert [(row["question"], row["name"], row["type"]) for row in messages] == [
        (0, "a", 1),
        (1, "b.a", 28),
    ]
    assert {(row["source"], row["id"], row["questions"], row["answers"]) for row in messages} == {
        (0, 1, 2, 1)
    }
    assert (record["name"], unread) == ("c", ())


@pytest.mark.parametrize(
    ("second", "reason", "names"),
    [
        (b"\1b", "name cut", ["a"]),
        (b"\x80b\0\0\1\0\1", "label of an unknown kind", ["a"]),
        (b"\1b\0\0\1", "question cut", ["a", "b"]),
    ],
)
def test_a_bad_further_question_leaves_those_before_it(second, reason, names):
    head = struct.pack("!6H", 1, 0, 2, 0, 0, 0) + b"\1a\0\0\1\0\1"

    messages, _, unread = read(head + second)

    assert [row["name"] for row in messages] == names
    assert unread == ((0, reason),)


def test_questions_do_not_make_a_message_grow_without_end():
    long_name = b"".join(b"\x3f" + b"\xff" * 63 for _ in range(3)) + b"\0"
    head = struct.pack("!6H", 1, 0, 256, 0, 0, 0) + long_name + b"\0\1\0\1"

    messages, _, unread = read(head + b"\xc0\x0c\0\1\0\1" * 255)

    assert sum(len(row["name"]) for row in messages) < 18_000
    assert unread == ((0, "more than 256 records or 16 KiB of text"),)


def test_opt_with_data_is_left_out_and_what_follows_is_read():
    opt = b"\0" + struct.pack("!HHIH", 41, 1232, 0, 4) + b"\0\x0a\0\0"

    _, (record,), unread = read(
        struct.pack("!6H", 1, 0x8000, 0, 0, 0, 2) + opt + dns_record("c", bytes(4), 1)
    )

    assert (record["section"], record["name"], unread) == ("additional", "c", ())


def test_opt_that_is_cut_is_noted():
    opt = b"\0" + struct.pack("!HHIH", 41, 1232, 0, 40)

    _, records, unread = read(struct.pack("!6H", 1, 0x8000, 0, 0, 0, 1) + opt)

    assert (records, unread) == ([], ((0, "record cut"),))


def framed(*messages):
    return b"".join(struct.pack("!H", len(message)) + message for message in messages)


def test_tcp_carries_several_messages_in_a_payload():
    messages, records, unread = read(
        framed(dns_question("a.test"), WWW), framed(dns_question("b.test")), stream=True
    )

    assert [(row["source"], row["name"], row["transport"]) for row in messages] == [
        (0, "a.test", "tcp"),
        (0, "www.google.com", "tcp"),
        (1, "b.test", "tcp"),
    ]
    assert [row["source"] for row in records] == [0, 0]
    assert unread == ()


def test_tcp_gives_what_is_whole_of_the_last_message():
    stream = framed(dns_question("a.test"), WWW)

    for size in range(len(stream)):
        messages, _, unread = read(stream[:size], stream=True)

        whole = size in (0, 26)
        assert [reason for _, reason in unread] == ([] if whole else ["message cut"])
        assert len(messages) == (size >= 14) + (size >= 40)


def test_tcp_that_is_not_dns_ends_at_once():
    messages, _, unread = read(b"\x16\x03\x01\x02\x00" * 40, b"\0\0" * 30, stream=True)

    assert messages == []
    assert unread == ((0, "not a DNS message"), (1, "shorter than a DNS header"))
