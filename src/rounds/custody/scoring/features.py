"""The part of the hold-out that a team gets: no outcome, nothing that is known after the prediction.

In the first table a column stays when its value is known by the moment of prediction.  The other tables are given only
when the challenge names a time zero: in a table with times each row and each cell is cut at the time zero of the
person's unit.  Where a unit is a day by count, such as day -3 of a transplant, day 0 itself is known.  A table without
times keeps the columns known by then, for people who are seen in the others; when it has several rows of a person, only
those that belong to a row which is kept elsewhere, such as a stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.privacy.crowds.people import person_of_rows
from rounds.custody.scoring.held import Held, shared_key, time_zeros
from rounds.custody.scoring.task import Task, find_time_zero, known_by, moment
from rounds.data.package import Column, DataPackage, Table
from rounds.data.shelf.shelf import HOLD_OUT as SUFFIX

if TYPE_CHECKING:
    import pandas as pd

DAY_NS = 86_400_000_000_000
ALIKE = 4  # characters with which the names of a day and of its time begin alike
NOTICE = "The hold-out: predict the outcome of each row of the first table. What was known only later is left out."


def build_features(held: Held, task: Task, answers: pd.DataFrame) -> tuple[DataPackage, dict[str, pd.DataFrame]]:
    """Return the hold-out without outcomes as a package of its own, and its tables."""
    first, when = held.package.table, moment(task, held.package)
    names = [c.name for c in first.columns if _stays_in_first(c, first, held.package, task, when)]
    frames = {first.name: held.units.iloc[answers["place"]][names].reset_index(drop=True)}
    if task.time_zero:
        frames |= _cut_others(held, task, answers, frames, when)
    return _describe(held.package, frames), frames


def _cut_others(
    held: Held, task: Task, answers: pd.DataFrame, frames: Mapping[str, pd.DataFrame], when: str
) -> dict[str, pd.DataFrame]:
    """Return the tables beside the first, as they were known at each person's time zero."""
    zero, others = _time_zero(held, task, answers), held.package.tables[1:]
    certain = _find_anchor(held, task, answers)
    cut = {}
    for table in (one for one in others if times_of(one)):
        frame = held.frames[table.name]
        passed = Passed.at(frame, table, _zero_of_rows(held, table, zero), certain.get(table.name, {}))
        cut[table.name] = cut_table(frame, table, passed, held.package, when)
    seen = _people_seen(held, {**frames, **cut}, answers)
    return cut | {t.name: _keep_known(held, t, when, seen, cut) for t in others if not times_of(t)}


def times_of(table: Table) -> list[Column]:
    """Return the columns that hold a time."""
    return [column for column in table.columns if column.type == "datetime"]


def cut_table(frame: pd.DataFrame, table: Table, passed: Passed, package: DataPackage, when: str) -> pd.DataFrame:
    """Return what is known of a table's rows at each row's time zero; a row of which nothing is known goes."""
    cut = frame.copy()
    for column in table.columns:
        known = _is_known(column, passed, package, when)
        cut[column.name] = frame[column.name] if known.all() else _nullable(frame[column.name]).where(known)
    return cut[passed.some(passed.names)].drop_duplicates().reset_index(drop=True)


def _nullable(values: pd.Series) -> pd.Series:
    """Return values that can be missing and keep their type: a code 12 stays 12 and does not become 12.0."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(values):
        return values.astype("boolean")
    return values.astype("Int64") if pd.api.types.is_integer_dtype(values) else values


@dataclass(frozen=True)
class Passed:
    """Which times of each row have passed at its time zero, and which are still to come."""

    columns: tuple[Column, ...]
    known: Mapping[str, np.ndarray]
    pending: Mapping[str, np.ndarray]

    @classmethod
    def at(
        cls, frame: pd.DataFrame, table: Table, zero: pd.Series, certain: Mapping[str, np.ndarray] | None = None
    ) -> Passed:
        """Compare every time of a table with the time zero of its row; where there is none, nothing has passed.

        ``certain`` names, for a column, the rows whose time is known whether or not it has passed.
        """
        columns = tuple(times_of(table))
        ends = _find_ends(frame, [c.name for c in columns])
        known = {name: (end <= zero).fillna(False).to_numpy(bool) for name, end in ends.items()}
        for name, rows in (certain or {}).items():
            known[name] = known[name] | (rows & frame[name].notna().to_numpy())
        pending = {c.name: frame[c.name].notna().to_numpy() & ~known[c.name] for c in columns}
        return cls(columns, known, pending)

    @property
    def names(self) -> list[str]:
        """The names of the time columns."""
        return [column.name for column in self.columns]

    def some(self, names: list[str]) -> np.ndarray:
        """Return for each row whether one of these times has passed."""
        found: np.ndarray = np.logical_or.reduce([self.known[name] for name in names])
        return found

    def over(self, names: list[str]) -> np.ndarray:
        """Return for each row whether one of these times has passed and none is to come."""
        found: np.ndarray = self.some(names) & ~np.logical_or.reduce([self.pending[name] for name in names])
        return found


def _is_known(column: Column, passed: Passed, package: DataPackage, when: str) -> np.ndarray:
    """Tell for each row whether a cell is known: by its own time, else by the times that bring its event.

    A key that is known by the prediction stands in every row that has begun.  Any other cell without a time of its own
    is known when the row is over: the two rows of unborn twins must not differ.
    """
    if column.name in passed.known:
        return passed.known[column.name]
    own = [time.name for time in passed.columns if column.available and time.available == column.available]
    is_key = column.role == "identifier" and known_by(column, package, when)
    if not own and is_key:
        return passed.some(passed.names)
    return passed.over(own or passed.names)


def _find_ends(frame: pd.DataFrame, names: list[str]) -> dict[str, pd.Series]:
    """Return the moment at which each time has passed: a column of whole days holds days, and a day passes at its end.

    Where a column of nearly the same name holds the same days with their time, as OMOP's ``measurement_datetime`` does
    of ``measurement_date``, that time counts.
    """
    import pandas as pd

    times = {name: pd.to_datetime(frame[name]) for name in names}
    days = {name for name in names if _are_days(times[name])}
    return {name: _end_days(name, times, days) if name in days else times[name] for name in names}


def _are_days(times: pd.Series) -> bool:
    filled = times.dropna()
    return len(filled) > 0 and bool((filled == filled.dt.normalize()).all())


def _end_days(name: str, times: Mapping[str, pd.Series], days: set[str]) -> pd.Series:
    """Return the last moment of each day, or the time of that day where its clock tells it."""
    import pandas as pd

    alike = {other: _count_alike(name, other) for other in times if other not in days}
    clock = max(alike, key=lambda other: alike[other], default="")
    ends = times[name] + pd.Timedelta(DAY_NS - 1, "ns")
    if alike.get(clock, 0) < ALIKE or not _is_same_day(times[name], times[clock]):
        return ends
    return times[clock].where(times[name].notna()).fillna(ends)


def _count_alike(name: str, other: str) -> int:
    """Return the number of characters with which both names begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(name, other, strict=False)))


