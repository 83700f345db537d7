"""The records as Ibis tables: of a dataset through DuckDB, or of any other Ibis backend that holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rounds.data.dataset import Dataset
from rounds.errors import DataError, suggest

if TYPE_CHECKING:
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


def open_tables(source: Any) -> Tables:
    """Return the tables of a dataset, of an Ibis connection, or of a mapping from names to Ibis tables."""
    if isinstance(source, Tables):
        return source
    if isinstance(source, Dataset):
        return source.tables
    if isinstance(source, Mapping):
        return Tables("This source", tuple(source), lambda name: even_times(source[name]))
    if hasattr(source, "list_tables") and hasattr(source, "table"):
        where = f"The {getattr(source, 'name', 'database')} connection"
        return Tables(where, tuple(source.list_tables()), lambda name: even_times(source.table(name)))
    raise DataError("A study needs a dataset from rounds.data.load(...), an Ibis connection, or Ibis tables by name.")


def even_times(table: ir.Table) -> ir.Table:
    """Give all times of a table one precision, so that backends agree on their type."""
    times = [name for name, kind in table.schema().items() if kind.is_timestamp() and kind.scale not in (None, 6)]
    return table.mutate(**{name: table[name].cast("timestamp(6)") for name in times}) if times else table


def tables_of(dataset: Dataset) -> Tables:
    """Return the tables of a dataset over one DuckDB connection of their own.

    The types come from the Parquet files: Ibis 12.0 asks DuckDB for them by a function that DuckDB 2 has removed.
    """
    import ibis
    import ibis.expr.operations as ops
    import pyarrow.parquet as pq

    backend = ibis.duckdb.from_connection(dataset.connect())

    def read(name: str) -> ir.Table:
        schema = ibis.Schema.from_pyarrow(pq.read_schema(dataset.file(name)).remove_metadata())
        return even_times(ops.DatabaseTable(name, schema=schema, source=backend).to_expr())

    return Tables(f'Dataset "{dataset.name}"', tuple(t.name for t in dataset.package.tables), read)
