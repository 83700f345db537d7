"""A value of the right kind that cannot be used: a text that is no number, a place that is not there, a zero below."""

from __future__ import annotations

import ast
import re
from typing import Any

from rounds.mistakes.failure import MISSING, Failure, Rule, Said
from rounds.mistakes.reading import did_you_mean, is_series, is_table, quote, show
from rounds.mistakes.rules.numbers_written import explain_number, say_comma

NUMBER_TEXT = r"(?:could not convert string to float: |invalid literal for int\(\) with base 10: )(['\"])(.*?)\1"


DIVIDED = (ast.Div, ast.FloorDiv, ast.Mod)
LONGEST = 30  # characters of code that a sentence repeats


def _say_number_text(failure: Failure, match: re.Match[str]) -> Said:
    text = match[2].strip()
    if not text:
        return "An empty text is no number. Write the number between the quotes, or leave them out."
    comma = re.fullmatch(r"(\d+),(\d+)", text)
    if comma:
        return say_comma(comma)
    found = explain_number(text)
    if found:
        return found[1]
    if re.fullmatch(r"-?\d+\.\d+", text):
        return f"int reads whole numbers only. Write float({quote(text)}) for a number with a point."
    return f"The text {quote(text)} is no number. Write digits only, with a point before the decimals."


def _say_key(failure: Failure, match: re.Match[str]) -> Said:
    node = failure.place.node
    if not isinstance(node, ast.Subscript):
        return None
    value, key = failure.value_of(node.value), failure.value_of(node.slice)
    if type(value) is not dict and not isinstance(node.value, ast.Dict):
        return None
    wanted = node.slice.value if isinstance(node.slice, ast.Constant) else key
    if wanted is MISSING:
        return "The dictionary has no such key. Look at its keys with list(...)."
    known = [name for name in value if type(name) is str] if type(value) is dict else []
    near = did_you_mean(wanted, known) if type(wanted) is str else ""
    return f"The dictionary has no key {show(wanted)}.{near or ' Look at its keys with list(...).'}"


def _say_index(failure: Failure, match: re.Match[str]) -> str:
    node = failure.place.node
    value: Any = failure.value_of(node.value) if isinstance(node, ast.Subscript) else MISSING
    if type(value) in (list, tuple, str):
        return f"There are {len(value)} values, counted from 0. The last one has the number {len(value) - 1}."
    return "There are fewer values than this number. Python counts from 0, so the last is one less."


def _say_zero(failure: Failure, match: re.Match[str]) -> str:
    """Say what is 0: the code right of the sign, and the empty list that it counts."""
    node, said = failure.place.node, "A number is divided by 0 here"
    is_own = isinstance(node, ast.BinOp) and isinstance(node.op, DIVIDED) and not failure.place.beyond
    right = node.right if isinstance(node, ast.BinOp) and is_own else None
    written = failure.place.code(right)
    if right is None or isinstance(right, ast.Constant) or len(written) > LONGEST:
        return f"{said}. Look which value is 0, or leave that case out."
    empty = _find_empty(failure, right)
    if empty:
        return f"{said}: {empty} is empty, so {written} is 0. Look at how {empty} was made, or leave this case out."
    return f"{said}: {written} is 0. Check that value, or leave this case out."


def _find_empty(failure: Failure, right: ast.AST) -> str:
    """Return the name of the empty list or table whose length stands right of the sign, also by way of a name."""
    if isinstance(right, ast.Name):
        made = [part for part in ast.walk(ast.parse(failure.place.source)) if isinstance(part, ast.Assign)]
        made = [part for part in made if part.lineno < failure.place.line]
        above = [part for part in made if right.id in [getattr(target, "id", "") for target in part.targets]]
        return _find_empty(failure, above[-1].value) if above and not isinstance(above[-1].value, ast.Name) else ""
    if not isinstance(right, ast.Call) or len(right.args) != 1 or failure.place.code(right.func) != "len":
        return ""
    value: Any = failure.value_of(right.args[0])
    counts = type(value) in (list, tuple, set, dict, str) or is_table(value) or is_series(value)
    return failure.place.code(right.args[0]) if counts and len(value) == 0 else ""


RULES = (
    Rule("number-text", "ValueError", NUMBER_TEXT, _say_number_text),
    Rule(
        "nan-whole",
        "ValueError",
        r"cannot convert float NaN to integer",
        "A missing value (NaN) cannot be a whole number. Fill it or leave it out first.",
    ),
    Rule(
        "number-kind",
        "TypeError",
        r"^(int|float)\(\) argument must be .* not '(Series|DataFrame)'",
        "{1}(...) takes one value, and this is a whole column. For a column write .astype({1}).",
    ),
    Rule(
        "number-kind",
        "TypeError",
        r"^(int|float)\(\) argument must be .* not 'NoneType'",
        "There is no value to make a number of: it is None. Look at the line that gave it its value.",
    ),
    Rule(
        "number-kind",
        "TypeError",
        r"^(int|float)\(\) argument must be .* not '(\w+)'",
        "{1}(...) takes one text or one number, and this is a {2}.",
    ),
    Rule("key", "KeyError", r"", _say_key),
    Rule("index", "IndexError", r"^(list|tuple|string) (?:assignment )?index out of range", _say_index),
    Rule("zero", "ZeroDivisionError", r"", _say_zero),
    Rule(
        "math",
        "ValueError",
        r"math domain error|expected a (?:nonnegative|positive) input",
        "This has no result for that number: no root of a negative number, no logarithm of 0.",
    ),
    Rule("too-large", "OverflowError", r"", "The number is too large for the computer. Check the signs * and **."),
    Rule("endless", "RecursionError", r"", "A function calls itself without an end. Give it a case in which it stops."),
    Rule(
        "empty",
        "ValueError IndexError",
        r"(?:arg|iterable argument) is (?:an )?empty|pop from",
        "There are no values to choose from: the list is empty.",
    ),
    Rule("empty", "StatisticsError", r"at least", "There are no values to compute from: the list is empty."),
    Rule(
        "not-in-list",
        "ValueError",
        r"not in list|not in tuple|substring not found",
        "The value is not in there. Check its spelling, and capital letters.",
    ),
    Rule(
        "date",
        "ValueError",
        r"day (?:\d+ )?(?:is out of range|must be in range)|month must be in",
        "There is no such day in the calendar. Check day and month.",
    ),
    Rule(
        "date-form",
        "ValueError",
        r"time data (\S+) does not match format",
        "The date {1} is written in another way than the format says.",
    ),
    Rule(
        "format",
        "ValueError",
        r"Unknown format code '(\w)' for object of type '(\w+)'",
        "The sign {1} in the curly brackets does not fit a value of type {2}.",
    ),
    Rule(
        "format",
        "IndexError",
        r"Replacement index \d+ out of range",
        "There are more curly brackets in the text than values for them.",
    ),
    Rule(
        "format",
        "TypeError",
        r"^%\w format: a (?:real )?number is required",
        "The % in the text wants a number and gets another kind of value.",
    ),
    Rule(
        "format",
        "TypeError",
        r"^not all arguments converted during string formatting",
        "With a text % puts values into it, and this text has no place for them. For a number write float(text).",
    ),
    Rule(
        "type-name",
        "TypeError",
        r"isinstance\(\) arg 2 must be a type",
        "isinstance takes the kind without quotes, like int or str.",
    ),
    Rule("stop", "StopIteration", r"", "There is no further value to take."),
    Rule("memory", "MemoryError", r"", "The memory of this room is full. Take fewer rows, then restart the kernel."),
)
