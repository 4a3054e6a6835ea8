import struct
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols import mdns

from tests.messages import dns_name, dns_record, mdns_announcement
from tests.protocols.batches import payloads
from tests.protocols.kernels import table_rows

KITCHEN = mdns_announcement("Küche", "_hap._tcp.local", "Lamp.local", "192.168.1.20")


def read(*messages, stream=False):
    readings = mdns.READER.read(replace(payloads(messages), stream=stream))
    messages_read, records = readings.records
    return table_rows(messages_read), table_rows(records), readings.unread


def test_an_announcement_gives_its_records_with_names_as_people_wrote_them():
    (message,), records, unread = read(KITCHEN)

    assert (message["response"], message["name"], message["answers"]) == (True, None, 3)
    assert [(row["name"], row["type"], row["class"], row["value"]) for row in records] == [
        ("_hap._tcp.local", 12, 1, "küche._hap._tcp.local"),
        ("küche._hap._tcp.local", 33, 0x8001, "80 lamp.local"),
        ("lamp.local", 1, 0x8001, "192.168.1.20"),
    ]
    assert unread == ()


def test_a_query_keeps_the_bit_that_asks_for_a_direct_answer():
    query = struct.pack("!6H", 0, 0, 1, 0, 0, 0) + dns_name("_hap._tcp.local") + b"\0\x0c\x80\x01"

    (message,), _, _ = read(query)

    assert (message["name"], message["type"], message["class"]) == ("_hap._tcp.local", 12, 0x8001)


def test_every_truncation_keeps_what_is_whole():
    for size in range(len(KITCHEN)):
        messages, records, unread = read(KITCHEN[:size])

        assert len(messages) == (size >= 12)
        assert len(records) < 3
        assert len(unread) == 1


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Küche".encode(), "küche"),
        ("Zoë·Lamp 😀".encode(), "zoë·lamp 😀"),
        (b"a\xff\xc3", "a\\255\\195"),
        ("a\u202eb".encode(), "a\\226\\128\\174b"),
        ("a\x85".encode(), "a\\194\\133"),
        (b"\xed\xa0\x80", "\\237\\160\\128"),
    ],
)
def test_only_bytes_that_cannot_be_shown_are_escaped(label, text):
    wire = bytes([len(label)]) + label + b"\0"

    (message,), _, _ = read(struct.pack("!6H", 0, 0, 1, 0, 0, 0) + wire + b"\0\1\0\1")

    assert message["name"] == text


def test_txt_strings_keep_characters():
    record = dns_record("x", b"\x0ern=Wohnzimmer\xe2\x82\xac", 16).replace(b"\x0e", b"\x10", 1)

    _, (row,), _ = read(struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0) + record)

    assert row["value"] == "rn=Wohnzimmer€"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=120), st.tuples(*[st.integers(0, 4)] * 4))
def test_any_bytes_give_rows_or_a_reason(body, counts):
    read(struct.pack("!6H", 0, 0x8400, *counts) + body, body)
