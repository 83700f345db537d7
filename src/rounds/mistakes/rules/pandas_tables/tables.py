"""The commonest failures of pandas 3, each with the step that works."""

from __future__ import annotations

import re
from typing import Any

from rounds.mistakes.failure import Failure, Rule, Said
from rounds.mistakes.reading import quote
from rounds.mistakes.rules.pandas_tables.text_columns import PRECEDENCE


def _say_number_text(failure: Failure, match: re.Match[str]) -> Said:
    if failure.is_in("sklearn"):
        return (
            f"A model wants numbers, and a column holds the text {quote(match[2])}. Leave that column out, or code it."
        )
    if failure.is_in("pandas"):
        return (
            f'The column holds the text {quote(match[2])}. With pd.to_numeric(..., errors="coerce") it becomes missing.'
        )
    return None


def _say_unequal(failure: Failure, match: re.Match[str]) -> str:
    """Say how many values the columns of a new table have: the first two that differ."""
    said = "The columns of a table need the same number of values"
    all_given = [frame.f_locals.get("data") for frame in failure.place.beyond]
    given: dict[object, Any] = next((data for data in all_given if type(data) is dict), {})
    counts = [(name, len(values)) for name, values in given.items() if type(name) is str and type(values) is list]
    other = next(((name, count) for name, count in counts if count != counts[0][1]), None)
    if other is None:
        return f"{said}."
    return f"{said}: {counts[0][0]} has {counts[0][1]}, and {other[0]} has {other[1]}."


