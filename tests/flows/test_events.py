"""Messages on streams and in datagrams -> rows with the frames that they were seen in."""

import struct

import pytest

from tests import frames
from tests.flows.observed import observe, values
from tests.home import Home

SERVER = "93.184.215.14"


@pytest.fixture
def home():
    return Home()


def request(path, host="a.example"):
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


def answer(body=b"hello", status="200 OK"):
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def test_each_question_has_its_own_answer(home):
    stream = home.device("plug").connects(SERVER, 80)
    asked = [stream.asks(request(f"/{number}")) for number in range(1)]
    stream.answers(answer())
    asked.append(stream.asks(request("/second")))
    answered = stream.answers(answer(status="404 Not Found"))

    rows = observe(home.capture())["http"]

    assert values(rows, "path") == ["/0", "/second"]
    assert values(rows, "status") == [200, 404]
    assert values(rows, "frame") == asked
    assert rows[1]["answer_frame"] == answered
    assert len({row["flow_id"] for row in rows}) == 1


def test_pipelined_questions_are_told_apart(home):
    stream = home.device("plug").connects(SERVER, 80)
    stream.asks(request("/a") + request("/b") + request("/c"))
    stream.answers(answer(b"1") + answer(b"22") + answer(b"333"))

    rows = observe(home.capture())["http"]

    assert values(rows, "path") == ["/a", "/b", "/c"]
    assert values(rows, "answer_bytes") == [1, 2, 3]


def test_a_head_in_small_pieces_is_put_together(home):
    stream = home.device("plug").connects(SERVER, 80)
    message = request("/pieces")
    first = stream.asks(message[:9])
    for at in range(9, len(message), 5):
        stream.asks(message[at : at + 5])

    (row,) = observe(home.capture())["http"]

    assert (row["path"], row["host"], row["frame"]) == ("/pieces", "a.example", first)
    assert row["status"] is None


def test_an_interim_answer_is_not_the_answer(home):
    stream = home.device("plug").connects(SERVER, 80)
    stream.asks(request("/a"))
    stream.answers(b"HTTP/1.1 100 Continue\r\n\r\n")
    stream.answers(answer())

    assert values(observe(home.capture())["http"], "status") == [200]


def test_an_answer_without_a_question_is_a_row_seen_from_the_client(home):
    device, server = home.device("plug"), home.place(SERVER)
    segment = frames.tcp((server.ip, device.ip), (80, 40000), frames.ACK, payload=answer())
    home.carries(server, device, frames.ip(server.ip, device.ip, segment, 6))

    (row,) = observe(home.capture())["http"]

    assert (row["src_ip"], row["dst_ip"], row["status"]) == (device.ip, SERVER, 200)
    assert row["method"] is None


def test_segments_in_any_order_give_the_same_hello(home):
    device = home.device("plug")
    device.speaks_tls(SERVER, "hello.example")
    straight = observe(home.capture())["tls"]
    payloads = [index for index, (_, frame) in enumerate(home.records) if len(frame) > 200]
    first, second = payloads[0], payloads[0] + 1
    time_us, frame = home.records[first]
    head, tail = split_tcp(frame, 50)
    home.records[first : first + 1] = [(time_us, tail), (time_us, head)]

    (row,) = observe(home.capture())["tls"]

    assert second > first
    assert (row["sni"], row["ja4"]) == ("hello.example", straight[0]["ja4"])


def split_tcp(frame, size):
    """An Ethernet frame with a TCP segment as two: the first `size` bytes, and the rest."""
    head_bytes = 14 + 20 + (frame[46] >> 4) * 4
    head, payload = frame[:head_bytes], frame[head_bytes:]
    sequence = struct.unpack_from("!I", head, 38)[0]

    def part(start, piece):
        changed = bytearray(head + piece)
        struct.pack_into("!H", changed, 16, len(changed) - 14)
        struct.pack_into("!I", changed, 38, sequence + start)
        return bytes(changed)

    return part(0, payload[:size]), part(size, payload[size:])


