"""Score one predictions file against a hold-out: a few rounded figures with intervals, nothing about one person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any

from rounds.custody.scoring.hold_out import HoldOut, keep_file
from rounds.custody.scoring.predictions import read_predictions
from rounds.custody.scoring.probes import check_no_probe
from rounds.custody.scoring.rounding import round_to, step_of
from rounds.custody.scoring.task import Task
from rounds.evaluation.bootstrap import DRAWS, Array, estimate
from rounds.evaluation.metrics import (
    Levels,
    Line,
    at_budget,
    auroc,
    average_precision,
    calibration_slope,
    fit_line,
    mean_absolute_error,
    observed_to_predicted,
)
from rounds.store.manifest import hash_file


@dataclass(frozen=True)
class Figure:
    """One figure of a score with its 95 % interval, rounded to ``step``; None where it cannot be told."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    step: float


@dataclass(frozen=True)
class Score:
    """What comes back of one try."""

    metric: str
    people: int
    figures: tuple[Figure, ...]
    draws: int = DRAWS

    def as_json(self) -> dict[str, Any]:
        """Return the score as a JSON value."""
        return asdict(self)


def parse_score(entry: dict[str, Any]) -> Score:
    """Return the score of a JSON value."""
    figures = tuple(Figure(**figure) for figure in entry["figures"])
    return Score(entry["metric"], entry["people"], figures, entry["draws"])


def score_file(hold_out: HoldOut, path: Path, team: str, earlier: dict[int, str], least: int) -> Score:
    """Score a file and keep it; ``earlier`` names the hashes of the team's tries by their number."""
    read = partial(read_predictions, wanted=hold_out.answers, task=hold_out.task)
    predicted = read(path)
    before = {n: read(hold_out.kept(team, h)) for n, h in earlier.items() if hold_out.kept(team, h).is_file()}
    check_no_probe(predicted, before, least)
    score = score_predictions(hold_out, predicted)
    keep_file(path, hold_out.kept(team, hash_file(path)))
    return score


def score_predictions(hold_out: HoldOut, predicted: Array) -> Score:
    """Return the figures of the metric for predictions in the order of the hold-out's rows."""
    answers, task = hold_out.answers, hold_out.task
    outcome, weight = answers["outcome"].to_numpy("float64"), answers["weight"].to_numpy("float64")
    measure = partial(_measure, task, outcome, predicted, _whole_line(task, outcome, predicted, weight))
    found = estimate(measure, answers["group"].to_numpy(), weight, hold_out.seed)
    figures = tuple(_figure(name, values, step_of(name, task, outcome, weight)) for name, values in found.items())
    return Score(task.metric, int(answers["group"].nunique()), figures)


def _figure(name: str, values: tuple[float, float, float], step: float) -> Figure:
    value, low, high = (round_to(one, step) for one in values)
    return Figure(name, value, low, high, step)


def _whole_line(task: Task, outcome: Array, predicted: Array, weight: Array) -> Line:
    """Return where the line of each draw begins: at that of all people, when there is one."""
    if task.metric == "mae":
        return (0.0, 1.0)
    level, slope = (float(one[0]) for one in fit_line(outcome, predicted, weight[None, :]))
    return (level, slope) if isfinite(slope) else (0.0, 1.0)


def _measure(task: Task, outcome: Array, predicted: Array, line: Line, weights: Array) -> dict[str, Array]:
    if task.metric == "mae":
        return {"mae": mean_absolute_error(outcome, predicted, weights)}
    levels = Levels.of(outcome, predicted, weights)
    found = {
        "auroc": auroc(levels),
        "average_precision": average_precision(levels),
        "rate": weights @ outcome / weights.sum(axis=1),
        "observed_to_predicted": observed_to_predicted(outcome, predicted, weights),
        "calibration_slope": calibration_slope(outcome, predicted, weights, line),
    }
    if task.metric == "alerts":
        found["sensitivity"], found["ppv"] = at_budget(levels, task.alert_share)
    return found
