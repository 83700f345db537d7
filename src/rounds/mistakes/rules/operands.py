"""Two values with a sign between them that do not go together: texts, lists, pairs, nothing, three dots."""

from __future__ import annotations

import ast
import re

from rounds.mistakes.failure import Failure, Rule, Said
from rounds.mistakes.rules.commas import PAIR, find_comma_number
from rounds.mistakes.rules.nothing import say_nothing

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
SIGNS = {
    "+": "add",
    "-": "take away",
    "*": "multiply",
    "/": "divide",
    "//": "divide",
    "**": "raise to a power",
    "%": "take the rest of",
}
OPERANDS = r"unsupported operand type\(s\) for (\S+?)=?(?: or pow\(\))?:? '([\w.]+)' and '([\w.]+)'"
COMPARED = r"'(\S+)' not supported between instances of '([\w.]+)' and '([\w.]+)'"
CONCATENATED = r"can only concatenate (\w+) \(not \"([\w.]+)\"\) to \w+"
REPEATED = r"can't multiply sequence by non-int of type '([\w.]+)'"
NUMBERS = {"int", "float", "numpy.float64", "numpy.int64"}
NUMBER = re.compile(r"\s*[-+]?\d+(?:\.\d*)?\s*")
DATE = re.compile(r"\s*(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})")
LONGEST = 20  # characters of code that a sentence repeats
DOTS = "Three dots still stand where your answer goes. Replace them, then run this box again."
TWO_TEXTS = "Both values are texts, and {} stands between conditions. Put round brackets around each condition."
WAY_OUT = "Make numbers of both with float(...), or take the quotes away."


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
        return say_nothing(failure)
    if kinds & {"method", "function", "builtin_function_or_method"}:
        return "A function stands here without its brackets. Write () behind its name."
    if kinds == {"str"}:
        return _say_two_texts(failure) if sign in SIGNS else TWO_TEXTS.format(sign)
    if "str" in kinds:
        return _say_text(sign)
    if "set" in kinds and sign == "+":
        return "Two sets are joined with |, not with +."
    if sign in SIGNS and sign != "+" and "list" in kinds and kinds <= {"list", *NUMBERS}:
        return _say_list(failure, sign)
    return f"Python cannot {SIGNS.get(sign, 'join')} {say_kind(left)} and {say_kind(right)}. Check both values."


def _say_text(sign: str) -> str:
    if sign == "+":
        return "A text and a number cannot be added. Write str(number) for a text, or float(text) for a number."
    return "One of the values is a text. Take its quotes away, or write float(text) to make it a number."


def _sides(failure: Failure) -> tuple[ast.expr, ...]:
    """Return the code left and right of the sign; nothing where the failing code is not known."""
    node = failure.place.node
    return (node.left, node.right) if isinstance(node, ast.BinOp) else ()


def _held(failure: Failure, side: ast.AST) -> object:
    return side.value if isinstance(side, ast.Constant) else failure.value_of(side)


def _say_two_texts(failure: Failure) -> str:
    """Say that both sides are texts, and how numbers or dates are made of them, as far as they are any."""
    sides = _sides(failure)
    texts = [text for text in (_held(failure, side) for side in sides) if type(text) is str]
    names = [side.id for side in sides if isinstance(side, ast.Name)]
    both = f"{names[0]} and {names[1]} are both texts." if len(set(names)) == 2 else "Both values are texts."
    if len(texts) == 2 and all(DATE.match(text) for text in texts):
        return f"{both} Make dates of them first with pd.to_datetime(...)."
    if len(texts) == 2 and not all(NUMBER.fullmatch(text) for text in texts):
        return f"{both} Only numbers can be computed with. Look at what the texts hold."
    if len(names) == 2:
        return f"{both} Make numbers of both with float({names[0]}) and float({names[1]})."
    return f"{both} {WAY_OUT}"


