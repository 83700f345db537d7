"""Years that do not move beside dates that do: the year of a visit and its shifted date tell the person's shift."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rounds.custody.privacy.crowds.people import Frames
from rounds.custody.privacy.plan.plan import ColumnStep, Plan
from rounds.custody.signs.column_names import is_birth_year, words_of
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


def without_unmoved_years(steps: tuple[ColumnStep, ...], frames: Frames) -> tuple[ColumnStep, ...]:
    """Return the steps without kept years in the tables whose dates move."""
    moving = {step.table for step in steps if step.action == "shift"}
    return tuple(
        replace(s, action="drop", why=WHY)
        if s.table in moving and s.action == "keep" and is_year(s.column, frames[s.table][s.column])
        else s
        for s in steps
    )


def find_unmoved_years(plan: Plan, package: DataPackage, frames: Frames) -> str:
    """Return why a plan is refused that keeps a year beside dates that move; empty where none, or for a reason."""
    for before, after in zip(plan.steps, without_unmoved_years(plan.steps, frames), strict=True):
        if before is not after and not before.reason:
            return (
                f"{before.where} is a year that stays beside dates that move, and both tell how far they moved. Write "
                'action = "drop", or say in reason why it is no year of a visit.'
            )
    return ""
