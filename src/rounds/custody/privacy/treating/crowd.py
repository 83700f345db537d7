"""Make every row one of at least k: band and group the quasi-identifiers, then take out what is still too rare."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.privacy.crowds.classes import find_classes
from rounds.custody.privacy.crowds.views import QUASI, View, build_views
from rounds.custody.privacy.plan.plan import Plan
from rounds.custody.privacy.treating.hierarchy import Hierarchy, build_hierarchy
from rounds.custody.privacy.treating.people_without_rows import find_people_without_rows
from rounds.custody.privacy.treating.search import LevelChoice, build_crowd, find_levels
from rounds.custody.signs.column_names import is_key, is_relative
from rounds.data.package import DataPackage, Table
from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

MOST_ROUNDS = 50


@dataclass(frozen=True)
class Generalised:
    """The tables as they may be shared, and what it cost."""

    package: DataPackage
    frames: dict[str, pd.DataFrame]
    choice: LevelChoice
    levels: dict[str, tuple[str, float]]
    suppressed: dict[str, int]
    k: int
    discernibility: int


def generalise(package: DataPackage, frames: dict[str, pd.DataFrame], plan: Plan) -> Generalised:
    """Return tables whose every view holds at least k people (or rows) in each class; rows come in a random order."""
    hierarchies = _build_hierarchies(package, frames, plan)
    crowds = [build_crowd(view, hierarchies) for view in build_views(package, frames)]
    steps = {step.where: step for step in plan.steps}
    weights = [steps[h.where].weight if h.where in steps else 1.0 for h in hierarchies]
    choice = find_levels(hierarchies, crowds, plan.k, plan.most_suppressed, weights)
    chosen = dict(zip([h.where for h in hierarchies], choice.node, strict=True))
    package, coarse = _write_levels(package, frames, hierarchies, chosen)
    kept = _suppress(package, coarse, plan.k)
    suppressed = {name: len(coarse[name]) - len(kept[name]) for name in coarse}
    views = build_views(package, kept)
    levels = {h.where: (h.levels[chosen[h.where]].name, h.levels[chosen[h.where]].loss) for h in hierarchies}
    return Generalised(
        package,
        {name: _in_random_order(frame) for name, frame in kept.items()},
        choice,
        levels,
        {name: n for name, n in suppressed.items() if n},
        min(find_classes(v.frame, v.quasi, v.person).smallest for v in views),
        sum(_discernibility(v, suppressed[v.table.name]) for v in views),
    )


def _build_hierarchies(package: DataPackage, frames: dict[str, pd.DataFrame], plan: Plan) -> list[Hierarchy]:
    found = []
    for table in package.tables:
        for name in table.names(QUASI):
            step = plan.step(table.name, name)
            widths = step.widths if step else ()
            found.append(build_hierarchy(f"{table.name}.{name}", frames[table.name][name], plan.k, widths))
    return found


def _write_levels(
    package: DataPackage, frames: dict[str, pd.DataFrame], hierarchies: list[Hierarchy], chosen: dict[str, int]
) -> tuple[DataPackage, dict[str, pd.DataFrame]]:
    done, tables = dict(frames), {t.name: t for t in package.tables}
    for hierarchy in hierarchies:
        table, name = hierarchy.where.split(".", 1)
        level = chosen[hierarchy.where]
        if level == 0:
            continue
        done[table] = done[table].assign(**{name: hierarchy.apply(done[table][name], level)})
        tables[table] = _describe(tables[table], name, hierarchy, level)
    return replace(package, tables=tuple(tables.values())), done


def _describe(table: Table, name: str, hierarchy: Hierarchy, level: int) -> Table:
    old, chosen = table.column(name), hierarchy.levels[level]
    labels = tuple(map(str, chosen.labels)) if len(chosen.labels) <= 200 else ()
    note = f"{old.note} Generalised: {chosen.name}.".strip()
    return table.with_column(replace(old, type="string", levels=labels, note=note))


def _suppress(package: DataPackage, frames: dict[str, pd.DataFrame], k: int) -> dict[str, pd.DataFrame]:
    """Take rows out until every class holds k; who leaves the table of people, or all others, leaves every table."""
    whole = frames
    for _ in range(MOST_ROUNDS):
        small = [(view, small_rows(view, k)) for view in build_views(package, frames)]
        if not any(rows.any() for _, rows in small):
            people_without_rows = find_people_without_rows(package, whole, frames)
            if people_without_rows is None:
                return frames
            frames = take_out(package, frames, *people_without_rows)
            continue
        for view, rows in small:
            frames = take_out(package, frames, view.table, rows)
        if any(frames[view.table.name].empty for view, _ in small):
            raise DataError(
                f"k = {k} leaves a table without rows. Write a smaller most_suppressed, or take more people in."
            )
    raise DataError(f"k = {k} was not reached in {MOST_ROUNDS} rounds of suppression. Write a larger most_suppressed.")


def small_rows(view: View, k: int) -> np.ndarray:
    """Return which rows of a view stand in a class of fewer than k."""
    return find_classes(view.frame, view.quasi, view.person).size_of_row() < k


def take_out(
    package: DataPackage, frames: dict[str, pd.DataFrame], table: Table, rows: np.ndarray
) -> dict[str, pd.DataFrame]:
    """Take rows out of a table, then whatever hangs on their keys: a person's encounters, an encounter's values."""
    frame = frames[table.name]
    if len(rows) != len(frame):  # an earlier view of this round took people out already; the next round looks again
        return frames
    done = {**frames, table.name: frame[~rows]}
    for key in (c.name for c in table.columns if is_key(c) and frame[c.name].is_unique):
        gone = frame[key][rows].dropna()
        for other in (t for t in package.tables if t.name != table.name):
            for own in _columns_of(key, other) if key == table.person else [key] if key in other.names() else []:
                hanging = done[other.name][own].isin(gone).to_numpy()
                done = take_out(package, done, other, hanging) if hanging.any() else done
    return done


def _columns_of(person: str, table: Table) -> list[str]:
    """Return the columns of a table that hold people's ids: a mother is a person as well, and so is her child."""
    relatives = (c.name for c in table.columns if is_key(c) and is_relative(c.name))
    names = dict.fromkeys([table.person or person, person, *relatives])
    return [name for name in names if name in table.names()]


def _discernibility(view: View, suppressed: int) -> int:
    sizes = np.bincount(find_classes(view.frame, view.quasi).of_row).astype(object)
    return int((sizes**2).sum()) + suppressed * (len(view.frame) + suppressed)


def _in_random_order(frame: pd.DataFrame) -> pd.DataFrame:
    order = np.random.default_rng(secrets.randbits(128)).permutation(len(frame))
    return frame.iloc[order].reset_index(drop=True)
