"""Packages and files that are not there."""

from __future__ import annotations

import ast
import os
import re
import sys

from rounds.mistakes.failure import Failure, Rule, Said
from rounds.mistakes.reading import did_you_mean, public_names, quote

USUAL = ("pandas", "numpy", "matplotlib", "seaborn", "sklearn", "scipy", "duckdb", "statistics", "datetime", "rounds")
OTHER = {"scikit": "sklearn", "sklearn-learn": "sklearn", "cv2": "", "tensorflow": "", "torch": ""}
MOVED = {
    "sklearn.cross_validation": "sklearn.model_selection",
    "sklearn.grid_search": "sklearn.model_selection",
    "sklearn.externals": "joblib",
}


def _say_module(failure: Failure, match: re.Match[str]) -> str:
    name = match[1]
    if name in MOVED:
        return f"{name} was renamed. Write {MOVED[name]} in its place."
    parent, _, last = name.rpartition(".")
    known = public_names(sys.modules[parent]) if parent in sys.modules else [*USUAL, *map(str, sys.stdlib_module_names)]
    near = did_you_mean(last, known)
    return f"There is no package {quote(name)} here.{near or ' Check the spelling, or ask for it to be installed.'}"


def _say_import(failure: Failure, match: re.Match[str]) -> str:
    name, module = match[1], match[2]
    if module in MOVED:
        return f"{module} was renamed. Write {MOVED[module]} in its place."
    known = public_names(sys.modules[module]) if module in sys.modules else []
    near = did_you_mean(name, [*known, *getattr(sys.modules.get(module), "__all__", ())])
    return f"{module} has no {quote(name)}.{near or ' Check the spelling, and capital letters.'}"


def _say_module_part(failure: Failure, match: re.Match[str]) -> str:
    module, name = match[1], match[2]
    gone = re.search(r"Use `([\w.]+)` instead|builtin `(\w+)`", failure.message)
    if gone:
        return f"{module} has no {name} any more. Write {gone[1] or gone[2]} in its place."
    known = public_names(sys.modules[module]) if module in sys.modules else []
    near = did_you_mean(name, known)
    return f"{module} has no {quote(name)}.{near or ' Check the spelling, and capital letters.'}"


def _say_file(failure: Failure, match: re.Match[str]) -> Said:
    name = match[1]
    folder = os.path.dirname(name) or "."
    try:
        near = did_you_mean(os.path.basename(name), os.listdir(folder)[:1000])
    except OSError:
        return f"There is no folder {quote(folder)}. Check the path in the quotes."
    return (
        f"There is no file {quote(os.path.basename(name))} in this folder.{near or ' Check its name and its ending.'}"
    )


def _say_read_file(failure: Failure, match: re.Match[str]) -> Said:
    """Say which file a bare message means: the first text among the arguments."""
    node = failure.place.node
    for part in ast.walk(node) if node is not None else ():
        if isinstance(part, ast.Constant) and type(part.value) is str:
            return _say_file(failure, re.fullmatch(r"(.*)", part.value, re.S) or match)
    return "There is no such file. Check its name and its folder."


RULES = (
    Rule("package", "ModuleNotFoundError", r"No module named '([\w.]+)'", _say_module),
    Rule("import", "ImportError", r"cannot import name '(\w+)' from '([\w.]+)'", _say_import),
    Rule("module-part", "AttributeError", r"module '([\w.]+)' has no attribute '(\w+)'", _say_module_part),
    Rule("module-part", "AttributeError", r"^`(np)\.(\w+)` was removed", _say_module_part),
    Rule("file", "FileNotFoundError", r"No such file or directory: '(.*)'", _say_file),
    Rule("file", "FileNotFoundError", r"", _say_read_file),
    Rule(
        "folder", "OSError", r"non-existent directory: '(.*)'", "There is no folder {1}. Check the path in the quotes."
    ),
    Rule("is-folder", "IsADirectoryError", r"", "This is a folder and no file. Add the name of the file."),
    Rule(
        "permission",
        "PermissionError",
        r"",
        "This room may not open or write that file. Use a file of your own folder.",
    ),
    Rule("json", "JSONDecodeError", r"", "The text is no JSON: it needs double quotes and commas in their places."),
    Rule(
        "encoding", "UnicodeDecodeError", r"", 'The file is written in another alphabet code. Try: encoding="latin-1"'
    ),
)
