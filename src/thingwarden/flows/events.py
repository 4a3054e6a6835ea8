"""Datagrams, messages in packets and windows of streams -> rows of every protocol's table."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from thingwarden.capture import kinds
from thingwarden.capture.packets import Packets
from thingwarden.flows import records
from thingwarden.flows.collect import Collector, Emit, context_of, each
from thingwarden.flows.exchanges import Exchanges, Half
from thingwarden.flows.repeated import Repeated
from thingwarden.flows.rows import flow_rows
from thingwarden.protocols import (
    arp,
    coap,
    dhcp,
    dhcpv6,
    dns,
    ftp,
    http,
    icmp,
    llmnr,
    mdns,
    mqtt,
    ndp,
    ntp,
    portmap,
    quic,
    rtsp,
    ssdp,
    ssh,
    telnet,
    tls,
    upnp,
)
from thingwarden.protocols.reader import (
    ColumnReader,
    ExchangeReader,
    MessageReader,
    Payloads,
    Readings,
    Row,
)
from thingwarden.tables import FLOWS, Table

DATAGRAM_READERS: dict[int, ColumnReader | MessageReader] = {
    kinds.ARP: arp.READER,
    kinds.NDP: ndp.READER,
    kinds.ICMP: icmp.READER,
    kinds.DHCP: dhcp.READER,
    kinds.DHCPV6: dhcpv6.READER,
    kinds.DNS: dns.READER,
    kinds.MDNS: mdns.READER,
    kinds.LLMNR: llmnr.READER,
    kinds.SSDP: ssdp.READER,
    kinds.COAP: coap.READER,
    kinds.NTP: ntp.READER,
    kinds.QUIC: quic.READER,
    kinds.PORTMAP: portmap.NATPMP_READER,
}
"""Who reads the datagrams of each kind."""

STREAM_READERS: dict[int, ExchangeReader] = {
    records.TLS: tls.READER,
    records.HTTP: http.READER,
    records.SSH: ssh.READER,
    records.FTP: ftp.READER,
    records.TELNET: telnet.READER,
    records.RTSP: rtsp.READER,
}
"""Who reads the two sides of each stream."""

STREAMED = np.isin(np.arange(256), list(STREAM_READERS))
HALF_FIELDS = ["app", "role", "ordinal", "done", "frame", "time_us", "flow_id"]
"""What is needed of a window's slot to read what it holds."""

Read = Callable[[bytes], Sequence[Row]]

WALKED_READERS: dict[int, ColumnReader] = {records.MQTT: mqtt.READER, records.DNS_TCP: dns.READER}
"""Who reads streams that are walked from message to message."""

BODY_READERS: tuple[MessageReader, ...] = (upnp.READER, portmap.SOAP_READER)
"""Who looks into HTTP messages that carry XML."""

READER_TABLES: tuple[Table, ...] = tuple(
    dict.fromkeys(
        table
        for reader in (
            *DATAGRAM_READERS.values(),
            *STREAM_READERS.values(),
            *WALKED_READERS.values(),
            *BODY_READERS,
        )
        for table in (reader.tables if isinstance(reader, ColumnReader) else (reader.table,))
    )
)
"""The table of every protocol."""

MESSAGE_READERS = tuple(
    reader
    for reader in (*DATAGRAM_READERS.values(), *BODY_READERS)
    if isinstance(reader, MessageReader)
)

NO_PORTS = (kinds.ARP, kinds.NDP, kinds.ICMP)
INTERIM_STATUS = b" 1"

Note = Callable[[int | None, str, str, int], None]
"""Called with frame, part, what could not be read, and how often."""


