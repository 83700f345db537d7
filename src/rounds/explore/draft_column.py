"""Draft a column's description from its cells; what was guessed stays "to be confirmed"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rounds.counted import counted
from rounds.data.numbers import is_number
from rounds.data.package import Column

if TYPE_CHECKING:
    import pandas as pd

GUESSED = ("unit", "role", "available")
MOST_LEVELS = 20
_BOOLEANS = {"true": True, "false": False}


def draft_column(name: str, cells: pd.Series) -> tuple[Column, pd.Series]:
    """Return a draft of the column and its typed values."""
    values = _type_values(cells)
    kind = _type_name(values)
    column = Column(
        name=name,
        type=kind,
        role="identifier" if _is_row_number(values) else "feature",
        levels=_levels(values) if kind == "string" else (),
        note=_note(cells, values),
        to_confirm=GUESSED if kind in ("integer", "number") else ("role", "available"),
    )
    return column, values


def _type_values(cells: pd.Series) -> pd.Series:
    import pandas as pd

    if not pd.api.types.is_string_dtype(cells):
        return cells
    filled = cells.mask(cells.str.strip() == "")
    known = filled.dropna()
    numeric = known[known != "NA"]
    if len(numeric) and numeric.map(is_number).all():
        return _to_number(filled.mask(filled == "NA"))
    if len(known) == len(cells) and known.str.lower().isin(list(_BOOLEANS)).all():
        return known.str.lower().map(_BOOLEANS).astype("bool")
    return filled


def _to_number(cells: pd.Series) -> pd.Series:
    import pandas as pd

    whole = cells.notna().all() and not cells.str.contains(r"[.eE]").any()
    return pd.to_numeric(cells).astype("int64" if whole else "float64")


def _type_name(values: pd.Series) -> str:
    import pandas as pd

    types = pd.api.types
    if types.is_bool_dtype(values):
        return "boolean"
    if types.is_integer_dtype(values):
        return "integer"
    if types.is_numeric_dtype(values):
        return "number"
    return "datetime" if types.is_datetime64_any_dtype(values) else "string"


def _is_row_number(values: pd.Series) -> bool:
    if _type_name(values) != "integer" or len(values) < 3:
        return False
    steps = values.diff().dropna()
    return bool((steps == 1).all() and values.iloc[0] in (0, 1))


def _levels(values: pd.Series) -> tuple[str, ...]:
    found = sorted(values.dropna().unique())
    return tuple(found) if len(found) <= MOST_LEVELS else ()


def _note(cells: pd.Series, values: pd.Series) -> str:
    missing = int(values.isna().sum())
    notes = []
    if _is_row_number(values):
        notes.append("Counts the rows of the file; it says nothing about a person.")
    if missing:
        notes.append(f"Missing in {missing:,} of {counted(len(cells), 'row')}.")
    return " ".join(notes)
