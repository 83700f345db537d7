"""The entries of a data dictionary: what one column means, and nothing about its rows.

Pages and widgets show entries.  An entry holds no value, no level and no count of a dataset.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rounds.data.known import Known, when_known
from rounds.data.package import Column, DataPackage, Table
from rounds.data.units import say_unit

_COUNTS = re.compile(r'(Missing in [\d,]+ of [\d,]+ rows\.|[\d,]+ of them were written as ".*?"\.(?=\s|$))\s*')


@dataclass(frozen=True)
class Entry:
    """One column in words, for either reader; its unit is UCUM's name, with what it means where that says little."""

    table: str
    name: str
    type: str
    unit: str
    code: str
    role: str
    available: str
    known: Known
    for_engineer: str
    for_clinician: str
    note: str
    to_confirm: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return everything that a search looks at."""
        words = (self.table, self.name, self.unit, self.code, self.role, self.available, self.known)
        return " ".join((*words, self.for_engineer, self.for_clinician, self.note)).casefold()


@dataclass(frozen=True)
class Wanted:
    """Which entries to show: words that all must occur, one table, only what is known by the prediction."""

    query: str = ""
    table: str = ""
    only_known: bool = False


def build_entries(package: DataPackage, prediction_time: str = "") -> list[Entry]:
    """Return an entry for each column of each table."""
    return [_build(column, table, package, prediction_time) for table in package.tables for column in table.columns]


def find_entries(entries: Sequence[Entry], wanted: Wanted) -> list[Entry]:
    """Return the entries that a search and its filters leave, in their order."""
    words = wanted.query.casefold().split()
    return [
        entry
        for entry in entries
        if (not wanted.table or entry.table == wanted.table)
        and (not wanted.only_known or entry.known not in (Known.AFTER, Known.OUTCOME, Known.UNCONFIRMED))
        and all(word in entry.text for word in words)
    ]


def leave_counts_out(note: str) -> str:
    """Return a note without the counts of rows that a drafted description may hold."""
    return _COUNTS.sub("", note).strip()


def _build(column: Column, table: Table, package: DataPackage, prediction_time: str) -> Entry:
    return Entry(
        table=table.name,
        name=column.name,
        type=column.type,
        unit=say_unit(column.unit or ""),
        code=f"{column.code_system or ''} {column.code}".strip() if column.code else "",
        role=column.role,
        available=column.available.replace("_", " "),
        known=when_known(column, table, package, prediction_time),
        for_engineer=column.definition_clinical,
        for_clinician=column.definition_ml,
        note=leave_counts_out(column.note),
        to_confirm=column.to_confirm,
    )
