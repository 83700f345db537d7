"""Names that live inside a function: used outside of it, or another than the one of the same spelling outside."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Iterator
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType

from rounds.mistakes.failure import Failure, Rule
from rounds.mistakes.reading import is_builtin, names_in


def say_lives_inside(failure: Failure, name: str) -> str:
    """Say which function of the notebook, called in this cell, has a name that is used outside; empty without one."""
    for called in _called_functions(failure):
        function = failure.names[called]
        if name in function.__code__.co_varnames and called != failure.place.within:
            return _say_inside(name, called, function.__code__)
    return ""


def _called_functions(failure: Failure) -> Iterator[str]:
    """Return the notebook's own functions that the cell calls, in the order of their names."""
    calls = [part.func for part in ast.walk(ast.parse(failure.place.source)) if isinstance(part, ast.Call)]
    called = {part.id for part in calls if isinstance(part, ast.Name)}
    for own in names_in(failure.names):
        value = failure.names[own]
        if own in called and type(value) is FunctionType and value.__globals__ is failure.names:
            yield own


def is_made_inside(failure: Failure, name: str) -> bool:
    """Return whether a called function gives this very name a value: then no other spelling is meant."""
    codes = [failure.names[called].__code__ for called in _called_functions(failure)]
    return any(name in code.co_varnames and name not in _parameters(code) for code in codes)


def _parameters(code: CodeType) -> tuple[str, ...]:
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _say_inside(name: str, called: str, code: CodeType) -> str:
    said = f"{name} is a name inside {called} only."
    if name in _parameters(code):
        return f"{said} Outside give the value a name of your own first."
    returned = _returned(code)
    if name in returned:
        return f"{said} Keep what {called} gives back: {name} = {called}(...)"
    if returned:
        return f"{said} {called} gives back something else. To use {name} outside, let {called} return it."
    return f"{said} End {called} with return {name}, and keep it outside: {name} = {called}(...)"


def _returned(code: CodeType) -> set[str]:
    """Return the names in what a function gives back; a dot for what holds no names, nothing without a return."""
    tree = ast.parse("".join(linecache.getlines(code.co_filename)))
    own = [part for part in ast.walk(tree) if isinstance(part, ast.FunctionDef) and part.name == code.co_name]
    values = [step.value for part in own for step in ast.walk(part) if isinstance(step, ast.Return) and step.value]
    return {getattr(part, "id", ".") for value in values for part in ast.walk(value)}


def _say_local(failure: Failure, match: re.Match[str]) -> str:
    name, where = match[1], failure.place.within or "this function"
    if _is_outside(failure, name):
        return (
            f"{where} gives {name} a value, so this {name} is its own and not the one outside. {_mend(failure, name)}"
        )
    if is_builtin(name):
        said = f"{where} gives {name} a value, so this {name} is its own and not that of Python."
        return f"{said} Choose another name for it."
    if counts_on(failure, name):
        return f'"{name}" is counted on inside {where} before it has a value. Give it a first one there: {name} = 0.'
    if any(line < failure.place.line for line in _lines_of_value(failure, name)):
        said = f'The line that gives "{name}" a value inside {where} was not run.'
        return f"{said} Give it a first value above the if or for."
    return f'"{name}" gets its value inside {where} later than it is used. Give it a value first, or another name.'


def _mend(failure: Failure, name: str) -> str:
    if type(failure.names.get(name)) in (FunctionType, BuiltinFunctionType, ModuleType, type):
        return "Choose another name for the value inside."
    return f"Hand {name} in between the brackets, and return the new value."


def _is_outside(failure: Failure, name: str) -> bool:
    """Return whether a name of a function also has a value outside, in the notebook or in a function around it."""
    return name in failure.names or any(name in _own_names(part) for part in _around(failure))


def _functions(failure: Failure) -> list[ast.FunctionDef]:
    return [part for part in ast.walk(ast.parse(failure.place.source)) if isinstance(part, ast.FunctionDef)]


def _around(failure: Failure) -> list[ast.FunctionDef]:
    """Return the functions in which the failing one is written."""
    line = failure.place.frame.f_code.co_firstlineno if failure.place.frame is not None else 0
    return [part for part in _functions(failure) if part.lineno < line <= (part.end_lineno or 0)]


def _own_names(function: ast.FunctionDef) -> set[str]:
    steps = [target for part in function.body if isinstance(part, ast.Assign) for target in part.targets]
    return {part.id for part in steps if isinstance(part, ast.Name)} | {part.arg for part in function.args.args}


def _lines_of_value(failure: Failure, name: str) -> list[int]:
    """Return the lines in which the failing function gives a name a value."""
    own = [part for part in _functions(failure) if part.name == failure.place.within]
    parts = [part for function in own for part in ast.walk(function) if isinstance(part, ast.Name)]
    return [part.lineno for part in parts if part.id == name and isinstance(part.ctx, ast.Store)]


def counts_on(failure: Failure, name: str) -> bool:
    """Return whether the line makes the name of itself, as in ``total = total + 1`` or ``total += 1``."""
    for part in ast.walk(ast.parse(failure.place.source)):
        if getattr(part, "lineno", 0) != failure.place.line:
            continue
        if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name) and part.target.id == name:
            return True
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.BinOp):
            own = {target.id for target in part.targets if isinstance(target, ast.Name)}
            sides = {side.id for side in (part.value.left, part.value.right) if isinstance(side, ast.Name)}
            return name in own & sides
    return False


RULES = (Rule("local-name", "UnboundLocalError", r"local variable '(\w+)'", _say_local),)
