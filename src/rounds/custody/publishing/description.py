"""What a published part says of itself: what the plan decided is confirmed, and its counts are its own.

The description of a table is drafted at its import, from the original's cells.  The plan decides each column's role, so
it is no longer a draft; a column that holds no numbers any more has no unit to confirm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from rounds.counted import counted
from rounds.custody.privacy.plan.treatment import Treatment
from rounds.data.entry import leave_counts_out
from rounds.data.package import Column, DataPackage

if TYPE_CHECKING:
    import pandas as pd

NUMERIC = ("integer", "number")


def describe_published(package: DataPackage, treatment: Treatment, frames: Mapping[str, pd.DataFrame]) -> DataPackage:
    """Return the description of a part: its columns as the plan left them, with what is missing in its own rows."""
    decided = {done.where for done in treatment.columns if done.role or done.action == "random-id"}
    tables = []
    for table in package.tables:
        frame, where = frames[table.name], f"{table.name}."
        columns = tuple(_describe(c, where + c.name in decided, frame[c.name]) for c in table.columns)
        tables.append(replace(table, columns=columns))
    return replace(package, tables=tuple(tables))


def _describe(column: Column, is_decided: bool, values: pd.Series) -> Column:
    missing = int(values.isna().sum())
    counts = f"Missing in {missing:,} of {counted(len(values), 'row')}." if missing else ""
    note = " ".join(part for part in (counts, leave_counts_out(column.note)) if part)
    return replace(column, note=note, to_confirm=tuple(k for k in column.to_confirm if _is_open(k, column, is_decided)))


def _is_open(key: str, column: Column, is_decided: bool) -> bool:
    """Tell whether somebody must still confirm this of a published column."""
    if key == "role":
        return not is_decided
    return key != "unit" or (column.type in NUMERIC and column.role != "identifier")
