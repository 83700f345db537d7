"""The line by hand measures as the table does, sends capped pairs without keys, and refuses what it cannot draw."""

import numpy as np
import pandas as pd
import pytest
import traitlets

from rounds.errors import DataError
from rounds.lessons.view.kept import is_kept
from rounds_widgets import LineByHand

LATE = {"gestation_days": "delivery"}
COLUMNS = ("height_cm", "gestation_days")


def births(number, seed):
    rng = np.random.default_rng(seed)
    days, height = rng.normal(275, 10, number), rng.normal(163, 6, number)
    weight = 3300 + 20 * (days - 275) + rng.normal(0, 400, number)
    return pd.DataFrame(
        {
            "mother_id": [f"P{at}" for at in range(number)],
            "height_cm": height.round(),
            "gestation_days": days.round(),
            "birthweight_g": weight.round(),
        }
    )


@pytest.fixture(scope="module")
def tables():
    return births(3000, 1), births(900, 2)


@pytest.fixture
def hand(tables):
    return LineByHand(*tables, COLUMNS, later=LATE)


def test_errors_are_those_of_the_table(hand, tables):
    train, test = tables
    mean = (test["birthweight_g"] - train["birthweight_g"].mean()).abs().mean()
    assert hand.errors() == {
        "mean": pytest.approx(mean, abs=0.05),
        "hand": pytest.approx(mean, abs=0.05),
        "computer": None,
    }
    hand.lines = '{"height_cm": [3000, 10]}'
    said = 3000 + 10 * (test["height_cm"] - train["height_cm"].mean())
    assert hand.errors()["hand"] == pytest.approx((test["birthweight_g"] - said).abs().mean(), abs=0.05)


def test_the_computers_line_is_that_of_least_squares(hand, tables):
    from sklearn.linear_model import LinearRegression

    train, test = tables
    model = LinearRegression().fit(train[["gestation_days"]], train["birthweight_g"])
    error = (test["birthweight_g"] - model.predict(test[["gestation_days"]])).abs().mean()
    hand.column, hand.fitted = "gestation_days", "gestation_days"
    assert hand.errors()["computer"] == pytest.approx(error, abs=0.05)
    assert hand.get_state()["_inputs"]["gestation_days"]["fit"][1] == pytest.approx(model.coef_[0])


def test_it_is_locked_and_flat_until_a_guess(hand):
    assert (hand.prediction, hand.lines, hand.fitted) == (None, "{}", "")


def test_a_lesson_keeps_what_was_chosen(hand):
    hand.lines, hand.fitted, hand.prediction = '{"height_cm": [3288.1, 8.25]}', "height_cm", 250
    assert all(is_kept(getattr(hand, name)) for name in ("prediction", "column", "lines", "fitted"))


def test_browser_gets_capped_pairs_and_no_key(tables):
    state = LineByHand(births(9000, 3), births(5000, 4), COLUMNS).get_state()
    one = state["_inputs"]["height_cm"]
    assert (len(one["drawn"]), len(one["measured"]), len(state["_outcome"]["measured"])) == (300, 2000, 2000)
    assert "mother_id" not in str(state)
    assert "P17" not in str(state)


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("column", "mother_id"),
        ("lines", '{"mother_id": [1, 2]}'),
        ("lines", '{"height_cm": [1]}'),
        ("lines", '{"height_cm": [NaN, 2]}'),
        ("lines", '{"height_cm": ["3000", 2]}'),
        ("lines", "[1, 2]"),
        ("lines", "height_cm"),
    ],
)
def test_what_the_browser_sends_is_checked(hand, trait, value):
    with pytest.raises(traitlets.TraitError, match="LineByHand"):
        setattr(hand, trait, value)


def test_text_stands_in_where_no_browser_draws(hand):
    hand.column = "gestation_days"
    text = hand._repr_mimebundle_()[0]["text/plain"]
    assert text == repr(hand)
    assert "the computer's line not asked yet. gestation_days is known at delivery only." in text


@pytest.mark.parametrize(
    ("columns", "changed", "says"),
    [
        (("height",), {}, 'no column "height". Did you mean "height_cm"'),
        (("mother_id",), {}, '"mother_id" holds no numbers'),
        (("height_cm",), {"height_cm": np.nan}, "is missing in 900 rows"),
    ],
)
def test_a_wrong_column_is_one_sentence(tables, columns, changed, says):
    with pytest.raises(DataError, match=says):
        LineByHand(tables[0], tables[1].assign(**changed), columns)


def test_too_few_rows_and_an_unknown_late_column_are_refused(tables):
    with pytest.raises(DataError, match="9 rows are too few"):
        LineByHand(tables[0].head(9), tables[1], COLUMNS)
    with pytest.raises(DataError, match="none of the columns"):
        LineByHand(*tables, ("height_cm",), later=LATE)


def test_a_column_of_one_value_gives_the_flat_line(tables):
    train, test = (table.assign(height_cm=160.0) for table in tables)
    hand = LineByHand(train, test, ("height_cm",), fitted="height_cm")
    assert hand.errors()["computer"] == hand.errors()["mean"]
