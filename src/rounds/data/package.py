"""A data package: its tables, its columns, and what each column means.

Values only.  ``descriptor`` reads and writes them as Frictionless ``datapackage.json``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rounds.errors import DataError, suggest

TYPES = ("integer", "number", "string", "boolean", "datetime")
ROLES = ("identifier", "quasi-identifier", "feature", "outcome", "time")
SYNTHETIC, PUBLIC, RESTRICTED = "synthetic", "public", "restricted"
KINDS = (SYNTHETIC, PUBLIC, RESTRICTED)


@dataclass(frozen=True)
class Column:
    """One column: its type, its unit, its meaning for either reader, and when its value is known."""

    name: str
    type: str
    unit: str | None = None
    code_system: str | None = None
    code: str | None = None
    definition_clinical: str = ""
    definition_ml: str = ""
    role: str = "feature"
    available: str = ""
    levels: tuple[str, ...] = ()
    note: str = ""
    to_confirm: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a type or a role that nobody knows."""
        _check_word("type", self.type, TYPES, self.name)
        _check_word("role", self.role, ROLES, self.name)


@dataclass(frozen=True)
class Table:
    """One table: its columns and the Parquet file beside the descriptor."""

    name: str
    path: str
    columns: tuple[Column, ...]
    row: str = ""
    person: str | None = None

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        found = {column.name: column for column in self.columns}
        if name not in found:
            raise DataError(f'Table "{self.name}" has no column "{name}".{suggest(name, found)}')
        return found[name]

    def names(self, *roles: str) -> tuple[str, ...]:
        """Return the names of the columns with one of these roles; all names without roles."""
        return tuple(c.name for c in self.columns if not roles or c.role in roles)

    def with_column(self, column: Column) -> Table:
        """Return the table with the column of the same name replaced."""
        changed = tuple(column if c.name == column.name else c for c in self.columns)
        return replace(self, columns=changed)


@dataclass(frozen=True)
class DataPackage:
    """A dataset's description: title, licence, tables, and the order in which values become known."""

    name: str
    title: str
    kind: str
    tables: tuple[Table, ...]
    version: str = "1.0.0"
    seed: int | None = None
    licence: str = ""
    notice: str = ""
    timeline: tuple[str, ...] = ()
    prediction_time: str = ""

    def __post_init__(self) -> None:
        """Refuse an unknown kind and a prediction time outside the timeline."""
        _check_word("kind", self.kind, KINDS, self.name)
        if self.prediction_time:
            self.position(self.prediction_time)

    @property
    def table(self) -> Table:
        """Return the first table: the one that ``Dataset.frame`` reads."""
        return self.tables[0]

    def position(self, event: str) -> int:
        """Return where an event stands in the timeline."""
        if event not in self.timeline:
            raise DataError(
                f'Dataset "{self.name}" has no event "{event}" in its timeline.{suggest(event, self.timeline)}'
            )
        return self.timeline.index(event)


def _check_word(key: str, value: str, known: tuple[str, ...], where: str) -> None:
    if value not in known:
        raise DataError(f'"{where}": {key} "{value}" is not known.{suggest(value, known)}')
