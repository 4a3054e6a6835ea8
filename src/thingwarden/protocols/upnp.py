"""UPnP descriptions -> what a device says that it is (UPnP Device Architecture 2.0, section 2)."""

from collections.abc import Callable, Sequence
from xml.parsers import expat

from thingwarden.protocols.body import read_content
from thingwarden.protocols.reader import MessageReader, Row
from thingwarden.protocols.text import one_line, read_status, split_head
from thingwarden.tables import FLAG, TEXT, column, message_table

NAMESPACE = b"urn:schemas-upnp-org:device-1-"  # section 2.3, device-1-0 in nearly all
NAMESPACE_WITHIN = 2048  # it stands in the root element, after at most a few comments
MAX_DEVICES = 16
MAX_VALUE = 1024  # characters of a value before it is cleaned

FIELDS = (
    "UDN",
    "deviceType",
    "friendlyName",
    "manufacturer",
    "modelName",
    "modelNumber",
    "modelDescription",
)
"""Elements of a device in the order of the columns; the serial number is left where it is."""

UPNP = message_table(
    "upnp",
    "one row per device description, embedded devices too",
    (
        column("udn", TEXT, "unique device name"),
        column("device_type", TEXT, "device type"),
        column("friendly_name", TEXT, "name for people"),
        column("manufacturer", TEXT, "manufacturer"),
        column("model_name", TEXT, "model name"),
        column("model_number", TEXT, "model number"),
        column("model_description", TEXT, "model description"),
        column("embedded", FLAG, "true for a device inside another's description"),
    ),
)


class _Description:
    """Collects the devices of a description while expat walks through it."""

    def __init__(self) -> None:
        self.devices: list[tuple[dict[str, str], bool]] = []
        self._open: list[dict[str, str]] = []
        self._text: list[str] | None = None
        self._length = 0

    def start(self, name: str, _attributes: object) -> None:
        name = name.rpartition(":")[2]
        self._text = [] if name in FIELDS and self._open else None
        self._length = 0
        if name == "device":
            device: dict[str, str] = {}
            if len(self.devices) < MAX_DEVICES:
                self.devices.append((device, bool(self._open)))
            self._open.append(device)

    def text(self, text: str) -> None:
        if self._text is not None and self._length < MAX_VALUE:
            self._text.append(text[:MAX_VALUE])
            self._length += len(text)

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if self._text is not None:
            self._open[-1].setdefault(name, "".join(self._text))
            self._text = None
        elif name == "device" and self._open:
            self._open.pop()

    def rows(self) -> Sequence[Row]:
        return tuple(
            (*(_value(device.get(field)) for field in FIELDS), embedded)
            for device, embedded in self.devices
            if device
        )


def read_message(data: bytes) -> Sequence[Row]:
    """One row per device in one HTTP answer, the root device first; none if it is no description.

    A description that is cut gives what is complete in it. Raises `ValueError` if it declares a
    document type, or if its XML is broken before the first device says anything.
    """
    if not data.startswith(b"HTTP/1."):
        return ()
    line, fields, body = split_head(data)
    if read_status(line, b"HTTP/1.") != 200 or not body:
        return ()
    content = read_content(fields, body)
    if NAMESPACE not in content[:NAMESPACE_WITHIN]:
        return ()
    return _read_description(content)


def _read_description(content: bytes) -> Sequence[Row]:
    description = _Description()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = description.start
    parser.CharacterDataHandler = description.text
    parser.EndElementHandler = description.end
    parser.StartDoctypeDeclHandler = _refuse
    valid = content.decode("utf-8", "replace").encode()
    try:
        parser.Parse(valid, False)  # noqa: FBT003 -- takes no keyword; False: it may be cut
    except expat.ExpatError as error:
        if not any(device for device, _ in description.devices):
            raise ValueError("XML is broken") from error
    return description.rows()


def _refuse(*_: object) -> None:
    raise ValueError("XML with a document type")


def _value(text: str | None) -> str | None:
    return one_line(text.encode()) or None if text else None


def _start() -> Callable[[bytes], Sequence[Row]]:
    return read_message


READER = MessageReader(name="upnp", table=UPNP, start=_start)
