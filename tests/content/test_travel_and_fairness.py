"""What J7 says in words holds on the shipped cohort: which figure moves with which change, and two wishes that part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.content.cells import run_cells
from tests.courses import FOLDERS

from rounds.lessons.loading import load_answers
from rounds.lessons.source import read_source

FOLDER = Path(__file__).parents[2] / "tutorials" / "together" / "j7_travel_and_fairness"
CELLS = ("setup", "risks", "groups", "mixer", "worked-slices", "worked-all", "worked-picture", "worked-words", "f1")
LATER = ("sites", "five", "site-table", "try-table", "e2", "e3-cedar", "e3", "wishes", "wishes-table", "without")
SOURCES = {cell.id: cell.source for cell in read_source(FOLDER / "lesson.py").cells}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Return what the cells of the notebook have made."""
    with run_cells(
        FOLDER, (*CELLS, *LATER), ["covid"], tmp_path_factory.mktemp("data"), {"SiteMixer(": "mixer"}
    ) as made:
        yield made


def test_a_wrong_unit_moves_the_level_and_no_pair(names: dict[str, Any]) -> None:
    mixer = names["mixer"]
    usual = mixer.figures()
    mixer.written = "urea nitrogen in mg/dL, not converted"
    wrong = mixer.figures()
    mixer.written = "as at home"
    assert abs(wrong["pairs"] - usual["pairs"]) < 1
    assert wrong["came"] < 0.75 * usual["came"]
    assert usual["pairs"] > 75  # "ranks most pairs rightly"


def test_older_people_move_flags_and_a_treatment_moves_even_the_ranking(names: dict[str, Any]) -> None:
    mixer = names["mixer"]
    usual = mixer.figures()
    mixer.older = 0.5
    older = mixer.figures()
    mixer.older, mixer.avoided = 0.0, 0.5
    treated = mixer.figures()
    mixer.avoided = 0.0
    assert older["right"] > usual["right"] + 6
    assert abs(older["came"] - usual["came"]) < 6
    assert treated["came"] == pytest.approx(usual["came"] / 2)
    assert usual["pairs"] - treated["pairs"] > 2  # "a good treatment moved the ranking"


def test_all_intervals_of_the_picture_hold_one_and_the_widest_has_few_deaths(names: dict[str, Any]) -> None:
    assert all(low < 1 < high for _, low, high in names["found"].values())
    widest = names["widest"]
    assert names["slices"][widest]["died"].sum() == min(rows["died"].sum() for rows in names["slices"].values())
    assert names["found"][widest][2] > 1.4  # "could hide a model that is wrong by half"


def test_each_hospital_of_exercise_1_shows_its_change_alone(names: dict[str, Any]) -> None:
    seen = names["seen"]
    home = seen["hospital A"]
    assert seen.loc["median urea", "Ash"] > 2.5 * home["median urea"]
    assert seen.loc["mean age", "Birch"] > home["mean age"] + 10
    assert abs(seen.loc["deaths for 100 expected", "Birch"] - 100) < 8
    assert seen.loc["deaths for 100 expected", "Cedar"] < 60  # "about half as many die as the model expects"
    assert seen.loc["urea missing, %", "Elm"] == 100
    assert seen.loc["on oxygen, %", "Fir"] == 0
    for name in ("Ash", "Cedar", "Elm", "Fir"):
        assert abs(seen.loc["mean age", name] - home["mean age"]) < 2


def test_the_answers_know_the_level_of_cedar(names: dict[str, Any]) -> None:
    right = load_answers(FOLDERS["j7"])["e3"].right[0]
    assert names["mended_ratio"] == pytest.approx(right, abs=0.0005)
    assert 0.9 < names["mended_ratio"] < 1.1
    assert 15 <= names["first"]["died"].sum() <= 25  # "about twenty deaths"


def test_the_groups_of_exercise_2_show_each_slip_of_a_sign(names: dict[str, Any]) -> None:
    table = names["try_table"](names["slice_table"])
    few = table["slice_table says"] == "too few"
    assert (len(table), few.sum()) == (12, 1)
    assert (table["deaths"] < 10).equals(few)
    assert (table["deaths"] == 10).any()  # "more than ten" would leave it out
    assert names["try_table"](lambda died, risk, group: dict.fromkeys(group, "too few")).startswith("All groups")


def wilson(events: int, number: int) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    share, z = events / number, 1.959964
    middle, width = share + z**2 / (2 * number), z * (share * (1 - share) / number + z**2 / (4 * number**2)) ** 0.5
    return (middle - width) / (1 + z**2 / number), (middle + width) / (1 + z**2 / number)


def test_the_interval_of_cedar_is_as_the_text_has_it(names: dict[str, Any]) -> None:
    others, push = names["others"], names["push"]
    ends = names["ratio_interval"](others["died"], names["push_risks"](others["risk"], push))[1:]
    assert [round(end, 2) for end in ends] == [0.79, 1.15]


def test_the_two_tables_of_exercise_4_support_what_they_should(names: dict[str, Any]) -> None:
    told = {key: [int(x) for x in line[1:]] for key, line in names["lines"].items()}
    assert told["one for all", "under 70"][0] < told["one for all", "70 and over"][0] - 20  # A
    found = {name: told["as many found", name] for name in ("under 70", "70 and over")}
    assert abs(found["under 70"][0] - found["70 and over"][0]) <= 1
    assert found["under 70"][1] < found["70 and over"][1] - 20  # C, and B is wrong
    right = {name: told["flags right as often", name] for name in ("under 70", "70 and over")}
    assert abs(right["under 70"][1] - right["70 and over"][1]) <= 1
    assert right["under 70"][0] < right["70 and over"][0] - 20
    at_b = names["at_b"]
    flagged = at_b[(at_b["group"] == "under 70") & (at_b["risk"] >= names["rules"]["flags right as often"][0])]["died"]
    assert (len(flagged), flagged.sum()) == (23, 11)  # "23 flags, and 11 of them are right"
    assert [round(100 * end) for end in wilson(11, 23)] == [29, 67]
    blind = names["told"]
    assert blind["70 and over"][2] > 120  # E: too few expected of those of 70 and over,
    assert blind["under 70"][2] < 80  # and too many of the others
    assert abs(blind["70 and over"][0] - blind["under 70"][0]) > 15  # D is wrong


def test_no_threshold_that_a_ward_would_use_makes_both_wishes_come_true(names: dict[str, Any]) -> None:
    """Hold what the text says of hospital B: alike in what is found, the flags of the older are right more often."""
    at_b = names["at_b"]
    found: dict[str, list[tuple[float, float]]] = {}
    for name, here in at_b.groupby("group"):
        for threshold in sorted(here["risk"][here["died"]]):
            flags = here["risk"] >= threshold
            found.setdefault(str(name), []).append((flags[here["died"]].mean(), here["died"][flags].mean()))
    for share, right in found["under 70"]:
        if share >= 0.1:
            near = min(found["70 and over"], key=lambda one: abs(one[0] - share))
            assert near[1] - right > 0.1, (share, right, near)
