"""A name that nothing has been given to: misspelt, not made yet, or a text without quotes."""

from __future__ import annotations

import ast
import builtins
import re
from difflib import get_close_matches

from rounds.mistakes.failure import Failure, Rule, Said
from rounds.mistakes.reading import columns_of, is_table, names_in, nearest, quote

USUAL = {
    "pd": "import pandas as pd",
    "pandas": "import pandas",
    "np": "import numpy as np",
    "numpy": "import numpy",
    "plt": "import matplotlib.pyplot as plt",
    "sns": "import seaborn as sns",
    "duckdb": "import duckdb",
    "math": "import math",
    "random": "import random",
    "datetime": "import datetime",
    "LogisticRegression": "from sklearn.linear_model import LogisticRegression",
    "train_test_split": "from sklearn.model_selection import train_test_split",
    "roc_auc_score": "from sklearn.metrics import roc_auc_score",
}
OTHER_WORDS = {
    "true": "True",
    "TRUE": "True",
    "false": "False",
    "FALSE": "False",
    "null": "None",
    "NULL": "None",
    "none": "None",
    "nil": "None",
    "NaN": 'float("nan")',
    "nan": 'float("nan")',
    "NA": "None",
}
SHORTEST = 3  # letters of a short form
FIRST_BOX = {"check", "define", "load"}  # what the set-up box of a lesson makes


def _say_name(failure: Failure, match: re.Match[str]) -> Said:
    name = match[1]
    said = f'There is no name "{name}" yet.'
    if name in OTHER_WORDS:
        return f'Python does not know "{name}". Write {OTHER_WORDS[name]}.'
    known = names_in(failure.names)
    if _counts_on(failure, name):
        return f"{said} The right side uses it before it has a value. Give it a first one above: {name} = 0."
    if name in FIRST_BOX or not known:
        return f"{said} Run the first box of this page, then this one again."
    if name in USUAL and not (name == "datetime" and "datetime" in known):
        return f"{said} Run this line first: {USUAL[name]}"
    return said + (_guess(failure, name, known) or " Run the box that makes it, or write a text in quotes.")


def _guess(failure: Failure, name: str, known: list[str]) -> str:
    """Return the nearest name, or the table that has a column of this name."""
    local = failure.place.frame.f_locals if failure.place.frame is not None else {}
    having = [n for n in known if is_table(failure.names[n]) and name in columns_of(failure.names[n])]
    table = next((n for n in having if re.search(rf"\b{n}\b", failure.place.source)), having[0] if having else "")
    if table:
        return f' It is a column of {table}: write {table}["{name}"].'
    near = _longer_or_shorter(name, names_in(local) if failure.place.within else [])
    near = near or nearest(name, [*known, *names_in(local)]) or _nearest_builtin(name)
    return f" Did you mean {quote(near)}?" if near else ""


def _counts_on(failure: Failure, name: str) -> bool:
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


def _longer_or_shorter(name: str, local: list[str]) -> str:
    """Return the name of a function's own of which this is a longer or a shorter form, as prevalence is of prev."""
    fits = (own for own in local if min(len(own), len(name)) >= SHORTEST and own != name)
    return next((own for own in fits if name.startswith(own) or own.startswith(name)), "")


def _nearest_builtin(name: str) -> str:
    """Return Python's own name that is very near: short words resemble too many."""
    own = [known for known in dir(builtins) if known[0].islower()]
    found = get_close_matches(name.lower(), own, n=1, cutoff=0.8)
    return found[0] if found and len(name) > 2 else ""


def _say_local(failure: Failure, match: re.Match[str]) -> str:
    name, where = match[1], failure.place.within or "this function"
    if _counts_on(failure, name):
        return f'"{name}" is counted on inside {where} before it has a value. Give it a first one there: {name} = 0.'
    return f'"{name}" gets its value inside {where} later than it is used. Give it a value first, or another name.'


RULES = (
    Rule("local-name", "UnboundLocalError", r"local variable '(\w+)'", _say_local),
    Rule("name", "NameError", r"^name '(\w+)' is not defined", _say_name),
    Rule("free-name", "NameError", r"free variable '(\w+)'", 'The name "{1}" has no value yet at this point.'),
)
