"""Turn the text of cells into values, as a decision says; cells that would be lost are counted with their lines.

Works on one piece of a column at a time.  A cell is never dropped silently: it becomes a value, is named as missing by
the decision, is kept as text beside, or is reported as lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.intake.proposals.codes import ICD9, ICD10, settle
from rounds.custody.intake.proposals.date_texts import read_dates
from rounds.custody.intake.proposals.decisions import Decision
from rounds.custody.signs.plain_text import plain, plain_texts

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

LARGEST = 2**53  # whole numbers up to here are exact
BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True)
class Cells:
    """The values of some cells, their text where it stays beside, their code system, and which were lost."""

    values: pd.Series
    beside: pd.Series | None
    system: pd.Series | None
    missing: int
    lost: np.ndarray


def read_cells(cells: pa.Array, decision: Decision, usual: str = ICD10) -> Cells:
    """Return the values of a piece of a text column."""
    import pandas as pd
    import pyarrow.compute as pc

    filled = pc.fill_null(cells, "")
    texts, trimmed = (pd.Series(each.to_pandas(), dtype="str") for each in (filled, plain_texts(filled)))
    empty = (trimmed == "").to_numpy()
    named = _named_missing(trimmed, decision)
    open_cells = ~(empty | named)
    values = _values(texts, trimmed, open_cells, decision)
    lost = open_cells & values.isna().to_numpy()
    beside = None
    if decision.beside:
        beside, lost = texts.where(lost), np.zeros_like(lost)
    system = _systems(trimmed.where(open_cells), usual) if decision.system_column else None
    return Cells(values, beside, system, int(named.sum()), lost)


def usual_system(ten: int, nine: int) -> str:
    """Return the system of codes that both know, from how many cells can only be of one."""
    return ICD9 if nine > ten else ICD10


def _systems(codes: pd.Series, usual: str) -> pd.Series:
    return codes.map(lambda code: settle(code, usual) or None, na_action="ignore").astype("str")


def _named_missing(trimmed: pd.Series, decision: Decision) -> np.ndarray:
    """Return which cells the decision calls missing; numbers are compared as numbers as well."""
    import pandas as pd

    if not decision.missing:
        return np.zeros(len(trimmed), dtype=bool)
    words = {plain(word) for word in decision.missing}
    found: np.ndarray = trimmed.isin(words).to_numpy()
    codes = [float(n) for n in pd.to_numeric(pd.Series(sorted(words), dtype="str"), errors="coerce").dropna()]
    if codes and decision.type in ("integer", "number"):
        found = found | _numbers(trimmed, decision).isin(codes).to_numpy()
    return found


def _values(texts: pd.Series, trimmed: pd.Series, open_cells: np.ndarray, decision: Decision) -> pd.Series:
    if decision.type in ("integer", "number"):
        return _exact(_numbers(trimmed.where(open_cells), decision), trimmed, decision)
    if decision.type == "datetime":
        return read_dates(trimmed.where(open_cells), decision)
    if decision.type == "boolean":
        return trimmed.where(open_cells).str.lower().map(BOOLEANS).astype("boolean")
    return texts.where(open_cells)


def _numbers(trimmed: pd.Series, decision: Decision) -> pd.Series:
    """Return numbers; a mark at a place where it cannot stand makes a cell no number."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    array = pa.array(trimmed, pa.string(), from_pandas=True)
    valid = pc.match_substring_regex(array, _pattern(decision))
    plain = pc.if_else(pc.fill_null(valid, False), array, pa.scalar(None, pa.string()))
    for mark in _marks(_thousands(decision)):
        plain = pc.replace_substring(plain, mark, "")
    if decision.decimal == ",":
        plain = pc.replace_substring(plain, ",", ".")
    return pd.Series(pc.cast(pc.utf8_ltrim(plain, "+"), pa.float64()).to_pandas(), dtype="float64")


def _exact(values: pd.Series, trimmed: pd.Series, decision: Decision) -> pd.Series:
    """Return the numbers without those that a float would change, and for integers without parts of a whole."""
    changed = (values.abs() > LARGEST) & trimmed.str.contains(r"^[+-]?\d+$", regex=True)
    if decision.type == "integer":
        changed |= values % 1 != 0
    return values.where(~changed)


def _pattern(decision: Decision) -> str:
    point = "," if decision.decimal == "," else r"\."
    exponent = r"(?:[eE][+-]?\d+)?"
    plain = rf"(?:\d+(?:{point}\d*)?|{point}\d+){exponent}"
    marks = _marks(_thousands(decision))
    if not marks:
        return rf"^[+-]?{plain}$"
    mark = "[" + "".join(rf"\{m}" if m == "." else m for m in marks) + "]"
    return rf"^[+-]?(?:\d{{1,3}}(?:{mark}\d{{3}})+(?:{point}\d*)?|{plain})$"


def _thousands(decision: Decision) -> str | None:
    """Return the mark between thousands: where none is decided, the one that is no decimal mark."""
    if decision.thousands is None and decision.decimal in (".", ","):
        return "." if decision.decimal == "," else ","
    return decision.thousands


def _marks(thousands: str | None) -> tuple[str, ...]:
    return (" ", "\u00a0", "\u202f", "'") if thousands == " " else (thousands,) if thousands else ()
