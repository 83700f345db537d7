"""To whom each row belongs, and which people belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.signs.column_names import is_key, is_relative, person_candidates
from rounds.data.package import DataPackage, Table
from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import pandas as pd

Frames = Mapping[str, "pd.DataFrame"]


def person_of_rows(package: DataPackage, frames: Frames, tables: Sequence[Table] | None = None) -> dict[str, pd.Series]:
    """Return for each table the person of each row: its own column, or through a key such as ``encounter_id``."""
    wanted = package.tables if tables is None else tables
    found = {t.name: frames[t.name][t.person] for t in wanted if t.person}
    for table in wanted:
        if table.name not in found:
            through = _through_a_key(table, package, frames)
            if through is not None:
                found[table.name] = through
    return found


def linkage_groups(package: DataPackage, frames: Frames, linkage: Sequence[str]) -> pd.Series:
    """Return the group of each person (a mother with all her children is one); without ``linkage`` each is alone.

    ``linkage`` names columns as ``table.column``.  In each row of such a table, the people in these columns, and the
    row's own person, belong together; belonging passes on.
    """
    import pandas as pd
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = [pair for table in package.tables for pair in _pairs(table, frames[table.name], linkage)]
    _check_linkage(package, linkage)
    own = list(person_of_rows(package, frames).values())
    everyone = pd.unique(pd.concat([*own, *(s for pair in pairs for s in pair)], ignore_index=True).dropna())
    at = pd.Series(np.arange(len(everyone)), index=everyone)
    ends = [(at.reindex(a).to_numpy(), at.reindex(b).to_numpy()) for a, b in pairs]
    left = np.concatenate([np.empty(0), *(a for a, _ in ends)])
    right = np.concatenate([np.empty(0), *(b for _, b in ends)])
    both = ~(np.isnan(left) | np.isnan(right))
    size = len(everyone)
    graph = coo_array((np.ones(both.sum()), (left[both].astype(int), right[both].astype(int))), shape=(size, size))
    return pd.Series(connected_components(graph, directed=False)[1], index=everyone)


def find_repeating_person(person: str, frame: pd.DataFrame) -> str:
    """Return a person's key that repeats where ``person`` is different in every row; empty where all is well.

    A key that is new in each row tells rows apart: the visits of one patient would count as many people.
    """
    if person not in frame.columns or frame[person].dropna().duplicated().any():
        return ""
    others = (n for n in person_candidates(map(str, frame.columns)) if n != person and not is_relative(n))
    return next((n for n in others if _tells_apart(frame[n])), "")


def say_mistaken_person(table: Table, frame: pd.DataFrame, other: str) -> tuple[str, int, int, str]:
    """Return what is wrong with a table's person, how many people there seem to be, in how many rows, and advice."""
    people = int(frame[other].nunique())
    what = f"{table.person} is different in every row and {other} repeats: it tells rows apart, not people"
    advice = f'Import it again with person = "{other}" in its decisions'
    return what, people, len(frame), advice


def _tells_apart(values: pd.Series) -> bool:
    """Tell whether a column is filled in at least half of the rows and repeats."""
    known = values.dropna()
    return len(known) * 2 >= len(values) and bool(known.duplicated().any())


def _pairs(table: Table, frame: pd.DataFrame, linkage: Sequence[str]) -> list[tuple[pd.Series, pd.Series]]:
    names = [where.split(".", 1)[1] for where in linkage if where.startswith(f"{table.name}.")]
    names = [n for n in names if n in frame.columns]
    if names and table.person and table.person not in names:
        names.append(table.person)
    return [(frame[a], frame[b]) for a, b in pairwise(names)]


def _check_linkage(package: DataPackage, linkage: Sequence[str]) -> None:
    known = [f"{t.name}.{c.name}" for t in package.tables for c in t.columns]
    for where in linkage:
        if where not in known:
            raise DataError(f'linkage names "{where}", which is no column.{suggest(where, known)}')


def _through_a_key(table: Table, package: DataPackage, frames: Frames) -> pd.Series | None:
    """Return the person of each row by the other table that knows most of the keys: an analysis table knows a part."""
    found = []
    for key in (c.name for c in table.columns if is_key(c)):
        for other in package.tables:
            if other.name == table.name or not other.person or key not in other.names():
                continue
            if frames[other.name][key].is_unique:
                found.append(frames[table.name][key].map(frames[other.name].set_index(key)[other.person]))
    return max(found, key=lambda person: int(person.notna().sum()), default=None)
