"""An era beside shifted dates: how many true days it leaves to whoever knows when the data began.

The era is of the true date, and the shift is a multiple of 364 days.  Of all days that the shift may have moved, only
those within the era are possible: an era of a year or less leaves one, three years leave three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rounds.custody.privacy.crowds.people import Frames
from rounds.custody.privacy.plan.treated import COLUMN as ERA
from rounds.custody.privacy.plan.treated import STEP_DAYS, was
from rounds.custody.signs.finding import Finding, Severity
from rounds.data.package import DataPackage, Table

if TYPE_CHECKING:
    import pandas as pd

YEAR_DAYS, WEEK_DAYS = 365, 7
_SPAN = re.compile(r"(?:wave )?(\d+)(?:-(\d+))?")


def find_told_days(package: DataPackage, frames: Frames, era_weeks: int) -> Iterator[Finding]:
    """Yield for each table with an era and a shifted date in how many rows only one true day is possible."""
    for table in package.tables:
        date = _shifted(table)
        if date and ERA in table.names():
            eras, moved = frames[table.name][ERA], frames[table.name][date].notna()
            alone = moved & (_candidates(eras, era_weeks) < 2)
            if alone.any():
                yield _tell(table.name, date, int(alone.sum()), int(moved.sum()))


def _shifted(table: Table) -> str:
    return next((c.name for c in table.columns if was(c, "shift")), "")


def _candidates(eras: pd.Series, era_weeks: int) -> pd.Series:
    """Return how many multiples of 364 days fit into the era of each row; many where it says nothing."""
    fit = {era: _days(str(era), era_weeks) // STEP_DAYS for era in eras.dropna().unique()}
    return eras.map(fit).astype("float64").fillna(float("inf"))


def _days(era: str, era_weeks: int) -> float:
    found = _SPAN.fullmatch(era)
    if found is None:
        return float("inf")
    many = int(found[2] or found[1]) - int(found[1]) + 1
    return many * (era_weeks * WEEK_DAYS if era.startswith("wave") else YEAR_DAYS)


def _tell(table: str, date: str, few: int, total: int) -> Finding:
    return Finding(
        "beyond",
        Severity.LOOK,
        f"{table}.{ERA}",
        f"who knows when the data began finds the true day of {date}: within the era only one day fits",
        few,
        total,
        'Only era = "3-years" (three days are left) or era = "" (no era) keeps the shift a secret; with this era the '
        "expert's determination must not rest on it",
    )
