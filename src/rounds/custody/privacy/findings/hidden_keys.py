"""Codes that are keys although no name says so: of rows of another table, or of the person beside the person's own key.

Each repeats, so that looking at one column alone finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rounds.custody.privacy.crowds.people import Frames, person_of_rows
from rounds.custody.signs.column_names import is_key
from rounds.custody.signs.finding import Finding, Severity
from rounds.custody.signs.patterns import CODE, DATE, RANDOM_ID
from rounds.data.package import Column, DataPackage, Table

if TYPE_CHECKING:
    import pandas as pd

FEWEST, NEARLY, SAME_NAME, REPEATS = 20, 0.95, 0.5, 1.2
CODED = 0.9


@dataclass(frozen=True)
class HiddenKey:
    """A column that holds a key; ``root`` names the key whose values it repeats, empty for a number of the person."""

    table: str
    column: str
    root: str
    what: str
    rows: int
    total: int

    def finding(self) -> Finding:
        """Return what the custodian reads."""
        advice = "Replace it by random ids in every table that has it" if self.root else "Drop it: the key is enough"
        where = f"{self.table}.{self.column}"
        return Finding("R", Severity.STOP, where, self.what, self.rows, self.total, advice, "content")


@dataclass(frozen=True)
class _Codes:
    """A column of codes: its place, its values, and the different ones."""

    table: str
    column: Column
    values: pd.Series
    different: pd.Series

    @property
    def is_own(self) -> bool:
        """Tell whether nearly each row has a code of its own, or the column was declared a key."""
        return is_key(self.column) or len(self.different) >= NEARLY * self.values.notna().sum()

    def hides(self, root: str, what: str) -> HiddenKey:
        """Return this column as one that holds a key."""
        return HiddenKey(self.table, self.column.name, root, what, int(self.values.notna().sum()), len(self.values))


def find_hidden_keys(package: DataPackage, frames: Frames) -> list[HiddenKey]:
    """Return the columns that repeat the keys of another table, and those that number the people once more.

    A table that belongs to nobody, such as a catalogue of codes, has keys that may be repeated.
    """
    codes = [c for table in package.tables for c in _codes_of(table, frames[table.name])]
    undeclared = [c for c in codes if not is_key(c.column)]
    if not undeclared:
        return []
    owners = person_of_rows(package, frames)
    roots = [c for c in codes if c.is_own and c.table in owners]
    found = {id(c): hidden for c in undeclared if (hidden := _in_a_family(c, roots))}
    for c in undeclared:
        if id(c) not in found and c.table in owners and _numbers_people(c.values, owners[c.table]):
            what = f"one value for each person ({len(c.different):,}): another number of the person"
            found[id(c)] = c.hides("", what)
    return list(found.values())


def _codes_of(table: Table, frame: pd.DataFrame) -> Iterator[_Codes]:
    """Yield the columns of codes; the person's own key has its rules already."""
    for column in table.columns:
        if column.type in ("string", "integer") and column.name != table.person:
            values = frame[column.name]
            different = values.dropna().drop_duplicates()
            if len(different) >= FEWEST and _are_codes(different):
                yield _Codes(table.name, column, values, different)


def _are_codes(different: pd.Series) -> bool:
    text = different.astype("str").str
    if text.fullmatch(DATE.expression).all() or text.fullmatch(RANDOM_ID).all():
        return False
    return bool(text.fullmatch(CODE).mean() >= CODED)


def _in_a_family(member: _Codes, roots: list[_Codes]) -> HiddenKey | None:
    """Return the key of another table whose values a column repeats; a key that others repeat is one itself."""
    for root in roots:
        if root.table == member.table or root is member or root.values.dtype != member.values.dtype:
            continue
        share = float(member.different.isin(root.different).mean())
        is_same = member.column.name == root.column.name
        if share >= (SAME_NAME if is_same else NEARLY) and (is_same or member.column.type == "string"):
            what = f"{share:.0%} of its different values are keys of {root.table}.{root.column.name}"
            return member.hides(root.column.name, what)
    return None


def _numbers_people(values: pd.Series, owner: pd.Series) -> bool:
    """Tell whether each person has one value, and each value one person, where people have several rows."""
    import pandas as pd

    both = pd.DataFrame({"owner": owner, "value": values}).dropna()
    pairs = both.drop_duplicates()
    people, different = pairs["owner"].nunique(), pairs["value"].nunique()
    return bool(
        people >= FEWEST
        and len(both) >= REPEATS * people
        and len(pairs) * NEARLY <= people
        and len(pairs) * NEARLY <= different
    )
