"""Tables of messages -> the same with device and place of both ends, as checks see them."""

from collections.abc import Sequence

from thingwarden.inventory.hosts import END, JOINS
from thingwarden.store import Store
from thingwarden.tables import TEXT, Table, column

FEW_ROWS = 100_000
"""Tables up to here are joined once and kept; larger ones are joined as they are asked."""

ENDS = tuple(
    column(name, TEXT, "") for name in ("src_device", "dst_device", "src_place", "dst_place")
)
"""What each table gets; where it has no rows, to plan a join would take longer than all else."""

NOBODY = "select null::varchar as own_mac, null::varchar as own_ip"
PLACES = """
    create or replace table places as
    select own_mac as mac, own_ip as ip, own_device as device_id, own_place as place
    from (
        select *, {end}
        from (select *, ip_kind(own_ip) as own_kind from ({pairs})) as pairs
        {joins}
    )
"""
"""What stands at each pair of addresses that any table holds: found once for all of them."""

PLACED = """
    select rows.*, src.device_id as src_device, dst.device_id as dst_device,
        src.place as src_place, dst.place as dst_place
    from {table} as rows
    left join places as src
        on src.mac is not distinct from src_mac and src.ip is not distinct from {src_ip}
    left join places as dst
        on dst.mac is not distinct from dst_mac and dst.ip is not distinct from {dst_ip}
"""
"""Rows with both addresses of two ends, and who and what stands there."""


def add_ends(store: Store, tables: Sequence[Table]) -> None:
    """Give each table with both hardware addresses the columns src_device … dst_place."""
    ended = [table for table in tables if {"src_mac", "dst_mac"} <= set(table.schema.names)]
    rows = store.count(ended)
    filled = [table for table in ended if rows[table.name]]
    pairs = [NOBODY, *(_pairs(table, end) for table in filled for end in ("src", "dst"))]
    own = {"end": END.format(end="own"), "joins": JOINS.format(end="own")}
    store.run(PLACES.format(pairs=" union ".join(pairs), **own))
    for table in ended:
        if table in filled:
            kind = "table" if rows[table.name] <= FEW_ROWS else "view"
            store.run(f"create {kind} main.{table.name} as {_join_pairs(table)}")
        else:
            store.create(f"main.{table.name}", (*table.columns, *ENDS))


def _pairs(table: Table, end: str) -> str:
    return f"select {end}_mac as own_mac, {_ip(table, end)} as own_ip from facts.{table.name}"


def _ip(table: Table, end: str) -> str:
    return f"{end}_ip" if f"{end}_ip" in table.schema.names else "null::varchar"


def _join_pairs(table: Table) -> str:
    ips = {"src_ip": _ip(table, "src"), "dst_ip": _ip(table, "dst")}
    return PLACED.format(table=f"facts.{table.name}", **ips)
