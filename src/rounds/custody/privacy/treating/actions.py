"""Carry out a plan's decisions, column by column; the search for k comes after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.privacy.crowds.people import linkage_groups, person_of_rows
from rounds.custody.privacy.crowds.views import QUASI
from rounds.custody.privacy.findings.dates import TOP_AGE
from rounds.custody.privacy.plan.plan import ColumnStep, Plan
from rounds.custody.privacy.plan.treated import note_of
from rounds.custody.privacy.treating.known_people import NO_NAMES, KnownPeople, find_known
from rounds.custody.privacy.treating.random_ids import apply_ids, build_ids
from rounds.custody.privacy.treating.redaction import redact
from rounds.custody.privacy.treating.shifting import (
    count_from_first,
    draw_shifts,
    shift_birth_years,
    shift_dates,
    to_dates,
)
from rounds.data.package import Column, DataPackage, Table
from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

OLDEST = TOP_AGE + 1
DATED = {"shift", "since-first", "birth-year"}


@dataclass(frozen=True)
class Secrets:
    """What never leaves the custodian's side: ids and shifts."""

    ids: dict[str, pd.Series]
    shifts: pd.Series
    groups: pd.Series


@dataclass(frozen=True)
class TreatedRows:
    """The person, the group and the shift of each row, before any id changes; and the names and ids that go."""

    person: dict[str, pd.Series]
    secrets: Secrets
    known: KnownPeople = NO_NAMES

    def group(self, table: str) -> pd.Series:
        """Return the group of each row."""
        return self.person[table].map(self.secrets.groups)

    def days(self, table: str) -> pd.Series:
        """Return the shift of each row."""
        return self.person[table].map(self.secrets.shifts)


def draw_secrets(plan: Plan, package: DataPackage, frames: dict[str, pd.DataFrame]) -> Secrets:
    """Draw the random ids of every id domain and the shift of every linkage group."""
    domains: dict[str, list[pd.Series]] = {}
    for step in plan.steps:
        if step.action == "random-id":
            domains.setdefault(step.ids or step.column, []).append(frames[step.table][step.column])
    ids = {domain: build_ids(columns) for domain, columns in domains.items()}
    if not person_of_rows(package, frames):
        return _without_people(plan, ids)
    groups = linkage_groups(package, frames, plan.linkage)
    return Secrets(ids, draw_shifts(groups), groups)


def apply_plan(
    plan: Plan, package: DataPackage, frames: dict[str, pd.DataFrame], secrets: Secrets
) -> tuple[DataPackage, dict[str, pd.DataFrame], dict[str, int]]:
    """Return the treated package and frames, and how many values were blanked in each column."""
    rows = TreatedRows(person_of_rows(package, frames), secrets, find_known(plan, package, frames))
    first, last = _first_events(plan, frames, rows), _last_years(plan, frames, rows)
    tables, done, blanked = [], {}, {}
    for table in package.tables:
        columns, frame = [], {}
        for column in table.columns:
            step = plan.step(table.name, column.name) or ColumnStep(table.name, column.name)
            if step.action == "drop":
                continue
            values, blanked[step.where] = _blank(step, frames[table.name][column.name])
            values = _as_word(column, step, _act(step, values, rows, first, last))
            frame[column.name] = values
            columns.append(_describe(column, step, values))
        tables.append(replace(table, columns=tuple(columns), person=table.person if table.person in frame else None))
        done[table.name] = _frame(frame, frames[table.name])
    return replace(package, tables=tuple(tables)), done, {k: n for k, n in blanked.items() if n}


def _act(step: ColumnStep, values: pd.Series, rows: TreatedRows, first: pd.Series, last: pd.Series) -> pd.Series:
    if step.action == "random-id":
        return apply_ids(values, rows.secrets.ids[step.ids or step.column])
    if step.action == "year":
        return _years(step, values, rows, bool(rows_are_shifted(last)))
    if step.action == "top-code":
        return values.where(~(values > TOP_AGE), OLDEST)
    if step.action == "prefix":
        return values.astype("str").str.slice(0, step.characters)
    if step.action == "redact":
        return redact(values, rows.known)
    if step.action in DATED and step.table not in rows.person:
        raise DataError(f'{step.where}: the action "{step.action}" needs the person of each row. Write person = "...".')
    if step.action == "shift":
        return shift_dates(step.where, values, rows.days(step.table))
    if step.action == "since-first":
        return count_from_first(step.where, values, rows.group(step.table), first)
    if step.action == "birth-year":
        last_year = rows.person[step.table].map(last)
        return shift_birth_years(step.where, values, rows.days(step.table) * rows_are_shifted(last), last_year, OLDEST)
    return values


