"""A second Ibis backend for the tests: DataFusion over the Parquet files of a dataset.

Ibis 12.0 registers its functions by keyword arguments that DataFusion 55 no longer has; this backend registers the same
functions in the new way.  Nothing else is changed.
"""

from __future__ import annotations

import inspect
import typing
from typing import Any

import datafusion
import ibis.expr.datatypes as dt
from ibis.backends.datafusion import Backend, udfs
from ibis.formats.pyarrow import PyArrowType

from rounds.data.dataset import Dataset

IBIS_ASKS_PANDAS = "ignore:The 'future.infer_string' option is deprecated"  # Ibis 12.0's DataFusion backend only
OPTIONS = {"datafusion.sql_parser.dialect": "PostgreSQL", "datafusion.sql_parser.recursion_limit": "1000"}


class DataFusion(Backend):
    """Ibis's DataFusion backend for DataFusion 55."""

    def _register_builtin_udfs(self) -> None:
        for name, function in inspect.getmembers(udfs, inspect.isfunction):
            if not name.startswith("_") and function.__module__ == udfs.__name__:
                self.con.register_udf(_udf(name, function))


def open_datafusion(dataset: Dataset) -> Any:
    """Return a connection that holds the records of a dataset (not its analysis table)."""
    config = datafusion.SessionConfig(OPTIONS).with_information_schema(True)
    backend = DataFusion()
    backend.do_connect(datafusion.SessionContext(config))
    for table in dataset.package.tables[1:]:
        backend.read_parquet(str(dataset.file(table.name)), table_name=table.name)
    return backend


def _udf(name: str, function: Any) -> Any:
    hints = typing.get_type_hints(function)
    types = [PyArrowType.from_ibis(dt.dtype(hints[p])) for p in inspect.signature(function).parameters]
    returned = PyArrowType.from_ibis(dt.dtype(hints["return"]))
    return datafusion.udf(function, types, returned, "immutable", name)
