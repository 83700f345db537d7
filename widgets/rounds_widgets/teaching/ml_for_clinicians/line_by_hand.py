"""A line by hand: the learner draws the line that predicts, beside the mean and beside the computer's own line.

Python fits and measures; the browser gets a few hundred points to draw and at most 2,000 pairs to measure a moved line
on, numbers without a key of any person.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from rounds.errors import DataError, suggest
from rounds_widgets.shared.view_files import load_script, load_style

if TYPE_CHECKING:
    import pandas as pd

MOST_DRAWN, MOST_MEASURED, SEED = 300, 2000, 0
FEWEST = 10
UNITS = ("g", "kg", "mg", "mm", "cm", "m", "min", "hours", "days", "weeks", "years")  # known at the end of a name
Line = tuple[float, float]  # its level at the middle of the column, its slope


class LineByHand(anywidget.AnyWidget):
    """Let the learner lay a line through points, after a guess, and then let the computer do it.

    Parameters
    ----------
    train, test
        Rows to draw and fit a line on, and rows of other people to measure it on.
    columns
        Numeric columns without gaps, of which the learner chooses one to predict from.
    outcome
        The numeric column to predict; what follows its last underscore is its unit.
    later
        When a column is known that is not known at the prediction, as in ``{"gestation_days": "delivery"}``.

    Examples
    --------
    >>> LineByHand(train, test, ["height_cm", "gestation_days"], later={"gestation_days": "delivery"})  # doctest: +SKIP
    >>> hand.column, hand.errors()                                                                      # doctest: +SKIP
    ('height_cm', {'mean': 402.2, 'hand': 402.2, 'computer': None})
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Float(None, allow_none=True).tag(sync=True)
    column = traitlets.Unicode().tag(sync=True)
    lines = traitlets.Unicode("{}").tag(
        sync=True
    )  # of each column, as JSON: a lesson keeps short texts and numbers only
    fitted = traitlets.Unicode("").tag(sync=True)  # the columns whose fit was asked for, with blanks between
    _inputs = traitlets.Dict().tag(sync=True)
    _outcome = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        train: pd.DataFrame,
        test: pd.DataFrame,
        columns: Sequence[str],
        *,
        outcome: str = "birthweight_g",
        later: Mapping[str, str] | None = None,
        **traits: Any,
    ) -> None:
        later = later or {}
        for table in (train, test):
            _check_table(table, (*columns, outcome))
        _check_later(columns, later)
        drawn, measured = _take(train, MOST_DRAWN), _take(test, MOST_MEASURED)
        super().__init__(
            _inputs={name: _describe(train, drawn, measured, (name, outcome)) | _name(name, later) for name in columns},
            _outcome=_describe_outcome(train, drawn, measured, outcome),
            **{"column": columns[0], **traits},
        )

    def errors(self) -> dict[str, float | None]:
        """Return the mean absolute errors of the chosen column's lines; None for a computer that was not asked yet."""
        chosen, mean = self._inputs[self.column], self._outcome["mean"]
        hand = json.loads(self.lines).get(self.column, (mean, 0.0))
        measure = [
            (value - chosen["middle"], truth) for value, truth in zip(chosen["measured"], self._tested, strict=True)
        ]
        return {
            "mean": round(_error(measure, (mean, 0.0)), 1),
            "hand": round(_error(measure, hand), 1),
            "computer": round(chosen["fit_error"], 1) if self.column in self.fitted.split() else None,
        }

    @property
    def _tested(self) -> list[float]:
        return list(self._outcome["measured"])

    @traitlets.validate("column")
    def _is_known(self, proposal: Any) -> str:
        if proposal.value not in self._inputs:
            raise traitlets.TraitError(
                f'LineByHand: no column "{proposal.value}".{suggest(proposal.value, self._inputs)}'
            )
        return str(proposal.value)

    @traitlets.validate("lines")
    def _are_lines(self, proposal: Any) -> str:
        lines = _read_lines(proposal.value)
        strange = next((name for name, line in lines.items() if name not in self._inputs or not _is_line(line)), None)
        if strange is not None:
            raise traitlets.TraitError(f'LineByHand: the line of "{strange}" is a level and a slope of a column.')
        return str(proposal.value)

    @traitlets.validate("fitted")
    def _are_known(self, proposal: Any) -> str:
        return " ".join(name for name in self._inputs if name in proposal.value.split())

    def __repr__(self) -> str:
        errors, unit = self.errors(), self._outcome["unit"]
        computer = "not asked yet" if errors["computer"] is None else f"{errors['computer']:.0f} {unit}"
        later = self._inputs[self.column]["later"]
        note = f" {self.column} is known at {later} only." if later else ""
        return (
            f"Line by hand from {self.column}: off by {errors['hand']:.0f} {unit} on average; the mean for everybody "
            f"{errors['mean']:.0f} {unit}; the computer's line {computer}.{note}"
        )


