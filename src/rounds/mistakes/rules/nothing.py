"""None where a value is wanted: a function without return, or a step that changes its list and gives nothing back."""

from __future__ import annotations

import ast
from types import FunctionType

from rounds.mistakes.failure import Failure

SILENT = {"append", "extend", "insert", "remove", "sort", "reverse", "update", "add", "clear", "shuffle"}


def say_nothing(failure: Failure) -> str:
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