def _years(step: ColumnStep, values: pd.Series, rows: TreatedRows, shifted: bool) -> pd.Series:
    """Return years that moved with the person's other dates: a true year beside a shifted date tells the shift."""
    moves = shifted and step.table in rows.person
    dates = shift_dates(step.where, values, rows.days(step.table)) if moves else to_dates(step.where, values)
    years: pd.Series = dates.dt.year.astype("float64")
    return years


def _as_word(column: Column, step: ColumnStep, values: pd.Series) -> pd.Series:
    """Return the codes of a quasi-identifier as words: codes are kept or grouped, and never banded as numbers."""
    import pandas as pd

    if (step.role or column.role) != QUASI or not column.code_system or not pd.api.types.is_integer_dtype(values):
        return values
    return values.astype("str")


def rows_are_shifted(last: pd.Series) -> int:
    """Return 1 when the plan shifts dates, so that years of birth move with them, and 0 otherwise."""
    return int(bool(last.attrs.get("shifted", False)))


def _first_events(plan: Plan, frames: dict[str, pd.DataFrame], rows: TreatedRows) -> pd.Series:
    """Return the first event of each group over all columns that are counted from it."""
    import pandas as pd

    parts = []
    for step in plan.steps:
        if step.action == "since-first" and step.table in rows.person:
            values = frames[step.table][step.column]
            values = values if pd.api.types.is_numeric_dtype(values) else to_dates(step.where, values)
            parts.append(values.groupby(rows.group(step.table)).min())
    if len({part.dtype.kind for part in parts}) > 1:
        raise DataError("since-first cannot count from dates and from day numbers in one plan. Shift one of them.")
    return pd.concat(parts).groupby(level=0).min() if parts else pd.Series(dtype="float64")


def _last_years(plan: Plan, frames: dict[str, pd.DataFrame], rows: TreatedRows) -> pd.Series:
    """Return the year of each person's last event, after the shift where the plan shifts."""
    import pandas as pd

    parts, shifted = [], any(step.action == "shift" and step.table in rows.person for step in plan.steps)
    for step in plan.steps:
        if step.action in ("shift", "year") and step.table in rows.person:
            dates = to_dates(step.where, frames[step.table][step.column])
            if shifted:
                dates = shift_dates(step.where, dates, rows.days(step.table))
            parts.append(dates.dt.year.groupby(rows.person[step.table]).max())
    last = pd.concat(parts).groupby(level=0).max() if parts else pd.Series(dtype="float64")
    last.attrs["shifted"] = shifted
    return last


def _blank(step: ColumnStep, values: pd.Series) -> tuple[pd.Series, int]:
    if step.lowest is None and step.highest is None and not step.blank:
        return values, 0
    bad = values.isin(list(step.blank))
    if step.lowest is not None:
        bad |= values < step.lowest
    if step.highest is not None:
        bad |= values > step.highest
    return values.mask(bad) if bad.any() else values, int(bad.sum())


def _describe(column: Column, step: ColumnStep, values: pd.Series) -> Column:
    import pandas as pd

    types = pd.api.types
    kind = "datetime" if types.is_datetime64_any_dtype(values) else column.type
    if types.is_float_dtype(values) and kind in ("integer", "string", "datetime"):
        kind = "number"
    if types.is_string_dtype(values):
        kind = "string"
    levels = column.levels if step.action == "keep" else ()
    role = "identifier" if step.action == "random-id" else step.role or column.role
    unit = "d" if step.action == "since-first" else column.unit
    note = f"{column.note} {note_of(step.action)}".strip()
    return replace(column, type=kind, role=role, unit=unit, levels=levels, note=note)


def _frame(columns: dict[str, pd.Series], old: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns, index=old.index)


def _without_people(plan: Plan, ids: dict[str, pd.Series]) -> Secrets:
    import pandas as pd

    if any(step.action in DATED for step in plan.steps):
        raise DataError('No column tells people apart, so dates cannot be treated by person. Write person = "...".')
    return Secrets(ids, pd.Series(dtype=np.int64), pd.Series(dtype=np.int64))


def with_person(package: DataPackage, plan: Plan) -> DataPackage:
    """Return the package whose tables name their person column: the plan's, or one that holds people's ids."""
    return replace(package, tables=tuple(_name_person(table, plan) for table in package.tables))


def _name_person(table: Table, plan: Plan) -> Table:
    if table.person or not plan.person:
        return table
    alike = [s.column for s in plan.steps if s.table == table.name and s.ids == plan.person and s.action == "random-id"]
    candidates = [plan.person] if plan.person in table.names() else alike
    return replace(table, person=candidates[0]) if candidates else table
