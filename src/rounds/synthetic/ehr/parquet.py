"""Parquet files that grow block by block: fixed options, so that the same rows are the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from rounds.data.package import Table
from rounds.synthetic.ehr.rows import FLAG, NEVER, Cells, Rows, flags, numbers
from rounds.synthetic.ehr.words import Words

ROW_GROUP = 262_144
TYPES = {
    "integer": pa.int32(),
    "number": pa.float64(),
    "string": pa.string(),
    "boolean": pa.bool_(),
    "datetime": pa.timestamp("ms"),
}
PLANTED = pa.schema([("error", pa.string()), ("table", pa.string()), ("row", pa.int64())])


def arrow_schema(table: Table) -> pa.Schema:
    """Return the Arrow types of a table."""
    return pa.schema([(column.name, TYPES[column.type]) for column in table.columns])


def open_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Open a Parquet file with the options that all cohorts share."""
    return pq.ParquetWriter(path, schema, compression="zstd", compression_level=3, store_schema=False, version="2.6")


def arrow_rows(rows: Rows, schema: pa.Schema) -> pa.Table:
    """Return rows as Arrow; fail when a column is missing or too many."""
    names = {name for name in rows if not name.startswith(FLAG)}
    if names != set(schema.names):
        raise ValueError(f"columns differ: {sorted(names ^ set(schema.names))}")
    return pa.Table.from_arrays([_arrow_column(rows[f.name], f.type) for f in schema], schema=schema)


def arrow_planted(table: str, rows: Rows, offset: int) -> pa.Table:
    """Return which rows carry which planted error, numbered in the whole file."""
    found = [(name.removeprefix(FLAG), np.flatnonzero(numbers(rows, name))) for name in flags(rows)]
    parts = [_planted(error, table, places + offset) for error, places in found]
    return pa.concat_tables(parts) if parts else PLANTED.empty_table()


def arrow_latent(rows: Rows) -> pa.Table:
    """Return the hidden state of a block as Arrow."""
    return pa.table({name: _arrow_column(value, None) for name, value in rows.items()})


def write_rows(writer: pq.ParquetWriter, table: pa.Table) -> None:
    """Append rows in row groups of a fixed size."""
    if table.num_rows:
        writer.write_table(table, row_group_size=ROW_GROUP)


def _planted(error: str, table: str, places: Any) -> pa.Table:
    n = len(places)
    return pa.table([pa.repeat(error, n), pa.repeat(table, n), pa.array(places, pa.int64())], schema=PLANTED)


def _arrow_column(value: Cells, kind: pa.DataType | None) -> pa.Array:
    if isinstance(value, Words):
        codes = pa.array(value.codes, pa.int32(), mask=value.codes < 0)
        return pa.DictionaryArray.from_arrays(codes, pa.array(value.levels, pa.string())).cast(pa.string())
    if kind is not None and pa.types.is_timestamp(kind):
        missing = value == NEVER
        return pa.array(np.where(missing, 0, value) * 60_000, pa.int64(), mask=missing).cast(kind)
    if kind is not None and pa.types.is_integer(kind):
        return pa.array(value, from_pandas=True).cast(kind)
    return pa.array(value, kind, from_pandas=True)
