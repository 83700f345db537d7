"""The calibration bench adds up its patients rightly, keeps the ranking, sends no row, refuses what it cannot show."""

import json

import numpy as np
import pandas as pd
import pytest
import traitlets
from sklearn.metrics import roc_auc_score

from rounds.errors import DataError
from rounds.evaluation.decision_curve import decision_curve
from rounds.lessons.view.kept import is_kept
from rounds_widgets import CalibrationBench
from rounds_widgets.teaching.ml_for_clinicians.risk_groups import Move, RiskGroups


def draw_patients(number=900):
    """Return two waves with the same ranking; in the second half as many die as the risks say."""
    rng = np.random.default_rng(4)
    log_odds = rng.normal(-1.6, 1.3, 2 * number)
    wave = np.repeat([1, 4], number)
    chance = 1 / (1 + np.exp(-(log_odds - np.where(wave == 4, 1.1, 0))))
    risk = 1 / (1 + np.exp(-log_odds))
    return pd.DataFrame({"wave": wave, "risk": risk, "died": rng.random(2 * number) < chance})


@pytest.fixture(scope="module")
def patients():
    return draw_patients()


@pytest.fixture
def bench(patients):
    return CalibrationBench(patients, risk="risk", outcome="died", by="wave")


@pytest.fixture
def first(patients):
    return patients[patients["wave"] == 1]


def test_its_own_risks_give_the_figures_of_the_table(bench, first):
    seen = bench.figures()
    assert seen["pairs"] == pytest.approx(100 * roc_auc_score(first["died"], first["risk"]), abs=0.3)
    assert seen["expected"] == pytest.approx(first["risk"].sum(), abs=0.1)
    assert seen["died"] == first["died"].sum()
    curve = decision_curve(first["died"], first["risk"], (0.2,))
    assert seen["benefit"] == pytest.approx(curve.model[0], abs=0.003)
    assert seen["everybody"] == pytest.approx(curve.everybody[0])


@pytest.mark.parametrize(("intercept", "slope"), [(-1, 1), (1.7, 1), (0, 0.4), (-0.5, 1.9)])
def test_pairs_stand_still_while_the_other_figures_move(bench, intercept, slope):
    before = bench.figures()
    bench.intercept, bench.slope = intercept, slope
    after = bench.figures()
    assert after["pairs"] == before["pairs"]
    assert abs(after["ratio"] - before["ratio"]) > 0.05
    assert after["benefit"] != before["benefit"]
    assert after["everybody"] == before["everybody"]


def test_one_intercept_mends_the_wave_in_which_fewer_die(bench):
    bench.group = "wave 4"
    assert bench.figures()["ratio"] < 0.7
    bench.intercept = -1.1
    assert bench.figures()["ratio"] == pytest.approx(1, abs=0.1)


def test_what_happened_in_a_tenth_is_its_share_with_an_interval(first):
    groups = RiskGroups.of(first["died"].to_numpy(), first["risk"].to_numpy())
    lowest = first.nsmallest(90, "risk")
    share, low, high = groups.observed()[0]
    assert share == pytest.approx(lowest["died"].mean())
    assert 0 <= low <= share < high
    assert sum(groups.size) == len(first)


def test_who_has_just_the_threshold_is_flagged():
    groups = RiskGroups((0.0, 1.0), (5, 5), (1, 4), (0, 1))
    assert groups.figures(Move(threshold=0.5))["benefit"] == pytest.approx((5 - 5) / 10)


def test_nothing_is_bent_at_the_beginning(bench):
    assert (bench.prediction, bench.intercept, bench.slope, bench.group) == (None, 0, 1, "wave 1")


def test_a_lesson_keeps_what_was_chosen(bench):
    bench.prediction, bench.intercept, bench.slope, bench.threshold, bench.group = 60, -1, 1.4, 0.35, "wave 4"
    assert all(is_kept(getattr(bench, name)) for name in ("prediction", "intercept", "slope", "threshold", "group"))


def test_the_browser_gets_groups_and_no_row(bench):
    state = bench.get_state()
    assert list(state["_groups"]) == ["wave 1", "wave 4"]
    assert len(state["_groups"]["wave 1"]["size"]) == 200
    assert max(state["_groups"]["wave 1"]["size"]) <= 5
    assert len(json.dumps(state["_groups"])) < 12_000


@pytest.mark.parametrize(
    ("trait", "value"), [("intercept", 3), ("slope", 0), ("threshold", 1), ("group", "wave 2"), ("group", "")]
)
def test_what_the_browser_sends_is_checked(bench, trait, value):
    with pytest.raises(traitlets.TraitError):
        setattr(bench, trait, value)


def test_text_stands_in_where_no_browser_draws(bench):
    text = bench._repr_mimebundle_()[0]["text/plain"]
    assert text == repr(bench)
    assert text.startswith("Calibration bench, wave 1, intercept 0.0, slope 1.0:")
    assert "deaths expected" in text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows.rename(columns={"risk": "rsk"}), 'no column "risk".*rsk'),
        (lambda rows: rows.assign(risk=rows["risk"].where(rows.index > 2)), "missing in 3 rows. Write"),
        (lambda rows: rows.assign(risk=100 * rows["risk"]), "20 % is 0.2"),
        (lambda rows: rows.assign(wave=range(len(rows))), "choose one to 4"),
        (lambda rows: rows[rows["wave"] == 9], "has 0 values"),
        (lambda rows: rows.groupby("wave").head(20), "wave 1 has 20 patients"),
        (lambda rows: rows.assign(died=rows["wave"] == 1), "the same for all of wave 1"),
    ],
)
def test_a_table_that_cannot_be_shown_is_one_sentence(patients, change, says):
    with pytest.raises(DataError, match=says):
        CalibrationBench(change(patients), risk="risk", outcome="died", by="wave")
