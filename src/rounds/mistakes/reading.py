"""Read objects of a learner without calling anything of theirs: no `__repr__`, no `__getattr__`, no property.

What an error says and what a name holds are read from the interpreter's own slots, or from classes that are known.
"""

from __future__ import annotations

import builtins
import keyword
import re
import sys
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import FunctionType, ModuleType
from typing import Any

PLAIN = (str, int, float, bool, type(None))
LIBRARIES = ("pandas", "numpy", "sklearn", "duckdb", "pyarrow", "scipy", "matplotlib", "json", "statistics", "ibis")
LONGEST = 40  # characters of a value in a sentence
SHELL_NAMES = {"In", "Out", "exit", "quit", "get_ipython", "open"}
_type_name = type.__dict__["__name__"].__get__
_mro = type.__dict__["__mro__"].__get__


def kind_name(kind: type) -> str:
    """Return a class's name; a metaclass has no say."""
    return str(_type_name(kind))


def kind_names(kind: type) -> tuple[str, ...]:
    """Return the names of a class and of all that it inherits from."""
    return tuple(kind_name(base) for base in _mro(kind))


def message_of(value: BaseException) -> str:
    """Return what an error says; nothing where a learner's own code would have to say it."""
    arguments = BaseException.__dict__["args"].__get__(value)
    if len(arguments) == 1 and issubclass(type(arguments[0]), BaseException):  # pandas raises ValueError(error)
        return message_of(arguments[0])
    if not all(_is_plain(argument) for argument in arguments):
        return ""
    for base in _mro(type(value)):
        method = base.__dict__.get("__str__")
        if method is not None:
            return str(method(value)) if _is_known(base, method) else ""
    return ""


def _is_plain(value: object) -> bool:
    if type(value) is tuple or type(value) is list:
        return all(_is_plain(part) for part in value)
    return type(value) in PLAIN


def _is_known(base: type, method: object) -> bool:
    """Return whether a method is the interpreter's, or that of a library whose errors are explained."""
    if not isinstance(method, FunctionType):
        return base.__module__ == "builtins" or type(method).__name__ == "wrapper_descriptor"
    home = str(method.__globals__.get("__name__", "")).partition(".")[0]
    return home in LIBRARIES and home in sys.modules


def show(value: object) -> str:
    """Return a text or a number as code writes it, shortened; the name of its kind for all else."""
    if type(value) in PLAIN:
        return quote(value) if isinstance(value, str) else repr(value)
    return f"a value of type {kind_name(type(value))}"


def quote(text: str) -> str:
    """Return a text in straight quotes, on one line, at most 40 characters of it."""
    flat = re.sub(r"\s", " ", text)
    return f'"{flat if len(flat) <= LONGEST else flat[: LONGEST - 3] + "..."}"'


def names_in(names: Mapping[str, Any]) -> list[str]:
    """Return the names that a learner gave or imported."""
    return sorted(n for n in list(names) if type(n) is str and not n.startswith("_") and n not in SHELL_NAMES)


def nearest(wanted: str, known: Iterable[str]) -> str:
    """Return the known name that is nearest in spelling, empty where none is near."""
    names = sorted(set(known))
    plain = wanted.strip().lower()
    same = [name for name in names if name.strip().lower() == plain and name != wanted]
    near = same or get_close_matches(wanted, names, n=1, cutoff=0.7)
    if not near:
        lower = {name.lower(): name for name in names}
        near = [lower[name] for name in get_close_matches(plain, list(lower), n=1, cutoff=0.75)]
    return near[0] if near else ""


def did_you_mean(wanted: str, known: Iterable[str]) -> str:
    """Return the question that names the nearest name, with a space before it."""
    near = nearest(wanted, known)
    if near and near == wanted.strip():
        return f" Write {quote(near)} without the space."
    return f" Did you mean {quote(near)}?" if near else ""


def is_builtin(name: str) -> bool:
    """Return whether Python itself has this name."""
    return hasattr(builtins, name)


def is_keyword(name: str) -> bool:
    """Return whether a word is Python's own and can be no name."""
    return keyword.iskeyword(name)


def table_kind() -> type | None:
    """Return pandas' table class, None where pandas is not loaded."""
    return _class_of("pandas", "DataFrame")


def is_table(value: object) -> bool:
    """Return whether a value is a table of pandas itself, and no subclass."""
    kind = table_kind()
    return kind is not None and type(value) is kind


def is_series(value: object) -> bool:
    """Return whether a value is a column of pandas itself, and no subclass."""
    kind = _class_of("pandas", "Series")
    return kind is not None and type(value) is kind


def inner_table(value: object) -> object:
    """Return what one of pandas' own helpers works on, like that of `groupby` or `loc`; None for all else."""
    home = type(value).__module__
    known = isinstance(home, str) and home.startswith("pandas.") and not is_table(value) and not is_series(value)
    try:  # a helper that is half made answers to its own `__getattr__` with an endless one
        return object.__getattribute__(value, "obj") if known else None
    except AttributeError:
        return None


def columns_of(table: Any) -> list[str]:
    """Return the column names of a table that are texts."""
    return [name for name in table.columns.tolist() if type(name) is str]


def public_names(value: object) -> list[str]:
    """Return the names of a module, or what the class of a value defines; no instance is asked."""
    if type(value) is ModuleType:
        return [name for name in value.__dict__ if not name.startswith("_")]
    bases = _mro(type(value))
    return [name for base in bases for name in base.__dict__ if not name.startswith("_")]


def _class_of(module: str, name: str) -> type | None:
    found = sys.modules.get(module)
    kind = getattr(found, name, None) if found is not None else None
    return kind if isinstance(kind, type) else None
