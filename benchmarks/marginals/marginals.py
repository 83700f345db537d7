"""Measure the synthetic cohorts and tables against ``marginals.toml``: what they must look like, and how closely."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rounds.data.dataset import Dataset

GROUPS = 10
Measure = Callable[[pd.DataFrame], float]


@dataclass(frozen=True)
class Marginal:
    """One figure that a cohort must show at size full."""

    id: str
    cohort: str
    population: str
    target: float
    tolerance: float
    source: str
    status: str


@dataclass(frozen=True)
class Held:
    """A marginal as measured, with its standard error."""

    marginal: Marginal
    measured: float
    standard_error: float

    @property
    def tolerance(self) -> float:
        """Return the larger of the stated tolerance and three standard errors."""
        return max(self.marginal.tolerance, 3 * self.standard_error)

    @property
    def holds(self) -> bool:
        """Tell whether the measured value is near enough."""
        return bool(abs(self.measured - self.marginal.target) <= self.tolerance)


def load_marginals(cohort: str | None = None) -> tuple[Marginal, ...]:
    """Read the table of marginals, of one cohort when it is named."""
    text = Path(__file__).with_name("marginals.toml").read_text(encoding="utf-8")
    rows = tuple(Marginal(**entry) for entry in tomllib.loads(text)["marginal"])
    return tuple(row for row in rows if cohort in (None, row.cohort))


def measures_of(cohort: str) -> dict[str, tuple[str, Measure]]:
    """Return for each marginal of a cohort the frame and the function that measure it."""
    known: dict[str, tuple[str, Measure]] = _module(cohort).MEASURES
    return known


def measure_marginals(dataset: Dataset, skip: frozenset[str] = frozenset()) -> list[Held]:
    """Measure every marginal of a cohort on its files, but those to skip."""
    cohort = dataset.name
    module = _module(cohort)
    rows = [row for row in load_marginals(cohort) if row.id not in skip]
    wanted = {module.MEASURES[row.id.removeprefix(f"{cohort}.")][0] for row in rows}
    frames = {name: _grouped(frame, module.PERSON) for name, frame in module.frames(dataset, wanted).items()}
    found = []
    for marginal in rows:
        name, measure = module.MEASURES[marginal.id.removeprefix(f"{cohort}.")]
        found.append(Held(marginal, measure(frames[name]), _standard_error(measure, frames[name])))
    return found


def render_marginals(held: list[Held]) -> str:
    """Return the marginals as a text table."""
    return "\n".join(
        f"{h.marginal.id:44} target {h.marginal.target:>9.4g}  measured {h.measured:>9.4g}  "
        f"+- {h.tolerance:<8.3g} (se {h.standard_error:<8.2g}) {h.marginal.status:10} "
        f"{'holds' if h.holds else 'DOES NOT HOLD'}"
        for h in held
    )


def _module(cohort: str) -> Any:
    return import_module(f".measures.{cohort}", __package__)


def _grouped(frame: pd.DataFrame, person: str) -> pd.DataFrame:
    """Put each person into one of ten groups, by the pseudonym."""
    people = frame[person].unique()
    group = pd.Series([zlib.crc32(str(name).encode()) % GROUPS for name in people], index=people)
    return frame.assign(_group=frame[person].map(group).to_numpy())


def _standard_error(measure: Measure, frame: pd.DataFrame) -> float:
    """Leave out one of ten groups of persons at a time (delete-a-group jackknife)."""
    values = [_try(measure, frame[frame._group != group]) for group in range(GROUPS)]
    known = np.array([value for value in values if np.isfinite(value)])
    if len(known) < GROUPS:
        return float("nan")
    return float(np.sqrt((GROUPS - 1) / GROUPS * ((known - known.mean()) ** 2).sum()))


def _try(measure: Measure, rows: pd.DataFrame) -> float:
    """Return the measure of a part; not a number where the part lacks a class or a row."""
    try:
        return measure(rows)
    except (ValueError, ZeroDivisionError, KeyError):
        return float("nan")
