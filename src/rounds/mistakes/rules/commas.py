"""A comma inside a number, as many languages write it: Python makes two numbers of it."""

from __future__ import annotations

import ast
import re

from rounds.mistakes.failure import Failure, Rule, Said
from rounds.mistakes.rules.numbers_written import say_comma

NUMBER = re.compile(r"(?<![\w.,])(\d+),(\d+)(?![\w.,])")
PAIR = "A value here is a pair: a comma inside a number makes two numbers of it. Leave the comma out, or write a point."


def explain_comma(code: str, offset: int, wants_else: bool) -> tuple[str, str] | None:
    """Return the rule's name and the sentence where Python stopped at a comma inside a number, outside of brackets.

    Between brackets a comma parts values, so it is no mistake; `wants_else` is what Python says of one before an else.
    """
    for match in NUMBER.finditer(code):
        before = code[: match.start()]
        is_open = any(before.count(opening) > before.count(closing) for opening, closing in ("()", "[]", "{}"))
        is_choice = before.rstrip().endswith(" in")  # one of several values
        if not is_choice and (match.start(2) == offset or (wants_else and not is_open)):
            return "decimal-comma", say_comma(match)
    return None


def find_comma_number(failure: Failure) -> str:
    """Say which line of the cell gave a name of the failing code a number with a comma inside; empty without one."""
    node, source = failure.place.node, failure.place.source
    used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} if node is not None else set()
    for part in ast.walk(ast.parse(source)):
        if not isinstance(part, ast.Assign) or not isinstance(part.value, ast.Tuple):
            continue
        names = {target.id for target in part.targets if isinstance(target, ast.Name)}
        found = re.search(r"(?<![\w.])\d+(?:,\d+)+", failure.place.code(part.value))
        if names & used and found:
            return f"In line {part.lineno} a comma inside {found[0]} makes a pair of it. {_without_comma(found[0])}"
    return ""


def _without_comma(written: str) -> str:
    if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+", written):
        return f"Write {written.replace(',', '')}."
    return f"Write a point: {written.replace(',', '.', 1)}."


def _say_chosen(failure: Failure, match: re.Match[str]) -> Said:
    """Say that a comma stands in the condition that chooses rows, as in ``days[days["age"] > 50,5]``."""
    node = failure.place.node
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple):
        return None
    first, second = node.slice.elts[0], node.slice.elts[1] if len(node.slice.elts) > 1 else None
    found = NUMBER.search(failure.place.code(node.slice))
    is_condition = isinstance(first, ast.Compare) and isinstance(second, ast.Constant)
    return say_comma(found) if found and is_condition else None


RULES = (Rule("decimal-comma", "InvalidIndexError KeyError TypeError", r"", _say_chosen),)
