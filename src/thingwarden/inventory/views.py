"""Tables of messages -> the same with device and place of both ends, as checks see them."""

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many rows a table has."""

    name: str
    rows: int


def add_ends(store: Store, tables: Sequence[Table]) -> None:
    """Give each table with both hardware addresses the columns src_device … dst_place."""
    ended = [table for table in tables if {"src_mac", "dst_mac"} <= set(table.schema.names)]
    asked = (
        f"select '{one.name}' as name, count(*) as rows from facts.{one.name}" for one in ended
    )
    rows = {count.name: count.rows for count in store.read(Count, " union all ".join(asked))}
    for table in ended:
        kind = "table" if rows[table.name] <= FEW_ROWS else "view"
        query = _join_ends(table) if rows[table.name] else WITHOUT_ROWS.format(table=table.name)
        store.run(f"create {kind} main.{table.name} as {query}")


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
