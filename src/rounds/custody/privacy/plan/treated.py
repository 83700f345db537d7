"""What was done to a column, as its note in the data package says it: the one place that writes and reads the words."""

from __future__ import annotations

from rounds.data.package import Column

OTHER, ANY = "other", "any"
COLUMN = "era"
STEP_DAYS = 364  # 52 weeks: weekday and season stay (`treating/shifting.py`)
TREATED = "De-identified: "


def note_of(action: str) -> str:
    """Return the sentence for the note of a column; nothing for one that was kept."""
    return "" if action == "keep" else f"{TREATED}{action}."


def was(column: Column, action: str) -> bool:
    """Tell whether an action was applied to a column."""
    return note_of(action) in column.note
