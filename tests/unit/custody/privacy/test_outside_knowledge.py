"""What k does not count is measured: the day of the year and the length of a stay, which a shift leaves alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.unit.test_deidentify_road import EXPERT, NOW, write_dataset

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.deidentify import deidentify, find_lacking
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.plan.plan_file import parse_plan
from rounds.custody.signs.finding import Severity
from rounds.data.dataset import Dataset
from rounds.errors import DataError


def test_what_k_does_not_count_is_measured_on_the_shifted_dates(tmp_path: Path) -> None:
    """200 people in two crowds of 100: with the exact day, or the length of the stay, most are nearly alone."""
    rng = np.random.default_rng(2)
    came = pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 364, 200), unit="D")
    frame = pd.DataFrame(
        {
            "person_id": np.arange(200),
            "sex": np.repeat(["f", "m"], 100),
            "came_at": came,
            "left_at": came + pd.to_timedelta(np.repeat([3, 4, 5, 40], 50), unit="D"),
        }
    )
    frame.loc[:4, "left_at"] = came[:5] + pd.to_timedelta(100 + np.arange(5), unit="D")
    dataset = write_dataset(tmp_path / "stays", {"stays": frame}, person="person_id")
    plan = replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), expert=EXPERT, era="")
    assert not [f for f in check_dataset(dataset, 11).findings if f.kind == "beyond"]
    done = deidentify(dataset, plan, tmp_path / "out" / "stays", tmp_path / "key", policy_k=11, now=NOW).dataset
    found = {f.where: f for f in check_dataset(done, 11).findings if f.kind == "beyond"}
    days = (came - pd.Timestamp(0)).days.to_numpy() % 364
    sizes = pd.Series(days).groupby([frame["sex"], days]).transform("size")
    assert found["stays.came_at"].count == (sizes < 11).sum()
    assert found["stays.left_at"].count == 5
    assert all(f.severity is Severity.LOOK and f.total == 200 for f in found.values())


def test_the_age_that_a_moved_birth_gives_is_measured(tmp_path: Path) -> None:
    """Compared with a count by hand over every row and every age that its band of births allows."""
    rng = np.random.default_rng(5)
    many = 700
    stays = pd.DataFrame(
        {
            "person_id": np.arange(many),
            "sex": rng.choice(["f", "m"], many),
            "birth_year": np.clip(rng.normal(1950, 12, many), 1932, 1998).astype(int),
            "came_at": pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 1500, many), unit="D"),
        }
    )
    dataset = write_dataset(tmp_path / "stays", {"stays": stays}, person="person_id")
    plan = replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), expert=EXPERT, era="")
    done = deidentify(dataset, plan, tmp_path / "out" / "stays", tmp_path / "key", policy_k=11, now=NOW).dataset
    check = check_dataset(done, 11)
    assert check.anonymity[0].k >= 11
    rows = done.frame("stays").to_dict("records")
    spans = []
    for row in rows:
        years = [int(year) for year in str(row["birth_year"]).split("-")]
        spans.append((row["sex"], row["came_at"].year - years[-1], row["came_at"].year - years[0]))

    def crowd(sex: str, age: int) -> int:
        return sum(low <= age <= high for other, low, high in spans if other == sex)

    spans = [(sex, max(low, 0), min(high, 90)) for sex, low, high in spans if high >= 0 and low <= 90]
    small = sum(min(crowd(sex, age) for age in range(low, high + 1)) < 11 for sex, low, high in spans)
    found = [f for f in check.findings if f.where == "stays.birth_year" and "knows the age" in f.what]
    assert small
    assert [(f.count, f.total) for f in found] == [(small, len(spans))]


def test_who_knows_all_visits_of_a_person_sees_a_smaller_crowd(tmp_path: Path) -> None:
    """Every ward has hundreds of visits, but only twenty people were in these two, and three in these four."""
    ways = [("north",), ("south",), ("north", "south"), ("south", "north", "north", "north")]
    people = np.repeat(np.arange(4), [300, 300, 20, 3])
    rows = [(person, ward) for person, way in enumerate(people) for ward in ways[way]]
    visits = pd.DataFrame(rows, columns=["person_id", "ward"])
    dataset = write_dataset(tmp_path / "visits", {"visits": visits}, person="person_id")
    plan = replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), era="")
    plan = replace(
        plan, steps=tuple(replace(s, role="quasi-identifier") if s.column == "ward" else s for s in plan.steps)
    )
    done = deidentify(dataset, plan, tmp_path / "out" / "visits", tmp_path / "key", policy_k=11, now=NOW).dataset
    found = [f for f in check_dataset(done, 11).findings if f.kind == "beyond"]
    assert [(f.where, f.count, f.total) for f in found] == [("visits", 12, len(visits))]


def make_stays(tmp_path: Path, **plan_fields: str) -> Dataset:
    """De-identify three years of stays with shifted dates, and return the result."""
    rng = np.random.default_rng(8)
    came = pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 1090, 600), unit="D")
    stays = pd.DataFrame({"person_id": np.arange(600), "sex": rng.choice(["f", "m"], 600), "came_at": came})
    stays["left_at"] = came + pd.to_timedelta(rng.integers(2, 9, 600), unit="D")
    dataset = write_dataset(tmp_path / "stays", {"stays": stays}, person="person_id")
    plan = replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), expert=EXPERT, era_from="stays.came_at")
    actions = plan_fields.pop("actions", "")
    steps = tuple(replace(s, action="year") if s.column == actions else s for s in plan.steps)
    plan = replace(plan, steps=steps, **plan_fields)
    return deidentify(dataset, plan, tmp_path / "out" / "stays", tmp_path / "key", policy_k=11, now=NOW).dataset


@pytest.mark.parametrize("era", ["year", "weeks"])
def test_an_era_that_leaves_one_true_day_is_no_word_of_a_plan(era: str) -> None:
    with pytest.raises(DataError, match='Write era = "3-years" or era = ""'):
        parse_plan({"dataset": "stays", "challenge": "c", "era": era, "era_from": "stays.came_at"})


@pytest.mark.parametrize("years", [1, 5, 7])
def test_a_draft_proposes_an_era_for_six_years_or_more(tmp_path: Path, years: int) -> None:
    came = pd.Timestamp("2012-01-01") + pd.to_timedelta(np.linspace(0, years * 365, 100).astype(int), unit="D")
    stays = pd.DataFrame({"person_id": np.arange(100), "sex": "f", "came_at": came})
    dataset = write_dataset(tmp_path / "stays", {"stays": stays}, person="person_id")
    assert draft_plan(dataset, check_dataset(dataset, 11), "c", 11).era == ("3-years" if years > 6 else "")


def test_a_kept_year_moves_with_the_shifted_dates(tmp_path: Path) -> None:
    """A true year beside a shifted date would tell the shift of nearly everybody."""
    done = make_stays(tmp_path, era="", actions="came_at").frame("stays")
    apart = done["left_at"].dt.year - done["came_at"]
    assert set(apart) == {0, 1}


def test_a_plan_that_keeps_a_year_beside_shifted_dates_says_why(tmp_path: Path) -> None:
    """A draft drops it; who keeps it says why, and the report shows the word."""
    rng = np.random.default_rng(9)
    came = pd.Timestamp("2012-01-01") + pd.to_timedelta(rng.integers(0, 3000, 400), unit="D")
    stays = pd.DataFrame({"person_id": np.arange(400), "sex": "f", "came_at": came})
    stays = stays.assign(admission_year=came.year, years_ill=7)
    dataset = write_dataset(tmp_path / "stays", {"stays": stays}, person="person_id")
    plan = replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), expert=EXPERT, era="")
    assert {s.column: s.action for s in plan.steps}["admission_year"] == "drop"
    assert {s.column: s.action for s in plan.steps}["years_ill"] == "keep"

    kept = plan.with_step("stays", "admission_year", action="keep")
    assert "both tell how far they moved" in find_lacking(kept, dataset, 11)[0]
    with pytest.raises(DataError, match="say in reason why it is no year of a visit"):
        deidentify(dataset, kept, tmp_path / "out" / "stays", tmp_path / "key", policy_k=11, now=NOW)
    told = kept.with_step("stays", "admission_year", reason="year of the guideline")
    done = deidentify(dataset, told, tmp_path / "out" / "stays", tmp_path / "key", policy_k=11, now=NOW)
    assert {d.reason for d in done.treatment.columns if d.where == "stays.admission_year"} == {"year of the guideline"}


def test_a_true_year_beside_an_era_is_refused(tmp_path: Path) -> None:
    """Nothing is shifted here, so the year of the visit would tell the era that k counts."""
    came = pd.Timestamp("2012-01-01") + pd.to_timedelta(np.arange(400) * 7, unit="D")
    stays = pd.DataFrame({"person_id": np.arange(400), "sex": "f", "came_at": came})
    dataset = write_dataset(tmp_path / "stays", {"stays": stays}, person="person_id")
    plan = draft_plan(dataset, check_dataset(dataset, 11), "c", 11).with_step("stays", "came_at", action="year")
    assert "keeps the true year, which tells the era" in find_lacking(plan, dataset, 11)[0]
    with pytest.raises(DataError, match='Write era = ""'):
        deidentify(dataset, plan, tmp_path / "out" / "stays", tmp_path / "key", policy_k=11, now=NOW)
    assert find_lacking(plan.with_step("stays", "came_at", role="quasi-identifier"), dataset, 11) == ()
