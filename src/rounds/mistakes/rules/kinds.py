"""Values of a kind that cannot be asked for this: numbers in place of lists, texts without such a part."""

from __future__ import annotations

import ast
import re

from rounds.mistakes.failure import Failure, Rule, Said
from rounds.mistakes.reading import did_you_mean, is_table
from rounds.mistakes.rules.nothing import say_nothing
from rounds.mistakes.rules.operands import DOTS, say_kind

LIKE = {
    "length": "len(...) around it",
    "size": "len(...) around it",
    "count_values": "len(...) around it",
    "push": ".append(...)",
    "add": ".append(...)",
    **dict.fromkeys(("mean", "std", "sum", "min", "max", "shape", "astype"), "np.array(...) around it first"),
    "median": "np.median(...) around it",
}


def _say_subscript(failure: Failure, match: re.Match[str]) -> Said:
    if match[1] == "NoneType":
        return say_nothing(failure)
    if match[1] in ("method", "function", "builtin_function_or_method", "type"):
        return "A function takes its values in round brackets. Write (...) in place of [...]."
    if match[1] == "set":
        return "A set has no order, so it has no first value. Make it a list: sorted(...)."
    return f"Square brackets choose from a list or a table, and this is {say_kind(match[1])}."


def _say_iterable(failure: Failure, match: re.Match[str]) -> Said:
    if match[1] == "NoneType":
        return say_nothing(failure)
    if match[1] == "int":
        return "A number is no list. To count up to it, write range(...) around it."
    if match[1] == "ellipsis":
        return DOTS
    return f"Python wants a list of values here, and this is {say_kind(match[1])}."


def _say_length(failure: Failure, match: re.Match[str]) -> Said:
    return (
        say_nothing(failure)
        if match[1] == "NoneType"
        else f"len counts a list or a table. This is {say_kind(match[1])}."
    )


def _say_attribute(failure: Failure, match: re.Match[str]) -> Said:
    kind, name = match[1], match[2]
    if kind == "NoneType":
        return say_nothing(failure)
    if kind == "ellipsis":
        return DOTS
    if kind in ("method", "function", "builtin_function_or_method"):
        return f"Brackets are missing before .{name}. Write () behind the function's name."
    node = failure.place.node
    known = failure.parts_of(node.value) if isinstance(node, ast.Attribute) else []
    if isinstance(node, ast.Attribute) and is_table(failure.value_of(node.value)):
        return None
    if name in LIKE and kind in ("list", "tuple", "str", "dict"):
        return f'{say_kind(kind).capitalize()} has no "{name}". Write {LIKE[name]}.'
    near = did_you_mean(name, known or dir_of(kind))
    if name.endswith("_") and not near:
        return f"{kind} has no {name} before it has learned. Call .fit(X, y) first, and check the spelling."
    what = say_kind(kind)
    return f'{what[0].upper()}{what[1:]} has no "{name}".{near or " Check the spelling, and what the value is."}'


def dir_of(kind: str) -> list[str]:
    """Return the public names of one of Python's own kinds."""
    own = {"str": str, "int": int, "float": float, "list": list, "dict": dict, "tuple": tuple, "set": set}
    return [name for name in dir(own[kind]) if not name.startswith("_")] if kind in own else []


RULES = (
    Rule("subscript", "TypeError", r"'([\w.]+)' object is not subscriptable", _say_subscript),
    Rule(
        "subscript",
        "TypeError",
        r"^type '([\w.]+)' is not subscriptable",
        "{1} takes its values in round brackets. Write {1}(...) in place of {1}[...].",
    ),
    Rule(
        "fixed",
        "TypeError",
        r"'(tuple|str)' object does not support item assignment",
        "A text or a pair cannot be changed in one place. Make a new one.",
    ),
    Rule("iterable", "TypeError", r"'([\w.]+)' object is not iterable", _say_iterable),
    Rule("length", "TypeError", r"object of type '([\w.]+)' has no len\(\)", _say_length),
    Rule(
        "index-kind",
        "TypeError",
        r"list indices must be integers or slices, not (\w+)",
        "A list is counted from 0: write a whole number in the brackets. Names work in a dictionary.",
    ),
    Rule(
        "index-kind",
        "TypeError",
        r"string indices must be integers",
        "A text is counted from 0, and you ask it for a name. Perhaps you wanted the table in place of the text.",
    ),
    Rule(
        "whole",
        "TypeError",
        r"'(\w+)' object cannot be interpreted as an integer",
        "Python wants a whole number here. Write int(...) around the value.",
    ),
    Rule(
        "key-kind",
        "TypeError",
        r"unhashable type: '(\w+)'",
        "A {1} cannot be a key. Use a text, a number, or a pair in round brackets.",
    ),
    Rule(
        "join-texts",
        "TypeError",
        r"sequence item \d+: expected str instance",
        "join takes texts only. Write str(...) around each value.",
    ),
    Rule("attribute", "AttributeError", r"'([\w.]+)' object has no attribute '(\w+)'", _say_attribute),
)
