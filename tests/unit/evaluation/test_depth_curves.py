"""Curves by depth are those of trees that stop there, each person is put aside once, and chance is 50 of 100 pairs."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from rounds.errors import DataError
from rounds.evaluation import depth_curves
from rounds.evaluation.depth_curves import DEEPEST, FOLDS, PATIENTS, ROWS, Plan, depth_curve

PLAN = Plan(("sodium", "creatinine"), "back")
TRAIT = Plan(("trait",), "back")


def stays(people=300, each=4, seed=1):
    """Return stays of which sodium tells the outcome; the trait is another number for each person and tells nothing."""
    rng = np.random.default_rng(seed)
    number = people * each
    sodium, own = rng.normal(138, 4, number), np.repeat(rng.normal(0, 1.5, people), each)
    chance = 1 / (1 + np.exp(-(-1.2 + 0.25 * (138 - sodium) + own)))
    return pd.DataFrame(
        {
            "person_id": np.repeat([f"P{at}" for at in range(people)], each),
            "sodium": sodium,
            "creatinine": rng.normal(1.2, 0.3, number),
            "trait": np.repeat(rng.permutation(people), each).astype(float),
            "back": rng.random(number) < chance,
        }
    )


@pytest.fixture(scope="module")
def rows():
    return stays()


def test_a_cut_tree_is_the_tree_that_stops_at_that_depth(rows):
    aside = np.arange(len(rows)) % 5 == 0
    values = rows[[*PLAN.columns]].to_numpy(np.float32)
    found = depth_curves._follow(values, rows["back"].to_numpy(), aside)
    for depth, off in ((1, 1e-6), (3, 1e-6), (8, 1.5)):  # of two equally good questions, deep down, chance takes one
        tree = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(values[~aside], rows["back"][~aside])
        for side, at in ((~aside, 0), (aside, 1)):
            expected = 100 * roc_auc_score(rows["back"][side], tree.predict_proba(values[side])[:, 1])
            assert found[depth - 1, at] == pytest.approx(expected, abs=off)
        assert found[depth - 1, 2] == pytest.approx(tree.get_n_leaves(), rel=0.02)


@pytest.mark.parametrize("by", [PATIENTS, ROWS])
def test_each_row_is_put_aside_once(rows, by):
    people = rows["person_id"].astype("category").cat.codes.to_numpy()
    folds = list(depth_curves._put_aside(people, by))
    assert len(folds) == FOLDS
    assert (np.sum(folds, axis=0) == 1).all()


def test_by_patients_nobody_stands_on_both_sides_and_by_rows_nearly_all_do(rows):
    assert depth_curve(rows, PLAN, PATIENTS).shared == 0
    assert depth_curve(rows, PLAN, ROWS).shared > 90


def test_training_climbs_and_the_test_turns_down(rows):
    curve = depth_curve(rows, PLAN)
    assert len(curve.train) == len(curve.test) == len(curve.groups) == DEEPEST
    assert list(curve.train) == sorted(curve.train)
    assert curve.train[-1] > 98
    assert curve.best < 6
    assert max(curve.test) - curve.test[-1] > 4


def test_a_trait_that_tells_nothing_but_the_person_flatters_a_split_by_rows(rows):
    assert depth_curve(rows, TRAIT, PATIENTS).test[-1] == pytest.approx(50, abs=5)
    assert depth_curve(rows, TRAIT, ROWS).test[-1] > 57


def test_the_same_rows_in_another_order_give_the_same_curve_by_patients(rows):
    other = rows.sample(frac=1, random_state=3)
    assert depth_curve(other, PLAN).test[2] == pytest.approx(depth_curve(rows, PLAN).test[2], abs=0.2)


@pytest.mark.parametrize(
    ("plan", "changed", "says"),
    [
        (Plan(("natrium",), "back"), {}, 'No column "natrium"'),
        (Plan(("person_id",), "back"), {}, '"person_id" holds no numbers'),
        (PLAN, {"sodium": np.nan}, '"sodium" is missing in 1200 rows'),
        (PLAN, {"back": False}, "the same in all rows"),
    ],
)
def test_a_table_that_gives_no_curve_is_one_sentence(rows, plan, changed, says):
    with pytest.raises(DataError, match=says):
        depth_curve(rows.assign(**changed), plan)


def test_too_few_rows_and_an_unknown_split_are_refused(rows):
    with pytest.raises(DataError, match="too few for a curve"):
        depth_curve(rows.head(20), PLAN)
    with pytest.raises(DataError, match='not by "chance"'):
        depth_curve(rows, PLAN, "chance")
