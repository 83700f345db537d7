"""The figures of a score: equal to scikit-learn's, right under weights, with intervals that cover."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, mean_absolute_error, roc_auc_score

from rounds.custody.scoring.probes import check_no_probe, count_moved
from rounds.custody.scoring.rounding import ladder, round_to, step_of
from rounds.custody.scoring.task import Task
from rounds.errors import DataError
from rounds.evaluation import metrics
from rounds.evaluation.bootstrap import draw_weights, estimate
from rounds.evaluation.metrics import Levels


@st.composite
def rows(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return outcomes of both kinds, risks with ties, and whole weights."""
    n = draw(st.integers(4, 60))
    outcome = np.array(draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)), float)
    outcome[:2] = 0, 1
    risk = np.array(draw(st.lists(st.integers(0, 12), min_size=n, max_size=n)), float) / 12
    weight = np.array(draw(st.lists(st.integers(1, 5), min_size=n, max_size=n)), float)
    return outcome, risk, weight


@given(rows())
@settings(max_examples=200, deadline=None)
def test_auroc_and_average_precision_equal_scikit_learns(given_rows) -> None:
    outcome, risk, weight = given_rows
    levels = Levels.of(outcome, risk, weight[None, :])
    assert metrics.auroc(levels)[0] == pytest.approx(roc_auc_score(outcome, risk, sample_weight=weight), abs=1e-9)
    expected = average_precision_score(outcome, risk, sample_weight=weight)
    assert metrics.average_precision(levels)[0] == pytest.approx(expected, abs=1e-9)
    error = metrics.mean_absolute_error(outcome, risk, weight[None, :])[0]
    assert error == pytest.approx(mean_absolute_error(outcome, risk, sample_weight=weight))


@given(rows())
@settings(max_examples=100, deadline=None)
def test_a_weight_is_the_same_as_so_many_rows(given_rows) -> None:
    outcome, risk, weight = given_rows
    many = np.repeat(np.arange(len(risk)), weight.astype(int))
    one = np.ones((1, len(many)))
    weighted, repeated = Levels.of(outcome, risk, weight[None, :]), Levels.of(outcome[many], risk[many], one)
    for share in (0.1, 0.5):
        for a, b in zip(metrics.at_budget(weighted, share), metrics.at_budget(repeated, share), strict=True):
            assert a[0] == pytest.approx(b[0])
    a = metrics.observed_to_predicted(outcome, risk + 0.1, weight[None, :])
    assert a[0] == pytest.approx(outcome[many].sum() / (risk[many] + 0.1).sum())


@given(rows(), st.permutations(range(60)))
@settings(max_examples=100, deadline=None)
def test_the_order_of_rows_changes_no_figure(given_rows, order) -> None:
    outcome, risk, weight = given_rows
    mixed = [i for i in order if i < len(risk)]
    before = Levels.of(outcome, risk, weight[None, :])
    after = Levels.of(outcome[mixed], risk[mixed], weight[None, mixed])
    for figure in (metrics.auroc, metrics.average_precision):
        assert figure(before)[0] == pytest.approx(figure(after)[0])
    assert metrics.at_budget(before, 0.2)[0][0] == pytest.approx(metrics.at_budget(after, 0.2)[0][0])


def test_an_alert_budget_inside_a_tie_is_shared() -> None:
    outcome, risk = np.array([1.0, 0, 0, 0, 1, 0, 0, 0, 0, 0]), np.array([0.9, 0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0, 0])
    sensitivity, ppv = metrics.at_budget(Levels.of(outcome, risk, np.ones((1, 10))), 0.3)
    assert sensitivity[0] == pytest.approx((1 + 2 / 4) / 2)  # one sure, then two of four tied rows, one of them sick
    assert ppv[0] == pytest.approx(1.5 / 3)


def test_the_calibration_slope_equals_scikit_learns() -> None:
    rng = np.random.default_rng(5)
    odds = rng.normal(-2, 1.2, 3000)
    risk = 1 / (1 + np.exp(-odds))
    outcome = (rng.random(3000) < 1 / (1 + np.exp(-(0.3 + 0.6 * odds)))).astype(float)
    weight = rng.integers(1, 6, 3000).astype(float)
    slope = metrics.calibration_slope(outcome, risk, weight[None, :])[0]
    model = LogisticRegression(C=np.inf, tol=1e-10).fit(odds[:, None], outcome, sample_weight=weight)
    assert slope == pytest.approx(model.coef_[0, 0], abs=1e-4)
    assert slope == pytest.approx(0.6, abs=0.1)


def test_a_slope_that_cannot_be_told_is_none() -> None:
    outcome = np.array([0.0, 0, 1, 1])
    for risk in (np.full(4, 0.3), np.array([0.1, 0.2, 0.8, 0.9])):  # constant; perfectly separated
        assert np.isnan(metrics.calibration_slope(outcome, risk, np.ones((1, 4)))[0])


def mae_of(error: np.ndarray):
    return lambda weights: {"mae": metrics.mean_absolute_error(error, np.zeros_like(error), weights)}


def test_a_person_is_drawn_as_a_whole() -> None:
    cluster = np.repeat(np.arange(30), 4)
    for block in draw_weights(cluster, np.ones(120), seed=1, draws=100):
        by_person = block.reshape(len(block), 30, 4)
        assert (by_person == by_person[:, :, :1]).all()
        assert (block.sum(axis=1) == 120).all()


def test_the_same_seed_gives_the_same_interval() -> None:
    error = np.abs(np.random.default_rng(0).normal(0, 300, 200))
    cluster, weight = np.arange(200), np.ones(200)
    assert estimate(mae_of(error), cluster, weight, 7) == estimate(mae_of(error), cluster, weight, 7)
    assert estimate(mae_of(error), cluster, weight, 7) != estimate(mae_of(error), cluster, weight, 8)


