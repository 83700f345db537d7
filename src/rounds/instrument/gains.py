"""What changed from the first test to a later one: normalised gains with their intervals, and figures of the items.

The normalised gain of a group is (after - before) / (1 - before), of the mean shares of right answers (Hake 1998): what
was learned of what could be learned.  Intervals are the 2.5th and 97.5th percentile of a bootstrap over persons.  No
group under `FEWEST` is told.  Nothing here knows a name: a person is a row of right and wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rounds.evaluation.bootstrap import estimate

FEWEST = 10  # people in a group of which a figure is told
FOR_FORMS = 50  # people before the two forms are compared, and before a correlation is told: one of 10 is noise
SEED = 20270302
Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Answered:
    """One person's answers as right (1) and wrong (0), by item, and the lessons taken in between.

    ``after`` is None for who did not take the later test; ``unsure`` names the items left open or answered with "I do
    not know", before and after.
    """

    profession: str
    form: str
    before: dict[str, int]
    after: dict[str, int] | None
    taken: frozenset[str] = frozenset()
    unsure: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval over persons; all None where fewer than `FEWEST` people stand behind it."""

    people: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Beside:
    """What must be read beside a gain: how many began with either form, and the shares without an answer.

    Who says "I do not know" before and guesses afterwards gains by luck; forms that differ in difficulty cancel only
    where as many began with each.
    """

    began_with: dict[str, int]
    unsure_before: float
    unsure_after: float


@dataclass(frozen=True)
class Gain:
    """The shares of right answers of a group, before and after, the normalised gain, and what stands beside it."""

    before: Figure
    after: Figure
    gain: Figure
    beside: Beside | None = None


@dataclass(frozen=True)
class ItemFigures:
    """How an item did in one form before the lessons.

    ``difficulty`` is the share of right answers; ``discrimination`` the correlation of the item with the other items,
    told from `FOR_FORMS` people on.
    """

    item: str
    form: str
    people: int
    difficulty: float | None
    discrimination: float | None


def measure_gain(people: Iterable[Answered], items: Sequence[str]) -> Gain:
    """Return the gain of everybody who took both tests, over these items."""
    both = [one for one in people if one.after is not None]
    pairs = [(one.before, one.after) for one in both if one.after is not None]
    before = np.array([_share(given, items) for given, _ in pairs])
    after = np.array([_share(given, items) for _, given in pairs])

    def figures(weights: Array) -> dict[str, Array]:
        total = weights.sum(axis=1)
        first, second = (weights @ before) / total, (weights @ after) / total
        return {"before": first, "after": second, "gain": _normalise(first, second)}

    beside = _beside(both, items) if len(both) >= FEWEST else None
    return Gain(**_with_intervals(figures, len(pairs), ("before", "after", "gain")), beside=beside)


def _beside(people: Sequence[Answered], items: Sequence[str]) -> Beside:
    began = {form: sum(one.form == form for one in people) for form in ("a", "b")}
    before, after = (float(np.mean([len(one.unsure[at] & set(items)) / len(items) for one in people])) for at in (0, 1))
    return Beside(began, before, after)


def compare_taken(people: Iterable[Answered], lesson_of: dict[str, str]) -> Figure:
    """Return the gain on items of lessons that were taken, less the gain on items of lessons that were not.

    Every person is compared with the own other items, so a person with either kind only stands in no comparison.
    """
    rows = [row for one in people if one.after is not None and (row := _sums(one, lesson_of))]
    sums = np.array(rows, dtype="float64").reshape(len(rows), 6)

    def figures(weights: Array) -> dict[str, Array]:
        n_taken, taken_b, taken_a, n_other, other_b, other_a = (weights @ sums).T
        taken = _normalise(taken_b / n_taken, taken_a / n_taken)
        return {"difference": taken - _normalise(other_b / n_other, other_a / n_other)}

    return _with_intervals(figures, len(rows), ("difference",))["difference"]


def compare_forms(people: Iterable[Answered]) -> Figure:
    """Return the share of right answers to form A less that to form B, before the lessons; told from `FOR_FORMS` on."""
    known = [(one.form == "a", _share(one.before, list(one.before))) for one in people]
    is_a, share = (np.array([row[at] for row in known], dtype="float64") for at in (0, 1))

    def figures(weights: Array) -> dict[str, Array]:
        in_a, in_b = weights * is_a, weights * (1 - is_a)
        return {"difference": in_a @ share / in_a.sum(axis=1) - in_b @ share / in_b.sum(axis=1)}

    return _with_intervals(figures, len(known), ("difference",), FOR_FORMS)["difference"]


def measure_items(people: Sequence[Answered], items: Sequence[str]) -> list[ItemFigures]:
    """Return difficulty and discrimination of each item in each form."""
    return [
        _item_figures(item, form, [one.before for one in people if one.form == form])
        for item in items
        for form in ("a", "b")
    ]


def _item_figures(item: str, form: str, given: Sequence[dict[str, int]]) -> ItemFigures:
    if len(given) < FEWEST:
        return ItemFigures(item, form, len(given), None, None)
    own = np.array([row.get(item, 0) for row in given], dtype="float64")
    rest = np.array([sum(row.values()) - row.get(item, 0) for row in given], dtype="float64")
    varies = len(given) >= FOR_FORMS and own.std() > 0 and rest.std() > 0
    return ItemFigures(
        item, form, len(given), float(own.mean()), float(np.corrcoef(own, rest)[0, 1]) if varies else None
    )


def _with_intervals(
    figures: Callable[[Array], dict[str, Array]], people: int, names: Sequence[str], fewest: int = FEWEST
) -> dict[str, Figure]:
    if people < fewest:
        return {name: Figure(people) for name in names}
    with np.errstate(divide="ignore", invalid="ignore"):
        found = estimate(figures, np.arange(people, dtype="float64"), np.ones(people), SEED)
    return {name: Figure(people, *(None if np.isnan(x) else x for x in found[name])) for name in names}


def _normalise(before: Array, after: Array) -> Array:
    """Return the normalised gain; NaN where everything was known before."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(before < 1, (after - before) / (1 - before), np.nan)


def _share(given: dict[str, int], items: Sequence[str]) -> float:
    return sum(given.get(item, 0) for item in items) / len(items)


def _sums(one: Answered, lesson_of: dict[str, str]) -> list[float] | None:
    """Return how many items, how many right before and right after, of lessons taken and of others."""
    sides = [[item for item, lesson in lesson_of.items() if (lesson in one.taken) is taken] for taken in (True, False)]
    if one.after is None or not all(sides):
        return None
    return [
        float(x)
        for side in sides
        for x in (len(side), *(sum(g.get(i, 0) for i in side) for g in (one.before, one.after)))
    ]
