"""What J4 says in words holds on the shipped cohort: rounds, copies, a fever by two rules, and its wrong counts."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.content.cells import run_cells

FOLDER = Path(__file__).parents[2] / "tutorials" / "together" / "j4_signals_over_time"
CELLS = (
    "setup",
    "readings",
    "worked-slots",
    "worked-picture",
    "percent",
    "f1",
    "attempt",
    "e1-people",
    "e1",
    "each-two",
    "two-tries",
    "e2",
    "e3-mixed",
    "e3",
)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Return what the cells of the notebook have made."""
    with run_cells(FOLDER, (*CELLS, "days", "days-look", "e4"), ["bsi"], tmp_path_factory.mktemp("data")) as made:
        yield made


def test_six_columns_of_the_picture_are_dark_and_some_rows_almost_everywhere(names):
    dark = names["seen"].mean() > 0.8
    assert dark.sum() == 6
    assert 0 < names["each_hour"] < 0.2 * len(names["seen"])


def test_with_six_rounds_most_slots_of_an_hour_are_empty(names):
    assert names["measured_percent"] < 40
    later = names["later"]
    assert later["person_id"].nunique() < 60  # so that counting all 60 patients is another number


def test_of_the_hours_in_the_house_28_percent_were_measured_and_nobody_was_there_unmeasured(names):
    """Hold what the notes say of the share of the gaps: 24 slots are given to who goes home on that day, too."""
    stays = (
        names["database"]
        .sql("""
        SELECT person_id, date_diff('minute', CAST(day0 AS TIMESTAMP), disch_ts) / 60.0 AS until
        FROM (SELECT * FROM transplant ORDER BY person_id LIMIT 60) JOIN encounter USING (person_id)
    """)
        .df()
    )
    hours = (stays.set_index("person_id")["until"] - 20 * 24).clip(0, 24)
    assert set(hours.index[hours > 0]) == set(names["later"]["person_id"])
    assert round(names["measured_percent"]) == 26
    assert round(100 * len(names["held_later"]) / hours.sum()) == 28


def test_no_two_readings_of_a_patient_have_the_same_hour(names):
    assert not names["readings"].duplicated(["person_id", "hour"]).any()


def test_some_of_the_shown_slots_are_carried_and_none_is_later(names):
    people = names["readings"]["person_id"].unique()
    filled = names["fill_slot"](names["readings"], people, 7 * 24)
    assert filled.notna().mean() > 0.8
    assert names["hours_since"](names["readings"], people, 7 * 24 + 9).min() >= 0


def test_of_the_four_slopes_one_alone_stands_still_and_they_differ(names):
    hours, values = [2, 6, 10, 14, 18, 22, 26], [36.6, 36.9, 36.8, 37.2, 37.5, 37.4, 37.9]
    slipped = [*values[:-1], 379]
    each_two = names["each_two"]
    ways = [
        lambda h, v: (v[-1] - v[0]) / (h[-1] - h[0]),
        lambda h, v: np.polyfit(h, v, 1)[0],
        lambda h, v: np.mean(each_two(h, v)),
        lambda h, v: np.median(each_two(h, v)),
    ]
    moved = [24 * abs(way(hours, slipped) - way(hours, values)) for way in ways]
    assert moved[3] < 1
    assert min(moved[:3]) > 50


@pytest.mark.parametrize(("number", "outvoted"), [(2, False), (3, False), (4, False), (5, True), (6, True)])
def test_one_slip_is_outvoted_from_five_readings_on(number, outvoted):
    pairs = number * (number - 1) / 2
    assert (number - 1 < pairs / 2) is outvoted