def test_intervals_cover_the_true_error_and_would_not_by_row() -> None:
    """200 hold-outs of 80 people with 5 alike rows each: 95 % intervals by person cover, by row they would not."""
    rng, truth, covered, by_row = np.random.default_rng(3), 300 * np.sqrt(2 / np.pi), 0, 0
    cluster = np.repeat(np.arange(80), 5)
    for number in range(200):
        person = rng.normal(0, 300 * np.sqrt(0.8), 80)
        error = np.abs(person[cluster] + rng.normal(0, 300 * np.sqrt(0.2), 400))
        _, low, high = estimate(mae_of(error), cluster, np.ones(400), number, draws=400)["mae"]
        covered += low <= truth <= high
        _, low, high = estimate(mae_of(error), np.arange(400), np.ones(400), number, draws=400)["mae"]
        by_row += low <= truth <= high
    assert 180 <= covered <= 199
    assert by_row < 170


def brute_force(first: list[int], second: list[int]) -> int:
    """Return the smallest number to leave out, by trying every subset."""
    n, best = len(first), 0
    for mask in range(1 << n):
        kept = [i for i in range(n) if mask >> i & 1]
        same = all(np.sign(first[i] - first[j]) == np.sign(second[i] - second[j]) for i in kept for j in kept if i < j)
        best = max(best, len(kept) if same else 0)
    return n - best


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_people_moved_is_the_smallest_number_to_leave_out(pairs) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    assert count_moved(np.array(first, float), np.array(second, float)) == brute_force(first, second)


@given(st.integers(0, 199), st.floats(0, 1), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_a_try_that_differs_in_one_person_is_refused_however_the_rest_is_rescaled(person, to, seed) -> None:
    before = np.random.default_rng(seed).random(200)
    asked = before.copy()
    asked[person] = to
    if asked[person] == before[person] or count_moved(before, asked) == 0:
        return
    for after in (asked, asked**3, asked / 2):
        with pytest.raises(DataError, match="differs from try 1 in 1 person only"):
            check_no_probe(after, {1: before}, 10)


def test_a_file_that_sets_a_few_people_apart_is_refused() -> None:
    predicted = np.zeros(500)
    check_no_probe(predicted, {}, 10)  # all equal: it tells the mean and nothing else
    for apart, refused in ((1, True), (9, True), (10, False)):
        predicted[:apart] = 1
        if refused:
            with pytest.raises(DataError, match=f"All predictions but {apart} are equal"):
                check_no_probe(predicted, {}, 10)
        else:
            check_no_probe(predicted, {}, 10)


def test_a_change_that_keeps_the_order_is_a_probe_when_few_people_change() -> None:
    before = np.arange(500.0)
    asked = before.copy()
    asked[-1] += 3000  # the highest goes higher: the order stays, the error does not
    with pytest.raises(DataError, match="differs from try 2 in 1 person only"):
        check_no_probe(asked, {2: before}, 10)
    with pytest.raises(DataError, match="These are the predictions of try 2"):
        check_no_probe(before.copy(), {2: before}, 10)


@given(st.integers(20, 3000), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_one_persons_outcome_moves_a_figure_by_one_step_at_most(people: int, seed: int) -> None:
    """With equal weights: change one outcome, look how far the exact figure moves, compare with the step."""
    rng = np.random.default_rng(seed)
    outcome, risk, weight = (rng.random(people) < 0.4).astype(float), rng.random(people), np.ones(people)
    outcome[:4] = 0, 0, 1, 1
    other = outcome.copy()
    one = rng.integers(4, people)
    other[one] = 1 - other[one]
    moved = abs(
        metrics.auroc(Levels.of(outcome, risk, weight[None, :]))
        - metrics.auroc(Levels.of(other, risk, weight[None, :]))
    )[0]
    assert moved <= step_of("auroc", Task("auroc", "y", ("i",)), outcome, weight) * 1.5
    task = Task("mae", "y", ("i",), outcome_range=(300, 6500))
    grams, changed = rng.uniform(300, 6500, people), rng.integers(people)
    swing = grams.copy()
    swing[changed] = 300 if swing[changed] > 3400 else 6500
    error = mae_of(grams - 3000)(weight[None, :])["mae"] - mae_of(swing - 3000)(weight[None, :])["mae"]
    assert abs(error[0]) <= step_of("mae", task, grams, weight)


@pytest.mark.parametrize(
    ("influence", "step"), [(1.55, 2), (12.4, 20), (0.0106, 0.02), (0.0001, 0.001), (0.05, 0.05), (62, 100), (0.2, 0.2)]
)
def test_steps_are_one_two_or_five(influence: float, step: float) -> None:
    assert ladder(influence) == step


@pytest.mark.parametrize(
    ("value", "step", "shown"),
    [(0.7049, 0.02, 0.7), (394.4, 2, 394), (395.2, 5, 395), (0.0232, 0.001, 0.023), (float("nan"), 0.1, None)],
)
def test_a_value_is_a_multiple_of_its_step(value: float, step: float, shown: float | None) -> None:
    assert round_to(value, step) == shown


def test_another_model_and_the_same_order_again_are_no_probes() -> None:
    rng = np.random.default_rng(2)
    before, other = rng.random(1000), rng.random(1000)
    check_no_probe(other, {1: before}, 10)
    check_no_probe(before**2, {1: before}, 10)  # better calibrated, the same order
    assert all(a < b for a, b in pairwise(sorted(before)))