def _is_same_day(days: pd.Series, times: pd.Series) -> bool:
    both = days.notna() & times.notna()
    return bool(both.any() and (times[both].dt.normalize() == days[both]).all())


def _stays_in_first(column: Column, table: Table, package: DataPackage, task: Task, when: str) -> bool:
    if column.name in task.unit or column.name == table.person:
        return True
    if column.name == task.outcome or column.role in ("outcome", "identifier"):
        return False
    return known_by(column, package, when)


def _find_anchor(held: Held, task: Task, answers: pd.DataFrame) -> dict[str, dict[str, np.ndarray]]:
    """Return the rows that hold the day 0 of a scored unit: who knows a day by its count from day 0 knows day 0."""
    table, column = find_time_zero(task, held.package)
    if not task.time_zero_plus_days or table is held.package.table:
        return {}
    key = shared_key(held, table)
    scored = held.units[key].iloc[answers["place"]]
    return {table.name: {column.name: held.frames[table.name][key].isin(scored).to_numpy()}}


def _time_zero(held: Held, task: Task, answers: pd.DataFrame) -> pd.Series:
    """Return the time zero of each group."""
    import pandas as pd

    times = time_zeros(held, task).iloc[answers["place"]]
    return pd.Series(times.to_numpy(), index=answers["group"].to_numpy())


def _zero_of_rows(held: Held, table: Table, zero: pd.Series) -> pd.Series:
    """Return the time zero of each row's group; a row of a group that is not scored, or of nobody, has none."""
    import pandas as pd

    groups = held.groups.get(table.name)
    if groups is None:
        return pd.Series(pd.NaT, index=held.frames[table.name].index, dtype="datetime64[ns]")
    return groups.map(zero)


def _people_seen(held: Held, frames: Mapping[str, pd.DataFrame], answers: pd.DataFrame) -> set[object]:
    """Return the people whom the kept rows name: a child that is not born yet is not among them."""
    owners = person_of_rows(held.package, {**held.frames, **frames})
    seen: set[object] = set()
    for name in frames:
        if name in owners:
            seen |= set(owners[name].dropna())
    first = person_of_rows(held.package, held.frames)[held.package.table.name]
    return seen | set(first.iloc[answers["place"]])


def _keep_known(
    held: Held, table: Table, when: str, seen: set[object], cut: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return what is known by then of a table without times."""
    frame, owners = held.frames[table.name], person_of_rows(held.package, held.frames).get(table.name)
    names = [c.name for c in table.columns if c.role == "identifier" or known_by(c, held.package, when)]
    if owners is None:
        rows = frame
    elif owners.dropna().is_unique:
        rows = frame[owners.isin(seen)]
    else:
        rows = frame[owners.isin(seen) & _belongs_to_kept(frame, table, cut)]
    return rows[[n for n in names if table.column(n).role != "outcome"]].reset_index(drop=True)


def _belongs_to_kept(frame: pd.DataFrame, table: Table, cut: Mapping[str, pd.DataFrame]) -> np.ndarray:
    """Tell which rows name a record that is kept in a table with times; without such a key nobody could say when."""
    belongs = np.zeros(len(frame), bool)
    for key in (name for name in table.names("identifier") if name != table.person):
        kept = [other[key].dropna() for other in cut.values() if key in other.columns]
        for values in kept:
            belongs |= frame[key].isin(values).to_numpy()
    return belongs


def _describe(package: DataPackage, frames: Mapping[str, pd.DataFrame]) -> DataPackage:
    tables = tuple(
        replace(t, columns=tuple(c for c in t.columns if c.name in frames[t.name].columns))
        for t in package.tables
        if t.name in frames
    )
    return replace(
        package,
        name=package.name + SUFFIX,
        title=f"{package.title}: the hold-out",
        notice=f"{NOTICE} {package.notice}".strip(),
        tables=tables,
        seed=None,
    )
