"""Years that stand still beside dates that move: the year of a visit and its shifted date tell the person's shift."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rounds.custody.privacy.crowds.people import Frames
from rounds.custody.privacy.plan.plan import Step
from rounds.custody.privacy.plan.treated import was, was_treated
from rounds.custody.signs.column_names import is_birth_year, words_of
from rounds.custody.signs.finding import Finding, Severity
from rounds.data.package import DataPackage

if TYPE_CHECKING:
    import pandas as pd

FIRST, LAST = 1900, 2100
_YEAR = re.compile(r"(.*\b)?(year|yr|שנה|שנת)(\b.*)?")
WHY = "a year that stays beside dates that move tells how far they moved: drop it, its date has a year of its own"


def is_year(name: str, values: pd.Series) -> bool:
    """Tell whether a column holds calendar years of something else than a birth."""
    import pandas as pd

    if _YEAR.fullmatch(words_of(name)) is None or is_birth_year(name) or not pd.api.types.is_numeric_dtype(values):
        return False
    known = values.dropna()
    return bool(len(known)) and bool(known.between(FIRST, LAST).all())


def without_still_years(steps: tuple[Step, ...], frames: Frames) -> tuple[Step, ...]:
    """Return the steps without kept years in the tables whose dates move."""
    moving = {step.table for step in steps if step.action == "shift"}
    return tuple(
        replace(s, action="drop", why=WHY)
        if s.table in moving and s.action == "keep" and is_year(s.column, frames[s.table][s.column])
        else s
        for s in steps
    )


def find_still_years(package: DataPackage, frames: Frames) -> Iterator[Finding]:
    """Yield each year of a treated dataset that did not move with the dates of its table."""
    for table in package.tables:
        if not any(was(column, "shift") for column in table.columns):
            continue
        for column in table.columns:
            values = frames[table.name][column.name]
            if not was_treated(column) and is_year(column.name, values):
                known = int(values.notna().sum())
                what = "a year that did not move with the shifted dates beside it: both tell the shift"
                advice = "Drop it, or say in reason why it is no year of a visit"
                yield Finding("year", Severity.STOP, f"{table.name}.{column.name}", what, known, len(values), advice)
