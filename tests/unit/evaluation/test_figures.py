"""The figures of one prediction agree with scikit-learn, and rows are drawn again in whole units."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from rounds.errors import DataError
from rounds.evaluation.figures import draw_again, figures


@pytest.fixture
def pair():
    rng = np.random.default_rng(3)
    risk = np.round(rng.random(300), 2)
    return (rng.random(300) < risk).astype(float), risk


def test_figures_are_those_of_scikit_learn_and_of_their_definitions(pair):
    outcome, risk = pair
    found = figures(outcome, risk, cutoff=0.25)
    acts = risk >= 0.25
    assert found == pytest.approx(
        {
            "auroc": roc_auc_score(outcome, risk),
            "average_precision": average_precision_score(outcome, risk),
            "prevalence": outcome.mean(),
            "observed_expected": outcome.sum() / risk.sum(),
            "net_benefit": (acts & (outcome == 1)).mean() - (acts & (outcome == 0)).mean() / 3,
            "accuracy": (acts == (outcome == 1)).mean(),
        }
    )


def test_a_figure_that_cannot_be_told_is_missing():
    assert np.isnan(figures([0, 0], [0.1, 0.2])["auroc"])
    assert np.isnan(figures([0, 1], [0, 0])["observed_expected"])


@pytest.mark.parametrize(
    ("outcome", "risk", "says"),
    [([0, 1], [0.1], "2 outcomes and 1 risks"), ([0, np.nan], [0.1, 0.2], "is missing"), ([], [], "is missing")],
)
def test_what_is_no_pair_is_refused(outcome, risk, says):
    with pytest.raises(DataError, match=says):
        figures(outcome, risk)


def test_rows_of_a_unit_are_drawn_together():
    units = np.array(["b", "a", "b", "c", "c", "c"])
    for rows in draw_again(units, draws=30, seed=4):
        times = {name: np.bincount(rows, minlength=6)[units == name] for name in "abc"}
        assert all(len(set(each)) == 1 for each in times.values())
        assert sum(each[0] for each in times.values()) == 3


def test_draws_are_the_same_for_a_seed_and_differ_between_seeds():
    first, again, other = ([rows.tolist() for rows in draw_again(range(20), 3, seed)] for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_one_value_in_place_of_one_for_each_row_is_refused():
    with pytest.raises(DataError, match="one value for each row, not 'person'"):
        next(draw_again("person"))
