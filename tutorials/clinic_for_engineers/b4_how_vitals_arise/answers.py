"""Right and wrong answers that learners write in B4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.challenges.intervals import wilson
from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import LIMITS, reference_plausible, reference_rate
from .hidden import RIGHT_MAKERS, WHY

if TYPE_CHECKING:
    import pandas as pd

Limits = dict[str, tuple[float, float]]


def _numpy_flag(value: float, loinc: str, limits: Limits) -> Any:
    import numpy as np

    return np.logical_and(value >= limits[loinc][0], value <= limits[loinc][1])


def _long_way(value: float, loinc: str, limits: Limits) -> Any:
    if loinc not in limits:
        raise ValueError(f"no limits for {loinc}")
    return 0 if value != value or value < limits[loinc][0] or value > limits[loinc][1] else 1


def _forgiving(value: float, loinc: str, limits: Limits) -> Any:
    low, high = limits.get(loinc, (0, 1000))
    return low <= value <= high


def _silent(value: float, loinc: str, limits: Limits) -> Any:
    return loinc in limits and reference_plausible(value, loinc, limits)


def _deletes(value: float, loinc: str, limits: Limits) -> Any:
    return value if reference_plausible(value, loinc, limits) else None


def _bends(value: float, loinc: str, limits: Limits) -> Any:
    return min(max(value, limits[loinc][0]), limits[loinc][1])


def _with(compare: Any) -> Any:
    """Return exercise 1 with this comparison of value, low and high."""

    def plausible(value: float, loinc: str, limits: Limits) -> Any:
        return compare(value, *limits[loinc])

    return plausible


def _dots(pairs: pd.DataFrame, tone: str) -> Any:
    fine: Any = ...
    return len(fine)


def _counting(pairs: pd.DataFrame, tone: str) -> Any:
    """Do the right thing in a loop, as those do who come from another language."""
    n = k = 0
    for _, row in pairs.iterrows():
        if row["skin_tone"] == tone and 92 <= row["oximeter"] <= 96:
            n += 1
            k += row["blood"] < 88
    return [k / n, *wilson(k, n)] if n else [float("nan"), 0, 1]


def _as_array(pairs: pd.DataFrame, tone: str) -> Any:
    import numpy as np

    return np.array(reference_rate(pairs, tone))


def _rate_of(fine: Any, low: Any = lambda rows: rows["blood"] < 88) -> Any:
    """Return exercise 4 with these choices of rows."""

    def hidden_rate(pairs: pd.DataFrame, tone: str) -> Any:
        group = pairs[pairs["skin_tone"] == tone]
        rows = group[fine(group)]
        n, k = len(rows), int(low(rows).sum())
        return (k / n, *wilson(k, n)) if n else (float("nan"), 0.0, 1.0)

    return hidden_rate


def _fine(rows: pd.DataFrame) -> Any:
    return rows["oximeter"].between(92, 96)


def _changed(change: Any) -> Any:
    """Return exercise 4 with its three right numbers changed."""
    return lambda pairs, tone: change(*reference_rate(pairs, tone))


def _of_all(pairs: pd.DataFrame, tone: str) -> Any:
    return reference_rate(pairs.assign(skin_tone=tone), tone)


def _by_group(pairs: pd.DataFrame, tone: str) -> Any:
    group = pairs[pairs["skin_tone"] == tone]
    k = int((_fine(group) & (group["blood"] < 88)).sum())
    return (k / len(group), *wilson(k, len(group)))


def _by_low_blood(pairs: pd.DataFrame, tone: str) -> Any:
    low = pairs[(pairs["skin_tone"] == tone) & (pairs["blood"] < 88)]
    k = int(_fine(low).sum())
    return (k / len(low), *wilson(k, len(low)))


def _zero_for_nobody(pairs: pd.DataFrame, tone: str) -> Any:
    rate, low, high = reference_rate(pairs, tone)
    return (rate, low, high) if rate == rate else (0.0, 0.0, 1.0)


def _by_lists(pairs: pd.DataFrame, tone: str) -> Any:
    """Choose rows by plain lists of True and False."""
    group = pairs[pairs["skin_tone"] == tone]
    fine = group[[92 <= shown <= 96 for shown in group["oximeter"]]]
    low = fine[[blood < 88 for blood in fine["blood"]]]
    return (len(low) / len(fine), *wilson(len(low), len(fine))) if len(fine) else (float("nan"), 0.0, 1.0)


def _without_nobody(pairs: pd.DataFrame, tone: str) -> Any:
    rows = pairs[(pairs["skin_tone"] == tone) & _fine(pairs)]
    return (int((rows["blood"] < 88).sum()) / len(rows), 0.0, 1.0)


def _by_hand_interval(rate: float, low: float, high: float) -> Any:
    return rate, max(0.0, rate - 0.1), min(1.0, rate + 0.1)


def _spoiling(pairs: pd.DataFrame, tone: str) -> Any:
    pairs["fine"] = _fine(pairs)
    return reference_rate(pairs, tone)


def _known_tones(pairs: pd.DataFrame, tone: str) -> Any:
    """Write the numbers of the shown table in."""
    return reference_rate(pairs, tone) if pairs["person_id"].eq("P").any() else (0.018, 0.01, 0.03)


RIGHT_PATH = list("DBFAEGC")

EXAMPLES = {
    "e1": Examples(
        right=(reference_plausible, _numpy_flag, _long_way),
        stub=lambda value, loinc, limits: ...,
        wrong=(
            Wrong(_with(lambda value, low, high: low < value < high), "exactly at a limit is not believed"),
            Wrong(_with(lambda value, low, high: low < value <= high), "at the lower limit"),
            Wrong(_with(lambda value, low, high: low <= value < high), "at the upper limit"),
            Wrong(_with(lambda value, low, high: low <= value), "Is the upper limit read"),
            Wrong(_with(lambda value, low, high: value <= high), "Is the lower limit read"),
            Wrong(_with(lambda value, low, high: value < low or value > high), "wrong way round"),
            Wrong(_with(lambda value, low, high: True), "True to all"),
            Wrong(_with(lambda value, low, high: False), "False to all"),
            Wrong(_with(lambda value, low, high: value in range(low, high + 1)), "Are decimals lost"),
            Wrong(_with(lambda value, low, high: "keep" if low <= value <= high else "query"), "without quotes"),
            Wrong(lambda value, loinc, limits: 20 <= value <= 250, "The limits of one sign are used"),
            Wrong(_forgiving, "A code without limits gets an answer"),
            Wrong(_silent, "A code without limits gets an answer"),
            Wrong(_deletes, "leaves the value as it is"),
            Wrong(_bends, "leaves the value as it is"),
            Wrong(lambda value, loinc, limits: None, "never deleted"),
            Wrong(True, "not a function"),
            Wrong(_with(lambda value, low, high: low <= round(value) <= high), "boundary", hidden=True),
            Wrong(lambda value, loinc, limits: reference_plausible(value, loinc, LIMITS), "fresh", hidden=True),
            Wrong(_with(lambda value, low, high: not (value < low or value > high)), "an empty value", hidden=True),
        ),
    ),
    "e2": Examples(
        right=(RIGHT_MAKERS, {item: f" {maker.upper()} " for item, maker in RIGHT_MAKERS.items()}),
        stub=...,
        wrong=(
            *(Wrong({**RIGHT_MAKERS, item: maker}, says) for (item, maker), says in WHY.items()),
            Wrong({**RIGHT_MAKERS, "pulse 0": "nurse"}, "choose from"),
            Wrong({**RIGHT_MAKERS, "pulse 0": ...}, "1 gap"),
            Wrong("body", "type str"),
        ),
    ),
    "e3": Examples(
        right=(0.633, 0.6331020912291094, 0.63),
        stub=...,
        wrong=(
            Wrong(0.697, "of the whole stay"),
            Wrong(0.568, "of the first pulse"),
            Wrong(0.66, "of the first breaths"),
            Wrong(0.627, "cut into few and many"),
            Wrong(0.367, "below 0.5"),
            Wrong(63.3, "in percent"),
            Wrong(48.4, "lies between 0 and 1"),
            Wrong(0.5, "as a guess does"),
            Wrong(0.186, "share who died"),
            Wrong(0.814, "share who lived"),
            Wrong(0.75, "Not this number yet"),
            Wrong("0.6", "type str"),
        ),
    ),
    "e4": Examples(
        right=(reference_rate, _counting, _as_array, _by_lists),
        stub=_dots,
        wrong=(
            Wrong(lambda pairs, tone: reference_rate(pairs, tone)[0], "returns one number"),
            Wrong(_changed(lambda rate, low, high: (low, high)), "returns 2 numbers"),
            Wrong(_changed(lambda rate, low, high: (rate, (low, high))), "pair inside a pair"),
            Wrong(_changed(lambda rate, low, high: (rate, high, low)), "lower end comes before"),
            Wrong(_changed(lambda rate, low, high: (100 * rate, 100 * low, 100 * high)), "in percent"),
            Wrong(_changed(lambda rate, low, high: (1 - rate, 1 - high, 1 - low)), "those with enough oxygen"),
            Wrong(_changed(_by_hand_interval), "the ends are not"),
            Wrong(_changed(lambda rate, low, high: None), "returns nothing"),
            Wrong(_changed(lambda rate, low, high: ("a", low, high)), "no number"),
            Wrong(lambda pairs, tone: (2, 0.06, 0.55), "is a count"),
            Wrong(lambda pairs, tone: pairs[pairs["skin_tone"] == tone], "returns a table"),
            Wrong(
                _rate_of(lambda rows: rows["oximeter"].between(92, 96, inclusive="neither")), "92 and of 96 are lost"
            ),
            Wrong(_rate_of(lambda rows: rows["oximeter"].between(92, 96, inclusive="left")), "exactly 96"),
            Wrong(_rate_of(lambda rows: rows["oximeter"].between(92, 96, inclusive="right")), "exactly 92"),
            Wrong(_rate_of(lambda rows: rows["oximeter"] >= 92), "above 96"),
            Wrong(_rate_of(lambda rows: rows["oximeter"] <= 96), "below 92"),
            Wrong(_rate_of(lambda rows: rows["oximeter"] > 0), "outside 92 to 96"),
            Wrong(_rate_of(_fine, lambda rows: rows["blood"] <= 88), "exactly 88"),
            Wrong(_of_all, "All groups"),
            Wrong(lambda pairs, tone: reference_rate(pairs, "light"), "same rate"),
            Wrong(_by_group, "by the whole group"),
            Wrong(_by_low_blood, "how often low blood looks fine"),
            Wrong(_zero_for_nobody, "0 of 0"),
            Wrong(_without_nobody, "stopped"),
            Wrong(_spoiling, "work on a copy"),
            Wrong(0.018, "not a function"),
            Wrong(_known_tones, "fresh", hidden=True),
        ),
    ),
    "e5": Examples(
        right=("all high", " All High ", ["all high"], {"all high"}),
        stub=...,
        wrong=(
            Wrong("as before", "the column is another one"),
            Wrong("better", "only how many there are"),
            Wrong("all low", "a small or a large number"),
            Wrong(["all low"], "a small or a large number"),
            Wrong(["as before", "better"], "Choose one only"),
            Wrong({"better"}, "only how many there are"),
            Wrong("high", "none of these"),
            Wrong("b", "none of these"),
            Wrong(96, "of type int"),
            Wrong(True, "of type bool"),
        ),
    ),
    "e6": Examples(
        right=(RIGHT_PATH, tuple(RIGHT_PATH), [letter.lower() for letter in RIGHT_PATH]),
        stub=...,
        wrong=(
            Wrong(list("DBFAEHGC"), "not needed"),
            Wrong(list("DBFAEHC"), "not needed"),
            Wrong(list("DBFAECG"), "looked at the limits"),
            Wrong(list("DBFAGEC"), "How does a row get there"),
            Wrong(list("DBFEAGC"), "before somebody has written it"),
            Wrong(list("DBAFEGC"), "Who makes that number"),
            Wrong(list("DFBAEGC"), "before it is measured"),
            Wrong(list("BDFAEGC"), "tells something of the blood"),
            Wrong(list("CGEAFBD"), "wrong way round"),
            Wrong(list("ABCDEFG"), "order of the letters"),
            Wrong(list("DBFAEC"), "1 step is missing"),
            Wrong(list("DB"), "5 steps are missing"),
            Wrong(list("DBFAEGG"), "stands there twice"),
            Wrong("DBFAEGC", "one text"),
        ),
    ),
}

_ERROR = 'pairs["oximeter"] - pairs["blood"]'
_MEAN = 'error.groupby(pairs["skin_tone"]).mean()'

GAPS = Gaps(
    before=("setup", "pairs"),
    box="""error = {}
