"""The rows of held-out people, and which of them are scored: one unit for each linkage group, drawn at random.

Two units of one person tell on each other: a later day at risk says that the earlier one went well, a later birth names
the earlier weight.  So one is drawn, and its weight is the number of units that it stands for: figures are those of all
units, and nothing of a person is known after the unit's time zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rounds.counted import counted
from rounds.custody.privacy.crowds.people import linkage_groups, person_of_rows
from rounds.custody.scoring.task import Task, check_task, find_time_zero
from rounds.data.package import DataPackage, Table
from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

LEAST = 10


@dataclass(frozen=True)
class Held:
    """All rows of held-out people: the tables, and the linkage group of each row of the tables that have one."""

    package: DataPackage
    frames: Mapping[str, pd.DataFrame]
    groups: Mapping[str, pd.Series]

    @property
    def units(self) -> pd.DataFrame:
        """The first table: one row for each unit of analysis."""
        return self.frames[self.package.table.name]


def hold(package: DataPackage, frames: Mapping[str, pd.DataFrame], linkage: tuple[str, ...] = ()) -> Held:
    """Return the rows of held-out people with the group of each row."""
    people = person_of_rows(package, frames)
    if package.table.name not in people:
        raise DataError(f'"{package.name}" does not say whose row is whose, so it cannot be held out by people.')
    groups = linkage_groups(package, frames, linkage)
    return Held(package, frames, {name: owner.map(groups) for name, owner in people.items()})


def draw_answers(held: Held, task: Task, seed: int, least: int = LEAST) -> pd.DataFrame:
    """Return the units to score: their ids, outcome, group, weight, and their place in the first table."""
    check_task(task, held.package)
    units, group = held.units, held.groups[held.package.table.name]
    fits = find_scorable(units, task) & group.notna()
    fits &= time_zeros(held, task).notna() if task.time_zero else True
    order = np.random.default_rng(seed).permutation(np.flatnonzero(fits.to_numpy()))
    shuffled = group.iloc[order]
    chosen = np.sort(order[~shuffled.duplicated().to_numpy()])
    sizes = group[fits].value_counts()
    answers = units.iloc[chosen][list(task.unit)].assign(
        outcome=units[task.outcome].iloc[chosen].astype("float64"),
        group=group.iloc[chosen],
        weight=group.iloc[chosen].map(sizes).astype("float64"),
        place=chosen,
    )
    check_size(answers, task, least)
    return answers.sort_values(list(task.unit)).reset_index(drop=True)


def find_scorable(units: pd.DataFrame, task: Task) -> pd.Series:
    """Tell which rows have an outcome, a plausible one, and an id of their own."""
    outcome = units[task.outcome]
    fits = outcome.notna() & units[list(task.unit)].notna().all(axis=1)
    fits &= ~units.duplicated(list(task.unit), keep=False)
    if task.outcome_range:
        fits &= outcome.astype("float64").between(task.outcome_range[0], task.outcome_range[1])
    return fits


def time_zeros(held: Held, task: Task) -> pd.Series:
    """Return the time zero of each row of the first table: from its own column, or through a key of another table."""
    import pandas as pd

    table, column = find_time_zero(task, held.package)
    if table is held.package.table:
        times = pd.to_datetime(held.units[column.name])
    else:
        key, other = shared_key(held, table), held.frames[table.name]
        times = held.units[key].map(other.dropna(subset=key).set_index(key)[column.name])
    times = pd.to_datetime(times)
    if task.time_zero_plus_days:
        days = held.units[task.time_zero_plus_days].astype("Int64").astype("float64")
        times = times.dt.normalize() + pd.to_timedelta(days, unit="D")
    return times + pd.Timedelta(hours=task.time_zero_plus_h)


def shared_key(held: Held, table: Table) -> str:
    """Return the identifier that leads from the first table to one row of another."""
    for name in held.package.table.names("identifier"):
        if name in table.names() and held.frames[table.name][name].dropna().is_unique:
            return name
    raise DataError(
        f'time_zero of the challenge: no key leads from "{held.package.table.name}" to one row of "{table.name}". '
        "Name a column of the first table."
    )


def find_linkage(package: DataPackage, frames: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Return the columns, as ``table.column``, that name people beside a row's own: a mother's child."""
    people = set().union(*(frames[t.name][t.person].dropna() for t in package.tables if t.person))
    return tuple(
        f"{table.name}.{name}"
        for table in package.tables
        for name in table.names("identifier")
        if table.person and name != table.person and _names_people(frames[table.name][name], people)
    )


def _names_people(values: pd.Series, people: set[object]) -> bool:
    found = set(values.dropna().unique())
    return bool(found) and found <= people


def check_size(answers: pd.DataFrame, task: Task, least: int) -> None:
    """Raise when so few people are held out that a figure could say something about one of them."""
    if task.metric == "mae":
        few = len(answers) < 10 * least
    else:
        values = set(answers["outcome"].unique())
        if not values <= {0.0, 1.0}:
            raise DataError(f'The outcome "{task.outcome}" is not yes or no, as the metric "{task.metric}" needs it.')
        few = min(answers["outcome"].sum(), (1 - answers["outcome"]).sum()) < least
    if few:
        raise DataError(
            f"The hold-out is too small to be scored: {counted(len(answers), 'person', 'people')}, and a figure must "
            "not tell on one of them. Hold out more people."
        )
