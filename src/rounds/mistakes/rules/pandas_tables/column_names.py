"""Names of columns that are not what a learner reads: with a space around them, or all columns of a file in one."""

from __future__ import annotations

import ast
from typing import Any

from rounds.mistakes.failure import Failure
from rounds.mistakes.reading import columns_of, names_in, nearest, quote

SEPARATORS = {";": (";", ";"), "\t": ("a tab", "\\t"), "|": ("|", "|"), ",": (",", ",")}
READING = ("read_csv", "read_table")


def explain_column_names(failure: Failure, table: Any, wanted: str) -> str:
    """Return why a table seems to lack a column that its file has; empty where it does lack it."""
    known = columns_of(table)
    return _explain_separator(failure, table, known, wanted) or _explain_space(failure, table, known, wanted)


def _explain_separator(failure: Failure, table: Any, known: list[str], wanted: str) -> str:
    sign = next((sign for sign in SEPARATORS if sign in known[0]), "") if len(known) == 1 else ""
    line = _line_of_reading(failure, table)
    if not sign:
        return ""
    parts = known[0].split(sign)
    is_certain = wanted in parts or (sign != "," and (line or nearest(wanted, parts)))  # "Weight, kg" may be one name
    if not is_certain:
        return ""
    shown, written = SEPARATORS[sign]
    where = f"In line {line} write" if line and line != failure.place.line else "Write"
    return (
        f'The table has one column only: its file has {shown} between the values. {where} sep="{written}" in read_csv.'
    )


def _line_of_reading(failure: Failure, table: Any) -> int:
    """Return the line of the cell that reads a table from a file, 0 without any."""
    own = _own_names(failure, table)
    for part in ast.walk(ast.parse(failure.place.source)):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in READING:
            made = _names_made_by(failure, part)
            if not made or own & made:
                return part.lineno
    return 0


def _names_made_by(failure: Failure, call: ast.Call) -> set[str]:
    for part in ast.walk(ast.parse(failure.place.source)):
        if isinstance(part, ast.Assign) and part.lineno <= call.lineno <= (part.end_lineno or 0):
            return {target.id for target in part.targets if isinstance(target, ast.Name)}
    return set()


def _own_names(failure: Failure, table: Any) -> set[str]:
    return {name for name in names_in(failure.names) if failure.names[name] is table}


def _explain_space(failure: Failure, table: Any, known: list[str], wanted: str) -> str:
    """Say that a space stands at an end of a column's name, where it cannot be seen."""
    near = next((name for name in known if name != wanted and name.strip() == wanted), "")
    if not near:
        return ""
    ends = [word for word, part in (("start", near[0]), ("end", near[-1])) if part.isspace()]
    said = f"The column is called {quote(near)}, with a space at its {' and its '.join(ends)}."
    if len(known) < len(table.columns):  # names that are no texts have no strip
        return f"{said} Write it like that."
    written = next(iter(sorted(_own_names(failure, table))), "table")
    return f"{said} Take such spaces away: {written}.columns = {written}.columns.str.strip()"