def test_the_table_of_pairs_counts_right():
    rows = re.findall(r"^# \| (\d+) \| (\d+) \| (\d+) \|$", (FOLDER / "lesson.py").read_text(encoding="utf-8"), re.M)
    assert [tuple(map(int, row)) for row in rows] == [(n, n * (n - 1) // 2, n - 1) for n in (3, 4, 5, 6)]


def choices(exercise: str) -> list[list[str]]:
    """Return what the form of an exercise offers for each gap."""
    forms = tomllib.loads((FOLDER / "forms.toml").read_text(encoding="utf-8"))
    return [gap["choose"] for gap in forms[exercise]]


def test_the_people_of_exercise_1_show_each_wrong_choice(names):
    readings, five, end = names["readings"], names["five"], names["slot_end"]
    right = names["fill_slot"](readings, five, end)

    def tried(usable, which, otherwise):
        age = end - readings["hour"]
        given = {"age": age, "np": np, "readings": readings}
        kept = readings[eval(usable, given)].sort_values("hour")
        found = kept.groupby("person_id")["value"].agg(eval(which)).reindex(five)
        return found.fillna(eval(otherwise, given))

    usable, which, otherwise = choices("e1")
    ways = [(one, '"last"', "np.nan") for one in usable] + [("(age >= 0) & (age <= 8)", one, "np.nan") for one in which]
    ways += [("(age >= 0) & (age <= 8)", '"last"', one) for one in otherwise]
    same = {way for way in ways if tried(*way).equals(right)}
    assert same == {("(age >= 0) & (age <= 8)", '"last"', "np.nan")}


def test_the_rows_of_exercise_3_show_each_wrong_choice(names):
    mixed, end = names["mixed"], names["slot_end"]
    people = [*names["five"], "no reading"]
    right = names["hours_since"](mixed, people, end)

    def tried(counts, which, never):
        given = {"readings": mixed, "t0": end, "np": np}
        hours = mixed[eval(counts, given)].groupby("person_id")["hour"].agg(eval(which))
        return (end - hours).reindex(people).fillna(eval(never, given))

    counts, which, never = choices("e3")
    ways = [(one, '"max"', "np.nan") for one in counts] + [('readings["hour"] <= t0', one, "np.nan") for one in which]
    ways += [('readings["hour"] <= t0', '"max"', one) for one in never]
    assert {way for way in ways if tried(*way).equals(right)} == {('readings["hour"] <= t0', '"max"', "np.nan")}


def test_the_tries_show_a_slope_that_follows_a_slip_and_too_few_readings(names):
    each_two, tries = names["each_two"], names["tries"]
    right = tries(names["slope_a_day"])
    for fewest in (3, 4, 6):
        said = tries(lambda h, v, n=fewest: 24 * np.median(each_two(h, v)) if len(v) >= n else np.nan)
        assert said != right
    assert list(right.values()).count("no slope") == 2


def test_the_simple_rule_takes_more_days_than_the_wards(names):
    answer = names["fever_answer"]
    assert answer["simple"] > 1.2 * answer["ward"]


def test_the_wrong_counts_of_exercise_4_are_those_of_this_cohort_and_all_differ(names):
    days = names["days"]
    tree = ast.parse((FOLDER / "answers.py").read_text(encoding="utf-8"))
    counted = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "COUNTED"
    )
    highest, lasting = days["highest"], days["lasting"]
    rules = {
        "simple": highest >= 38,
        "ward": (highest >= 38.3) | (lasting >= 1),
        "above": highest > 38,
        "once": highest >= 38.3,
        "once-above": highest > 38.3,
        "lasting": lasting >= 1,
        "both": (highest >= 38.3) & (lasting >= 1),
        "some-time": (highest >= 38.3) | (lasting > 0),
        "above-or": (highest > 38.3) | (lasting >= 1),
        "longer-or": (highest >= 38.3) | (lasting > 1),
        "all": highest > 0,
    }
    assert counted == {name: int(rule.sum()) for name, rule in rules.items()}
    assert len({*counted.values()}) == len(counted)


def test_filling_slots_of_an_hour_makes_fevers_of_single_warm_readings(names):
    """Hold what the engineer's right answer says: on filled slots the rule calls more days a fever."""
    from rounds_widgets.teaching.together.vital_strip_slots import fill_slots, has_fever

    more = fewer = 0
    readings = names["readings"]
    for _, own in readings[readings["hour"] > 0].groupby("person_id"):
        for day, of_day in own.groupby(own["hour"] // 24):
            if len(of_day) > 7 or of_day["value"].max() < 38:
                continue
            shifted = of_day.assign(hour=of_day["hour"] - 24 * day)
            slots = fill_slots(shifted, 1, "carry-4", until=24)
            filled, true = has_fever(slots.ends, slots.values), has_fever(shifted["hour"], shifted["value"])
            more, fewer = more + (filled and not true), fewer + (true and not filled)
    assert more > 10
    assert fewer == 0
