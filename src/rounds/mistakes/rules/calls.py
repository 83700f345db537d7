"""Calling what is no function, and calling a function with other arguments than it takes."""

from __future__ import annotations

import ast
import inspect
import re
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType

from rounds.mistakes.failure import MISSING, Failure, Rule, Said
from rounds.mistakes.reading import did_you_mean, is_builtin, is_series, is_table

PLAIN_KINDS = {
    "int": "a number",
    "float": "a number",
    "str": "a text",
    "list": "a list",
    "dict": "a dictionary",
    "DataFrame": "a table",
    "numpy.float64": "a number",
}
LISTED = {"array", "asarray", "sum", "sorted", "mean", "median", "fmean", "stdev", "set", "list", "tuple"}
OWN_NAMES = {  # of functions that do not say themselves what they take
    "max": ["key", "default"],
    "min": ["key", "default"],
    "int": ["base"],
    "str": ["encoding", "errors"],
    "enumerate": ["start"],
    "zip": ["strict"],
}
NOT_CALLABLE = r"'([\w.]+)' object is not callable"


def _say_not_callable(failure: Failure, match: re.Match[str]) -> Said:
    node, kind = failure.place.node, PLAIN_KINDS.get(match[1], f"a value of type {match[1]}")
    called = node.func if isinstance(node, ast.Call) else None
    if isinstance(called, ast.Attribute):
        return f"{called.attr} is a value and no function. Write it without round brackets behind it."
    value = failure.value_of(called)
    if isinstance(called, ast.Name) and is_builtin(called.id):
        return (
            f"The name {called.id} was given to {kind} and hides Python's own. "
            f"Choose another name there, then run: del {called.id}"
        )
    if is_table(value) or is_series(value) or match[1] in ("list", "dict", "DataFrame", "Series"):
        return f"Round brackets call a function, and this is {kind}. To choose from it, write square brackets."
    if isinstance(called, ast.Name):
        return f"{called.id} is {kind} and no function. To multiply, write * before the bracket."
    return f"What stands before the round bracket is {kind} and no function. To multiply, write *."


def _say_missing(failure: Failure, match: re.Match[str]) -> str:
    names = re.sub(r"'", "", match[3])
    return f"{_short(match[1])} needs a value more: {names}. Put it between the round brackets."


def _say_too_many(failure: Failure, match: re.Match[str]) -> str:
    name, takes, given = _short(match[1]), match[2], match[3]
    node = failure.place.node
    if "." in match[1] and "<" not in match[1]:  # the object itself counts as one
        takes, given = str(int(takes) - 1), str(int(given) - 1)
    if name == "concat" or name in ("vstack", "hstack"):
        return f"{name} takes one list. Put square brackets around the tables: {name}([a, b])."
    if name in LISTED:
        return f"{name} takes one list. Put square brackets around the values: {name}([1, 2, 3])."
    comma = " A comma inside a number makes two of it." if _has_comma_number(failure, node) else ""
    return (
        f"{name} takes {takes} {'value' if takes == '1' else 'values'}, and here it gets {given}. Take some out.{comma}"
    )


def _say_fewer(failure: Failure, match: re.Match[str]) -> str:
    name, given = match[1], match[3]
    if name in LISTED or name == "len":
        return f"{name} takes one list. Put square brackets around the values: {name}([1, 2, 3])."
    return f"{name} takes fewer values, and here it gets {given}. Take some out."


def _has_comma_number(failure: Failure, node: ast.AST | None) -> bool:
    return bool(re.search(r"\d,\d", failure.place.code(node)))


def _say_unexpected(failure: Failure, match: re.Match[str]) -> str:
    if match[2] == "method" and match[1].endswith("fillna"):
        return "fillna takes no method in this pandas. Write .ffill() or .bfill() in its place."
    known = _parameters(failure)
    more = did_you_mean(match[2], known) or (f" It takes: {', '.join(known[:5])}." if known else "")
    return f'{_short(match[1])} takes no "{match[2]}".{more or " Look for the right spelling with help(...)."}'


