"""Run a challenge's study on one block of patients in memory, so that a cohort of any size needs little of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING

from rounds.synthetic.ehr.analysis import build_study, read_analysis_table
from rounds.synthetic.ehr.parquet import arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa


class Analyst:
    """A study that was planned once, and runs on each block: all rows of a person are in one block."""

    def __init__(self, name: str, schemas: Mapping[str, pa.Schema]) -> None:
        """Plan the study over tables of these types."""
        import duckdb
        import ibis
        import ibis.expr.operations as ops

        self.schema = arrow_schema(read_analysis_table(name))
        self.connection = duckdb.connect()
        self.connection.execute("SET enable_progress_bar = false; SET threads = 2; SET memory_limit = '1GB'")
        self.backend = ibis.duckdb.from_connection(self.connection)
        tables = {
            table: ops.DatabaseTable(table, schema=ibis.Schema.from_pyarrow(schema), source=self.backend).to_expr()
            for table, schema in schemas.items()
        }
        self.table = build_study(name, tables).table().select(*self.schema.names)
        self.sql = ""

    def analyse(self, block: Mapping[str, pa.Table]) -> pa.Table:
        """Return the analysis table of a block, in the order of persons."""
        for name, rows in block.items():
            self.connection.register(name, rows)
        found = self._run().cast(self.schema)
        for name in block:
            self.connection.unregister(name)
        return found

    def _run(self) -> pa.Table:
        """Run the plan, whose SQL is written once: that takes Ibis a second, more than a hundred patients take."""
        if not self.sql:
            self._lay_constants()
            self.sql = self.backend.compile(self.table)
        return self.connection.sql(self.sql).to_arrow_table()

    def _lay_constants(self) -> None:
        """Let Ibis lay the plan's constant tables into the connection, as it does with each that it runs itself."""
        import ibis.expr.operations as ops

        for constant in self.table.op().find(ops.InMemoryTable):
            self.backend.to_pyarrow(constant.to_expr().limit(0))

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def open_analyst(name: str, schemas: Mapping[str, pa.Schema]) -> closing[Analyst]:
    """Return an analyst that is closed at the end of a ``with`` block."""
    return closing(Analyst(name, schemas))
