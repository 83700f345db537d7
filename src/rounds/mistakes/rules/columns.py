"""Columns and rows of pandas that are not there, and conditions on whole columns."""

from __future__ import annotations

import ast
import re

from rounds.mistakes.failure import Failure, Rule, Said
from rounds.mistakes.reading import columns_of, did_you_mean, is_series, is_table, nearest, public_names, quote
from rounds.mistakes.rules.names import USUAL

GONE = {
    "append": "pd.concat([a, b])",
    "sort": "sort_values(...)",
    "ix": "loc or iloc",
    "iteritems": "items()",
    "applymap": "map(...)",
    "len": "len(table)",
    "unique": 'table["column"].unique()',
    "mad": "std()",
}
TEXT_STEPS = {"upper", "lower", "title", "strip", "split", "contains", "startswith", "endswith", "len", "find"}
TRUTH = r"truth value of (?:a Series|a DataFrame|an array)"
LABELS = r"\['([^'\n]+)'"


def _say_truth(failure: Failure, match: re.Match[str]) -> str:
    node = failure.place.node
    code = failure.place.code(node) or _line(failure)
    if re.search(r"\bnot\b", code):
        return "Between columns write ~ for not, & for and, | for or, with round brackets around each part."
    if re.search(r"\b(and|or)\b", code):
        word, sign = ("and", "&") if re.search(r"\band\b", code) else ("or", "|")
        return f"Between columns write {sign} for {word}, with round brackets around each part: (a > 1) {sign} (b > 2)."
    return "if asks for one True or False, and a column has many. Write .any() or .all() behind it."


def _line(failure: Failure) -> str:
    lines = failure.place.source.splitlines()
    return lines[failure.place.line - 1] if 0 < failure.place.line <= len(lines) else ""


def _say_column(failure: Failure, match: re.Match[str]) -> Said:
    """Say that a table has no such column, with the nearest; a label of a row is another matter."""
    wanted = next(group for group in match.groups() if group)
    tables = [columns_of(table) for table in failure.find_tables()]
    if not tables:
        return None
    known = next((names for names in tables if wanted not in names), None)
    if known is None:
        return _say_column_as_row(failure, wanted)
    if _is_row(failure.place.node):
        labels = [label for label in next(failure.find_tables()).index[:1000].tolist() if type(label) is str]
        near = did_you_mean(wanted, labels)
        return f"There is no row with the label {quote(wanted)}.{near or ' Look at the labels with .index.'}"
    near = did_you_mean(wanted, known)
    return f"The table has no column {quote(wanted)}.{near or f' It has: {_some(known)}.'}"


def _is_row(node: ast.AST | None) -> bool:
    """Return whether code asks ``.loc`` for one label: that is a row's."""
    if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Tuple):
        return False
    return isinstance(node.value, ast.Attribute) and node.value.attr == "loc"


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:4])
    return f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown


def _say_column_as_row(failure: Failure, wanted: str) -> Said:
    code = failure.place.code(failure.place.node)
    if ".drop(" in code:
        return f'drop takes rows unless you say columns. Write drop(columns="{wanted}").'
    if ".loc[" in code:
        return f'.loc[...] takes the row first. For a column write .loc[:, "{wanted}"].'
    return None


def _say_two_columns(failure: Failure, match: re.Match[str]) -> Said:
    if next(failure.find_tables(), None) is None:
        return None
    return 'For several columns write two pairs of square brackets: table[["a", "b"]].'


def _say_row(failure: Failure, match: re.Match[str]) -> Said:
    column, code = failure.find_column(), failure.place.code(failure.place.node)
    if column is None and "loc[" not in code:
        return _say_number(failure, match[0])
    labels = [] if column is None else [label for label in column.index[:1000].tolist() if type(label) is str]
    near = did_you_mean(match[0].strip("'"), labels)
    return f"There is no label {match[0]} here.{near or ' Look at the labels with .index, or count with .iloc.'}"


def _say_number(failure: Failure, wanted: str) -> Said:
    if not wanted.isdigit() or next(failure.find_tables(), None) is None:
        return None
    return f"The table has no column {wanted}. For a row by its number write .iloc[{wanted}]."


def _say_part(failure: Failure, match: re.Match[str]) -> Said:
    kind, name = match[1], match[2]
    if name in GONE and (kind == "DataFrame" or name != "len"):
        return f"{'A table' if kind == 'DataFrame' else 'A column'} has no {name} in this pandas. Write {GONE[name]}."
    table = next(failure.find_tables(), None) if kind == "DataFrame" else None
    near = nearest(name, columns_of(table)) if table is not None else ""
    if near:
        return f"The table has no column {quote(name)}. Did you mean {quote(near)}?"
    if name in TEXT_STEPS and kind == "Series":
        return f'A column has no "{name}" of its own. Write .str.{name}(...).'
    word = "table" if kind == "DataFrame" else "column"
    return f"A {word} has no {quote(name)}.{_near_method(failure, kind, name) or _own_name(failure, name)}"


def _near_method(failure: Failure, kind: str, name: str) -> str:
    for frame in failure.place.beyond:
        value = frame.f_locals.get("self")
        if is_table(value) or is_series(value):
            return did_you_mean(name, public_names(value))
    return ""


def _own_name(failure: Failure, name: str) -> str:
    return f" {name} is a name of its own." if name in USUAL else " Check the spelling, and capital letters."


def _say_query(failure: Failure, match: re.Match[str]) -> Said:
    table = next(failure.find_tables(), None)
    near = did_you_mean(match[1], columns_of(table)) if table is not None else ""
    return f"The query knows no column {quote(match[1])}.{near or ' For a name of your own write @ before it.'}"


RULES = (
    Rule("pandas-truth", "ValueError", TRUTH, _say_truth),
    Rule("pandas-two-columns", "KeyError", r"^\('", _say_two_columns),
    Rule("pandas-column", "KeyError", r"(?:Column not found: )(\w+)", _say_column),
    Rule("pandas-column", "KeyError", r"'([^'\n]+)' not found in columns", _say_column),
    Rule("pandas-column", "KeyError", LABELS, _say_column),
    Rule("pandas-column", "KeyError", r"^'([^'\n]+)'$", _say_column),
    Rule("pandas-row", "KeyError", r"^(?:-?\d+|'[^'\n]+')$", _say_row),
    Rule("pandas-part", "AttributeError", r"'(DataFrame|Series)' object has no attribute '(\w+)'", _say_part),
    Rule("pandas-query", "UndefinedVariableError", r"name '(\w+)' is not defined", _say_query),
)
