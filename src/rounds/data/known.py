"""When a column's value is known: before the prediction, after it, or from its own row's time on.

The first table of a package has one row for each unit of analysis, so a column of it is known or not.  A row of another
table with times (a result, a note) is known from its own time on, whatever the column.
"""

from __future__ import annotations

from enum import StrEnum

from rounds.data.package import Column, DataPackage, Table


class Known(StrEnum):
    """How a column stands to the moment of prediction."""

    BY_THEN = "known by the prediction"
    AFTER = "known only after the prediction"
    OUTCOME = "the outcome itself"
    ROW = "known from the time of its row on"
    KEY = "names a person or a row"
    UNCONFIRMED = "not confirmed yet when it is known"
    NO_TIME = "no time of prediction"

    @property
    def is_leak(self) -> bool:
        """Return whether a model that uses the column would know too much."""
        return self in (Known.AFTER, Known.OUTCOME)


def when_known(column: Column, table: Table, package: DataPackage, prediction_time: str = "") -> Known:
    """Return how a column stands to ``prediction_time``; to the package's own without one."""
    when = prediction_time or package.prediction_time
    if column.role == "outcome":
        return Known.OUTCOME
    if column.role == "identifier":
        return Known.KEY
    if not when:
        return Known.NO_TIME
    if table is not package.table and has_times(table):
        return Known.ROW
    if not column.available:
        return Known.UNCONFIRMED
    return Known.BY_THEN if package.position(column.available) <= package.position(when) else Known.AFTER


def has_times(table: Table) -> bool:
    """Return whether each row of a table says when it happened."""
    return any(column.type == "datetime" and column.role == "time" for column in table.columns)
