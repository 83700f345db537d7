"""Random ids of one challenge: the same person has the same id in all its tables, and another one everywhere else.

They come from the system's secret source; no seed repeats them.  Only the key, on the custodian's side, leads back.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

BYTES = 8


def draw_ids(count: int) -> list[str]:
    """Return as many different random ids."""
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        text = secrets.token_bytes(BYTES * (count - len(drawn))).hex()
        drawn |= dict.fromkeys(f"r{text[i : i + 2 * BYTES]}" for i in range(0, len(text), 2 * BYTES))
    return list(drawn)


def build_ids(columns: Iterable[pd.Series]) -> pd.Series:
    """Return a random id for each different value of these columns; the index holds the values."""
    import pandas as pd

    values = pd.unique(pd.concat([c.dropna() for c in columns], ignore_index=True))
    return pd.Series(draw_ids(len(values)), index=pd.Index(values), dtype="str")


def apply_ids(values: pd.Series, ids: pd.Series) -> pd.Series:
    """Return the random ids of these values; a missing value stays missing."""
    return values.map(ids).astype("str")
