"""Columns of texts where numbers are wanted: numbers that are still texts, dates that are, and real texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from rounds.mistakes.failure import HELD_IN, Failure, Rule
from rounds.mistakes.reading import columns_of, inner_table, is_series, is_table

PRECEDENCE = "Put round brackets around each part: (a > 1) & (b > 2). Without them & is worked out first."
DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
NUMBER = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)\s*")
COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*")
DATES = "The column holds dates that are still texts. Make dates of them first with pd.to_datetime(...)."
MOST_ROWS = 1000
STEPS = ("mean", "median", "std", "sum", "var", "sem", "prod")


def _held(failure: Failure) -> Any:
    """Return the table or the column that was asked, outermost first; also behind a `groupby`."""
    for frame in failure.place.beyond:
        for value in (frame.f_locals.get(name) for name in HELD_IN):
            found = value if is_table(value) or is_series(value) else inner_table(value)
            if is_table(found) or is_series(found):
                return found
    return None


def _texts(column: Any) -> list[str]:
    return [text for text in column.head(MOST_ROWS).tolist() if type(text) is str]


def _say_numbers(failure: Failure, column: Any) -> str:
    """Say how numbers are made of a column's texts; empty where most of them are none. No value is told."""
    texts, code = _texts(column), _code_of(failure, column)
    plain = [text for text in texts if NUMBER.fullmatch(text)]
    commas = [text for text in texts if COMMA.fullmatch(text)]
    if not texts or 2 * (len(plain) + len(commas)) < len(texts):
        return ""
    said = f"{_name(column)} holds its numbers as texts."
    if len(commas) > len(plain):
        return f'{said} Write points in place of commas: {code} = pd.to_numeric({code}.str.replace(",", "."))'
    if len(plain) < len(texts):
        return f'{said} Some are no numbers and become missing: {code} = pd.to_numeric({code}, errors="coerce")'
    return f"{said} Run this line first: {code} = pd.to_numeric({code})"


def _name(column: Any) -> str:
    return f"The column {column.name}" if type(column.name) is str else "The column"


def _code_of(failure: Failure, column: Any) -> str:
    """Return how the cell writes a column: a name of its own, or that of its table."""
    for name, value in _named_values(failure):
        if is_series(value) and value is column:
            return name
        if is_table(value) and type(column.name) is str and column.name in columns_of(value):
            return f'{name}["{column.name}"]'
    return f'table["{column.name}"]' if type(column.name) is str else "column"


def _named_values(failure: Failure) -> Iterator[tuple[str, Any]]:
    for part in ast.walk(failure.place.node or ast.Module([], [])):
        if isinstance(part, ast.Name):
            yield part.id, failure.value_of(part)


def _say_step(failure: Failure, match: re.Match[str]) -> str:
    """Say that texts have no mean, and what to do: for a table choose columns, for a column make numbers."""
    held, step = _held(failure), match[1] or match[2]
    if re.fullmatch(r"r?(?:and|or|xor)_", step):
        return PRECEDENCE
    column = held if is_series(held) else failure.find_column()
    if column is not None and _texts(column) and all(DATE.match(text) for text in _texts(column)[:20]):
        return DATES
    if step not in STEPS:
        return "The column holds texts. Make numbers of it first with pd.to_numeric(...)."
    if is_series(held):
        return _say_numbers(failure, held) or (
            f"{_name(held)} holds texts, and texts have no {step}. Choose a column of numbers."
        )
    return f"A column of texts has no {step}. Choose the number columns first, or write numeric_only=True."


def _say_plot(failure: Failure, match: re.Match[str]) -> str:
    """Say why there is nothing to draw."""
    held: Any = next((frame.f_locals["data"] for frame in failure.place.beyond if "data" in frame.f_locals), None)
    if not (is_series(held) or is_table(held)) or not len(held):
        return "A plot needs numbers, and here are none. Look at the rows and at .dtypes."
    columns = [held] if is_series(held) else [held[name] for name in columns_of(held)]
    numbers = next(filter(None, (_say_numbers(failure, column) for column in columns)), "")
    if numbers:
        return f"A plot needs numbers. {numbers}"
    if is_table(held):
        return "A plot needs numbers, and this table has no column of numbers."
    said = f"A plot needs numbers. {_name(held)} holds texts."
    return f"{said} To count them write {_code_of(failure, held)}.value_counts().plot.bar()"


RULES = (
    Rule(
        "pandas-text-mean",
        "TypeError",
        r"does not support operation '(\w+)'|reduction '(\w+)' with string",
        _say_step,
    ),
    Rule(
        "pandas-text-sum",
        "TypeError",
        r"operation '(r?\w+)' not supported for dtype 'str'|Can only string (multiply)",
        _say_step,
    ),
    Rule("pandas-plot-texts", "TypeError", r"no numeric data to plot", _say_plot),
)