def _say_invalid(failure: Failure, match: re.Match[str]) -> str:
    """Say it of the function that was called: sorted says it of sort, which it calls itself."""
    node = failure.place.node
    called = node.func if isinstance(node, ast.Call) else None
    name = called.id if isinstance(called, ast.Name) else match[2]
    known = _builtin_parameters(failure, called) or OWN_NAMES.get(name, [])
    more = did_you_mean(match[1], known) or (f" It takes: {', '.join(known)}." if known else "")
    return f'{name} takes no "{match[1]}".{more or f" Look for the right spelling with help({name})."}'


def _builtin_parameters(failure: Failure, called: ast.AST | None) -> list[str]:
    """Return the names with = that a function of Python itself takes."""
    value = failure.value_of(called)
    if isinstance(called, ast.Attribute) and type(failure.value_of(called.value)) in (list, str, dict):
        value = getattr(type(failure.value_of(called.value)), called.attr, MISSING)
    if type(value) not in (BuiltinFunctionType, MethodDescriptorType):
        return []
    try:
        parts = inspect.signature(value).parameters.values()
    except ValueError:  # max and some others do not say what they take
        return []
    return [part.name for part in parts if part.kind in (part.KEYWORD_ONLY, part.POSITIONAL_OR_KEYWORD)]


def _parameters(failure: Failure) -> list[str]:
    """Return what the called function takes; only plain functions are asked."""
    node = failure.place.node
    function = failure.value_of(node.func) if isinstance(node, ast.Call) else MISSING
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        function = _method(failure, node.func)
    if isinstance(function, type):
        function = function.__dict__.get("__init__")
    function = getattr(function, "__wrapped__", function) if isinstance(function, FunctionType) else function
    if not isinstance(function, FunctionType):
        return []
    code = function.__code__
    return [n for n in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if n not in ("self", "cls")]


def _method(failure: Failure, called: ast.Attribute) -> object:
    value = failure.value_of(called.value)
    for base in type.mro(type(value)) if value is not MISSING and (is_table(value) or is_series(value)) else ():
        if called.attr in base.__dict__:
            return base.__dict__[called.attr]
    return MISSING


def _short(name: str) -> str:
    return name.removesuffix(".__init__").rpartition(".")[2]


RULES = (
    Rule("not-callable", "TypeError", NOT_CALLABLE, _say_not_callable),
    Rule("missing-value", "TypeError", r"^([\w.<>]+)\(\) missing (\d+) required [\w -]*arguments?: (.*)", _say_missing),
    Rule(
        "too-many-values",
        "TypeError",
        r"^([\w.<>]+)\(\) takes (?:from \d+ to )?(\d+) positional arguments? but (\d+)",
        _say_too_many,
    ),
    Rule("too-many-values", "TypeError", r"^(\w+) expected (?:at most )?(\d+) arguments?, got (\d+)", _say_fewer),
    Rule(
        "missing-value",
        "TypeError",
        r"^missing a required argument: '(\w+)'",
        "This function needs a value more: {1}. Put it between the round brackets.",
    ),
    Rule(
        "too-many-values",
        "TypeError",
        r"^(?:\w+\.)?(\w+)\(\) takes (?:exactly|at most) (?:one argument|(\d+) arguments?) \((\d+) given\)",
        _say_fewer,
    ),
    Rule("no-values", "TypeError", r"^([\w.<>]+)\(\) takes no arguments", "{1} takes no values between its brackets."),
    Rule(
        "unexpected-name", "TypeError", r"^([\w.<>]+)\(\) got an unexpected keyword argument '(\w+)'", _say_unexpected
    ),
    Rule(
        "unexpected-name",
        "TypeError",
        r"^'(\w+)' is an invalid keyword argument for (\w+)",
        _say_invalid,
    ),
    Rule(
        "twice",
        "TypeError",
        r"multiple values for (?:keyword )?argument '(\w+)'",
        '"{1}" gets two values here. Leave one of them out.',
    ),
)
