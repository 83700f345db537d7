"""Measure the synthetic tables against ``marginals.toml``: what they must look like, and how closely."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd

GROUPS = 20
Measure = Callable[[pd.DataFrame], float]


@dataclass(frozen=True)
class Marginal:
    """One figure that a synthetic table must show."""

    id: str
    population: str
    target: float
    tolerance: float
    source: str
    status: str


@dataclass(frozen=True)
class Held:
    """A marginal as measured, with the tolerance that applied."""

    marginal: Marginal
    measured: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Tell whether the measured value is near enough."""
        return bool(abs(self.measured - self.marginal.target) <= self.tolerance)


def load_marginals() -> tuple[Marginal, ...]:
    """Read the table of marginals."""
    text = files("rounds.synthetic.tables").joinpath("marginals.toml").read_text(encoding="utf-8")
    return tuple(Marginal(**entry) for entry in tomllib.loads(text)["marginal"])


def measure_marginals(dataset: str, frame: pd.DataFrame, person: str) -> list[Held]:
    """Measure every marginal of a dataset on its rows."""
    own = [m for m in load_marginals() if m.id.split(".")[0] == dataset]
    return [_measure(marginal, frame, person) for marginal in own]


def render_marginals(held: list[Held]) -> str:
    """Return the marginals as a text table."""
    return "\n".join(
        f"{h.marginal.id:42} target {h.marginal.target:>9g}  measured {h.measured:>10.4g}  "
        f"+- {h.tolerance:<8.3g} {h.marginal.status:10} {'holds' if h.holds else 'DOES NOT HOLD'}"
        for h in held
    )


def _measure(marginal: Marginal, frame: pd.DataFrame, person: str) -> Held:
    measure = MEASURES[marginal.id]
    tolerance = max(marginal.tolerance, 3 * _standard_error(measure, frame, person))
    return Held(marginal, measure(frame), tolerance)


def _standard_error(measure: Measure, frame: pd.DataFrame, person: str) -> float:
    """Leave out one twentieth of the persons at a time (delete-a-group jackknife)."""
    group = pd.factorize(frame[person])[0] % GROUPS
    values = np.array([measure(frame[group != k]) for k in range(GROUPS)])
    return float(np.sqrt((GROUPS - 1) / GROUPS * ((values - values.mean()) ** 2).sum()))


def _auroc(d: pd.DataFrame) -> float:
    ranks = d.warning_score.rank()
    positive = d.bsi_next_48h
    n = int(positive.sum())
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(d) - n)))


def _results(d: pd.DataFrame, site: str, *loinc: str) -> pd.Series:
    clean = d[(d.value_num > 0) & (d.value_num != 999)]
    return clean[(clean.site == site) & clean.loinc.isin(loinc)].value_num


def _crp_in_mg_per_l(d: pd.DataFrame) -> float:
    both = [_results(d, "A", "1988-5"), _results(d, "B", "1988-5") * 10]
    return float(pd.concat(both).median())


def _median_ratio(above: tuple[str, str], below: tuple[str, str]) -> Measure:
    return lambda d: float(_results(d, *above).median() / _results(d, *below).median())


MEASURES: dict[str, Measure] = {
    "bsi_days.outcome": lambda d: float(d.bsi_next_48h.mean()),
    "bsi_days.score_auroc": _auroc,
    "bsi_days.score_mean": lambda d: float(d.warning_score.mean()),
    "bsi_days.allogeneic": lambda d: float((d.drop_duplicates("person_id").transplant_type == "allogeneic").mean()),
    "bsi_days.cultured": lambda d: float(d.culture_taken.mean()),
    "bsi_days.crp_measured_at_a": lambda d: float(d[d.site == "A"].crp.notna().mean()),
    "covid_labs.crp_ratio": _median_ratio(("A", "1988-5"), ("B", "1988-5")),
    "covid_labs.dimer_ratio": _median_ratio(("B", "48066-5"), ("A", "48065-7")),
    "covid_labs.crp_median": _crp_in_mg_per_l,
    "covid_labs.potassium_hemolysed_noted": lambda d: float(
        d[d.loinc == "2823-3"].value_text.str.lower().isin(["hemolysed", "hemolyzed"]).mean()
    ),
    "covid_labs.zero_anc": lambda d: float((d[d.loinc == "751-8"].value_num == 0).mean()),
}
