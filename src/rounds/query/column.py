"""Find or make a column: by name, by a function of the rows, by an Ibis expression, or as a constant time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import ibis
from ibis.common.deferred import Deferred

from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import ibis.expr.types as ir


def find_column(rows: ir.Table, name: str) -> ir.Value:
    """Return a column; an unknown one is an error that names the nearest."""
    if name not in rows.columns:
        raise DataError(f'The study has no column "{name}".{suggest(name, rows.columns)}')
    return rows[name]


def bind(rows: ir.Table, what: Any) -> Any:
    """Return what a study's author wrote as a column of these rows."""
    if isinstance(what, str):
        return find_column(rows, what)
    if isinstance(what, date):
        return ibis.timestamp(what.isoformat()).cast("timestamp(6)")
    if callable(what) and not isinstance(what, Deferred):
        return what(rows)
    try:
        return rows.bind(what)[0]
    except AttributeError as error:
        raise DataError(
            f"The study cannot make this column: {error}.{suggest(_last_word(error), rows.columns)}"
        ) from None


def _last_word(error: AttributeError) -> str:
    return str(error).rsplit(maxsplit=1)[-1].strip("'\"")
