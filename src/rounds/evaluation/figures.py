"""The figures of one prediction as plain numbers, and rows drawn again: what lesson J6 shows, a line at a time.

`metrics` and `bootstrap` do the same for many draws at once; here each draw is a list of rows that can be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rounds.errors import DataError
from rounds.evaluation.metrics import Levels, auroc, average_precision

DRAWS = 200
CUTOFF = 0.2  # of five patients above it one comes back: the risk from which somebody acts


def figures(outcome: Any, risk: Any, cutoff: float = CUTOFF) -> dict[str, float]:
    """Return the figures of a prediction by name; a figure that cannot be told is NaN.

    Parameters
    ----------
    outcome, risk
        One value for each row: what happened (0 or 1), and what was predicted (0 to 1).
    cutoff
        From which risk on somebody acts; for ``net_benefit`` and ``accuracy``.

    Returns
    -------
    dict
        ``auroc``, ``average_precision``, ``prevalence`` (the share with the outcome), ``observed_expected`` (events for
        each one predicted), ``net_benefit`` (Vickers 2019, PMC6777022) and ``accuracy``.

    Raises
    ------
    DataError
        Where the two have different lengths, or a value is missing.

    Examples
    --------
    >>> found = figures([0, 1, 0, 1], [0.1, 0.4, 0.5, 0.6])
    >>> found["auroc"], round(found["observed_expected"], 2)
    (0.75, 1.25)
    """
    true, predicted = np.asarray(outcome, float), np.asarray(risk, float)
    _check_pair(true, predicted)
    levels = Levels.of(true, predicted, np.ones((1, len(true))))
    acts = predicted >= cutoff
    weight = cutoff / (1 - cutoff)
    return {
        "auroc": float(auroc(levels)[0]),
        "average_precision": float(average_precision(levels)[0]),
        "prevalence": float(true.mean()),
        "observed_expected": float(true.sum() / predicted.sum()) if predicted.sum() > 0 else float("nan"),
        "net_benefit": float((acts * (true - weight * (1 - true))).mean()),
        "accuracy": float((acts == true).mean()),
    }


def draw_again(units: Any, draws: int = DRAWS, seed: int = 0) -> Iterator[np.ndarray[Any, Any]]:
    """Yield for each draw the numbers of its rows: as many units as there are, each as often as chance draws it.

    Parameters
    ----------
    units
        One value for each row; rows with the same value are drawn together.

    Raises
    ------
    DataError
        Where `units` is one value, and not one for each row.

    Examples
    --------
    >>> rows = next(draw_again(["Ada", "Ada", "Ben"], seed=1))
    >>> rows.tolist()   # Ada was drawn once, with both rows; Ben once
    [0, 1, 2]
    """
    if np.ndim(units) == 0:
        raise DataError(f"draw_again takes one value for each row, not {units!r}.")
    places = np.unique(np.asarray(units), return_inverse=True)[1]
    number = int(places.max()) + 1
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        times = np.bincount(rng.integers(0, number, number), minlength=number)
        yield np.repeat(np.arange(len(places)), times[places])


def _check_pair(outcome: np.ndarray[Any, Any], risk: np.ndarray[Any, Any]) -> None:
    if outcome.shape != risk.shape:
        raise DataError(f"{len(outcome)} outcomes and {len(risk)} risks: give one of each for every row.")
    if not len(outcome) or np.isnan(outcome).any() or np.isnan(risk).any():
        raise DataError("Outcome or risk is missing in a row. Leave out such rows, or fill them, before the figures.")
