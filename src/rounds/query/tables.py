"""The records as Ibis tables: of a dataset through DuckDB, or of any other Ibis backend that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rounds.data.dataset import Dataset
from rounds.data.tables import Tables, even_times
from rounds.errors import DataError

if TYPE_CHECKING:
    pass


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
