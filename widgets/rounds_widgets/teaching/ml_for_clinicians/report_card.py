"""The report card of a classifier: a threshold, a prevalence, and what they do to 1,000 mornings.

Python sends the scores of both groups as 401 quantiles each, never rows; the browser counts dots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from rounds.errors import DataError, suggest
from rounds_widgets.shared.view_files import load_script, load_style

if TYPE_CHECKING:
    import pandas as pd

QUANTILES, DOTS = 401, 1000


class ReportCard(anywidget.AnyWidget):
    """Show what a threshold and a prevalence do to a score, after the learner has guessed.

    Parameters
    ----------
    days
        One row per patient and day with a score from 0 to 1 and a true outcome.
    score, outcome
        The names of these two columns.
    ward_day
        The columns that name one ward on one day; for the alerts per ward and day.

    Examples
    --------
    >>> ReportCard(days)                                  # doctest: +SKIP
    >>> card.threshold, card.prevalence                   # doctest: +SKIP
    (0.3, 0.02)
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    threshold = traitlets.Float(0.3, min=0, max=1).tag(sync=True)
    prevalence = traitlets.Float(0.02, min=0.001, max=0.5).tag(sync=True)
    prediction = traitlets.Float(None, allow_none=True).tag(sync=True)
    _sick = traitlets.List(traitlets.Float()).tag(sync=True)
    _well = traitlets.List(traitlets.Float()).tag(sync=True)
    _patients_per_day = traitlets.Float(1.0).tag(sync=True)
    _start = traitlets.Float(0.02).tag(sync=True)  # the prevalence of the table

    def __init__(
        self,
        days: pd.DataFrame,
        *,
        score: str = "warning_score",
        outcome: str = "bsi_next_48h",
        ward_day: tuple[str, ...] = ("ward", "calendar_day"),
        **traits: Any,
    ) -> None:
        _check_columns(days, (score, outcome, *ward_day))
        sick = days[outcome].astype(bool)
        _check_groups(outcome, int(sick.sum()), len(days))
        prevalence = round(float(sick.mean()), 3)
        super().__init__(
            _start=prevalence,
            _sick=_quantiles(days.loc[sick, score]),
            _well=_quantiles(days.loc[~sick, score]),
            _patients_per_day=len(days) / len(days[list(ward_day)].drop_duplicates()),
            **{"prevalence": prevalence, **traits},
        )

    def counts(self) -> dict[str, int]:
        """Return the four boxes for 1,000 mornings, as the card shows them."""
        sick = round(DOTS * self.prevalence)
        true_alerts = _count_alerts(self._sick, sick, self.threshold)
        false_alerts = _count_alerts(self._well, DOTS - sick, self.threshold)
        return {
            "true alerts": true_alerts,
            "missed": sick - true_alerts,
            "false alerts": false_alerts,
            "rightly quiet": DOTS - sick - false_alerts,
        }

    def __repr__(self) -> str:
        boxes = ", ".join(f"{number} {name}" for name, number in self.counts().items())
        where = f"threshold {self.threshold:.2f}, prevalence {100 * self.prevalence:.1f} %"
        return f"Report card of {DOTS} mornings at {where}: {boxes}."


def _count_alerts(quantiles: list[float], people: int, threshold: float) -> int:
    """Count the dots at or above the threshold; the browser places the dots in the same way."""
    return sum(_score(quantiles, number, people) >= threshold for number in range(people))


def _score(quantiles: list[float], number: int, people: int) -> float:
    place = (number + 0.5) / people * (len(quantiles) - 1)
    low = int(place)
    high = min(low + 1, len(quantiles) - 1)
    return quantiles[low] + (place - low) * (quantiles[high] - quantiles[low])


def _quantiles(scores: pd.Series[float]) -> list[float]:
    shares = [number / (QUANTILES - 1) for number in range(QUANTILES)]
    return [round(float(value), 4) for value in scores.dropna().quantile(shares)]


def _check_columns(days: pd.DataFrame, columns: tuple[str, ...]) -> None:
    for column in columns:
        if column not in days.columns:
            known = [str(name) for name in days.columns]
            raise DataError(f'ReportCard: no column "{column}".{suggest(column, known)}')


def _check_groups(outcome: str, sick: int, rows: int) -> None:
    if not 0 < sick < rows:
        raise DataError(f'ReportCard: the outcome "{outcome}" is true in {sick} of {rows} rows; both kinds are needed.')
