"""A value of the right kind that cannot be used: a text that is no number, a place that is not there, a zero below."""

from __future__ import annotations

import ast
import re
from typing import Any

from rounds.mistakes.failure import MISSING, Failure, Rule, Said
from rounds.mistakes.reading import did_you_mean, quote, show
from rounds.mistakes.rules.numbers_written import explain_number, say_comma

NUMBER_TEXT = r"(?:could not convert string to float: |invalid literal for int\(\) with base 10: )(['\"])(.*?)\1"


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


def _say_unpack(failure: Failure, match: re.Match[str]) -> str:
    node = failure.place.node
    if "train_test_split" in failure.place.code(_statement(failure, node)):
        return "train_test_split(X, y) gives back four parts. Write four names left of =."
    return "The number of names left of = differs from the number of values right of it."


def _statement(failure: Failure, node: ast.AST | None) -> ast.AST | None:
    line = getattr(node, "lineno", 0)
    tree = ast.parse(failure.place.source) if failure.place.source else ast.Module([], [])
    return next((part for part in ast.walk(tree) if isinstance(part, ast.Assign) and part.lineno == line), None)


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


ZERO = "A number is divided by 0 here. Check what the value below the line is, or leave that case out."
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
    Rule("unpack", "ValueError", r"(?:too many|not enough) values to unpack", _say_unpack),
    Rule("key", "KeyError", r"", _say_key),
    Rule("index", "IndexError", r"^(list|tuple|string) (?:assignment )?index out of range", _say_index),
    Rule("zero", "ZeroDivisionError", r"", ZERO),
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
        "type-name",
        "TypeError",
        r"isinstance\(\) arg 2 must be a type",
        "isinstance takes the kind without quotes, like int or str.",
    ),
    Rule("stop", "StopIteration", r"", "There is no further value to take."),
    Rule("memory", "MemoryError", r"", "The memory of this room is full. Take fewer rows, then restart the kernel."),
)