def _say_list(failure: Failure, sign: str) -> str:
    """Say that a list is not computed with as a whole, and write the same with an array, or value by value."""
    said = "Python does not compute with a whole list at once."
    if sign == "*":
        said = "With * a list is repeated, and its values are not multiplied."
    return f"{said} {_value_by_value(failure, sign)}"


def _value_by_value(failure: Failure, sign: str) -> str:
    sides = _sides(failure)
    lists = [side for side in sides if _is_list(failure, side)]
    written = [failure.place.code(side) for side in sides]
    if not lists or any(len(code) > LONGEST for code in written):
        return "To compute with each value write np.array(...) around the list."
    counts = [_count(failure, side) for side in lists]
    if len(set(counts)) == 2 and 0 not in counts:
        return f"The one has {counts[0]} values, and the other {counts[1]}."
    if not all(_has_numbers(failure, side) for side in lists):
        return "Its values must be numbers before you can compute with them."
    if "np" in failure.names or len(lists) == 2:
        around = [f"np.array({code})" if side in lists else code for side, code in zip(sides, written, strict=True)]
        return f"Write {around[0]} {sign} {around[1]}."
    each = ["value" if side in lists else code for side, code in zip(sides, written, strict=True)]
    return f"Write [{each[0]} {sign} {each[1]} for value in {failure.place.code(lists[0])}]."


def _is_list(failure: Failure, side: ast.AST) -> bool:
    return isinstance(side, ast.List | ast.ListComp) or type(_held(failure, side)) is list


def _has_numbers(failure: Failure, side: ast.AST) -> bool:
    """Return whether a list holds numbers only, as far as can be told."""
    value = _held(failure, side)
    if isinstance(side, ast.List):
        value = [part.value for part in side.elts if isinstance(part, ast.Constant)]
    return type(value) is not list or all(type(part) in (int, float, bool) for part in value)


def _count(failure: Failure, side: ast.AST) -> int:
    """Return how many values a list has, 0 where that is not known."""
    value = side.elts if isinstance(side, ast.List) else _held(failure, side)
    return len(value) if type(value) is list else 0


def _say_repeated(failure: Failure, match: re.Match[str]) -> str:
    """Say which sequence was to be multiplied: a pair from a decimal comma, a list, or a text."""
    comma, sides = find_comma_number(failure), _sides(failure)
    if comma:
        return comma
    if any(_is_list(failure, side) for side in sides) or match[1] == "list":
        if "str" in (match[1], *(type(_held(failure, side)).__name__ for side in sides)):
            return "A list and a text cannot be multiplied. Check both values."
        return _say_list(failure, "*")
    if match[1] == "str":
        return _say_two_texts(failure).replace("Both values are texts.", "Two texts cannot be multiplied.")
    if any(type(_held(failure, side)) is str for side in sides):
        return "A text can be repeated a whole number of times only. To make a number of it write float(text)."
    return "With * a text or list is repeated, a whole number of times only. To compute, make numbers of it first."


def _say_compared(failure: Failure, match: re.Match[str]) -> Said:
    kinds = {match[2], match[3]}
    if "ellipsis" in kinds:
        return DOTS
    if "NoneType" in kinds:
        return say_nothing(failure)
    if "tuple" in kinds and find_comma_number(failure):
        return find_comma_number(failure)
    if "str" in kinds:
        return "A text cannot be compared with a number. Make it a number with float(text), or take its quotes away."
    return f"Python cannot say which is larger: {say_kind(match[2])} or {say_kind(match[3])}."


RULES = (
    Rule("kinds", "TypeError", OPERANDS, _say_operands),
    Rule("kinds", "TypeError", COMPARED, _say_compared),
    Rule("kinds", "TypeError", CONCATENATED, _say_joined),
    Rule("kinds", "TypeError", REPEATED, _say_repeated),
    Rule("kinds", "TypeError", r"bad operand type for (?:unary )?\S+ 'str'", lambda f, m: _say_text("-")),
    Rule("kinds", "TypeError", r"type str doesn't define __round__", lambda f, m: _say_text("-")),
)
