"""What A4 says in words holds on the shipped cohort: the order holds, the level does not, and one push mends it."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import roc_auc_score
from tests.content.cells import run_cells

from rounds.evaluation.decision_curve import decision_curve
from rounds.lessons.finding import find_lessons
from rounds.lessons.loading import load_hidden

FOLDER = Path(__file__).parents[2] / "tutorials" / "ml_for_clinicians" / "a4_act_on_risk"
CELLS = ("setup", "risks", "pairs", "bench", "worked-tenths", "worked-flags", "e4-tree")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Return what the cells of the notebook have made."""
    with run_cells(FOLDER, CELLS, ["covid"], tmp_path_factory.mktemp("data"), {"CalibrationBench(": "bench"}) as made:
        yield made


@pytest.fixture
def bench(names):
    shown = names["bench"]
    shown.intercept, shown.slope, shown.threshold, shown.group = 0, 1, 0.2, "wave 1"
    return shown


def wave(names, number):
    return names["patients"][names["patients"]["wave"] == number]


def test_the_bench_shows_the_pairs_that_the_lesson_prints(names, bench):
    first = wave(names, 1)
    printed = round(100 * roc_auc_score(first["died"], first["risk"]))
    assert round(bench.figures()["pairs"]) == printed
    bench.intercept = -1
    assert round(bench.figures()["pairs"]) == printed


@pytest.mark.parametrize(("risk", "pushed"), [(20, 8), (50, 27)])
def test_a_push_of_minus_1_does_to_a_risk_what_the_text_says(risk, pushed):
    odds = risk / (100 - risk) * exp(-1)
    assert round(100 * odds / (1 + odds)) == pushed
    said = (FOLDER / "lesson.py").read_text(encoding="utf-8")
    assert f"a risk of {risk} % becomes {pushed} %" in said


def test_wave_1_fits_and_a_push_of_1_does_not(bench):
    assert 0.95 <= bench.figures()["ratio"] <= 1.05
    bench.intercept = -1
    assert bench.figures()["ratio"] > 1.5
    bench.intercept = 1
    assert bench.figures()["ratio"] < 0.75


def test_in_wave_4_the_risks_are_too_high_the_order_holds_and_the_intercept_alone_mends_them(bench):
    first = bench.figures()
    bench.group = "wave 4"
    fourth = bench.figures()
    assert fourth["ratio"] < 0.6
    assert abs(fourth["pairs"] - first["pairs"]) < 4
    ratios = []
    for slope in range(3, 21):
        bench.slope = slope / 10
        ratios.append(bench.figures()["ratio"])
    assert max(ratios) < 0.7
    bench.slope, bench.intercept = 1, -1.2
    assert 0.95 <= bench.figures()["ratio"] <= 1.05


def test_in_wave_4_at_30_percent_it_is_best_to_flag_nobody_until_the_risks_are_mended(bench):
    bench.group, bench.threshold = "wave 4", 0.3
    assert max(bench.figures()["benefit"], bench.figures()["everybody"]) < 0
    bench.intercept = -1.2
    assert bench.figures()["benefit"] > 0


def test_in_wave_2_most_tenths_lie_below_the_line_and_rise(names):
    table = names["side_by_side"]
    assert (table["share_died"] < table["mean_risk"]).sum() >= 7
    assert table["share_died"].corr(table["mean_risk"], method="spearman") > 0.9
    assert table["share_died"].iloc[-1] == table["share_died"].max()


def test_in_wave_4_fewer_than_20_of_100_with_a_risk_near_20_percent_died(names):
    fourth = wave(names, 4)
    near = fourth[fourth["risk"].between(0.15, 0.25)]
    assert len(near) > 80
    assert near["died"].mean() < 0.12
    first = wave(names, 1)
    assert 0.13 < first[first["risk"].between(0.15, 0.25)]["died"].mean() < 0.27


def test_nobody_of_wave_1_got_dexamethasone_and_many_later_did(names):
    assert wave(names, 1)["dexamethasone"].sum() == 0
    assert wave(names, 2)["dexamethasone"].mean() > 0.2


def test_the_range_of_exercise_4_is_clear_at_both_ends(names):
    curve = names["curve"]
    begins, ends = curve.worth
    assert 0.08 <= begins <= 0.18
    assert 0.28 <= ends <= 0.38
    better = [step for step, m, e in zip(curve.thresholds, curve.model, curve.everybody, strict=True) if m > max(e, 0)]
    assert len(better) == round(100 * (ends - begins)) + 1
    at = {step: (m, e) for step, m, e in zip(curve.thresholds, curve.model, curve.everybody, strict=True)}
    assert at[0.06][0] < at[0.06][1] - 0.005
    assert at[0.22][0] > max(at[0.22][1], 0) + 0.01
    assert at[0.4][0] < -0.005


def test_the_gaps_take_the_right_figure_as_it_is_and_rounded(names):
    rung = load_hidden(find_lessons([FOLDER.parents[1]], installed=())["a4"])["f1"][0]
    third = wave(names, 3)
    flags = third["risk"] >= 1 / 4
    figure = flags.sum() / (flags & third["died"]).sum()
    assert rung.ask(figure) is None
    assert rung.ask(round(figure, 2)) is None
    assert rung.ask(figure + 0.02) is not None


@pytest.mark.parametrize("number", [1, 4])
def test_the_groups_of_the_bench_are_nearly_as_good_as_single_patients(names, bench, number):
    rows = wave(names, number)
    bench.group = f"wave {number}"
    assert abs(bench.figures()["pairs"] - 100 * roc_auc_score(rows["died"], rows["risk"])) < 0.5
    for threshold in (0.1, 0.2, 0.3, 0.5):
        bench.threshold = threshold
        exact = decision_curve(rows["died"], rows["risk"], (threshold,)).model[0]
        assert abs(bench.figures()["benefit"] - exact) < 0.005
