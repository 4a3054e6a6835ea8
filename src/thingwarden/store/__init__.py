"""Facts kept in memory, in Parquet and in a site's folder; the one floor that knows DuckDB."""

from thingwarden.store.facts import Facts
from thingwarden.store.query import Store

__all__ = ["Facts", "Store"]
