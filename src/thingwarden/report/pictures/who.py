"""Contacts -> who talks with whom: devices on the left, whom they talk with on the right."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from thingwarden.model import Contact, DeviceId
from thingwarden.report.naming import shorten_company
from thingwarden.report.pictures.svg import Picture, box, cut, drawing, path, text, top
from thingwarden.report.words import count, size

TITLE = "Who talks with whom"
MOST_DEVICES = 12
MOST_PEERS = 16
MOST_ROWS = 60
WIDE, NARROW = 760, 340
PITCH = 30
HEAD = 26
FONT = 13
OTHERS = "\N{BULLET}"
"""Key of what is drawn together; no name of a peer is this."""

PLACES = {
    "internet": "on the Internet",
    "device": "in this network",
    "local": "in this network",
    "gateway": "the way out",
    "group": "announcements",
}

QUIET_PLACES = ("gateway", "group")

PROTECTION = {True: "encrypted", False: "readable", None: "unknown"}


@dataclass(slots=True)
class Link:
    """What flows between two ends of the picture, summed up."""

    bytes: int = 0
    readable: int = 0
    encrypted: int = 0
    outside: bool = False
    """Whether some of it goes to the Internet or another device: the router and announcements are
    readable in every home, and are drawn quietly."""

    def add(self, contact: Contact) -> None:
        """Count a contact in."""
        amount = max(0, contact.sent_bytes) + max(0, contact.received_bytes)
        self.bytes += amount
        self.readable += amount if contact.encrypted is False else 0
        self.encrypted += amount if contact.encrypted else 0
        self.outside |= contact.place not in QUIET_PLACES

    @property
    def protection(self) -> bool | None:
        """Readable if a tenth or more is; encrypted if most is; else not known."""
        if self.readable * 10 >= self.bytes:
            return False
        return True if self.encrypted * 2 > self.bytes else None

    @property
    def kind(self) -> str:
        """Its class in the drawing."""
        return f"link {PROTECTION[self.protection]}" + ("" if self.outside else " quiet")


@dataclass(slots=True)
class Ends:
    """The two columns of the picture and the links between them."""

    left: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    links: dict[tuple[str, str], Link] = field(default_factory=dict)
    left_over: int = 0
    right_over: int = 0
    notes: dict[str, str] = field(default_factory=dict)
    """What stands small under a peer's name."""


def draw_who(contacts: Sequence[Contact], labels: Mapping[DeviceId, str]) -> Picture | None:
    """The picture; None if nobody talked."""
    if not contacts:
        return None
    ends = _arrange(contacts, labels)
    says = _describe(contacts, ends)
    drawings = tuple(
        drawing(f"who-{width}", TITLE, says, size=(width, _height(ends)), body=_body(ends, width))
        for width in (WIDE, NARROW)
    )
    left_out = len(contacts) - MOST_ROWS
    return Picture(
        id="who",
        title=TITLE,
        says=says,
        drawings=drawings,
        heads=("Device", "With", "Where", "How", "Sent", "Received"),
        rows=tuple(_row(contact, labels) for contact in contacts[:MOST_ROWS]),
        numbers_from=4,
        note=f"The table has the {MOST_ROWS} largest of {count(len(contacts), 'contact')}."
        if left_out > 0
        else "",
    )


def peer_name(contact: Contact, labels: Mapping[DeviceId, str]) -> str:
    """What a person would call the other end."""
    if contact.peer_device:
        return labels.get(contact.peer_device, contact.peer)
    if contact.place == "gateway":
        return "your router"
    if contact.place == "group":
        return "everybody nearby"
    return contact.peer


def _row(contact: Contact, labels: Mapping[DeviceId, str]) -> tuple[str, ...]:
    return (
        labels.get(contact.device_id, contact.device_id),
        contact.peer if contact.place == "group" else peer_name(contact, labels),
        _where(contact),
        f"{contact.app}, {PROTECTION[contact.encrypted]}",
        size(max(0, contact.sent_bytes)),
        size(max(0, contact.received_bytes)),
    )


def _where(contact: Contact) -> str:
    provider = shorten_company(contact.provider) if contact.provider else ""
    known = [part for part in (contact.country, provider) if part]
    return ", ".join(known) or PLACES.get(contact.place, contact.place)


