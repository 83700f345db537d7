"""A dataset on disk: its package and its rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.data.descriptor import read_package
from rounds.data.package import DataPackage, Table
from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from rounds.data.query.tables import Tables


@dataclass(frozen=True)
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
        from rounds.data.query.tables import tables_of

        return tables_of(self)

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

    def _repr_html_(self) -> str:
        """Show the data dictionary in a notebook."""
        from rounds.data.dictionary import describe

        return describe(self)._repr_html_()


def open_dataset(folder: Path) -> Dataset:
    """Open the data package in a folder."""
    dataset = Dataset(folder, read_package(folder))
    lost = [t.path for t in dataset.package.tables if not (folder / t.path).is_file()]
    if lost:
        raise DataError(f"{folder}: the file {lost[0]} of this data package is missing.")
    return dataset
