"""Several names for one value that does not have as many parts: left of =, or in a loop."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from rounds.mistakes.failure import MISSING, Failure, Rule
from rounds.mistakes.reading import is_series, is_table
from rounds.mistakes.rules.nothing import say_nothing

COUNTED = r"(too many|not enough) values to unpack(?: \(expected (?:at least )?(\d+)(?:, got (\d+))?\))?"
Loop = ast.For | ast.comprehension


def _say_unpack(failure: Failure, match: re.Match[str]) -> str:
    loop = _find_loop(failure)
    if loop is not None:
        return _say_loop(failure, loop) or _say_steps(match)
    made = _find_assignment(failure)
    if made is not None and "train_test_split" in failure.place.code(made):
        return "train_test_split(X, y) gives back four parts. Write four names left of =."
    return _say_sides(failure, match, made.value if made is not None else None)


def _say_steps(match: re.Match[str]) -> str:
    values = _values(match[3] or "") or "more values"
    return f"The loop has {match[2]} names, and one of its steps gives {values}. Both must be equal."


def _say_sides(failure: Failure, match: re.Match[str], right: ast.expr | None) -> str:
    count = match[3] or _count(failure, right)
    if "at least" in match[0]:
        return f"The names left of = need at least {match[2]} values, and right of it {_stand(count)}."
    if count == match[2]:
        return "One of the values right of = has another number of parts than there are names for it."
    said = f"Left of = stand {match[2]} names, and right of it {_values(count) or 'more values'}."
    return said + (_missing_sign(right) if count == "1" else "")


def _values(count: str) -> str:
    """Return a number with its noun, empty without a number."""
    return f"{count} {'value' if count == '1' else 'values'}" if count else ""


def _stand(count: str) -> str:
    return f"{'stands' if count == '1' else 'stand'} {count or 'less'}"


def _count(failure: Failure, right: ast.expr | None) -> str:
    """Return how many values stand right of =, as far as that can be told without running code."""
    if isinstance(right, ast.Tuple | ast.List):
        return str(len(right.elts))
    value = right.value if isinstance(right, ast.Constant) else failure.value_of(right)
    if isinstance(right, ast.Call) and isinstance(right.func, ast.Attribute) and right.func.attr == "split":
        value = _split(failure.value_of(right.func.value), right)
    return str(len(value)) if type(value) in (list, tuple, str, dict, set) else ""  # type: ignore[arg-type]


def _split(text: object, call: ast.Call) -> object:
    """Return the parts of a plain text, which no code of a learner's can change; nothing for all else."""
    signs = [part.value for part in call.args if isinstance(part, ast.Constant)]
    if type(text) is not str or call.keywords or len(signs) != len(call.args) or len(signs) > 1:
        return MISSING
    sign = signs[0] if signs else None
    return text.split(sign) if sign is None or (isinstance(sign, str) and sign) else MISSING


def _missing_sign(right: ast.expr | None) -> str:
    """Say that a text lacks the sign at which it was to be split."""
    if not isinstance(right, ast.Call) or not isinstance(right.func, ast.Attribute) or right.func.attr != "split":
        return ""
    sign = right.args[0] if right.args else None
    if isinstance(sign, ast.Constant) and type(sign.value) is str:
        return f' The text has no "{sign.value}" in it.'
    return " The text has no space in it." if sign is None else ""


def _say_loop(failure: Failure, loop: Loop) -> str:
    """Say how a loop gets two names a step from what it goes through; empty where it should have."""
    if not isinstance(loop.target, ast.Tuple) or len(loop.target.elts) != 2:
        return ""
    through = _of_dictionary(loop.iter)
    head = f"for {', '.join(failure.place.code(part) for part in loop.target.elts)} in"
    if isinstance(through, ast.Name):
        return _say_through(failure.value_of(through), through.id, head)
    parts = through.elts if isinstance(through, ast.Tuple | ast.List) else []
    lists = [part for part in parts if type(failure.value_of(part)) is list or is_series(failure.value_of(part))]
    if len(lists) != 2 or len(parts) != 2:
        return ""
    inside = ", ".join(failure.place.code(part) for part in parts)
    return (
        f"The loop goes through one list after the other. To go through both side by side write: {head} zip({inside})"
    )


def _of_dictionary(through: ast.expr) -> ast.expr:
    """Return the code of the dictionary where its keys or values are asked for, else the code as it is."""
    called = through.func if isinstance(through, ast.Call) and not through.args else None
    return called.value if isinstance(called, ast.Attribute) and called.attr in ("keys", "values") else through


def _say_through(value: object, name: str, head: str) -> str:
    if type(value) is dict:
        return f"A loop over a dictionary gives its keys alone. For key and value write: {head} {name}.items()"
    if is_table(value):
        return f"A loop over a table gives the names of its columns. For rows write: {head} {name}.iterrows()"
    if type(value) is list and value and all(type(part) in (str, int, float, bool) for part in value):
        return f"{name} gives one value a step, not two. To count the steps write: {head} enumerate({name})"
    return ""


def _find_loop(failure: Failure) -> Loop | None:
    """Return the loop whose names got too many or too few values."""
    for loop, line in _loops(failure.place.source):
        if line == failure.place.line and _is_of(failure.place.node, loop):
            return loop
    return None


def _loops(source: str) -> Iterator[tuple[Loop, int]]:
    for part in ast.walk(ast.parse(source)):
        if isinstance(part, ast.For):
            yield part, part.lineno
        elif isinstance(part, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            yield from ((loop, loop.target.lineno) for loop in part.generators)


def _is_of(node: ast.AST | None, loop: Loop) -> bool:
    """Return whether the failing code is among the names of a loop, or what it goes through."""
    inside = [*ast.walk(loop.target), loop.iter]
    where = getattr(node, "lineno", 0), getattr(node, "col_offset", -1)
    return where in [(part.lineno, part.col_offset) for part in inside if isinstance(part, ast.expr)]


def _find_assignment(failure: Failure) -> ast.Assign | None:
    tree = ast.parse(failure.place.source)
    return next((p for p in ast.walk(tree) if isinstance(p, ast.Assign) and p.lineno == failure.place.line), None)


def _say_single(failure: Failure, match: re.Match[str]) -> str:
    """Say that one value, like a number, has no parts."""
    if match[1] == "NoneType":
        return say_nothing(failure)
    loop = _find_loop(failure)
    if loop is None:
        return "Left of = stand several names, and right of it one value. Write one name."
    return _say_loop(failure, loop) or "The loop has several names, and each step gives one value. Write one name."


RULES = (
    Rule("unpack", "ValueError", COUNTED, _say_unpack),
    Rule("unpack", "TypeError", r"cannot unpack non-iterable ([\w.]+) object", _say_single),
)