NUMBER_TEXT = r"(?:could not convert string to float: |invalid literal for int\(\) with base 10: )(['\"])(.*?)\1"
RULES = (
    Rule("pandas-number-text", "ValueError", NUMBER_TEXT, _say_number_text),
    Rule(
        "pandas-iloc",
        "TypeError IndexError ValueError",
        r"Cannot index by location index with a non-integer key|iLocation based|^Location based indexing can only",
        "iloc counts with whole numbers. With names write .loc in its place.",
    ),
    Rule(
        "pandas-loc",
        "TypeError",
        r"^_(?:LocationIndexer|LocIndexer|iLocIndexer|ScalarAccessIndexer)\.__call__\(\) takes",
        "loc and iloc take square brackets: write .loc[...] or .iloc[...].",
    ),
    Rule(
        "pandas-text-part",
        "AttributeError",
        r"Can only use \.str accessor",
        ".str works on texts only. For numbers leave it out, or write .astype(str) before it.",
    ),
    Rule(
        "pandas-date-part",
        "AttributeError",
        r"Can only use \.dt accessor",
        ".dt works on dates only. Make dates first with pd.to_datetime(...).",
    ),
    Rule(
        "pandas-length",
        "ValueError",
        r"Length of values \((\d+)\) does not match length of index \((\d+)\)",
        "The table has {2} rows, and the new column has {1} values. Both must be equal.",
    ),
    Rule(
        "pandas-names",
        "ValueError",
        r"Length mismatch: Expected axis has (\d+) elements, new values have (\d+)",
        "The table has {1} columns, and you gave {2} names. Both must be equal.",
    ),
    Rule(
        "pandas-unequal",
        "ValueError",
        r"All arrays must be of the same length",
        _say_unequal,
    ),
    Rule(
        "pandas-one-row",
        "ValueError",
        r"If using all scalar values",
        'Put each value in square brackets: pd.DataFrame({{"a": [1]}}).',
    ),
    Rule(
        "pandas-merge-kinds",
        "ValueError",
        r"trying to merge on (\w+) and (\w+) columns",
        "The two columns to merge on differ in kind: {1} and {2}. Change one with .astype(...).",
    ),
    Rule(
        "pandas-overlap",
        "ValueError",
        r"columns overlap but no suffix",
        'Both tables have a column of one name. Write lsuffix="_a", or use merge.',
    ),
    Rule(
        "pandas-how",
        "ValueError",
        r"'(\w+)' is not a valid Merge type",
        'how takes "left", "right", "inner" or "outer", not "{1}".',
    ),
    Rule(
        "pandas-compare",
        "ValueError",
        r"Can only compare identically-labeled|Lengths must match to compare|Operands are not aligned",
        "Both sides need the same number of rows and the same labels.",
    ),
    Rule(
        "pandas-mask",
        "IndexingError ValueError",
        r"Unalignable boolean|Item wrong length",
        "The condition was made from another table. Make it from the table you choose from.",
    ),
    Rule(
        "pandas-precedence",
        "TypeError",
        r"Cannot perform 'r?(?:and|or)_'",
        PRECEDENCE,
    ),
    Rule(
        "pandas-text-compare",
        "TypeError",
        r"Invalid comparison between dtype=str",
        "The column holds texts. Put quotes around the value, or make numbers with pd.to_numeric(...).",
    ),
    Rule(
        "pandas-date-compare",
        "TypeError",
        r"Invalid comparison between dtype=datetime",
        'The column holds dates. Compare with a date, like pd.Timestamp("2024-01-31").',
    ),
    Rule(
        "pandas-date-number",
        "TypeError",
        r"Addition/subtraction of integers.*Timestamp",
        "To move a date write pd.Timedelta(days=3), not the bare number.",
    ),
    Rule(
        "pandas-zones",
        "TypeError",
        r"tz-naive and tz-aware",
        "One of the times has a time zone and the other has none. Give both the same.",
    ),
    Rule(
        "pandas-kind-fixed",
        "TypeError",
        r"Invalid value '(.*?)' for dtype '(\w+)'",
        "The column holds {2}, so {1} does not fit. Change the column's kind first with .astype(...).",
    ),
    Rule(
        "pandas-whole",
        "IntCastingNaNError",
        r"",
        'Missing values cannot be whole numbers. Fill them, or write .astype("Int64").',
    ),
    Rule(
        "pandas-numbers",
        "ValueError",
        r"Unable to parse string \"?'?(.+?)'?\"? at position (\d+)",
        'The value "{1}" in row {2} is no number. With errors="coerce" it becomes missing.',
    ),
    Rule(
        "pandas-dates",
        "ValueError DateParseError",
        r"You might want to try|Invalid date specified|Unknown datetime string",
        'A text here is no date in this form. Say the form, like format="%d/%m/%Y".',
    ),
    Rule(
        "pandas-group",
        "TypeError",
        r"You have to supply one of 'by' and 'level'",
        'groupby needs a column: groupby("column").',
    ),
    Rule(
        "pandas-query",
        "ValueError",
        r"cannot assign without a target object",
        "In a query compare with ==, not with one =.",
    ),
    Rule(
        "pandas-sample",
        "ValueError",
        r"larger sample than population",
        "You ask for more rows than there are. Ask for fewer, or write replace=True.",
    ),
    Rule(
        "pandas-shape",
        "ValueError",
        r"(\d+) columns passed, passed data had (\d+) columns",
        "The rows have {2} values, and you gave {1} column names.",
    ),
    Rule(
        "pandas-function",
        "AttributeError",
        r"'(\w+)' is not a valid function for",
        'There is no function "{1}" for groups. Write "mean", "sum", "count", "min" or "max".',
    ),
    Rule(
        "pandas-plot",
        "ValueError",
        r"(\w+) is not a valid plot kind",
        'There is no plot "{1}". Write "hist", "bar", "line", "box" or "scatter".',
    ),
    Rule(
        "pandas-text-order",
        "TypeError",
        r"Column '(.+?)' has dtype str, cannot use method",
        "The column {1} holds texts. Make numbers of it first with pd.to_numeric(...).",
    ),
    Rule(
        "pandas-category",
        "AttributeError",
        r"Can only use \.cat accessor",
        '.cat works on categories only. Write .astype("category") before it.',
    ),
    Rule(
        "pandas-replace",
        "ValueError",
        r"replace must specify",
        'replace takes what to look for and what to put: replace("a", "b").',
    ),
    Rule(
        "pandas-table",
        "ValueError",
        r"DataFrame constructor not properly called",
        'A table needs named columns: pd.DataFrame({{"name": [1, 2]}}).',
    ),
    Rule(
        "pandas-bins",
        "ValueError",
        r"Bin edges must be unique",
        'Too many values are equal for so many groups. Take fewer, or write duplicates="drop".',
    ),
    Rule(
        "pandas-pattern",
        "ArrowInvalid PatternError error",
        r"Invalid regular expression|missing \)|unterminated|nothing to repeat",
        "Signs like ( or * have a meaning in a pattern. Write regex=False to take them as they are.",
    ),
    Rule(
        "pandas-promote",
        "DTypePromotionError",
        r"",
        "Numbers and texts cannot be put together here. Make numbers of the texts first.",
    ),
)
