"""Observed for each expected with an exact interval, and the push that sets a level right."""

from __future__ import annotations

import numpy as np
import pytest

from rounds.errors import DataError
from rounds.evaluation.level import find_push, push_risks, ratio_interval


def test_the_interval_is_the_exact_one_of_a_count() -> None:
    # exact Poisson limits of 10 events: 4.795 and 18.39 (Ulm 1990, table; Garwood 1936)
    assert ratio_interval([1] * 10 + [0] * 30, [0.25] * 40) == pytest.approx((1.0, 0.4795, 1.839), abs=1e-3)
    assert ratio_interval([0] * 20, [0.5] * 20) == pytest.approx((0.0, 0.0, 0.3689), abs=1e-3)


def test_the_interval_holds_the_truth_in_95_of_100_draws() -> None:
    rng = np.random.default_rng(1)
    risk = rng.uniform(0.02, 0.3, 200)
    held = 0
    for _ in range(400):
        _, low, high = ratio_interval(rng.random(200) < risk, risk)
        held += low <= 1 <= high
    assert held >= 375


def test_the_push_sets_the_level_right_and_keeps_the_order() -> None:
    rng = np.random.default_rng(2)
    risk = rng.uniform(0.001, 0.999, 500)
    died = rng.random(500) < risk / 2
    pushed = push_risks(risk, find_push(died, risk))
    assert pushed.mean() == pytest.approx(died.mean(), abs=1e-9)
    assert (np.argsort(pushed) == np.argsort(risk)).all()
    assert ((pushed > 0) & (pushed < 1)).all()


@pytest.mark.parametrize(
    ("outcome", "risk", "says"),
    [([0, 0], [0.1, 0.2], "nobody or everybody"), ([1, 1], [0.1, 0.2], "nobody or everybody")],
)
def test_a_push_that_cannot_be_is_named(outcome: list[int], risk: list[float], says: str) -> None:
    with pytest.raises(DataError, match=says):
        find_push(outcome, risk)


@pytest.mark.parametrize(
    ("outcome", "risk", "says"),
    [([1], [0.1, 0.2], "1 values and risk 2"), ([0, 1], [0.0, 0.0], "No event is expected")],
)
def test_what_gives_no_ratio_is_named(outcome: list[int], risk: list[float], says: str) -> None:
    with pytest.raises(DataError, match=says):
        ratio_interval(outcome, risk)
