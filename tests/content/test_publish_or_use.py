"""What J8 says of its own figures holds: a score from nothing, a model that learned at one hospital, two papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.content.cells import run_cells
from tests.courses import FOLDERS

from rounds.lessons.loading import load_answers
from rounds.lessons.source import read_source
from rounds_widgets.teaching.together.paper_checklist import INVENTED, read_paper

FOLDER = Path(__file__).parents[2] / "tutorials" / "together" / "j8_publish_or_use"
CELLS = ("setup", "worked-score", "worked-test", "worked-repeat", "worked-picture", "model", "figures", "intervals")
SOURCES = {cell.id: cell.source for cell in read_source(FOLDER / "lesson.py").cells}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Return what the cells of the notebook have made."""
    with run_cells(FOLDER, CELLS, ["heart_failure"], tmp_path_factory.mktemp("data")) as made:
        yield made


def test_a_score_from_nothing_looks_good_in_the_same_patients_and_is_a_coin_in_new_ones(names: dict[str, Any]) -> None:
    same, new = names["again"].mean(axis=0)
    assert same > 0.65
    assert new == pytest.approx(0.5, abs=0.02)
    assert 2 <= names["kept"].sum() <= 10
    measure = names["roc_auc_score"]
    assert measure(names["ill"], names["score"]) > 0.6 > measure(names["ill"], names["new"])


def test_the_model_travels_as_the_lesson_says_and_the_answers_know_its_figures(names: dict[str, Any]) -> None:
    training, test = names["rows"].values()
    ratio = test["came"] / test["predicted"]
    card = load_answers(FOLDERS["j8"])["e4"].right[1]
    assert test["AUROC"] == pytest.approx(card["auroc"], abs=0.0005)
    assert ratio == pytest.approx(card["came_for_each_predicted"], abs=0.0005)
    assert training["came"] / training["predicted"] == pytest.approx(
        1, abs=0.001
    )  # "one came: so it is in the training"
    assert ratio > 1.1  # "its risks are too low here"
    for name, value in (("auroc", test["AUROC"]), ("came_for_each_predicted", ratio)):
        low, high = (float(end) for end in names["intervals"][name].split(" to "))
        assert low < value < high
        assert low > {"auroc": 0.5, "came_for_each_predicted": 1}[name]  # better than a coin, and too low
    assert 0.5 < (names["stays"]["age"] > 75).mean() < 0.55  # "half of the stays here"
    assert 0.6 < test["AUROC"] < 0.7  # "it ranks better than a coin"
    assert round(training["AUROC"], 2) != round(test["AUROC"], 2)  # the training's figure is told from the test's


def test_the_paper_of_the_card_and_the_words_of_the_lesson_agree() -> None:
    items = read_paper(Path(INVENTED))["items"]
    told = [item for item in items if item["tells"]]
    assert (len(items), len(told), sum(not item["holds"] for item in told)) == (10, 9, 5)
    assert "nine things of ten, and five of these nine spoil" in SOURCES["misconception"]


def test_the_second_paper_has_fourteen_sentences_and_its_numbers_fit() -> None:
    assert re.findall(r"\*\*([A-N])\*\*", SOURCES["exercises"]) == list("ABCDEFGHIJKLMN")
    paper = SOURCES["exercises"]
    looked_at, came_late, asked, unmeasured, ill = 412, 22, 390, 206, 31
    assert looked_at - came_late == asked
    assert all(str(number) in paper for number in (looked_at, came_late, asked, unmeasured, ill))
    assert 0.1 < ill / (asked - unmeasured) < 0.25  # a ventilator or death within 14 days, in hospital, 2020 to 2021
