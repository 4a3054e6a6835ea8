from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols import llmnr

from tests.messages import dns_answer, dns_question
from tests.protocols.batches import payloads
from tests.protocols.kernels import table_rows


def read(*messages, stream=False):
    readings = llmnr.READER.read(replace(payloads(messages), stream=stream))
    messages_read, records = readings.records
    return table_rows(messages_read), table_rows(records), readings.unread


def test_question_and_answer_are_told():
    messages, (record,), unread = read(
        dns_question("WPAD", flags=0), dns_answer("KÜCHE-PC", ["10.0.0.5"])
    )

    assert [(row["response"], row["name"], row["type"]) for row in messages] == [
        (False, "wpad", 1),
        (True, "kÜche-pc", 1),
    ]
    assert (record["source"], record["name"], record["value"]) == (1, "kÜche-pc", "10.0.0.5")
    assert unread == ()


def test_every_truncation_gives_a_reason():
    whole = dns_answer("printer", ["10.0.0.5"])

    for size in range(len(whole)):
        messages, records, unread = read(whole[:size])

        assert (len(messages), records, len(unread)) == (size >= 12, [], 1)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=80), max_size=3), st.booleans())
def test_any_bytes_give_rows_or_a_reason(messages, stream):
    read(*messages, stream=stream)