def _arrange(contacts: Sequence[Contact], labels: Mapping[DeviceId, str]) -> Ends:
    """The largest devices and peers; all others are drawn as one each."""
    ends = Ends()
    left: dict[str, float] = defaultdict(float)
    right: dict[str, float] = defaultdict(float)
    for contact in contacts:
        amount = 1 + max(0, contact.sent_bytes) + max(0, contact.received_bytes)
        left[labels.get(contact.device_id, contact.device_id)] += amount
        right[peer_name(contact, labels)] += amount
        ends.notes.setdefault(peer_name(contact, labels), _where(contact))
    ends.left, ends.left_over = top(list(left.items()), MOST_DEVICES)
    ends.right, ends.right_over = top(list(right.items()), MOST_PEERS)
    known_left, known_right = set(ends.left), set(ends.right)
    for contact in contacts:
        device = labels.get(contact.device_id, contact.device_id)
        peer = peer_name(contact, labels)
        key = (
            device if device in known_left else OTHERS,
            peer if peer in known_right else OTHERS,
        )
        ends.links.setdefault(key, Link()).add(contact)
    _untangle(ends)
    ends.left += [OTHERS] if ends.left_over else []
    ends.right += [OTHERS] if ends.right_over else []
    return ends


def _untangle(ends: Ends) -> None:
    """Order each side by the mean place of its partners, so that fewer links cross."""
    for _ in range(3):
        ends.right.sort(key=lambda peer: (_mean(ends, peer, left=False), peer))
        ends.left.sort(key=lambda device: (_mean(ends, device, left=True), device))


def _mean(ends: Ends, key: str, *, left: bool) -> float:
    order = ends.right if left else ends.left
    place = {other: number for number, other in enumerate(order)}
    total = weight = 0.0
    for (device, peer), link in ends.links.items():
        mine, other = (device, peer) if left else (peer, device)
        if mine == key and other in place:
            heavy = math.log2(2 + link.bytes)
            total, weight = total + heavy * place[other], weight + heavy
    return total / weight if weight else len(order)


def _height(ends: Ends) -> float:
    return HEAD + PITCH * max(len(ends.left), len(ends.right)) + 6


def _body(ends: Ends, width: float) -> str:
    """Links first, so that names lie above them."""
    column = 0.27 * width if width > NARROW else 0.37 * width
    start, stop = column + 8, width - column - 8
    rows = {
        side: _spread(keys, _height(ends)) for side, keys in (("l", ends.left), ("r", ends.right))
    }
    most = max((link.bytes for link in ends.links.values()), default=1)
    parts = [
        text((column, 14), "device", kind="axis", anchor="end"),
        text((width - column, 14), "talks with", kind="axis"),
    ]
    for (device, peer), link in sorted(ends.links.items(), key=lambda item: -item[1].bytes):
        from_y, to_y = rows["l"][device], rows["r"][peer]
        middle = (start + stop) / 2
        curve = f"M{start:g} {from_y:.1f}C{middle:g} {from_y:.1f} {middle:g} {to_y:.1f} {stop:g} {to_y:.1f}"
        hint = f"{_named(device, ends.left_over)} with {_named(peer, ends.right_over)}: {size(link.bytes)}, {PROTECTION[link.protection]}"
        parts.append(
            path(
                curve,
                link.kind,
                hint=hint,
                width=_weight(link.bytes, most),
            )
        )
    for device, y in rows["l"].items():
        parts.append(box((column + 3, y - 7), (5, 14), "end"))
        name = cut(_named(device, ends.left_over), column, FONT)
        parts.append(text((column - 3, y + 4.5), name, kind="name", anchor="end"))
    for peer, y in rows["r"].items():
        parts += _peer(peer, ends, (width - column, y), column)
    return "".join(parts)


def _peer(peer: str, ends: Ends, place: tuple[float, float], room: float) -> list[str]:
    x, y = place
    note = cut(ends.notes.get(peer, ""), room, 11)
    name = cut(_named(peer, ends.right_over), room, FONT)
    return [
        box((x - 8, y - 7), (5, 14), "end"),
        text((x + 3, y + (0 if note else 4.5)), name, kind="name"),
        text((x + 3, y + 12), note, kind="small") if note else "",
    ]


def _spread(keys: Sequence[str], height: float) -> dict[str, float]:
    """Even rows down the whole height."""
    pitch = (height - HEAD) / max(1, len(keys))
    return {key: HEAD + pitch * (number + 0.5) for number, key in enumerate(keys)}


def _weight(amount: int, most: int) -> float:
    """Width of a link: by the square root, or small ones would not be seen."""
    return 1 + 6 * math.sqrt(amount / max(1, most))


def _named(key: str, over: int) -> str:
    return count(over, "other") if key == OTHERS else key


def _describe(contacts: Sequence[Contact], ends: Ends) -> str:
    links = [item for item in ends.links.items() if OTHERS not in item[0]]
    sentence = (
        f"{count(len({contact.device_id for contact in contacts}), 'device')} talked with"
        f" {count(len(ends.right) - bool(ends.right_over) + ends.right_over, 'other')}."
    )
    if not links:
        return sentence
    (device, peer), link = max(links, key=lambda item: item[1].bytes)
    readable = sum(link.outside and link.protection is False for link in ends.links.values())
    return (
        f"{sentence} The most went between {device} and {peer}: {size(link.bytes)}."
        f" {count(readable, 'link')} to the Internet or other devices can be read by others on the way."
    )
