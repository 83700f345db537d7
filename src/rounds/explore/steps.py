"""One inclusion step: a column, an operator, a value; as pandas and as SQL.

No code comes in: a step is checked against the table, and its value against the column's type.
A missing value never satisfies a comparison, in pandas and in SQL alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite
from typing import Any

from rounds.data.package import Column, Table
from rounds.errors import DataError, suggest

COMPARISONS = (">=", "<=", "==", "!=", ">", "<")
OPERATORS = (*COMPARISONS, "range", "in", "known", "missing")
_NUMERIC = ("integer", "number")
_PATTERN = re.compile(r"\s*(\w+)\s*(>=|<=|==|!=|>|<)\s*(.+?)\s*")
_STATE = re.compile(r"\s*(\w+)\s+is\s+(known|missing)\s*")


@dataclass(frozen=True)
class Step:
    """Keep the rows where ``column operator value`` is true."""

    column: str
    operator: str
    value: Any = None
    label: str = ""

    def sql(self) -> str:
        """Return the condition in SQL."""
        name = quote_name(self.column)
        if self.operator == "range":
            return f"{name} >= {_sql(self.value[0])} AND {name} < {_sql(self.value[1])}"
        if self.operator == "in":
            return f"{name} IN ({', '.join(map(_sql, self.value))})"
        if self.operator in ("known", "missing"):
            return f"{name} IS {'NOT ' if self.operator == 'known' else ''}NULL"
        operator = {"==": "=", "!=": "<>"}.get(self.operator, self.operator)
        return f"{name} {operator} {_sql(self.value)}"

    def pandas(self) -> str:
        """Return the condition in pandas, on a DataFrame called ``frame``."""
        name = f"frame[{self.column!r}]"
        if self.operator == "range":
            return f"({name} >= {self.value[0]!r}) & ({name} < {self.value[1]!r})"
        if self.operator == "in":
            return f"{name}.isin({list(self.value)!r})"
        if self.operator in ("known", "missing"):
            return f"{name}.{'notna' if self.operator == 'known' else 'isna'}()"
        if self.operator == "!=":
            return f"{name}.notna() & ({name} != {self.value!r})"
        return f"({name} {self.operator} {self.value!r})"

    def words(self) -> str:
        """Return the step as a person would say it."""
        if self.label:
            return self.label
        if self.operator == "range":
            return f"{self.column} from {self.value[0]:g} to under {self.value[1]:g}"
        if self.operator == "in":
            return f"{self.column} is {' or '.join(map(str, self.value))}"
        if self.operator in ("known", "missing"):
            return f"{self.column} is {self.operator}"
        return f"{self.column} {self.operator} {self.value}"


def parse_step(text: str, table: Table, label: str = "") -> Step:
    """Return the step that ``"age >= 18"`` or ``"bmi is known"`` names."""
    state, comparison = _STATE.fullmatch(text), _PATTERN.fullmatch(text)
    if state:
        return check_step(Step(state[1], state[2], None, label or text), table)
    if not comparison:
        raise DataError(f'"{text}" is no inclusion step. Write, for example, "age >= 18" or "bmi is known".')
    column = table.column(comparison[1])
    value = _parse_value(column, comparison[3])
    return check_step(Step(column.name, comparison[2], value, label or text), table)


def check_step(step: Step, table: Table) -> Step:
    """Return the step when it fits the table; say what does not."""
    column = table.column(step.column)
    if step.operator not in OPERATORS:
        raise DataError(f'"{step.operator}" is no operator.{suggest(str(step.operator), OPERATORS)}')
    if step.operator in ("known", "missing"):
        return Step(column.name, step.operator, None, step.label)
    return Step(column.name, step.operator, _check_value(step, column), step.label)


def quote_name(name: str) -> str:
    """Return a column's or table's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def _check_value(step: Step, column: Column) -> Any:
    if step.operator == "range":
        low, high = _pair(step)
        return (_check_one(low, column), _check_one(high, column))
    if step.operator == "in":
        if not isinstance(step.value, list | tuple) or not 0 < len(step.value) <= 200:
            raise DataError(f'"{column.name}": "in" needs a list of 1 to 200 values.')
        return tuple(_check_one(value, column) for value in step.value)
    if column.type in ("string", "boolean") and step.operator not in ("==", "!="):
        raise DataError(f'"{column.name}" holds no numbers: use == or != and not {step.operator}.')
    return _check_one(step.value, column)


def _pair(step: Step) -> tuple[Any, Any]:
    if not isinstance(step.value, list | tuple) or len(step.value) != 2:
        raise DataError(f'"{step.column}": "range" needs a lower and an upper value.')
    return step.value[0], step.value[1]


def _check_one(value: Any, column: Column) -> Any:
    if column.type in _NUMERIC:
        good = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    else:
        good = isinstance(value, {"boolean": bool, "string": str}.get(column.type, ()))
    if not good:
        raise DataError(f'"{column.name}" is of type {column.type}: this value does not fit.')
    return value


def _parse_value(column: Column, text: str) -> Any:
    text = text.strip("\"'")
    if column.type == "boolean":
        return {"true": True, "false": False}.get(text.lower())
    if column.type not in _NUMERIC:
        return text
    try:
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
    except ValueError:
        return None


def _sql(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"
