"""A file of labels -> what the user says that each device is."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from thingwarden.errors import LabelError
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.learnt import NAME_LIMIT
from thingwarden.inventory.identification.makers import canonical
from thingwarden.inventory.identification.normal import plain

LARGEST_BYTES = 4 << 20
MOST_ROWS = 100_000

COLUMNS = {
    "mac": ("mac", "mac address", "mac_address", "device", "id", "hardware address"),
    "vendor": ("vendor", "maker", "manufacturer", "brand", "make"),
    "family": ("family", "line", "series"),
    "model": ("model", "product", "model name"),
    "category": ("category", "kind", "type of thing"),
}
"""What each column may be called."""

HEX = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a file says."""

    kinds: Mapping[str, Kind]
    """By hardware address, 12 hex digits."""
    skipped: int
    """Rows that name no device or no maker."""


def read_labels(path: Path) -> Labels:
    """Labels in a CSV file with a header; raises `LabelError` if it cannot be read as such.

    Needed are a column with the hardware address (or the device's id) and one with the maker; model,
    family and category are taken where they are given, other columns are passed over.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise LabelError(f"{path}: cannot be read ({error.strerror})") from error
    if len(data) > LARGEST_BYTES:
        raise LabelError(f"{path}: more than {LARGEST_BYTES >> 20} MiB")
    text = data.decode("utf-8-sig", errors="replace")
    rows = csv.reader(io.StringIO(text))
    try:
        places = _places(path, next(rows, []))
        kinds, skipped = _read_rows(rows, places)
    except csv.Error as error:
        raise LabelError(f"{path}: not a file of labels ({error})") from error
    if not kinds:
        raise LabelError(f"{path}: no row with a hardware address and a maker")
    return Labels(kinds=kinds, skipped=skipped)


def _places(path: Path, header: list[str]) -> dict[str, int]:
    names = [plain(name) for name in header]
    places = {
        field: next((names.index(one) for one in called if one in names), -1)
        for field, called in COLUMNS.items()
    }
    for field in ("mac", "vendor"):
        if places[field] < 0:
            raise LabelError(
                f"{path}: no column {field!r}",
                hint="Expected is CSV with a header such as mac,vendor,model,category.",
            )
    return places


def _read_rows(rows: Iterable[list[str]], places: Mapping[str, int]) -> tuple[dict[str, Kind], int]:
    kinds: dict[str, Kind] = {}
    skipped = 0
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            break
        mac = _mac(_cell(row, places["mac"]))
        vendor = _cell(row, places["vendor"])
        if mac and vendor:
            kinds[mac] = Kind(
                canonical(vendor),
                _cell(row, places["family"]),
                _cell(row, places["model"]),
                _cell(row, places["category"]).lower(),
            )
        else:
            skipped += bool(row)
    return kinds, skipped


def _cell(row: list[str], place: int) -> str:
    """A cell with nothing in it that does not show; case as it is written."""
    if not 0 <= place < len(row):
        return ""
    text = "".join(letter if letter.isprintable() else " " for letter in row[place][:NAME_LIMIT])
    return " ".join(text.split())


def _mac(text: str) -> str:
    digits = text.lower().removeprefix("d-").replace(":", "").replace("-", "").replace(".", "")
    return digits if HEX.fullmatch(digits) else ""
