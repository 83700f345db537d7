"""The depth slider shows the curves of its table, sends numbers by depth and no row, refuses what it cannot show."""

import json

import numpy as np
import pandas as pd
import pytest
import traitlets

from rounds.errors import DataError
from rounds.evaluation.depth_curves import DEEPEST, ROWS, Plan, depth_curve
from rounds.lessons.view.kept import is_kept
from rounds_widgets import DepthSlider

SETS = {"what was measured": ["sodium", "creatinine"], "who the patient is": ["trait"]}


def stays(people=200, each=4):
    rng = np.random.default_rng(2)
    number = people * each
    sodium, own = rng.normal(138, 4, number), np.repeat(rng.normal(0, 1.5, people), each)
    return pd.DataFrame(
        {
            "person_id": np.repeat([f"P{at}" for at in range(people)], each),
            "sodium": sodium,
            "creatinine": rng.normal(1.2, 0.3, number),
            "trait": np.repeat(rng.permutation(people), each).astype(float),
            "back": rng.random(number) < 1 / (1 + np.exp(1.2 - 0.25 * (138 - sodium) - own)),
        }
    )


@pytest.fixture(scope="module")
def rows():
    return stays()


@pytest.fixture
def slider(rows):
    return DepthSlider(rows, SETS, outcome="back")


def test_curves_are_those_of_the_table(slider, rows):
    assert slider.curve() == depth_curve(rows, Plan(("sodium", "creatinine"), "back"))
    slider.columns, slider.split = "who the patient is", "rows"
    assert slider.curve() == depth_curve(rows, Plan(("trait",), "back"), ROWS)


def test_nothing_is_drawn_before_a_guess(slider):
    assert (slider.prediction, slider.depth, slider.reached, slider.seen) == (None, 1, 1, "")


def test_a_lesson_keeps_what_was_chosen(slider):
    slider.prediction, slider.depth, slider.reached, slider.seen = 8, 20, 20, "0-patients 0-rows"
    names = ("prediction", "depth", "reached", "columns", "split", "seen")
    assert all(is_kept(getattr(slider, name)) for name in names)


def test_the_browser_gets_numbers_by_depth_and_no_row(slider):
    state = slider.get_state()
    sent = json.dumps({name: state[name] for name in ("_curves", "_facts")})
    assert set(state["_curves"]) == {"0-patients", "0-rows", "1-patients", "1-rows"}
    assert len(state["_curves"]["0-patients"]["test"]) == DEEPEST
    assert "P17" not in sent
    assert len(sent) < 4000


@pytest.mark.parametrize(
    ("trait", "value"), [("columns", "age"), ("split", "chance"), ("depth", 0), ("depth", 21), ("reached", 99)]
)
def test_what_the_browser_sends_is_checked(slider, trait, value):
    with pytest.raises(traitlets.TraitError):
        setattr(slider, trait, value)


def test_only_known_curves_count_as_seen(slider):
    slider.seen = "0-rows <b> 0-patients 7-rows"
    assert slider.seen == "0-patients 0-rows"


def test_text_stands_in_where_no_browser_draws(slider):
    text = slider._repr_mimebundle_()[0]["text/plain"]
    assert text == repr(slider)
    assert "what was measured, split by patients: at depth 1 right in" in text


@pytest.mark.parametrize(
    ("sets", "says"),
    [
        ({"measured": ["natrium"]}, 'No column "natrium"'),
        ({"measured": []}, "give one to 3 sets"),
        ({}, "give one to 3 sets"),
    ],
)
def test_a_wrong_column_is_one_sentence(rows, sets, says):
    with pytest.raises(DataError, match=says):
        DepthSlider(rows, sets, outcome="back")


def test_a_table_that_would_take_long_is_refused(rows):
    with pytest.raises(DataError, match=r"rows.head\(20000\)"):
        DepthSlider(pd.concat([rows] * 26), SETS, outcome="back")
