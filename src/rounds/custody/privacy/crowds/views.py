"""What an outsider may know of a row: its quasi-identifiers, and those of the person it belongs to.

One view for each table with quasi-identifiers of its own.  A table with one row for each person lends its
quasi-identifiers to every other table.  Two tables with many rows a person are not joined with each other: the outsider
is taken to know one visit, not all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rounds.custody.privacy.crowds.people import Frames, person_of_rows
from rounds.data.package import DataPackage, Table

if TYPE_CHECKING:
    import pandas as pd

QUASI = "quasi-identifier"
PERSON = "person"


@dataclass(frozen=True)
class View:
    """The rows of one table with all quasi-identifiers that count for them; columns are named ``table.column``."""

    table: Table
    frame: pd.DataFrame
    quasi: tuple[str, ...]
    sensitive: tuple[str, ...]
    person: str | None


def build_views(package: DataPackage, frames: Frames) -> tuple[View, ...]:
    """Return the views of all tables that hold quasi-identifiers."""
    tables = [t for t in package.tables if t.names(QUASI)]
    owners = person_of_rows(package, frames, tables)
    people = people_table(package, frames)
    return tuple(_build_view(t, frames, owners.get(t.name), people) for t in tables)


def people_table(package: DataPackage, frames: Frames) -> Table | None:
    """Return the table with one row for each person and quasi-identifiers, if there is one."""
    for table in package.tables:
        if table.person and table.names(QUASI) and frames[table.name][table.person].is_unique:
            return table
    return None


def _build_view(table: Table, frames: Frames, owner: pd.Series | None, people: Table | None) -> View:
    own = frames[table.name][list(dict.fromkeys([*table.names(QUASI), *table.names("outcome")]))]
    own = own.rename(columns=lambda c: f"{table.name}.{c}")
    quasi = [f"{table.name}.{c}" for c in table.names(QUASI)]
    if owner is not None:
        own = own.assign(**{PERSON: owner})
    if people is not None and people.name != table.name and owner is not None:
        lent = frames[people.name].set_index(people.person)[list(people.names(QUASI))]
        own = own.join(lent.rename(columns=lambda c: f"{people.name}.{c}"), on=PERSON)
        quasi += [f"{people.name}.{c}" for c in people.names(QUASI)]
    sensitive = tuple(f"{table.name}.{c}" for c in table.names("outcome"))
    return View(table, own, tuple(quasi), sensitive, None if owner is None else PERSON)
