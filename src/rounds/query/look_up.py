"""Look up columns of another table by its key: a left join that adds columns and never changes the names there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

KEY = "_looked_up"


def look_up(rows: ir.Table, column: str, table: ir.Table, key: str) -> ir.Table:
    """Return the rows with the other columns of the table's row whose key equals the column; missing without one."""
    other = table.rename({KEY: key})
    return rows.left_join(other, rows[column] == other[KEY]).drop(KEY)
