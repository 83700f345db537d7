"""A dataset on disk: its package and its rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.counted import counted
from rounds.data.descriptor import read_package
from rounds.data.package import DataPackage, Table
from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from rounds.data.tables import Tables


@dataclass(frozen=True, repr=False)
class Dataset:
    """A data package in its folder.

    Examples
    --------
    >>> dataset = rounds.data.load("bsi_days")      # doctest: +SKIP
    >>> dataset.frame().groupby("site").size()      # doctest: +SKIP
    """

    path: Path
    package: DataPackage

    @property
    def name(self) -> str:
        """Return the dataset's name."""
        return self.package.name

    def table(self, name: str | None = None) -> Table:
        """Return the description of a table; the first without a name."""
        tables = {table.name: table for table in self.package.tables}
        if name is None:
            return self.package.table
        if name not in tables:
            raise DataError(f'Dataset "{self.name}" has no table "{name}".{suggest(name, tables)}')
        return tables[name]

    def file(self, table: str | None = None) -> Path:
        """Return the Parquet file of a table."""
        return self.path / self.table(table).path

    def files(self) -> tuple[Path, ...]:
        """Return the Parquet files of all tables."""
        return tuple(self.path / table.path for table in self.package.tables)

    def columns(self) -> dict[str, tuple[str, ...]]:
        """Return the names of the columns by table."""
        return {table.name: tuple(table.names()) for table in self.package.tables}

    def frame(self, table: str | None = None) -> pd.DataFrame:
        """Read a table as a pandas DataFrame; the first without a name."""
        import pandas as pd

        return pd.read_parquet(self.file(table))

    def column(self, name: str, table: str | None = None) -> pd.Series:
        """Read one column of a table; the first table without a name."""
        import pandas as pd

        values: pd.Series = pd.read_parquet(self.file(table), columns=[name])[name]
        return values

    @cached_property
    def tables(self) -> Tables:
        """Return the tables as Ibis expressions on one DuckDB connection: ``dataset.tables.lab``."""
        from rounds.data.tables import tables_of

        return tables_of(self.name, {t.name: self.path / t.path for t in self.package.tables}, self.connect())

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open DuckDB with one view for each table, over the Parquet files."""
        import duckdb

        connection = duckdb.connect()
        connection.execute("SET enable_progress_bar = false")
        for table in self.package.tables:
            source = str(self.path / table.path).replace("'", "''")
            name = table.name.replace('"', '""')
            connection.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM '{source}'")  # noqa: S608
        return connection

    def rows(self, table: str | None = None) -> int:
        """Return how many rows a table has; the first without a name.  Only the file's foot is read."""
        from pyarrow.parquet import read_metadata

        return int(read_metadata(self.file(table)).num_rows)

    def __repr__(self) -> str:
        """Return the dataset in a few lines: its name and its tables."""
        about = self.package
        lines = [f'Dataset "{self.name}": {about.title} ({about.kind}, version {about.version})']
        lines += [f"  {t.name}: {self._size_of(t)}" + (f"; {t.row}" if t.row else "") for t in about.tables]
        return "\n".join([*lines, "Every column in words: rounds.data.describe(dataset)"])

    def _repr_html_(self) -> str:
        """Show the tables in a notebook: name, rows, columns, and what one row is."""
        about = self.package
        rows = "".join(
            f'<tr><th scope="row"><code>{escape(t.name)}</code></th><td>{self.rows(t.name):,}</td>'
            f"<td>{len(t.columns)}</td><td>{escape(t.row)}</td></tr>"
            for t in about.tables
        )
        heads = "".join(f'<th scope="col">{name}</th>' for name in ("Table", "Rows", "Columns", "One row"))
        return (
            f"<p><strong>{escape(about.title)}</strong> ({escape(about.kind)}, version {escape(about.version)}). "
            f"{escape(about.notice)}</p><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
            "<p>Every column in words: <code>rounds.data.describe(dataset)</code></p>"
        )

    def _size_of(self, table: Table) -> str:
        return f"{counted(self.rows(table.name), 'row')}, {counted(len(table.columns), 'column')}"


def open_dataset(folder: Path) -> Dataset:
    """Open the data package in a folder."""
    dataset = Dataset(folder, read_package(folder))
    lost = [t.path for t in dataset.package.tables if not (folder / t.path).is_file()]
    if lost:
        raise DataError(f"{folder}: the file {lost[0]} of this data package is missing.")
    return dataset


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a read-only Parquet file."""
    frame.to_parquet(path, index=False, compression="zstd")
    path.chmod(0o444)
