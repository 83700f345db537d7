"""Rows that are not there: a number beyond the last one, and a function that gets columns where it expects rows."""

from __future__ import annotations

import re
from typing import Any

from rounds.mistakes.failure import HELD_IN, Failure, Rule, Said
from rounds.mistakes.reading import columns_of, inner_table, is_series, is_table, nearest


def _say_out_of_bounds(failure: Failure, match: re.Match[str]) -> Said:
    """Say how many rows there are, and the number of the last one."""
    held = _asked(failure)
    if held is None:
        return "There are fewer rows than this number. iloc counts from 0; len(table) says how many there are."
    what, part, count = ("table", "row", len(held)) if is_table(held) else ("column", "value", len(held))
    if not count:
        return f"The {what} has no {part}s, so there is none to choose."
    counted = f"{count} {part}" if count == 1 else f"{count} {part}s"
    return f"The {what} has {counted}, counted from 0. The last one is .iloc[{count - 1}]."


def _asked(failure: Failure) -> Any:
    """Return the table or column whose rows were asked for by number."""
    for frame in failure.place.beyond:
        for value in (inner_table(frame.f_locals.get(name)) for name in HELD_IN):
            if is_table(value) or is_series(value):
                return value
    return None


def _say_apply(failure: Failure, match: re.Match[str]) -> Said:
    """Say that apply hands over columns, where a function of it asks for a column by name as of a row."""
    wanted, table, column = match[1], _applied(failure), failure.find_column()
    if table is None or column is None or type(column.name) is not str or column.name not in columns_of(table):
        return None
    near = wanted if wanted in columns_of(table) else nearest(wanted, columns_of(table))
    if not near:
        return None
    said = f'apply hands over one column at a time, and a column has no "{wanted}".'
    more = "" if near == wanted else f' The table has "{near}".'
    return f"{said} To get rows write axis=1 at the end of apply.{more}"


def _applied(failure: Failure) -> Any:
    """Return the table whose `apply` called the failing function with its columns."""
    for frame in failure.place.through:
        table, axis = frame.f_locals.get("self"), frame.f_locals.get("axis")
        if frame.f_code.co_name == "apply" and is_table(table) and axis in (0, "index", "rows"):
            return table
    return None


RULES = (
    Rule(
        "pandas-row",
        "IndexError",
        r"(?:single positional indexer is|positional indexers are) out-of-bounds",
        _say_out_of_bounds,
    ),
    Rule("pandas-apply", "KeyError", r"^'([^'\n]+)'$", _say_apply),
    Rule("pandas-apply", "AttributeError", r"'Series' object has no attribute '(\w+)'", _say_apply),
)