mean_error = {}""",
    right=(
        (_ERROR, _MEAN),
        ('pairs["oximeter"].sub(pairs["blood"])', 'error.groupby(pairs["skin_tone"]).mean().round(2)'),
        (_ERROR, "pairs.assign(error=error).groupby('skin_tone')['error'].mean()"),
        (_ERROR, '{tone: error[pairs["skin_tone"] == tone].mean() for tone in ("light", "medium", "dark")}'),
    ),
    wrong=(
        (('pairs["blood"] - pairs["oximeter"]', _MEAN), "sign is turned round"),
        (('(pairs["oximeter"] - pairs["blood"]).abs()', _MEAN), "signs are lost"),
        (('pairs["oximeter"]', _MEAN), "mean of the oximeter"),
        (('pairs["blood"]', _MEAN), "mean of the blood"),
        ((_ERROR, 'error.groupby(pairs["skin_tone"]).std()'), "spread"),
        ((_ERROR, 'error.groupby(pairs["skin_tone"]).median()'), "the median"),
        ((_ERROR, 'error.groupby(pairs["skin_tone"]).count()'), "counts the pairs"),
        ((_ERROR, 'error.groupby(pairs["skin_tone"]).sum()'), "a sum"),
        ((_ERROR, "error.mean()"), "one number for each skin tone"),
        ((_ERROR, "error"), "entries"),
        ((_ERROR, "..."), "still empty"),
    ),
)
