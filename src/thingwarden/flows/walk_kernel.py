"""Streams of messages that tell their own length (MQTT, DNS over TCP): from one to the next."""

import numpy as np

from thingwarden.capture.loads_kernel import be16
from thingwarden.flows.numbers_kernel import after, ahead
from thingwarden.flows.records import DNS_TCP, MQTT
from thingwarden.native import inner


@inner
def read_length(app, data, at, end):
    """Bytes of the head and of the whole message at `at`; (0, 0): too few; (-1, -1): none."""
    if app == DNS_TCP:  # RFC 1035 section 4.2.2
        if at + 2 > end:
            return 0, 0
        length = np.int64(be16(data, at))
        return (2, 2 + length) if length >= 12 else (-1, -1)
    if at + 2 > end:
        return 0, 0
    if data[at] >> 4 == 0:
        return -1, -1
    length = 0
    for index in range(1, 5):  # MQTT 5 section 1.5.5
        if at + index >= end:
            return 0, 0
        byte = np.int64(data[at + index])
        length |= (byte & 127) << (7 * (index - 1))
        if byte < 128:
            return index + 1, index + 1 + length
    return -1, -1


@inner
def _mqtt_wanted(data, at):
    """CONNECT, CONNACK, PUBLISH, SUBSCRIBE, UNSUBSCRIBE, DISCONNECT, AUTH."""
    return (1 << (data[at] >> 4)) & 0b1100_0101_0000_1110 != 0


@inner
def _enough(app, data, at, head, total, end):
    """Whether a message can be read as far as it lies in this segment."""
    if at + total <= end:
        return True
    if app == DNS_TCP:
        return False
    if data[at] >> 4 == 3:
        return at + head + 2 <= end and at + head + 2 + np.int64(be16(data, at + head)) <= end
    return not _mqtt_wanted(data, at)


@inner
def walk(flow, side, data, at, end, seq):
    """First and last byte of the wanted messages in a segment of a walked side.

    Then the offset of one that must be collected; -1: there is none; -2: the side is lost.
    """
    app = flow.app
    place = at + ahead(side.boundary, seq)
    first = last = -1
    if place < at:
        return first, last, -2
    while place < end:
        head, total = read_length(app, data, place, end)
        if head < 0:
            return first, last, -2
        if head == 0 or not _enough(app, data, place, head, total, end):
            return first, last, place
        if app == DNS_TCP or _mqtt_wanted(data, place):
            if app == MQTT and data[place] >> 4 == 1 and place + head + 7 <= end:
                length = np.int64(be16(data, place + head))
                if place + head + 2 + length < end:
                    flow.notes = data[place + head + 2 + length]
            first = place if first < 0 else first
            last = min(place + total, end)
        place += total
    side.boundary = after(seq, place - at)
    return first, last, -1


@inner
def fits(app, data, at, end):
    """Whether a segment is made of whole messages, so that a lost side can go on."""
    for _ in range(64):
        if at == end:
            return True
        head, total = read_length(app, data, at, end)
        if head <= 0 or at + total > end:
            return False
        at += total
    return False
