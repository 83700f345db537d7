"""Rows without a person: they cannot be shifted, counted in k, or divided by people, so they stop at the first step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rounds.counted import counted
from rounds.custody.privacy.plan.plan import Plan
from rounds.custody.privacy.treating.crowd import take_out
from rounds.custody.signs.finding import Finding, Severity
from rounds.data.package import DataPackage, Table

if TYPE_CHECKING:
    import pandas as pd

ADVICE = 'Import it again with the ids filled in, or write without_person = "drop" at the top of the plan'


def find_rows_without_person(package: DataPackage, frames: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Return a finding for each table with rows whose person is empty."""
    found = []
    for table in package.tables:
        if rows := int(_lacks_person(table, frames[table.name]).sum()):
            what = f"rows with no {table.person}: they are nobody's, so they can be neither shifted nor counted in k"
            found.append(Finding("nobody", Severity.STOP, table.name, what, rows, len(frames[table.name]), ADVICE))
    return found


def find_undecided(plan: Plan, package: DataPackage, frames: Mapping[str, pd.DataFrame]) -> str:
    """Return why a plan is refused that does not say what becomes of rows without a person; empty where all is well."""
    if plan.without_person:
        return ""
    for found in find_rows_without_person(package, frames):
        rows = f"{counted(found.count, 'row')} of {found.total:,}"
        return f"{found.where} has {found.what} ({rows}). {ADVICE}, and they are taken out and counted."
    return ""


def take_out_rows_without_person(
    package: DataPackage, frames: dict[str, pd.DataFrame]
) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """Return the tables without rows whose person is empty and what hangs on them; and how many went from each."""
    left = frames
    for table in package.tables:
        empty = _lacks_person(table, left[table.name]).to_numpy()
        left = take_out(package, left, table, empty) if empty.any() else left
    gone = {name: len(frames[name]) - len(left[name]) for name in frames}
    return left, {name: rows for name, rows in gone.items() if rows}


def _lacks_person(table: Table, frame: pd.DataFrame) -> pd.Series:
    import pandas as pd

    if not table.person:
        return pd.Series(False, index=frame.index)
    person = frame[table.person]
    return person.isna() | (person == "") if pd.api.types.is_string_dtype(person) else person.isna()
