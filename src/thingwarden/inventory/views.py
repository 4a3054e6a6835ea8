"""Tables of messages -> the same with device and place of both ends, as checks see them."""

from collections.abc import Sequence

from thingwarden.inventory.hosts import END, JOINS
from thingwarden.store import Store
from thingwarden.tables import Table

FEW_ROWS = 100_000
"""Tables up to here are joined once and kept; larger ones are joined as they are asked."""

WITHOUT_ROWS = """
    select *, null::varchar as src_device, null::varchar as dst_device,
        null::varchar as src_place, null::varchar as dst_place
    from facts.{table}
"""
"""To plan the joins takes longer than anything else where there is nothing to join."""

PAIRS = """
    create or replace temp table placed_pairs as
    select own_mac as mac, own_ip as ip, own_device as device_id, own_place as place
    from (
        select *, {end}
        from (select *, ip_kind(own_ip) as own_kind from ({pairs})) as pairs
        {joins}
    )
"""
"""What stands at each pair of addresses that small tables hold: found once for all of them."""

WITH_PAIRS = """
    select facts.*, src.device_id as src_device, dst.device_id as dst_device,
        src.place as src_place, dst.place as dst_place
    from facts.{table} as facts
    left join placed_pairs as src
        on src.mac is not distinct from src_mac and src.ip is not distinct from {src_ip}
    left join placed_pairs as dst
        on dst.mac is not distinct from dst_mac and dst.ip is not distinct from {dst_ip}
"""


def add_ends(store: Store, tables: Sequence[Table]) -> None:
    """Give each table with both hardware addresses the columns src_device … dst_place."""
    ended = [table for table in tables if {"src_mac", "dst_mac"} <= set(table.schema.names)]
    rows = store.count(ended)
    few = [table for table in ended if 0 < rows[table.name] <= FEW_ROWS]
    if few:
        pairs = " union ".join(
            f"{_pairs(table, 'src')} union {_pairs(table, 'dst')}" for table in few
        )
        own = {"end": END.format(end="own"), "joins": JOINS.format(end="own")}
        store.run(PAIRS.format(pairs=pairs, **own))
    for table in ended:
        if not rows[table.name]:
            made = f"create table main.{table.name} as {WITHOUT_ROWS.format(table=table.name)}"
        elif table in few:
            made = f"create table main.{table.name} as {_join_pairs(table)}"
        else:
            made = f"create view main.{table.name} as {_join_ends(table)}"
        store.run(made)


def _pairs(table: Table, end: str) -> str:
    return f"select {end}_mac as own_mac, {_ip(table, end)} as own_ip from facts.{table.name}"


def _ip(table: Table, end: str) -> str:
    return f"{end}_ip" if f"{end}_ip" in table.schema.names else "null::varchar"


def _join_pairs(table: Table) -> str:
    ips = {"src_ip": _ip(table, "src"), "dst_ip": _ip(table, "dst")}
    return WITH_PAIRS.format(table=table.name, **ips)


def _join_ends(table: Table) -> str:
    """The rows of a table with what is known of both ends; without IP the hardware address tells."""
    columns = ", ".join(f'facts."{name}"' for name in table.schema.names)
    has_ip = "src_ip" in table.schema.names
    ips = "" if has_ip else ", null::varchar as src_ip, null::varchar as dst_ip"
    kinds = "ip_kind(src_ip) as src_kind, ip_kind(dst_ip) as dst_kind"
    return f"""
        select {columns}, src_device, dst_device, src_place, dst_place
        from (
            select *, {END.format(end="src")}, {END.format(end="dst")}
            from (select *, {kinds} from (select *{ips} from facts.{table.name})) as sides
            {JOINS.format(end="src")}
            {JOINS.format(end="dst")}
        ) as facts
    """
