"""Net benefit is worked out by hand, and the range in which a model is worth its work is found."""

import pytest

from rounds.errors import DataError
from rounds.evaluation.decision_curve import DecisionCurve, decision_curve

DIED = (True, False, True, False, False, False, False, False, False, False)
RISK = (0.9, 0.6, 0.3, 0.3, 0.2, 0.1, 0.1, 0.05, 0.05, 0.0)


def test_net_benefit_is_true_flags_less_false_ones_at_the_odds_of_the_threshold():
    curve = decision_curve(DIED, RISK, (0.2, 0.5))
    assert curve.model == pytest.approx((0.2 - 0.3 * 0.25, 0.1 - 0.1 * 1))
    assert curve.everybody == pytest.approx((0.2 - 0.8 * 0.25, 0.2 - 0.8 * 1))


def test_at_threshold_0_the_model_flags_everybody():
    curve = decision_curve(DIED, RISK, (0,))
    assert curve.model == curve.everybody == (0.2,)


def test_who_has_just_the_threshold_is_flagged():
    assert decision_curve([1, 0], [0.5, 0.4], (0.5,)).model == (0.5,)


def test_the_longest_row_of_thresholds_counts():
    steps = tuple(step / 10 for step in range(8))
    model = (0.3, 0.4, 0.2, 0.2, 0.2, 0.1, -0.1, 0.1)
    assert DecisionCurve(steps, model, (0.3, 0.2, 0.2, 0.1, 0, -1, -1, -1)).worth == (0.3, 0.5)
    assert DecisionCurve((0.1,), (0.1,), (0.2,)).worth is None


@pytest.mark.parametrize(
    ("died", "risk", "steps", "says"),
    [
        ([1], [0.5, 0.4], (0.5,), "1 outcomes and 2 risks"),
        ([], [], (0.5,), "one of each"),
        ([1], [0.5], (1,), "below 1, not 1"),
        ([1], [0.5], (-0.1,), "not -0.1"),
    ],
)
def test_what_has_no_meaning_is_one_sentence(died, risk, steps, says):
    with pytest.raises(DataError, match=says):
        decision_curve(died, risk, steps)
