"""A name that nothing has been given to: misspelt, not made yet, or a text without quotes."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from difflib import get_close_matches

from rounds.mistakes.failure import MISSING, Failure, Rule, Said
from rounds.mistakes.reading import columns_of, is_table, names_in, nearest, public_names, quote
from rounds.mistakes.rules.scopes import counts_on, is_made_inside, say_lives_inside

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
    if counts_on(failure, name):
        return f"{said} The right side uses it before it has a value. Give it a first one above: {name} = 0."
    if name in FIRST_BOX or not known:
        return f"{said} Run the first box of this page, then this one again."
    if name in USUAL and not (name == "datetime" and "datetime" in known):
        return f"{said} Run this line first: {USUAL[name]}"
    more = _guess(failure, name, known)
    if not more and say_lives_inside(failure, name):
        return say_lives_inside(failure, name)
    return said + (more or " Run the box that makes it, or write a text in quotes.")


def _guess(failure: Failure, name: str, known: list[str]) -> str:
    """Return the table that has a column of this name, the module to load, or the nearest name."""
    local = failure.place.frame.f_locals if failure.place.frame is not None else {}
    having = [n for n in known if is_table(failure.names[n]) and name in columns_of(failure.names[n])]
    table = next((n for n in having if re.search(rf"\b{n}\b", failure.place.source)), having[0] if having else "")
    if table:
        return f' It is a column of {table}: write {table}["{name}"].'
    near = _longer_or_shorter(name, names_in(local) if failure.place.within else [])
    if not near and is_made_inside(failure, name):
        return ""
    near = near or nearest(name, [*known, *names_in(local)]) or _nearest_builtin(name)
    return _module(failure, name, near) or (f" Did you mean {quote(near)}?" if near else "")


def _module(failure: Failure, name: str, near: str) -> str:
    """Return the line that loads a module of Python itself, where a part of it was asked for with a point.

    A name of the learner's that is nearly the same comes first, unless it has no such part: `los` has no `listdir`.
    """
    parts = ast.walk(ast.parse(failure.place.source)) if name in sys.stdlib_module_names else iter(())
    asked = [part for part in parts if isinstance(part, ast.Attribute) and part.lineno == failure.place.line]
    wanted = [part.attr for part in asked if isinstance(part.value, ast.Name) and part.value.id == name]
    own = failure.look_up(near) if near else MISSING
    if not wanted or (own is not MISSING and wanted[0] in public_names(own)):
        return ""
    return f" It is a part of Python that is not loaded. Run this line first: import {name}"


def _longer_or_shorter(name: str, local: list[str]) -> str:
    """Return the name of a function's own of which this is a longer or a shorter form, as prevalence is of prev."""
    fits = (own for own in local if min(len(own), len(name)) >= SHORTEST and own != name)
    return next((own for own in fits if name.startswith(own) or own.startswith(name)), "")


def _nearest_builtin(name: str) -> str:
    """Return Python's own name that is very near: short words resemble too many."""
    own = [known for known in dir(builtins) if known[0].islower()]
    found = get_close_matches(name.lower(), own, n=1, cutoff=0.8)
    return found[0] if found and len(name) > 2 else ""


RULES = (
    Rule("name", "NameError", r"^name '(\w+)' is not defined", _say_name),
    Rule("free-name", "NameError", r"free variable '(\w+)'", 'The name "{1}" has no value yet at this point.'),
)
