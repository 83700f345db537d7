"""Columns and rows of pandas that are not there, and conditions on whole columns."""

from __future__ import annotations

import ast
import re

from rounds.mistakes.failure import Failure, Rule, Said
from rounds.mistakes.reading import (
    columns_of,
    did_you_mean,
    is_series,
    is_table,
    names_in,
    nearest,
    public_names,
    quote,
)
from rounds.mistakes.rules.names import USUAL
from rounds.mistakes.rules.pandas_tables.column_names import explain_column_names

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
    return _say_branch(failure, node)


def _say_branch(failure: Failure, node: ast.AST | None) -> str:
    """Say what to do in place of an if on a whole column: another name, a choice row by row, or one True or False."""
    near = _find_single(failure, node)
    if near:
        return f"{near[0]} is a whole column, and if wants one True or False. Did you mean {quote(near[1])}?"
    if _chooses_by_row(failure, node):
        return "if asks for one True or False, and a column has many. Choose row by row, with .where(...) or .loc[...]."
    return "if asks for one True or False, and a column has many. Write .any() or .all() behind it."


def _find_single(failure: Failure, node: ast.AST | None) -> tuple[str, str] | None:
    """Return a column that the condition uses, and the function's own value whose name is nearly the same."""
    local = names_in(failure.place.frame.f_locals) if failure.place.frame is not None and failure.place.within else []
    single = [name for name in local if not is_series(failure.look_up(name)) and not is_table(failure.look_up(name))]
    for part in ast.walk(_origin(failure, node) or ast.Module([], [])):
        if isinstance(part, ast.Name) and is_series(failure.look_up(part.id)) and part.id not in local:
            near = nearest(part.id, single)
            if near:
                return part.id, near
    return None


def _origin(failure: Failure, node: ast.AST | None) -> ast.AST | None:
    """Return what the condition was made from, where it is a plain name with a value given above."""
    if not isinstance(node, ast.Name):
        return node
    made = [
        part
        for part in ast.walk(ast.parse(failure.place.source))
        if isinstance(part, ast.Assign) and node.id in [t.id for t in part.targets if isinstance(t, ast.Name)]
    ]
    above = [part for part in made if part.lineno <= node.lineno]
    return above[-1].value if above else node


def _chooses_by_row(failure: Failure, node: ast.AST | None) -> bool:
    """Return whether the branches of this if give a value to a column, or are values themselves."""
    for part in ast.walk(ast.parse(failure.place.source)):
        if isinstance(part, ast.If | ast.IfExp) and node is not None and ast.dump(part.test) == ast.dump(node):
            inside = [step for branch in part.body for step in ast.walk(branch)] if isinstance(part, ast.If) else []
            targets = [t for step in inside if isinstance(step, ast.Assign) for t in step.targets]
            return isinstance(part, ast.IfExp) or any(isinstance(target, ast.Subscript) for target in targets)
    return False


def _line(failure: Failure) -> str:
    lines = failure.place.source.splitlines()
    return lines[failure.place.line - 1] if 0 < failure.place.line <= len(lines) else ""


def _say_column(failure: Failure, match: re.Match[str]) -> Said:
    """Say that a table has no such column, with the nearest; a label of a row is another matter."""
    wanted = next(group for group in match.groups() if group)
    tables = list(failure.find_tables())
    if not tables:
        return None
    table = next((table for table in tables if wanted not in columns_of(table)), None)
    if table is None:
        return _say_column_as_row(failure, wanted)
    if _is_row(failure.place.node):
        labels = [label for label in next(failure.find_tables()).index[:1000].tolist() if type(label) is str]
        near = did_you_mean(wanted, labels)
        return f"There is no row with the label {quote(wanted)}.{near or ' Look at the labels with .index.'}"
    known = columns_of(table)
    special = explain_column_names(failure, table, wanted)
    if special:
        return special
    near = did_you_mean(wanted, known)
    return f"{_which(failure, known)} has no column {quote(wanted)}.{near or f' It has: {_some(known)}.'}"


def _which(failure: Failure, known: list[str]) -> str:
    """Return the name of the table with these columns where the code names two tables, as a merge does."""
    parts = ast.walk(failure.place.node) if failure.place.node is not None else iter(())
    named = {part.id: failure.value_of(part) for part in parts if isinstance(part, ast.Name)}
    tables = {name: columns_of(value) for name, value in named.items() if is_table(value)}
    own = [name for name, columns in tables.items() if columns == known]
    return f"The table {own[0]}" if len(tables) > 1 and len(own) == 1 else "The table"


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
    if ".groupby(" in code and column is not None:
        return _say_group(failure, match[0].strip("'"), len(column))
    if column is None and "loc[" not in code:
        return _say_number(failure, match[0])
    labels = [] if column is None else [label for label in column.index[:1000].tolist() if type(label) is str]
    near = did_you_mean(match[0].strip("'"), labels)
    return f"There is no label {match[0]} here.{near or ' Look at the labels with .index, or count with .iloc.'}"


def _say_group(failure: Failure, wanted: str, rows: int) -> str:
    """Say how one column is grouped by another: by its values, since it knows no other column's name."""
    having = (name for name in names_in(failure.names) if is_table(failure.names[name]))
    own = [name for name in having if wanted in columns_of(failure.names[name]) and len(failure.names[name]) == rows]
    table = next((name for name in own if re.search(rf"\b{name}\b", failure.place.source)), own[0] if own else "table")
    return f'One column alone knows no column "{wanted}". Give the values to group by: groupby({table}["{wanted}"]).'


def _say_number(failure: Failure, wanted: str) -> Said:
    if not wanted.isdigit() or next(failure.find_tables(), None) is None:
        return None
    return f"The table has no column {wanted}. For a row by its number write .iloc[{wanted}]."


def _say_part(failure: Failure, match: re.Match[str]) -> Said:
    kind, name = match[1], match[2]
    if name in GONE and (kind == "DataFrame" or name != "len"):
        return f"{'A table' if kind == 'DataFrame' else 'A column'} has no {name} in this pandas. Write {GONE[name]}."
    table = next(failure.find_tables(), None) if kind == "DataFrame" else None
    special = explain_column_names(failure, table, name) if table is not None else ""
    if special:
        return special
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
    special = explain_column_names(failure, table, match[1]) if table is not None else ""
    if special:
        return special
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