def test_tls_behind_a_proxy_request_is_found(home):
    device = home.device("plug")
    device.speaks_tls(SERVER, "inner.example", port=8080)
    plain = home.records[3][1]
    hello = plain[14 + 20 + (plain[46] >> 4) * 4 :]
    home.records.clear()
    stream = device.connects(SERVER, 8080)
    stream.asks(b"CONNECT inner.example:443 HTTP/1.1\r\nHost: inner.example\r\n\r\n")
    stream.answers(b"HTTP/1.1 200 Connection established\r\n\r\n")
    stream.asks(hello)

    rows = observe(home.capture())

    assert values(rows["tls"], "sni") == ["inner.example"]
    assert values(rows["http"], "method") == ["CONNECT"]


def test_whether_both_sides_went_on_after_the_handshake_is_told(home):
    home.device("plug").speaks_tls(SERVER, "a.example")

    (row,) = observe(home.capture())["tls"]

    assert (row["client_went_on"], row["server_went_on"]) == (True, True)


def test_mqtt_messages_that_cross_segments_are_read(home):
    connect = b"\x10\x12\x00\x04MQTT\x04\x02\x00\x3c\x00\x06camera"
    publish = b"\x30\x18\x00\x0fhome/hall/light" + b"on-off!"
    stream = home.device("plug").connects("192.168.1.2", 1883)
    stream.asks(connect[:5])
    stream.asks(connect[5:] + publish + publish[:8])
    stream.asks(publish[8:])

    rows = observe(home.capture())["mqtt"]

    assert values(rows, "kind") == ["connect", "publish", "publish"]
    assert values(rows, "topic") == [None, "home/hall/light", "home/hall/light"]
    assert rows[0]["client_id"] == "camera"


def test_a_large_publish_is_one_row_and_the_next_message_is_found(home):
    topic = b"\x00\x04data"
    large = b"\x30" + bytes([0x80 | 0x08, 0x27]) + topic + bytes(5000 - 6)
    stream = home.device("plug").connects("192.168.1.2", 1883)
    stream.asks(large + b"\x30\x09\x00\x05after-!")

    rows = observe(home.capture())["mqtt"]

    assert values(rows, "topic") == ["data", "after"]


def test_dns_over_tcp_is_read_message_by_message(home):
    question = struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0) + b"\x01a\x07example\0" + b"\0\1\0\1"
    framed = struct.pack("!H", len(question)) + question
    stream = home.device("plug").connects("192.168.1.1", 53)
    stream.asks(framed + framed[:9])
    stream.asks(framed[9:])

    rows = observe(home.capture())["dns"]

    assert values(rows, "name") == ["a.example", "a.example"]
    assert values(rows, "transport") == ["tcp", "tcp"]


def test_secrets_are_in_no_row(home):
    device = home.device("camera")
    device.logs_in_by_telnet("192.168.1.20", user="joshua-the-user")
    stream = device.connects(SERVER, 80)
    stream.asks(
        b"GET /x?key=hidden-query HTTP/1.1\r\nAuthorization: Basic aGlkZGVuLXVzZXI6cHc=\r\n\r\n"
    )
    stream = device.connects("192.168.1.21", 21)
    stream.answers(b"220 ready\r\n")
    stream.asks(b"USER hidden-user\r\nPASS hidden-pass\r\n")
    stream.answers(b"230 ok\r\n")

    rows = observe(home.capture())
    text = repr(dict(rows))

    assert rows["telnet"]
    assert rows["ftp"][0]["sent_password"]
    assert rows["http"][0]["credentials"] == "basic"
    assert "hidden" not in text
    assert "joshua-the-user" not in text
    assert "aGlkZGVu" not in text


def test_announcements_that_repeat_are_rows_with_frames_of_their_own(home):
    sent = [home.device("tv").announces_by_ssdp() for _ in range(5)]

    assert values(observe(home.capture())["ssdp"], "frame") == sent


def test_what_cannot_be_read_is_counted_once_per_kind(home):
    device = home.device("plug")
    for _ in range(3):
        home.datagram(device, home.router, (5000, 53), b"\0\1\2")

    (row,) = observe(home.capture())["problems"]

    assert (row["part"], row["count"], row["frame"]) == ("dns", 3, 1)


def test_frames_without_ip_are_counted_by_sender_and_kind(home):
    device = home.device("plug")
    for _ in range(4):
        home.sends(frames.ethernet(device.mac, "01:80:c2:00:00:0e", b"\2\7", 0x88CC))

    (row,) = observe(home.capture())["ethernet"]

    assert (row["src_mac"], row["kind"], row["packets"]) == (device.mac, "lldp", 4)
