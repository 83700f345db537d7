"""The commonest failures of pandas 3, each with the step that works."""

from __future__ import annotations

import re

from rounds.mistakes.failure import Failure, Rule, Said
from rounds.mistakes.reading import quote


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


PRECEDENCE = "Put round brackets around each part: (a > 1) & (b > 2). Without them & is worked out first."
DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


def _holds_dates(failure: Failure) -> bool:
    column = failure.find_column()
    texts = [] if column is None else [text for text in column.head(20).tolist() if type(text) is str]
    return bool(texts) and all(DATE.match(text) for text in texts)


def _say_text_column(failure: Failure, match: re.Match[str]) -> str:
    if re.fullmatch(r"r?(?:and|or|xor)_", match[1] or ""):
        return PRECEDENCE
    if _holds_dates(failure):
        return "The column holds dates that are still texts. Make dates of them first with pd.to_datetime(...)."
    if match[1] in ("mean", "median", "std", "sum", "var"):
        return f"A column of texts has no {match[1]}. Choose the number columns first, or write numeric_only=True."
    return "The column holds texts. Make numbers of it first with pd.to_numeric(...)."


def _named(match: re.Match[str]) -> re.Match[str]:
    """Return a match whose first group is the step, whichever of the two patterns found it."""
    return match if match[1] else re.match(r"(.*)", match["r"]) or match


NUMBER_TEXT = r"(?:could not convert string to float: |invalid literal for int\(\) with base 10: )(['\"])(.*?)\1"
RULES = (
    Rule("pandas-number-text", "ValueError", NUMBER_TEXT, _say_number_text),
    Rule(
        "pandas-row",
        "IndexError",
        r"single positional indexer is out-of-bounds",
        "There are fewer rows than this number. iloc counts from 0; len(table) says how many there are.",
    ),
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
        "The columns of a table need the same number of values.",
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
        "pandas-text-mean",
        "TypeError",
        r"does not support operation '(\w+)'|reduction '(?P<r>\w+)' with string",
        lambda f, m: _say_text_column(f, _named(m)),
    ),
    Rule(
        "pandas-text-sum",
        "TypeError",
        r"operation '(r?\w+)' not supported for dtype 'str'|Can only string multiply",
        _say_text_column,
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