class Events:
    """Reads what the tracker and the datagrams of a capture hold, and emits rows."""

    def __init__(self, emit: Emit, note: Note) -> None:
        self._emit = emit
        self._note = note
        self._capture = 0
        self._collectors: dict[str, Collector] = {}
        self._reads: dict[str, Read] = {
            reader.name: reader.start() if reader.remembers else Repeated(reader.start())
            for reader in MESSAGE_READERS
        }
        self._halves = {
            app: (Repeated(reader.read_client), Repeated(reader.read_server))
            for app, reader in STREAM_READERS.items()
        }
        self._exchanges = {
            app: Exchanges(reader, self._collector(reader.table))
            for app, reader in STREAM_READERS.items()
        }
        self._finished: list[tuple[NDArray[np.void], NDArray[np.void]]] = []
        self._finished_count = 0

    def begin(self, capture: int) -> None:
        """Go on with another capture; `flush` was called for the one before."""
        self._capture = capture
        self._reads |= {
            reader.name: reader.start() for reader in MESSAGE_READERS if reader.remembers
        }
        for collector in self._collectors.values():
            collector.capture = capture

    def flush(self) -> None:
        """Emit all that was gathered."""
        for exchanges in self._exchanges.values():
            exchanges.flush()
        for collector in self._collectors.values():
            collector.flush()
        self._emit_flows()

    def packets(self, packets: Packets) -> None:
        """Read the datagrams of a batch."""
        wanted = np.flatnonzero(packets.rows["kind"])
        found = packets.rows["kind"][wanted]
        present = np.flatnonzero(np.bincount(found, minlength=256))
        for kind in present:
            reader = DATAGRAM_READERS.get(int(kind))
            if reader is not None:
                self._datagrams(reader, int(kind), packets, wanted[found == kind])

    def _datagrams(
        self,
        reader: ColumnReader | MessageReader,
        kind: int,
        packets: Packets,
        indices: NDArray[np.int64],
    ) -> None:
        rows = packets.rows[indices]
        frames = indices + packets.first_frame
        contexts = context_of(rows, frames, 0 if kind in NO_PORTS else 17)
        start = rows["payload_at"].astype(np.int64)
        end = start + rows["payload_captured"]
        if isinstance(reader, ColumnReader):
            hint = rows["ip_version"] if kind == kinds.ICMP else np.zeros(len(rows), np.uint8)
            payloads = Payloads(
                data=packets.data, start=start, end=end, hint=np.ascontiguousarray(hint)
            )
            self._columns(reader, reader.read(payloads), contexts)
            return
        view = packets.data.data
        collector = self._collector(reader.table)
        for frame, context, first, last in zip(
            frames.tolist(), each(contexts), start.tolist(), end.tolist(), strict=True
        ):
            for row in self._message(reader, bytes(view[first:last]), frame):
                collector.add_row(context, row)

    def _columns(
        self, reader: ColumnReader, readings: Readings, contexts: NDArray[np.void]
    ) -> None:
        for part in readings.records:
            if len(part.source):
                self._collector(part.table).add_columns(contexts[part.source], part.columns)
        for index, reason in readings.unread:
            self._note(int(contexts["frame"][index]), reader.name, reason, 1)

    def _message(self, reader: MessageReader, data: bytes, frame: int) -> Sequence[Row]:
        try:
            return self._reads[reader.name](data)
        except ValueError as error:
            self._note(frame, reader.name, str(error), 1)
            return ()

    def pieces(self, packets: Packets, pieces: NDArray[np.void]) -> None:
        """See `track.Listener`."""
        for app, reader in WALKED_READERS.items():
            mine = pieces[pieces["app"] == app]
            if not len(mine):
                continue
            rows = packets.rows[mine["row"]]
            contexts = context_of(rows, mine["row"] + packets.first_frame, 6)
            payloads = Payloads(
                data=packets.data,
                start=np.ascontiguousarray(mine["start"]),
                end=np.ascontiguousarray(mine["end"]),
                hint=np.ascontiguousarray(mine["hint"]),
                stream=True,
            )
            self._columns(reader, reader.read(payloads), contexts)

    def windows(
        self, slots: NDArray[np.void], numbers: NDArray[np.int32], windows: NDArray[np.uint8]
    ) -> None:
        """See `track.Listener`."""
        chosen = slots[numbers]
        for app, reader in WALKED_READERS.items():
            mine = np.flatnonzero((chosen["app"] == app) & (chosen["done"] > 0))
            if len(mine):
                self._walked_windows(reader, chosen[mine], numbers[mine], windows)
        read = np.flatnonzero(STREAMED[chosen["app"]] & (chosen["done"] > 0))
        self._blank(chosen[read], numbers[read], windows)
        contexts = each(context_of(chosen[read], chosen["frame"][read], 6))
        for context, slot, number in zip(
            contexts, chosen[HALF_FIELDS][read].tolist(), numbers[read].tolist(), strict=True
        ):
            self._half(slot, context, windows[number, : slot[3]].tobytes())

    def _blank(
        self, slots: NDArray[np.void], numbers: NDArray[np.int32], windows: NDArray[np.uint8]
    ) -> None:
        for app, reader in STREAM_READERS.items():
            mine = slots["app"] == app
            if reader.blank is not None and mine.any():
                start = numbers[mine].astype(np.int64) * records.WINDOW_BYTES
                reader.blank(windows.reshape(-1), start, start + slots["done"][mine])

    def _walked_windows(
        self,
        reader: ColumnReader,
        slots: NDArray[np.void],
        numbers: NDArray[np.int32],
        windows: NDArray[np.uint8],
    ) -> None:
        start = numbers.astype(np.int64) * records.WINDOW_BYTES
        whole = (slots["need"] > 0) & (slots["need"] < slots["done"])  # more follows: not ours
        payloads = Payloads(
            data=windows.reshape(-1),
            start=start,
            end=start + np.where(whole, slots["need"], slots["done"]),
            hint=np.ascontiguousarray(slots["hint"]),
            stream=True,
        )
        self._columns(reader, reader.read(payloads), context_of(slots, slots["frame"], 6))

    def _half(self, slot: tuple[int, ...], context: bytes, data: bytes) -> None:
        """Read one side's message; `slot` has `HALF_FIELDS`."""
        app, role, ordinal, _, frame, time_us, flow_id = slot
        exchanges = self._exchanges[app]
        if app == records.HTTP and b"xml" in data:
            self._bodies(data, context, frame)
        client = role != records.SERVER
        if app == records.HTTP and not client and data[8:10] == INTERIM_STATUS:
            exchanges.answer(flow_id, ordinal, None)
            return
        read_client, read_server = self._halves[app]
        try:
            row = read_client(data) if client else read_server(data)
        except ValueError as error:
            self._note(frame, STREAM_READERS[app].name, str(error), 1)
            return
        take = exchanges.question if client else exchanges.answer
        take(flow_id, ordinal, Half(context, frame, time_us, row))

    def _bodies(self, data: bytes, context: bytes, frame: int) -> None:
        for reader in BODY_READERS:
            for row in self._message(reader, data, frame):
                self._collector(reader.table).add_row(context, row)

    def ended(self, flows: NDArray[np.void], sides: NDArray[np.void]) -> None:
        """See `track.Listener`."""
        for app, exchanges in self._exchanges.items():
            for flow in flows[flows["app"] == app][["flow_id", "notes"]].tolist():
                exchanges.ended(*flow)
        self._finished.append((flows, sides))
        self._finished_count += len(flows)
        if self._finished_count >= records.BATCH_FLOWS:
            self._emit_flows()

    def _emit_flows(self) -> None:
        if self._finished:
            flows = np.concatenate([flows for flows, _ in self._finished])
            sides = np.concatenate([sides for _, sides in self._finished])
            self._emit(FLOWS, flow_rows(self._capture, flows, sides))
        self._finished, self._finished_count = [], 0

    def _collector(self, table: Table) -> Collector:
        name = table.name
        if name not in self._collectors:
            self._collectors[name] = Collector(table, self._emit)
            self._collectors[name].capture = self._capture
        return self._collectors[name]
