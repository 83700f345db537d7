"""The split picker measures four tests, sends figures and no person's id, and refuses what it cannot split."""

import json

import numpy as np
import pandas as pd
import pytest
import traitlets

from rounds.errors import DataError
from rounds.evaluation.split_scores import SPLITS, Draws, Model, Plan, find_folds, predict, share_met, spread_figures
from rounds.lessons.view.kept import is_kept
from rounds_widgets import SplitPicker

PLAN = Plan("back")
MODELS = {"tests": Model(("sodium",)), "who": Model(("trait",), forest=True)}
PAIRS = [("who", "tests")]


def stays(people=250, each=4):
    rng = np.random.default_rng(2)
    number = people * each
    sodium, own = rng.normal(138, 4, number), np.repeat(rng.normal(0, 1.8, people), each)
    return pd.DataFrame(
        {
            "person_id": np.repeat([f"P{at}" for at in range(people)], each),
            "site": np.repeat(rng.choice(["A", "B"], people, p=[0.7, 0.3]), each),
            "year": np.tile([2018, 2019, 2021, 2022], people),
            "sodium": sodium,
            "trait": np.repeat(rng.permutation(people), each).astype(float),
            "back": rng.random(number) < 1 / (1 + np.exp(1.2 - 0.1 * (138 - sodium) - own)),
        }
    )


@pytest.fixture(scope="module")
def rows():
    return stays()


@pytest.fixture
def picker(rows):
    return SplitPicker(rows, MODELS, pairs=PAIRS, plan=PLAN)


def test_each_split_has_new_what_it_says(rows):
    sides = {split: find_folds(rows, PLAN, split) for split in SPLITS}
    assert all(np.sum(folds, axis=0).max() == 1 for folds in sides.values())
    assert set(rows["year"][sides["time"][0]]) == {2021, 2022}
    assert set(rows["site"][sides["site"][0]]) == {"B"}
    assert {split: round(share_met(rows, PLAN, folds)) for split, folds in sides.items() if split != "rows"} == {
        "patients": 0,
        "time": 100,
        "site": 0,
    }
    assert share_met(rows, PLAN, sides["rows"]) > 90


def test_a_model_that_knows_people_again_is_flattered_by_rows_alone(picker):
    by = {}
    for picker.split in SPLITS:
        by[picker.split] = picker.spread("auroc", "who").value
    assert by["rows"] > by["patients"] + 0.1


def test_an_interval_by_patients_is_wider_when_stays_of_one_person_agree():
    people = np.repeat(np.arange(100), 5)
    outcome = np.repeat(np.arange(100) % 2, 5).astype(float)
    risk = np.repeat(np.random.default_rng(1).random(100), 5)
    widths = [
        np.diff(spread_figures(outcome, risk, Draws.of(units))["auroc"].ends)[0] for units in (people, np.arange(500))
    ]
    assert widths[0] > 1.7 * widths[1]


def test_draws_are_those_of_the_exact_figure(rows):
    from sklearn.metrics import roc_auc_score

    folds = find_folds(rows, PLAN, "site")
    risk, outcome = predict(rows, PLAN, MODELS["tests"], folds)[folds[0]], rows["back"].to_numpy(float)[folds[0]]
    draws = Draws.of(np.arange(len(risk)))
    spread = spread_figures(outcome, risk, draws)["auroc"]
    again = np.repeat(np.arange(len(risk)), draws.times[3].astype(int))
    assert spread.value == pytest.approx(roc_auc_score(outcome, risk))
    assert spread.draws[3] == pytest.approx(roc_auc_score(outcome[again], risk[again]), abs=0.003)


def test_a_difference_is_taken_draw_by_draw(picker):
    one, other = picker.spread("auroc", "who"), picker.spread("auroc", "tests")
    gap = picker.spread("difference", "who, less tests")
    assert gap.value == pytest.approx(one.value - other.value)
    assert np.allclose(gap.draws, one.draws - other.draws)


