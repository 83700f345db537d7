"""Where a cohort's rows come from: a dataset on disk or a DataFrame in memory, through DuckDB."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rounds.data.dataset import Dataset
from rounds.data.package import Column, Table
from rounds.errors import DataError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


@dataclass(frozen=True)
class Source:
    """One table, its description, and a connection that can count its rows."""

    table: Table
    kind: str
    connection: duckdb.DuckDBPyConnection = field(repr=False, compare=False)
    dataset: str | None = None

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self.connection.cursor().execute(sql).fetchall()


def open_source(data: Dataset | pd.DataFrame, person: str | None = None) -> Source:
    """Open a dataset, or a DataFrame whose rows are treated as restricted."""
    if isinstance(data, Dataset):
        return Source(data.package.table, data.package.kind, data.connect(), data.name)
    import duckdb
    import pandas as pd

    if not isinstance(data, pd.DataFrame):
        raise DataError("This needs a dataset from rounds.data.load(...) or a pandas DataFrame.")
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.register("data", data)
    connection.execute("CREATE TABLE frame AS SELECT * FROM data")
    columns = tuple(_describe(str(name), data[name]) for name in data.columns)
    table = Table("frame", "", columns, row="one row of the DataFrame", person=person)
    if person is not None:
        table.column(person)
    return Source(table, "restricted", connection)


def _describe(name: str, values: pd.Series) -> Column:
    from rounds.explore.draft_column import draft_column

    return draft_column(name, values)[0]
