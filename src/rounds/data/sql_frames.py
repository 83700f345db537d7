"""Tables in memory that SQL reads as it reads a dataset: what a check draws, and nobody has on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Frames:
    """Tables of pandas under their names.  Their rows are stored, and read back, in the order in which they stand.

    Examples
    --------
    >>> Frames("two stays", {"encounter": pd.DataFrame({"encounter_id": ["E1", "E2"]})})    # doctest: +SKIP
    """

    name: str
    frames: Mapping[str, pd.DataFrame]

    def columns(self) -> dict[str, tuple[str, ...]]:
        """Return the names of the columns by table."""
        return {table: tuple(map(str, frame.columns)) for table, frame in self.frames.items()}

    def files(self) -> tuple[Path, ...]:
        """Return the files behind the tables: none."""
        return ()

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open DuckDB with a copy of each table, on one thread: for a few rows a second one costs more than it does."""
        import duckdb

        connection = duckdb.connect()
        connection.execute("SET threads = 1")
        for table, frame in self.frames.items():
            connection.register("frame_of_pandas", frame)
            name = table.replace('"', '""')
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM frame_of_pandas')  # noqa: S608 - quoted above
            connection.unregister("frame_of_pandas")
        return connection
