"""Tables of messages -> the same with device and place of both ends, as checks see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from thingwarden.store import Store
from thingwarden.tables import Table

FEW_ROWS = 2_000_000
"""Tables up to here are joined once and kept; larger ones are joined as they are asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many rows a table has."""

    rows: int


def add_ends(store: Store, tables: Sequence[Table]) -> None:
    """Give each table with both hardware addresses the columns src_device … dst_place."""
    for table in tables:
        names = table.schema.names
        if "src_mac" not in names or "dst_mac" not in names:
            continue
        store.run(f'alter view "{table.name}" rename to "{table.name}_facts"')
        count = store.read(Count, f'select count(*) as rows from "{table.name}_facts"')[0].rows
        kind = "table" if count <= FEW_ROWS else "view"
        store.run(f'create {kind} "{table.name}" as {_joined(table.name, "src_ip" in names)}')


def _joined(name: str, has_ip: bool) -> str:  # noqa: FBT001  # private, one caller
    ends = []
    for end in ("src", "dst"):
        ip = f"coalesce({end}_ip, '')" if has_ip else "''"
        ends.append(
            f"left join hosts as {end} on {end}.mac = coalesce(facts.{end}_mac, '') and {end}.ip = {ip}"
        )
    return f"""
        select facts.*, src.device_id as src_device, dst.device_id as dst_device,
            coalesce(src.place, 'none') as src_place, coalesce(dst.place, 'none') as dst_place
        from "{name}_facts" as facts
        {" ".join(ends)}
    """
