"""The tables of a dataset as Ibis expressions, on one DuckDB connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir


@dataclass(frozen=True)
class Tables(Mapping[str, Any]):
    """The tables of one source by name: ``tables["lab"]`` or ``tables.lab``."""

    where: str
    names: tuple[str, ...]
    read: Callable[[str], ir.Table]

    def __getitem__(self, name: str) -> ir.Table:
        """Return a table; an unknown name is an error that names the nearest."""
        if name not in self.names:
            raise DataError(f'{self.where} has no table "{name}".{suggest(name, self.names)}')
        return self.read(name)

    def __getattr__(self, name: str) -> ir.Table:
        """Return a table as an attribute."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self.names)

    def __len__(self) -> int:
        """Return the number of tables."""
        return len(self.names)

    def __dir__(self) -> list[str]:
        """Offer the tables to the completion of a notebook."""
        return [*self.names]

    def _repr_html_(self) -> str:
        """Name the tables in a notebook."""
        return f"<p>{self.where}: {', '.join(self.names)}</p>"


def even_times(table: ir.Table) -> ir.Table:
    """Give all times of a table one precision, so that backends agree on their type."""
    times = [name for name, kind in table.schema().items() if kind.is_timestamp() and kind.scale not in (None, 6)]
    return table.mutate(**{name: table[name].cast("timestamp(6)") for name in times}) if times else table


def tables_of(name: str, files: Mapping[str, Path], connection: duckdb.DuckDBPyConnection) -> Tables:
    """Return the tables of a dataset over one DuckDB connection of their own.

    The types come from the Parquet files: Ibis 12.0 asks DuckDB for them by a function that DuckDB 2 has removed.
    """
    import ibis
    import ibis.expr.operations as ops
    import pyarrow.parquet as pq

    backend = ibis.duckdb.from_connection(connection)

    def read(table: str) -> ir.Table:
        schema = ibis.Schema.from_pyarrow(pq.read_schema(files[table]).remove_metadata())
        return even_times(ops.DatabaseTable(table, schema=schema, source=backend).to_expr())

    return Tables(f'Dataset "{name}"', tuple(files), read)
