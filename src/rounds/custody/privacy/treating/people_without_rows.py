"""People of whom suppression left the row in the table of people and nothing else: they go as a whole.

Their row would read as a person without a single visit, which was not so, and would tell that the visits were rare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.privacy.crowds.people import Frames, person_of_rows
from rounds.data.package import DataPackage, Table

if TYPE_CHECKING:
    import pandas as pd


def find_people_without_rows(package: DataPackage, before: Frames, after: Frames) -> tuple[Table, np.ndarray] | None:
    """Return the table of people and which of its rows lost all they had in other tables; None when nobody did."""
    home = _home(package, before)
    if home is None or all(len(before[name]) == len(after[name]) for name in before):
        return None
    had, have = (_people_elsewhere(home, package, frames) for frames in (before, after))
    person = after[home.name][str(home.person)]
    rows = (person.isin(had) & ~person.isin(have)).to_numpy()
    return (home, rows) if rows.any() else None


def _home(package: DataPackage, frames: Frames) -> Table | None:
    """Return the table with one row for each person; the one with most people where there are several."""
    homes = [t for t in package.tables if t.person and frames[t.name][t.person].is_unique]
    return max(homes, key=lambda table: len(frames[table.name]), default=None)


def _people_elsewhere(home: Table, package: DataPackage, frames: Frames) -> pd.Index:
    import pandas as pd

    owners = person_of_rows(package, frames)
    different = [owner.dropna().unique() for name, owner in owners.items() if name != home.name]
    return pd.Index(np.unique(np.concatenate(different))) if different else pd.Index([])
