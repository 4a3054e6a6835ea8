"""Every limit and time-out that a user may want to know, in one place."""

from thingwarden.flows.records import (
    ACTIVE_US,
    IDLE_US,
    TALK_BYTES,
    WINDOW_BYTES,
    WINDOWS,
)

__all__ = ["ACTIVE_US", "IDLE_US", "SLICES", "SPILL_BYTES", "TALK_BYTES", "WINDOWS", "WINDOW_BYTES"]

SPILL_BYTES = 64 << 20
"""Facts held in memory before they are written to Parquet in a temporary folder."""

SLICES = 96
"""Slices of time in pictures of activity: quarters of an hour for a day."""
