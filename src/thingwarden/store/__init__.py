"""Rows of facts -> memory, Parquet and SQL: the one module that knows DuckDB and Parquet."""

from thingwarden.store.facts import Facts
from thingwarden.store.query import Reader, Store
from thingwarden.store.said import Label, Told
from thingwarden.store.site import Site

__all__ = ["Facts", "Label", "Reader", "Site", "Store", "Told"]
