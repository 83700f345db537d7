"""What B3 says in words holds on the shipped cohort: draws tell contaminants apart, a definition moves the count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.content.cells import run_cells

from rounds.data.dataset import Dataset
from rounds.evaluation.case_definition import LIKE_NHSN, STRICTEST, WIDEST, Definition, find_cases, read_growth
from rounds.lessons.finding import find_lessons
from rounds.lessons.loading import load_answers
from rounds_widgets import DefinitionBuilder
from rounds_widgets.teaching.clinic_for_engineers.definition_builder import name_definition
from rounds_widgets.teaching.clinic_for_engineers.definition_builder_records import RECORDS, judge

FOLDER = Path(__file__).parents[2] / "tutorials" / "clinic_for_engineers" / "b3_labels_by_people"
CELLS = ("setup", "growth", "worked-draws", "worked-shares", "worked-picture", "skin-b", "f1", "attempt", "nine")
CELLS += ("with-pairs", "e1", "at-b", "e2", "heart-tables", "e3", "e3-habit")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Return what the cells of the notebook have made."""
    with run_cells(FOLDER, CELLS, ["bsi", "heart_failure"], tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture(scope="module")
def bsi(lesson: Callable[[str], Dataset]) -> Dataset:
    return lesson("bsi")


def share(names: dict[str, Any], kind: str) -> float:
    """Return the share of the stays of hospital A with one draw only."""
    return float((names["draws"] == 1).groupby("kind").mean()[kind])


def test_skin_germs_stay_alone_far_more_often_than_pathogens(names):
    assert share(names, "skin germ") > 5 * share(names, "pathogen")
    again = names["draws"]["skin germ"].value_counts()
    assert again[4] > again[2] < again[1]  # two groups: alone, or again and again


def test_who_stays_alone_is_mostly_a_contaminant_and_who_comes_back_mostly_ill(names, bsi):
    """Read the staff's truth, which no learner gets."""
    truth = pd.read_parquet(bsi.path.parent / "staff" / "bsi.latent.parquet")
    stays = bsi.frame("encounter").merge(truth, on="person_id").set_index("encounter_id")
    number = names["draws"]["skin germ"]
    ill = ((stays["onset_day"] < 999) & stays["commensal"]).loc[number.index]
    assert ill[number == 1].mean() < 0.2
    assert ill[number > 2].mean() > 0.9
    counted = ill.index.isin(find_cases(read_growth(bsi, "A"), LIKE_NHSN))
    assert (ill & ~counted).sum() > 0  # the definition is wrong now and then, on both sides
    assert (~ill & counted).sum() > 0


def test_a_third_by_the_widest_and_a_fifth_by_the_strictest(bsi):
    builder = DefinitionBuilder(bsi)
    of_100 = {
        one: 100 * builder._counts[name_definition(one)] / builder.stays for one in (WIDEST, STRICTEST, LIKE_NHSN)
    }
    assert 32.5 < of_100[WIDEST] < 33.5
    assert of_100[STRICTEST] < 22
    assert of_100[STRICTEST] + 5 < of_100[LIKE_NHSN] < of_100[WIDEST] - 2


def test_the_sentence_on_skin_germs_moves_most_and_days_and_germs_almost_nobody(bsi):
    growth = read_growth(bsi, "A")
    count = {one: len(find_cases(growth, Definition(*one))) for one in (("never",), ("one bottle",), ("two draws",))}
    pairs = [("two draws", "next day"), ("two draws", "any time", "same germ")]
    assert count["one bottle",] - count["two draws",] > 100
    assert count["two draws",] - count["never",] > 100
    assert all(count["two draws",] - len(find_cases(growth, Definition(*one))) < 5 for one in pairs)


def test_step_1_begins_at_two_draws_and_there_the_second_sentence_moves_most_and_the_fourth_almost_none(bsi):
    growth = read_growth(bsi, "A")
    start = Definition("two draws")
    here = len(find_cases(growth, start))
    others = {
        "commensal": [replace(start, commensal=choice) for choice in ("never", "one bottle", "two bottles")],
        "days": [replace(start, days=choice) for choice in ("next day", "same day")],
        "germ": [replace(start, germ="same germ")],
        "fever": [replace(start, fever=choice) for choice in ("commensals", "every germ")],
    }
    moved = {part: max(abs(len(find_cases(growth, one)) - here) for one in tried) for part, tried in others.items()}
    assert moved["commensal"] > 10 * max(moved["days"], moved["fever"])
    assert moved["germ"] < 3


def test_like_nhsn_two_records_with_germs_and_a_fever_are_no_case():
    feverish = [record for record in RECORDS if record.fever and len(record.growth())]
    assert [judge(record, LIKE_NHSN)[0] for record in feverish] == [False, False]


def test_nearly_all_stays_of_exercise_3_have_a_code_of_heart_failure(names):
    flow = names["count_flow"](names["stays"], names["codes"])
    assert flow["any"] > 0.98 * flow["all"]


def test_the_nine_stays_are_those_of_the_checks_and_four_are_cases(names):
    assert names["find_cases"](names["nine"]) == {"C1", "C3", "C4", "C9"}
    (reference, *_) = load_answers(find_lessons([FOLDER.parents[1]], installed=())["b3"])["e1"].right
    checked = reference.__globals__["nine_stays"]()
    order = ["encounter_id", "set_id", "bottle"]
    shown, checked = (rows.sort_values(order, ignore_index=True) for rows in (names["nine"], checked))
    pd.testing.assert_frame_equal(shown, checked)


def test_exercise_1_finds_the_cases_of_the_challenge_but_for_the_fever(names, bsi):
    micro = bsi.frame("micro").merge(bsi.frame("encounter")[["encounter_id", "site"]])
    at_a = micro[micro["site"] == "A"].assign(day=lambda rows: rows["collected_ts"].dt.normalize())
    at_a["day"] = (at_a["day"] - at_a["day"].min()).dt.days
    without_fever = Definition("two draws", "next day", "same germ")
    assert names["find_cases"](at_a) == find_cases(read_growth(bsi, "A"), without_fever)


def test_exercise_2_is_some_four_of_100_as_in_the_prototype(names, bsi):
    growth = read_growth(bsi, "B")
    assert names["by_rule"].sum() == len(find_cases(growth, LIKE_NHSN))
    assert names["by_team"].sum() == len(find_cases(growth, WIDEST))
    assert 3.3 < names["extra_of_100"] < 4.1


def test_the_flow_loses_who_is_not_coded_yet_and_who_came_for_pneumonia(names):
    stays, codes = names["stays"], names["codes"]
    flow = names["count_flow"](stays, codes)
    assert flow["all"] == len(stays) > flow["any"] > flow["first"]
    uncoded = stays[~stays["encounter_id"].isin(codes["encounter_id"])]
    assert len(uncoded) == flow["all"] - flow["any"]
    assert uncoded["disch_ts"].isna().all()  # still on the ward
    first = codes[(codes["rank"] == 1) & ~codes["icd10"].str.startswith("I50")]
    assert set(first["icd10"]) == {"J18"}
    assert len(first) == flow["any"] - flow["first"]


def test_one_hospital_tells_two_kinds_apart_and_the_other_writes_one_code(names):
    hearts = names["hearts"]
    assert set(hearts.loc[hearts["site"] == "A", "icd10"]) == {"I50.0", "I50.1"}
    assert set(hearts.loc[hearts["site"] == "B", "icd10"]) == {"I50.9"}
