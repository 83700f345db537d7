"""What J3 says in words holds on the shipped cohort: fever before the draw, in others, and choices that tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.content.cells import run_cells

FOLDER = Path(__file__).parents[2] / "tutorials" / "together" / "j3_time_zero"
CELLS = (
    "setup",
    "worked-fever",
    "tables",
    "stays",
    "attempt",
    "e2-people",
    "e2",
    "e3-people",
    "e3",
    "pipeline",
    "e4-say",
    "colleague",
)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Return what the cells of the notebook have made."""
    with run_cells(FOLDER, (*CELLS, "e4"), ["bsi"], tmp_path_factory.mktemp("data")) as made:
        yield made


def test_the_day_before_holds_a_little_and_the_same_morning_gives_it_away(names):
    assert round(names["fever"]["percent"].iloc[-2]) == 8  # of 100, as the lesson says
    assert round(names["others"]) == 3
    assert names["fever"]["percent"].iloc[-1] > 60


def test_without_crp_the_medians_of_all_rows_are_those_of_the_training(names):
    """Hold why exercise 4 asks for every known column: with crp alone can one see whose medians they are."""
    parts = names["split"](names["mornings"], "person_id", 1)
    columns = ["day", "temperature", "heart_rate", "anc", "crp"]
    all_rows, train, test = (parts[name][columns].median() for name in ("all", "train", "test"))
    assert all_rows.drop("crp").equals(train.drop("crp"))
    assert len({all_rows["crp"], train["crp"], test["crp"]}) == 3


def test_leaving_out_who_went_home_early_keeps_too_many_infections(names):
    """Hold what the notes say of missing labels: who goes home within two days is mostly well."""
    stays, t0 = names["stays"], 20 * 24 + 9
    there = stays[(stays["last_seen"] > t0) & ~(stays["infected"] <= t0)]
    infected = (there["infected"] > t0) & (there["infected"] <= t0 + 48)
    seen = infected | (there["last_seen"] >= t0 + 48)
    assert (~seen).sum() > 0.05 * len(there)
    assert infected[seen].mean() > infected.mean()


def test_the_people_of_exercise_2_show_each_wrong_choice_of_the_form(names):
    from rounds_lessons.j3_time_zero.checks import features_with, known_by_then

    events, four, moment = names["events"], names["four"], names["moment"]
    right = names["make_features"](events, four, moment)
    wrong = [
        features_with(lambda e, t0: e["happened"] <= t0, known_by_then),
        features_with(lambda e, t0: e["known"] < t0, known_by_then),
        features_with(lambda e, t0: e["known"] >= t0, known_by_then),
        features_with(known_by_then, lambda e, t0: e["known"] > 0),
        features_with(known_by_then, lambda e, t0: e["known"].between(t0 - 48, t0)),
        features_with(known_by_then, known_by_then, float("nan")),
        features_with(known_by_then, known_by_then, 1),
    ]
    assert features_with(known_by_then, known_by_then)(events, four, moment).equals(right)
    assert not any(function(events, four, moment).equals(right) for function in wrong)


def test_the_people_of_exercise_3_show_wrong_conditions(names):
    from rounds_lessons.j3_time_zero.checks import label_with

    nine, start = names["nine"], names["start"]
    right = names["label"](nine, start, 24)
    wrong = [
        label_with(watched=lambda s, t0, end: s["last_seen"] >= t0),
        label_with(watched=lambda s, t0, end: s["infected"].isna()),
        label_with(infected=lambda s, t0, end: (s["infected"] >= t0) & (s["infected"] < end)),
        label_with(infected=lambda s, t0, end: s["infected"].notna()),
        label_with(not_asked=lambda s, t0, end: s["infected"] < t0),
        label_with(not_asked=lambda s, t0, end: s["last_seen"] <= t0),
        label_with(not_asked=lambda s, t0, end: s["infected"] > t0),
    ]
    assert set(right.dropna()) == {0.0, 1.0}
    assert right.isna().sum() > 2
    assert not any(function(nine, start, 24).equals(right) for function in wrong)
    assert start + 24 == names["until"]


def test_the_try_of_exercise_4_counts_people_on_both_sides(names):
    said = [names["say_score"]({"auroc": 0.7, "train": train, "test": ["a"]}) for train in (["a", "b"], ["b"])]
    assert [one.rpartition(": ")[2] for one in said] == ["1.", "0."]