def test_a_pair_that_differs_in_columns_and_in_algorithm_is_said_to_differ_twice(rows, picker):
    assert picker.get_state()["_facts"]["mixed"] == ["who, less tests"]
    assert "differ" not in repr(picker)
    picker.figure = "difference"
    assert repr(picker).endswith('In "who, less tests" columns and algorithm differ.')
    two = {"tests": Model(("sodium",)), "both": Model(("sodium", "trait"))}
    alike = SplitPicker(rows, two, pairs=[("both", "tests")], plan=PLAN)
    assert alike.get_state()["_facts"]["mixed"] == []


def test_nothing_is_chosen_before_a_guess(picker):
    assert (picker.prediction, picker.split, picker.figure, picker.seen) == (None, "rows", "auroc", "")


def test_a_lesson_keeps_what_was_chosen(picker):
    picker.prediction, picker.split, picker.figure = 90, "site", "difference"
    picker.seen = "rows-auroc site-difference"
    assert all(is_kept(getattr(picker, name)) for name in ("prediction", "split", "figure", "seen"))


def test_the_browser_gets_figures_and_a_few_unnamed_patients(picker):
    state = picker.get_state()
    sent = json.dumps({name: state[name] for name in ("_strips", "_facts", "_people")})
    assert len(state["_strips"]) == 4 * (2 * 2 + 1)
    assert len(state["_people"]) == 10
    assert '"P1' not in sent
    assert len(sent) < 30_000


def test_the_sides_of_the_picture_are_those_of_the_split(picker):
    for person in picker.get_state()["_people"]:
        assert set(person["sides"]["site"]) == {"n" if person["site"] == "B" else "k"}
        assert person["sides"]["time"] == "".join("n" if year >= 2021 else "k" for year in person["years"])
        assert len(set(person["sides"]["patients"])) == 1


@pytest.mark.parametrize(("trait", "value"), [("split", "chance"), ("figure", "f1")])
def test_what_the_browser_sends_is_checked(picker, trait, value):
    with pytest.raises(traitlets.TraitError, match="is one of"):
        setattr(picker, trait, value)


def test_only_known_views_count_as_seen(picker):
    picker.seen = "site-difference <b> rows-auroc rows-f1"
    assert picker.seen == "rows-auroc site-difference"


def test_text_stands_in_where_no_browser_draws(picker):
    text = picker._repr_mimebundle_()[0]["text/plain"]
    assert text == repr(picker)
    assert "new in the test: rows; AUROC: tests 0." in text
    picker.figure = "observed_expected"
    assert "came for 100 predicted: tests " in repr(picker)
    picker.figure = "difference"
    assert "who, less tests +0." in repr(picker)


@pytest.mark.parametrize(
    ("models", "pairs", "plan", "says"),
    [
        ({"tests": Model(("natrium",))}, [], PLAN, 'No column "natrium"'),
        ({"tests": Model(())}, [], PLAN, "give one to 4 models"),
        ({}, [], PLAN, "give one to 4 models"),
        (MODELS, [("who", "test")], PLAN, 'Did you mean "tests"'),
        (MODELS, PAIRS, Plan("back", tested_from=2030), "A cut at year 2030"),
        (MODELS, PAIRS, Plan("back", tested_site="C"), "A cut at site C"),
        ({"who": Model(("site",))}, [], PLAN, '"site" holds no numbers'),
    ],
)
def test_wrong_arguments_are_one_sentence(rows, models, pairs, plan, says):
    with pytest.raises(DataError, match=says):
        SplitPicker(rows, models, pairs=pairs, plan=plan)


def test_gaps_and_unknown_splits_are_one_sentence(rows):
    with pytest.raises(DataError, match='"sodium" is missing in 1 rows'):
        SplitPicker(rows.assign(sodium=rows["sodium"].mask(rows.index == 3)), MODELS, pairs=PAIRS, plan=PLAN)
    with pytest.raises(DataError, match="A split is one of"):
        find_folds(rows, PLAN, "row")


def test_a_table_that_would_take_long_is_refused(rows):
    with pytest.raises(DataError, match=r"rows.head\(20000\)"):
        SplitPicker(pd.concat([rows] * 21), MODELS, pairs=PAIRS, plan=PLAN)
