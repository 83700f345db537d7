"""What J3 says in words holds on the shipped cohort: fever before the draw, in others, and choices that tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.content.cells import run_cells

FOLDER = Path(__file__).parents[2] / "tutorials" / "together" / "j3_time_zero"
CELLS = ("setup", "worked-fever", "tables", "stays", "pipeline", "colleague", "attempt", "e4")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Return what the cells of the notebook have made."""
    with run_cells(FOLDER, CELLS, ["bsi"], tmp_path_factory.mktemp("data")) as made:
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
    """Hold what the lesson says of missing labels: who goes home within two days is mostly well."""
    stays, t0 = names["stays"], 20 * 24 + 9
    there = stays[(stays["last_seen"] > t0) & ~(stays["infected"] <= t0)]
    infected = (there["infected"] > t0) & (there["infected"] <= t0 + 48)
    seen = infected | (there["last_seen"] >= t0 + 48)
    assert (~seen).sum() > 0.05 * len(there)
    assert infected[seen].mean() > infected.mean()
