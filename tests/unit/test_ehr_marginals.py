"""The marginals of the synthetic cohorts, quickly: a few thousand patients.

``python benchmarks/cohorts.py --marginals --seeds 3`` holds them at full size.
"""

from __future__ import annotations

import pytest
from benchmarks.marginals.marginals import Held, load_marginals, measure_marginals, measures_of, render_marginals
from tests.made import people

from rounds.synthetic.ehr.generate import PLANS
from rounds.synthetic.make import TABLE_SEEDS

PERSONS = {"birthweight": 4000, "bsi": 1500, "heart_failure": 2500, "covid": 5000}
# Figures that need the full size: few events, or models of a subsample that is smaller here.
FULL_SIZE_ONLY = frozenset(
    {
        "birthweight.recurrence_4500",
        "birthweight.r2_forest_by_mother",
        "birthweight.r2_forest_by_row",
        "bsi.death_rate_ratio",
        "bsi.undersampled_mean",
        "covid.dexamethasone_ventilated",
        "covid.hidden_hypoxaemia_light",
        "covid.hidden_hypoxaemia_dark",
        "heart_failure.forest_by_patient",
        "heart_failure.forest_by_row",
        "heart_failure.back_recorded_last_30_days",
    }
)


# A quick check of 140 figures: with ten groups (9 degrees of freedom) chance leaves this band once in 1,400 figures.
FAR = 5


@pytest.mark.parametrize("name", tuple(PLANS))
def test_marginals_hold(name: str) -> None:
    held = measure_marginals(people(name, PERSONS[name], 3), skip=FULL_SIZE_ONLY)
    print(render_marginals(held))
    assert len(held) >= 25
    far = [h for h in held if abs(h.measured - h.marginal.target) > max(h.marginal.tolerance, FAR * h.standard_error)]
    assert [h.marginal.id for h in far] == []
    assert sum(h.holds for h in held) >= len(held) - 3


@pytest.mark.parametrize("name", [*PLANS, *TABLE_SEEDS])
def test_every_marginal_has_one_measure_and_every_measure_one_marginal(name: str) -> None:
    rows = load_marginals(name)
    assert [row.id for row in rows] == [f"{name}.{measure}" for measure in measures_of(name)]


def test_every_marginal_says_population_source_and_status() -> None:
    for row in load_marginals():
        assert row.population, row.id
        assert len(row.source) > 3, row.id
        assert row.tolerance > 0, row.id
        assert row.status in {"literature", "frozen"}


def test_a_figure_outside_its_tolerance_does_not_hold() -> None:
    row = load_marginals("birthweight")[0]
    assert Held(row, row.target + 0.9 * row.tolerance, 0.0).holds
    assert not Held(row, row.target + 1.1 * row.tolerance, 0.0).holds
    assert Held(row, row.target + 1.1 * row.tolerance, row.tolerance).holds
    assert "DOES NOT HOLD" in render_marginals([Held(row, row.target * 2, 0.0)])
