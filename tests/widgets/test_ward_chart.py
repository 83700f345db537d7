"""The ward chart writes what a habit writes, takes what a rule takes, and sends counts and no row."""

import json

import numpy as np
import pandas as pd
import pytest
import traitlets

from rounds.errors import DataError
from rounds.lessons.view.kept import is_kept
from rounds_widgets import WardChart
from rounds_widgets.teaching.clinic_for_engineers import ward_chart_monitor as monitor
from rounds_widgets.teaching.clinic_for_engineers.ward_chart_habits import (
    RULES,
    TENS,
    Habit,
    all_habits,
    lay_rounds,
    take_feature,
    write_chart,
)

NONE = np.nan


def pulses(stays=400, seed=3):
    rng = np.random.default_rng(seed)
    hours = np.r_[0.1, 1 + 4 * np.arange(6) + 0.5]
    own = rng.normal(87, 6, stays)
    return pd.DataFrame(
        {
            "encounter_id": np.repeat([f"E{at:05}" for at in range(stays)], 7),
            "hour": np.tile(hours, stays),
            "pulse": np.rint(np.repeat(own, 7) + rng.normal(0, 11, 7 * stays)),
        }
    )


@pytest.fixture(scope="module")
def table():
    return pulses()


@pytest.fixture
def chart(table):
    return WardChart(table)


def day(*values):
    return np.array([values], dtype=float)


def test_rounds_are_the_door_and_the_first_of_every_four_hours():
    rows = pd.DataFrame({"encounter_id": "E1", "hour": [1.9, 0.2, 1.2, 6.0, 23.9, 24.0], "pulse": [1, 2, 3, 4, 5, 6]})
    assert lay_rounds(rows).tolist()[0][:3] == [2, 3, 4]
    assert np.isnan(lay_rounds(rows)[0, 3:6]).all()
    assert lay_rounds(rows)[0, 6] == 5


@pytest.mark.parametrize(
    ("habit", "written"),
    [
        (Habit(4), [96, 100, 104, 103, 84, 58, 67]),
        (Habit(8), [96, 100, NONE, 103, NONE, 58, NONE]),
        (Habit(12), [96, 100, NONE, NONE, 84, NONE, NONE]),
        # sooner: the pulse that she wrote last was 100 or more
        (Habit(12, sooner=True), [96, 100, 104, 103, 84, NONE, NONE]),
        (Habit(8, sooner=True), [96, 100, 104, 103, 84, 58, NONE]),
        (Habit(4, written=TENS), [100, 100, 100, 100, 80, 60, 70]),
        (Habit(12, sooner=True, written="half a minute, doubled"), [96, 100, 104, 104, 84, NONE, NONE]),
    ],
)
def test_a_habit_writes_its_rounds(habit, written):
    np.testing.assert_array_equal(write_chart(day(96, 100, 104, 103, 84, 58, 67), habit)[0], written)


@pytest.mark.parametrize(
    ("values", "first", "median", "worst"),
    [
        ((70, 90, 62), 70, 70, 90),
        ((NONE, 80, 50), 80, 65, 50),
        ((60, 90), 60, 75, 90),  # as far: the higher
        ((76, 74), 76, 75, 76),
    ],
)
def test_a_rule_takes_one_number(values, first, median, worst):
    assert [take_feature(day(*values), rule)[0] for rule in RULES] == [first, median, worst]


def test_the_worst_makes_two_humps_and_leaves_none_in_the_middle(chart):
    assert chart.count(rule="first")["middle"] > 10
    assert chart.count(rule="worst")["middle"] < 1
    assert chart.count(rule="worst")["above"] > 2 * chart.count(rule="first")["above"]


def test_the_browser_gets_counts_of_all_stays_and_no_row(chart):
    state = chart.get_state()
    sent = json.dumps({name: state[name] for name in ("_counts", "_patient", "_facts")})
    assert set(state["_counts"]) == {habit.name + rule[0] for habit in all_habits() for rule in RULES}
    assert {sum(figures["bins"]) for figures in state["_counts"].values()} == {400}
    assert "E00017" not in sent
    assert len(sent) < 45_000


def test_counts_are_those_of_the_charts(chart, table):
    worst = take_feature(write_chart(lay_rounds(table), Habit(12, sooner=True)), "worst")
    found = chart.count(every=12, sooner=True, rule="worst")
    assert found["above"] == pytest.approx(100 * (worst > 100).mean(), abs=0.05)
    low = chart.get_state()["_facts"]["low"]
    assert found["bins"][90 - low] == (worst == 90).sum()


def test_the_monitor_is_the_same_each_time_and_its_artefacts_pass_a_median_only_when_long():
    shown = monitor.draw_monitor()
    assert len(shown) == 86_400
    np.testing.assert_array_equal(shown, monitor.draw_monitor())
    medians = monitor.take_medians(shown)
    assert shown.max() > 200
    assert medians.max() < 130
    assert (medians == 0).sum() == 3  # a lead that is off for 13 minutes
    assert min(medians[medians > 0]) > 50  # a cuff of 35 seconds is gone


def test_one_pulse_gives_other_numbers_by_source_habit_and_rule(chart):
    own = chart.get_state()["_patient"]
    assert len({own[source]["worst"] for source in ("monitor", "filtered")} | {own["charts"]["4na"]["worst"]}) == 3
    assert len({own["charts"][habit]["worst"] for habit in ("4na", "12na", "12nn", "12ya")}) == 3
    assert len({own["charts"]["4na"][rule] for rule in RULES}) == 3


def test_nothing_is_chosen_before_a_guess(chart):
    assert (chart.prediction, chart.every, chart.sooner, chart.written, chart.rule, chart.seen) == (
        None,
        4,
        False,
        "as shown",
        "first",
        "",
    )


def test_a_lesson_keeps_what_was_chosen(chart):
    chart.seen = " ".join(chart.get_state()["_counts"])
    names = ("prediction", "every", "sooner", "written", "rule", "seen")
    assert all(is_kept(getattr(chart, name)) for name in names)
    assert len(chart.seen.split()) == 54


@pytest.mark.parametrize(
    ("trait", "value"), [("every", 3), ("rule", "mean"), ("written", "twenties"), ("prediction", 101), ("sooner", "no")]
)
def test_what_the_browser_sends_is_checked(chart, trait, value):
    with pytest.raises(traitlets.TraitError):
        setattr(chart, trait, value)


def test_only_known_views_count_as_seen(chart):
    chart.seen = "4naw <b> 9xxf 4naf"
    assert set(chart.seen.split()) == {"4naw", "4naf"}


def test_text_stands_in_where_no_browser_draws(chart):
    text = chart._repr_mimebundle_()[0]["text/plain"]
    assert text == repr(chart)
    assert "every 4 hours, written as shown, rule first: above 100 in" in text
    chart.sooner, chart.rule = True, "worst"
    assert "sooner after a pulse of 100 or more" in repr(chart)
    assert f"{chart.count()['above']:.1f} of 100" in repr(chart)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows.rename(columns={"pulse": "value"}), 'no column "pulse". Write: '),
        (lambda rows: rows["pulse"], 'no column "encounter_id"'),
        (lambda rows: rows.iloc[:0], "no pulse in the first 24 hours"),
        (lambda rows: rows.assign(hour=rows["hour"] + 30), "no pulse in the first 24 hours"),
    ],
)
def test_a_wrong_table_is_one_sentence(table, change, says):
    with pytest.raises(DataError, match=says):
        WardChart(change(table))