def fit_line(values: pd.Series[Any], outcome: pd.Series[Any]) -> Line:
    """Return the line of least squares: its level at the mean of the values, and its slope."""
    spread = float(values.var())
    slope = float(values.cov(outcome)) / spread if spread > 0 else 0.0
    return float(outcome.mean()), slope


def _error(pairs: Sequence[tuple[float, float]], line: Sequence[float]) -> float:
    """Return the mean absolute error of a line on pairs of a value, from the middle, and the truth."""
    level, slope = line
    return math.fsum(abs(level + slope * value - truth) for value, truth in pairs) / len(pairs)


def _describe(
    train: pd.DataFrame, drawn: pd.DataFrame, measured: pd.DataFrame, names: tuple[str, str]
) -> dict[str, Any]:
    """Return what the view draws of a column: its points, its middle, how steep a line may be, the computer's line."""
    name, outcome = names
    middle, fit = float(train[name].mean()), fit_line(train[name], train[outcome])
    pairs = zip((measured[name] - middle).tolist(), measured[outcome].tolist(), strict=True)
    return {
        "drawn": drawn[name].tolist(),
        "measured": measured[name].tolist(),
        "middle": middle,
        "steepest": _round_up(float(train[outcome].std()) / (float(train[name].std()) or 1.0)),
        "fit": list(fit),
        "fit_error": _error(list(pairs), fit),
    }


def _describe_outcome(train: pd.DataFrame, drawn: pd.DataFrame, measured: pd.DataFrame, outcome: str) -> dict[str, Any]:
    return {
        "name": outcome,
        "unit": outcome.rpartition("_")[2] if "_" in outcome else "",
        "mean": float(train[outcome].mean()),
        "drawn": drawn[outcome].tolist(),
        "measured": measured[outcome].tolist(),
    }


def _name(name: str, later: Mapping[str, str]) -> dict[str, str]:
    """Return a column's name in words, its unit where the name ends with one, and when it is known if that is later."""
    first, _, last = name.rpartition("_")
    words, unit = (first, last) if first and last in UNITS else (name, "")
    return {"words": words.replace("_", " "), "unit": unit, "later": later.get(name, "")}


def _take(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    return rows if len(rows) <= most else rows.sample(most, random_state=SEED)


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= value * (1 - 1e-9))


def _read_lines(text: str) -> dict[str, Any]:
    try:
        lines = json.loads(text)
    except ValueError:
        lines = None
    if not isinstance(lines, dict):
        raise traitlets.TraitError('LineByHand: lines are a text such as {"height_cm": [3300, 8]}.')
    return lines


def _is_line(line: Any) -> bool:
    return (
        isinstance(line, list | tuple)
        and len(line) == len(("level", "slope"))
        and all(isinstance(one, int | float) and math.isfinite(one) for one in line)
    )


def _check_table(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise where a column is missing, is no number, has gaps or too few rows."""
    for name in columns:
        if name not in table.columns:
            raise DataError(f'LineByHand: no column "{name}".{suggest(name, map(str, table.columns))}')
        if table[name].dtype.kind not in "iuf":
            raise DataError(f'LineByHand: "{name}" holds no numbers. Choose a column of numbers.')
        if gaps := int(table[name].isna().sum()):
            raise DataError(
                f'LineByHand: "{name}" is missing in {gaps} rows. Write: rows = rows.dropna(subset=["{name}"])'
            )
    if len(table) < FEWEST:
        raise DataError(f"LineByHand: {len(table)} rows are too few for a line; {FEWEST} are needed.")


def _check_later(columns: Sequence[str], later: Mapping[str, str]) -> None:
    for name in later:
        if name not in columns:
            raise DataError(f'LineByHand: later names "{name}", which is none of the columns.{suggest(name, columns)}')
