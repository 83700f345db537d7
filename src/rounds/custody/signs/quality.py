"""Values that no measurement gives: sentinels, impossible ages, negative times, times far outside the rest.

They are not identifiers, but a strange value can single a person out, and a plan must say what becomes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rounds.custody.signs.column_names import is_age, words_of
from rounds.custody.signs.finding import Finding, Severity
from rounds.custody.signs.scan import Look

if TYPE_CHECKING:
    import pandas as pd

CODES = (-999, -99, -9, -1, 99, 999, 9999, 99999, 888, 8888)
FEWEST_CODES, FEWEST_REST = 3, 5
OLDEST = 120
FAR = 100
_TIMES = {
    "tat",
    "hours",
    "hour",
    "minutes",
    "duration",
    "los",
    "time",
    "stay",
    "wait",
    "delay",
    "interval",
    "turnaround",
}
BLANK = "Set it missing in the plan (outside, or blank), or say why it may stay"


def find_strange_values(look: Look) -> list[Finding]:
    """Return the sentinel and impossible values of a numeric column."""
    if look.column.type not in ("integer", "number") or look.known < 20:
        return []
    values = look.values.dropna()
    found = [*_sentinels(look, values), *_piled_up(look, values)]
    if is_age(look.column.name):
        found += _say(look, "ages over 120 or under 0: impossible", ((values > OLDEST) | (values < 0)).sum())
    if set(words_of(look.column.name).split()) & _TIMES:
        found += _say(look, "negative times: impossible", (values < 0).sum())
        found += _say(look, f"times over {FAR} times the 99th percentile: impossible", _far(values).sum())
    return found


def limits_of(look: Look) -> tuple[float | None, float | None]:
    """Return the lowest and the highest value that a plan should leave, None for no limit."""
    values = look.values.dropna()
    words = set(words_of(look.column.name).split())
    if is_age(look.column.name):
        return 0, OLDEST
    if not words & _TIMES:
        return None, None
    high = float(values[~_far(values)].max()) if _far(values).any() else None
    return (0 if (values < 0).any() else None), high


def sentinels_of(look: Look) -> list[float]:
    """Return the values that look like codes for "unknown"."""
    return find_sentinels(look.values.dropna())


def find_sentinels(values: pd.Series) -> list[float]:
    """Return the codes among numbers that stand apart from all others, as codes for "unknown" do."""
    return [code for code in CODES if _is_sentinel(values, code)]


def find_rare_codes(values: pd.Series, counts: Mapping[float, int]) -> list[int]:
    """Return the codes that occur and lie outside all other numbers, however often: a person must say what they are.

    ``counts`` says how often each code occurs, where ``values`` are a sample.
    """
    rest = values[~values.isin(CODES)]
    if len(rest) < FEWEST_REST or rest.nunique() < 2:
        return []
    low, high = float(rest.min()), float(rest.quantile(0.99))
    beyond = high + max(high - low, 1.0)
    return [code for code in CODES if counts.get(code) and (low >= 0 > code or code > beyond)]


def _sentinels(look: Look, values: pd.Series) -> list[Finding]:
    codes = sentinels_of(look)
    rows = int(values.isin(codes).sum())
    return _say(look, f"{len(codes)} codes such as -1 or 999 stand for a missing value", rows) if codes else []


def _is_sentinel(values: pd.Series, code: float) -> bool:
    count, rest = int((values == code).sum()), values[values != code]
    if count < FEWEST_CODES or rest.nunique() < 8:
        return False
    low, high = float(rest.quantile(0.01)), float(rest.quantile(0.99))
    return bool(code < rest.min() or code > high + max(high - low, 1.0))


def _piled_up(look: Look, values: pd.Series) -> list[Finding]:
    """Find one value at the end of the scale that most rows share, as a limit of a machine gives it."""
    if values.nunique() < 50:
        return []
    for end, word in ((values.max(), "highest"), (values.min(), "lowest")):
        rows = int((values == end).sum())
        if end != 0 and rows >= 0.3 * len(values):
            what = f"many rows share the {word} value: a sentinel or a limit, not a measurement"
            return [look.find("value", Severity.LOOK, what, "Say in the column's note what it means", rows)]
    return []


def _far(values: pd.Series) -> pd.Series:
    return values > FAR * max(float(values.quantile(0.99)), 1e-9)


def _say(look: Look, what: str, rows: float) -> list[Finding]:
    return [look.find("value", Severity.LOOK, what, BLANK, int(rows))] if rows else []
