"""Values of a kind that does not fit: texts and numbers, nothing where something should be, three dots, pairs."""

from __future__ import annotations

import ast
import re
from types import FunctionType

from rounds.mistakes.failure import Failure, Rule, Said
from rounds.mistakes.reading import did_you_mean, is_table

KINDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "True or False",
    "list": "a list",
    "tuple": "a pair of values",
    "dict": "a dictionary",
    "set": "a set",
    "NoneType": "nothing (None)",
    "Series": "a column",
    "DataFrame": "a table",
    "method": "a function",
    "function": "a function",
    "builtin_function_or_method": "a function",
    "SeriesGroupBy": "a grouped column",
    "DataFrameGroupBy": "a grouped table",
    "numpy.float64": "a number",
    "numpy.int64": "a whole number",
}
LIKE = {
    "length": "len(...) around it",
    "size": "len(...) around it",
    "count_values": "len(...) around it",
    "push": ".append(...)",
    "add": ".append(...)",
    **dict.fromkeys(("mean", "std", "sum", "min", "max", "shape", "astype"), "np.array(...) around it first"),
    "median": "np.median(...) around it",
}
SIGNS = {
    "+": "add",
    "-": "take away",
    "*": "multiply",
    "/": "divide",
    "**": "raise to a power",
    "%": "take the rest of",
}
OPERANDS = r"unsupported operand type\(s\) for (\S+?):? '([\w.]+)' and '([\w.]+)'"
COMPARED = r"'(\S+)' not supported between instances of '([\w.]+)' and '([\w.]+)'"
CONCATENATED = r"can only concatenate (\w+) \(not \"([\w.]+)\"\) to \w+"
DOTS = "Three dots still stand where your answer goes. Replace them, then run this box again."
PAIR = "A value here is a pair: a comma inside a number makes two numbers of it. Leave the comma out, or write a point."
SILENT = {"append", "extend", "insert", "remove", "sort", "reverse", "update", "add", "clear", "shuffle"}
NOTHING = r"'?NoneType'?"


def say_kind(name: str) -> str:
    """Return a kind in plain words."""
    return KINDS.get(name, f"a value of type {name.rpartition('.')[2]}")


def _say_operands(failure: Failure, match: re.Match[str]) -> Said:
    return _say_pair(failure, match[1], match[2], match[3])


def _say_joined(failure: Failure, match: re.Match[str]) -> Said:
    return _say_pair(failure, "+", match[1], match[2])


def _say_pair(failure: Failure, sign: str, left: str, right: str) -> Said:
    kinds = {left, right}
    if "ellipsis" in kinds:
        return DOTS
    if "tuple" in kinds:
        return find_comma_number(failure) or PAIR
    if "NoneType" in kinds:
        return _say_nothing(failure)
    if kinds & {"method", "function", "builtin_function_or_method"}:
        return "A function stands here without its brackets. Write () behind its name."
    if "str" in kinds:
        return _say_text(sign)
    if "set" in kinds and sign == "+":
        return "Two sets are joined with |, not with +."
    return f"Python cannot {SIGNS.get(sign, 'join')} {say_kind(left)} and {say_kind(right)}. Check both values."


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


def _say_text(sign: str) -> str:
    if sign == "+":
        return "A text and a number cannot be added. Write str(number) for a text, or float(text) for a number."
    return "One of the values is a text. Take its quotes away, or write float(text) to make it a number."


def _say_compared(failure: Failure, match: re.Match[str]) -> Said:
    kinds = {match[2], match[3]}
    if "ellipsis" in kinds:
        return DOTS
    if "NoneType" in kinds:
        return _say_nothing(failure)
    if "str" in kinds:
        return "A text cannot be compared with a number. Make it a number with float(text), or take its quotes away."
    return f"Python cannot say which is larger: {say_kind(match[2])} or {say_kind(match[3])}."


def _say_nothing(failure: Failure) -> str:
    """Say where the nothing comes from: a function without return, or a step that changes its table in place."""
    code = failure.place.code(failure.place.node)
    if "inplace=True" in code:
        return "With inplace=True this step gives nothing back. Leave inplace=True out."
    step = _find_silent_step(failure)
    if step:
        return (
            f"{step} changes its list and gives nothing back. Write that step alone in its line, with no = before it."
        )
    called = _own_call(failure)
    if called:
        return f"{called} gives nothing back. End the function with a line that begins with return."
    return "A value here is None, which means nothing. Look at the line that gave it its value."


def _find_silent_step(failure: Failure) -> str:
    """Return the step, like ``append``, whose nothing was kept under a name that the failing code uses."""
    node = failure.place.node
    used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} if node is not None else set()
    empty = {name for name in used if failure.look_up(name) is None}
    for part in ast.walk(ast.parse(failure.place.source)):
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Call):
            names = {target.id for target in part.targets if isinstance(target, ast.Name)}
            called = part.value.func
            if names & empty and isinstance(called, ast.Attribute) and called.attr in SILENT:
                return called.attr
    return ""


def _own_call(failure: Failure) -> str:
    """Return the name of a function of the notebook that the failing code calls."""
    node = failure.place.node
    parts = ast.walk(node) if node is not None else iter(())
    called = (part.func for part in parts if isinstance(part, ast.Call))
    own = (name.id for name in called if isinstance(name, ast.Name) and type(failure.value_of(name)) is FunctionType)
    return next(own, "")


def _say_subscript(failure: Failure, match: re.Match[str]) -> Said:
    if match[1] == "NoneType":
        return _say_nothing(failure)
    if match[1] in ("method", "function", "builtin_function_or_method", "type"):
        return "A function takes its values in round brackets. Write (...) in place of [...]."
    if match[1] == "set":
        return "A set has no order, so it has no first value. Make it a list: sorted(...)."
    return f"Square brackets choose from a list or a table, and this is {say_kind(match[1])}."


def _say_iterable(failure: Failure, match: re.Match[str]) -> Said:
    if match[1] == "NoneType":
        return _say_nothing(failure)
    if match[1] == "int":
        return "A number is no list. To count up to it, write range(...) around it."
    if match[1] == "ellipsis":
        return DOTS
    return f"Python wants a list of values here, and this is {say_kind(match[1])}."


def _say_length(failure: Failure, match: re.Match[str]) -> Said:
    return (
        _say_nothing(failure)
        if match[1] == "NoneType"
        else f"len counts a list or a table. This is {say_kind(match[1])}."
    )


def _say_attribute(failure: Failure, match: re.Match[str]) -> Said:
    kind, name = match[1], match[2]
    if kind == "NoneType":
        return _say_nothing(failure)
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
    Rule("kinds", "TypeError", OPERANDS, _say_operands),
    Rule("kinds", "TypeError", COMPARED, _say_compared),
    Rule("kinds", "TypeError", CONCATENATED, _say_joined),
    Rule("kinds", "TypeError", r"can't multiply sequence by non-int of type 'str'", "Two texts cannot be multiplied."),
    Rule(
        "kinds", "TypeError", r"can't multiply sequence", "A text or list can be repeated a whole number of times only."
    ),
    Rule("kinds", "TypeError", r"bad operand type for (?:unary )?\S+ 'str'", lambda f, m: _say_text("-")),
    Rule("kinds", "TypeError", r"type str doesn't define __round__", lambda f, m: _say_text("-")),
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
    Rule(
        "unpack",
        "TypeError",
        r"cannot unpack non-iterable ([\w.]+) object",
        "Left of = stand several names, and right of it one value. Write one name.",
    ),
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
