"""What A2 says in words holds on the shipped cohort: over-fitting, a flattered test by rows, one leak among five."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.content.cells import run_cells

FOLDER = Path(__file__).parents[2] / "tutorials" / "ml_for_clinicians" / "a2_perfect_model"
CELLS = ("setup", "aside", "slider", "worked-perfect", "worked-plot", "worked-both", "e1-curves")
CELLS += ("e4-report", "e4-results")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Return what the cells of the notebook have made."""
    with run_cells(
        FOLDER, CELLS, ["heart_failure"], tmp_path_factory.mktemp("data"), {"DepthSlider(": "shown"}
    ) as made:
        yield made


def test_the_tree_over_fits_and_the_perfect_one_is_little_better_than_a_coin(names):
    curve = names["shown"].curve()
    assert 2 <= curve.best <= 5
    assert max(curve.test) - curve.test[-1] > 8
    assert names["pairs_right"](names["perfect"], names["train"]) == 100
    assert names["pairs_right"](names["perfect"], names["test"]) < 56


def test_columns_that_point_to_the_patient_flatter_a_test_by_rows_and_measured_ones_do_not(names):
    shown = names["shown"]
    ends = {}
    for columns in ("what was measured", "who the patient is"):
        for split in ("patients", "rows"):
            shown.columns, shown.split = columns, split
            ends[columns, split] = shown.curve().test
    assert ends["who the patient is", "rows"][-1] - ends["who the patient is", "patients"][-1] > 6
    assert ends["who the patient is", "rows"][-1] > ends["who the patient is", "rows"][0]
    assert abs(ends["what was measured", "rows"][-1] - ends["what was measured", "patients"][-1]) < 3
    assert names["has_met"].mean() > 0.75


def test_exercise_1_has_one_clear_peak(names):
    test = names["curve"].test
    assert names["curve"].best == 4
    assert list(test[3:]) == sorted(test[3:], reverse=True)
    assert list(names["curve"].train) == sorted(names["curve"].train)
    assert test[4] < test[3] - 0.3  # the first depth that is worse than the one before it is seen to be 5


def test_one_of_five_teams_has_patients_on_both_sides_and_neither_best_nor_widest_gap_tells_it(names):
    teams, everybody = names["teams"], names["stays"]["person_id"].nunique()
    assert [team for team, (_, known, other, *_) in teams.items() if known + other != everybody] == ["D"]
    assert max(teams, key=lambda team: teams[team][4]) == "C"
    assert max(teams, key=lambda team: teams[team][3] - teams[team][4]) == "B"
    assert teams["C"][4] > teams["C"][3]
