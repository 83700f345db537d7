"""Packages and files that are not there."""

from __future__ import annotations

import ast
import os
import re
import sys

from rounds.mistakes.failure import Failure, Rule, Said
from rounds.mistakes.reading import did_you_mean, public_names, quote
from rounds.mistakes.rules.folders import find_elsewhere, find_near

USUAL = ("pandas", "numpy", "matplotlib", "seaborn", "sklearn", "scipy", "duckdb", "statistics", "datetime", "rounds")
OTHER = {"scikit": "sklearn", "sklearn-learn": "sklearn", "cv2": "", "tensorflow": "", "torch": ""}
SHOWN_AS = {r"\x07": r"\a", r"\x08": r"\b", r"\x0b": r"\v", r"\x0c": r"\f"}  # as typed, where Python shows a number
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
    if _writes(failure):
        return f"There is no folder {quote(os.path.dirname(match[1]))}. Make it first, or leave it out of the path."
    return say_missing_file(match[1])


def _writes(failure: Failure) -> bool:
    """Return whether a file was to be written: then it is the folder that is missing."""
    code = failure.place.code(failure.place.node)
    return bool(re.search(r"\.(?:to_|save|write)|^open\([^)]*[,=]\s*[\"'][wax]", code))


def say_missing_file(path: str) -> str:
    """Say that a file is not there, and where or under which name there is one."""
    written = _explain_path(path)
    if written:
        return written
    name, folder = os.path.basename(path), os.path.dirname(path)
    elsewhere = find_elsewhere(path)
    if elsewhere:
        return (
            f'There is no file {quote(name)} in {_where(folder)}. There is one in another place: write "{elsewhere}".'
        )
    try:
        near = find_near(name, os.listdir(folder or ".")[:1000])
    except OSError:
        return f"There is no folder {quote(folder)}. Check the path in the quotes."
    more = f" Did you mean {quote(near)}?" if near else " Check its name and its ending."
    return f"There is no file {quote(name)} in {_where(folder)}.{more}"


def _where(folder: str) -> str:
    return f"the folder {quote(folder)}" if folder else "this folder"


def _explain_path(path: str) -> str:
    r"""Say what is wrong with a path written with \, of which Python shows each as two, and a sign like \n as one."""
    sign = re.search(r"(?<!\\)(?:\\\\)*(\\(?:x\w\w|[a-z]))", path)
    if sign:
        typed = SHOWN_AS.get(sign[1], sign[1] if len(sign[1]) == 2 else "\\")
        said = f"In a text {typed} has a meaning of its own."
        return f"{said} In a path write / in place of each \\, or put an r before the first quote."
    if os.sep == "/" and re.match(r"[A-Za-z]:[\\/]", path):
        return "This path is one of Windows, and the code does not run there. Bring the file into this folder first."
    if os.sep == "/" and "\\" in path:
        return "Between folder and file write / in place of \\."
    return ""


def _say_read_file(failure: Failure, match: re.Match[str]) -> Said:
    """Say which file a bare message means: the first text among the arguments."""
    node = failure.place.node
    for part in ast.walk(node) if node is not None else ():
        if isinstance(part, ast.Constant) and type(part.value) is str:
            return say_missing_file(repr(part.value)[1:-1])
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
        "You may not open or write that file here. Use a file in your own folder.",
    ),
    Rule("json", "JSONDecodeError", r"", "The text is no JSON: it needs double quotes and commas in their places."),
    Rule(
        "encoding", "UnicodeDecodeError", r"", 'The file is written in another alphabet code. Try: encoding="latin-1"'
    ),
)
