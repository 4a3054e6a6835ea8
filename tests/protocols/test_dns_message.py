import struct
from dataclasses import replace

import pytest

from thingwarden.protocols import dns_message, dns_name_kernel
from thingwarden.protocols.dns import DNS, DNS_ANSWERS

from tests.messages import dns_answer, dns_question
from tests.protocols.batches import payloads
from tests.protocols.kernels import table_rows


def read(messages, *, stream=False):
    made = dns_message.read_messages(replace(payloads(messages), stream=stream), (DNS, DNS_ANSWERS))
    return [table_rows(records) for records in made.records], made.unread


@pytest.mark.parametrize("stream", [False, True])
def test_little_room_gives_the_same_rows(monkeypatch, stream):
    messages = [dns_answer(f"host{n}.test", ["10.0.0.1", "fe80::1"]) for n in range(90)]
    messages.insert(40, b"junk that is not dns")
    messages.insert(70, dns_question("cut.test")[:20])
    if stream:
        framed = [struct.pack("!H", len(message)) + message for message in messages]
        messages = [b"".join(framed[at : at + 7]) for at in range(0, len(framed), 7)]
    much = read(messages, stream=stream)

    monkeypatch.setattr(dns_message, "MAX_ROWS", 4)
    monkeypatch.setattr(dns_message, "MAX_TEXT_BYTES", 40)

    assert read(messages, stream=stream) == much
    assert len(much[0][0]) > 80


def test_each_reason_of_the_kernel_has_its_text():
    assert dns_message.REASONS[dns_name_kernel.MESSAGE_CUT] == "message cut"
    assert dns_message.REASONS[dns_name_kernel.LONG] == "name over 255 bytes"
    assert dns_message.REASONS[dns_name_kernel.MANY].startswith("more than 256 records")
    assert len(dns_message.REASONS) == dns_name_kernel.MESSAGE_CUT + 1
