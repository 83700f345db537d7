"""De-identification: ids, shifts, ages, the crowd, the plan, and what must hold for any table."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.crowds.classes import find_classes
from rounds.custody.privacy.crowds.views import View
from rounds.custody.privacy.deidentify import Deidentified, deidentify
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.plan.plan import Plan, Statement
from rounds.custody.privacy.plan.plan_file import load_plan, render_plan
from rounds.custody.privacy.treating.hierarchy import build_hierarchy
from rounds.custody.privacy.treating.search import build_crowd, find_levels, suppressed_share
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import write_package
from rounds.data.package import DataPackage, Table
from rounds.errors import DataError
from rounds.explore.draft_column import draft_column

NOW = datetime(2026, 11, 24, tzinfo=UTC)
EXPERT = Statement("Dr Expert", "2026-11-20", "Shifts of whole multiples of 364 days; the risk is very small.")


def write_dataset(folder: Path, frames: dict[str, pd.DataFrame], person: str | None = None) -> Dataset:
    folder.mkdir(parents=True)
    tables = []
    for name, frame in frames.items():
        columns = tuple(draft_column(c, frame[c])[0] for c in frame.columns)
        tables.append(Table(name, f"{name}.parquet", columns, person=person if person in frame.columns else None))
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    write_package(DataPackage(folder.name, "Births", "restricted", tuple(tables)), folder)
    return open_dataset(folder)


def make_births(mothers: int = 300, seed: int = 3) -> dict[str, pd.DataFrame]:
    """Draw mothers with one or two children: people, encounters, pregnancies, laboratory values without a person."""
    rng = np.random.default_rng(seed)
    mother = np.arange(mothers) + 10_000
    owner = np.repeat(mother, rng.integers(1, 3, mothers))
    child = np.arange(len(owner)) + 50_000
    people = np.concatenate([mother, child])
    delivery = pd.Timestamp("2012-01-01") + pd.to_timedelta(rng.integers(0, 3000, len(owner)), unit="D")
    born_mother = rng.integers(1925, 1995, mothers)
    encounters = pd.DataFrame(
        {
            "encounter_id": np.arange(len(owner)) + 900_000,
            "person_id": owner,
            "ward": rng.choice(["north", "south", "rare"], len(owner), p=[0.5, 0.49, 0.01]),
            "admit_ts": delivery - pd.Timedelta(hours=5),
        }
    )
    return {
        "person": pd.DataFrame(
            {
                "person_id": people,
                "sex": np.where(np.arange(len(people)) < mothers, "f", rng.choice(["f", "m"], len(people))),
                "birth_year": np.concatenate([born_mother, delivery.year.to_numpy()]),
            }
        ),
        "encounter": encounters,
        "pregnancy": pd.DataFrame({"mother_id": owner, "child_id": child, "delivery_ts": delivery}),
        "lab": pd.DataFrame(
            {
                "encounter_id": encounters.encounter_id,
                "value": rng.normal(12, 1, len(owner)),
                "collected_ts": delivery + pd.Timedelta(hours=2),
            }
        ),
    }


def run(tmp_path: Path, frames: dict[str, pd.DataFrame], **changed: Any) -> tuple[Deidentified, dict[str, Any], Plan]:
    dataset = write_dataset(tmp_path / "births", frames)
    plan = draft_plan(dataset, check_dataset(dataset, 11), "birthweight", 11)
    plan = replace(plan, **{"expert": EXPERT, "most_suppressed": 0.2, **changed})
    key = tmp_path / "custodian" / "key.json"
    outcome = deidentify(dataset, plan, tmp_path / "out" / "births", key, policy_k=11, now=NOW)
    return outcome, json.loads(key.read_text()), plan


@pytest.fixture(scope="module")
def births(tmp_path_factory: pytest.TempPathFactory) -> tuple[Deidentified, dict[str, Any], Plan, Path]:
    """Return one de-identified dataset of mothers and children."""
    folder = tmp_path_factory.mktemp("births")
    return *run(folder, make_births()), folder


def back(values: pd.Series, key: dict[str, Any], domain: str) -> pd.Series:
    return values.map({new: int(old) for old, new in key["ids"][domain].items()})


def test_the_draft_knows_people_mothers_children_and_dates(
    births: tuple[Deidentified, dict[str, Any], Plan, Path],
) -> None:
    plan = births[2]
    assert plan.person == "person_id"
    assert set(plan.linkage) == {"pregnancy.mother_id", "pregnancy.child_id"}
    actions = {step.where: (step.action, step.ids) for step in plan.steps}
    assert actions["pregnancy.mother_id"] == ("random-id", "person_id")
    assert actions["person.birth_year"] == ("birth-year", "")
    assert actions["encounter.admit_ts"] == ("shift", "")
    assert (plan.era, plan.era_from) == ("3-years", "encounter.admit_ts")


def test_the_order_of_the_tables_does_not_change_who_is_a_person(tmp_path: Path) -> None:
    frames = make_births(60)
    dataset = write_dataset(
        tmp_path / "births", {name: frames[name] for name in ("pregnancy", "encounter", "person", "lab")}
    )
    plan = draft_plan(dataset, check_dataset(dataset, 11), "birthweight", 11)
    assert plan.person == "person_id"
    ids = {s.where: s.ids for s in plan.steps if s.action == "random-id"}
    assert {ids["pregnancy.mother_id"], ids["pregnancy.child_id"], ids["encounter.person_id"]} == {"person_id"}
    assert ids["lab.encounter_id"] == ids["encounter.encounter_id"] == "encounter_id"


def test_a_key_under_another_name_keeps_its_meaning(tmp_path: Path) -> None:
    frames = make_births(60)
    frames["encounter"]["encounter_id"] = [f"E{i:07d}" for i in range(len(frames["encounter"]))]
    came = frames["encounter"].encounter_id.shift(1)
    frames["encounter"]["transfer_from"] = came.astype("str").where(came.notna())
    plan = draft_plan(dataset := write_dataset(tmp_path / "d", frames), check_dataset(dataset, 11), "c", 11)
    step = plan.step("encounter", "transfer_from")
    assert step is not None
    assert (step.action, step.ids) == ("random-id", "encounter_id")


def test_people_who_are_linked_have_ids_of_one_kind(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "births", make_births(60))
    plan = replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), expert=EXPERT)
    plan = plan.with_step("pregnancy", "child_id", ids="child_id")
    with pytest.raises(DataError, match=r'pregnancy.child_id links people.* Write ids = "person_id"'):
        deidentify(dataset, plan, tmp_path / "out", tmp_path / "key", policy_k=11, now=NOW)


def test_a_mother_and_all_her_children_have_one_shift(births: tuple[Deidentified, dict[str, Any], Plan, Path]) -> None:
    shifts = {int(person): days for person, days in births[1]["shift_days"].items()}
    pregnancies = make_births()["pregnancy"]
    for mother, children in pregnancies.groupby("mother_id").child_id:
        assert {shifts[int(c)] for c in children} == {shifts[int(mother)]}
    assert len(set(shifts.values())) > 10
    assert all(days and days % 364 == 0 and abs(days) <= 12 * 364 for days in shifts.values())


def test_intervals_and_weekdays_hold_across_tables(births: tuple[Deidentified, dict[str, Any], Plan, Path]) -> None:
    outcome, key, _, _ = births
    old, new = make_births(), {name: outcome.dataset.frame(name) for name in ("encounter", "lab")}
    new["encounter"]["encounter_id"] = back(new["encounter"].encounter_id, key, "encounter_id")
    new["lab"]["encounter_id"] = back(new["lab"].encounter_id, key, "encounter_id")
    both = new["encounter"].merge(new["lab"], on="encounter_id")
    assert ((both.collected_ts - both.admit_ts) == pd.Timedelta(hours=7)).all()
    dates = both.set_index("encounter_id").admit_ts
    before = old["encounter"].set_index("encounter_id").admit_ts.reindex(dates.index)
    assert (dates.dt.day_of_week == before.dt.day_of_week).all()
    assert (dates != before).all()
    season = (dates.dt.day_of_year - before.dt.day_of_year).abs()
    assert (np.minimum(season, 366 - season) <= 17).all()


def test_the_same_person_has_the_same_random_id_in_all_tables(
    births: tuple[Deidentified, dict[str, Any], Plan, Path],
) -> None:
    outcome, key, _, _ = births
    people = outcome.dataset.frame("person").person_id
    pregnancies = outcome.dataset.frame("pregnancy")
    assert people.is_unique
    assert people.str.fullmatch("r[0-9a-f]{16}").all()
    mothers = back(pregnancies.mother_id, key, "person_id")
    children = back(pregnancies.child_id, key, "person_id")
    old = make_births()["pregnancy"].set_index("child_id").mother_id
    assert (old.reindex(children).to_numpy() == mothers.to_numpy()).all()


def test_k_holds_in_every_view_and_nothing_stops_the_result(
    births: tuple[Deidentified, dict[str, Any], Plan, Path],
) -> None:
    outcome = births[0]
    check = check_dataset(outcome.dataset, 11)
    assert outcome.treatment.k_measured >= 11
    assert [f.says() for f in check.stops] == []
    assert check.direct_identifiers == ()
    assert {a.k >= 11 for a in check.anonymity} == {True}
    assert len(check.anonymity) == 2


def test_who_is_taken_out_leaves_every_table(tmp_path: Path) -> None:
    frames = make_births()
    frames["person"]["region"] = ["rare"] * 3 + ["large"] * (len(frames["person"]) - 3)  # three mothers
    outcome, key, _ = run(tmp_path, frames, most_suppressed=0.3)
    gone = {10_000, 10_001, 10_002}
    people = set(back(outcome.dataset.frame("person").person_id, key, "person_id"))
    encounters = set(back(outcome.dataset.frame("encounter").encounter_id, key, "encounter_id"))
    of_gone = set(frames["encounter"].encounter_id[frames["encounter"].person_id.isin(gone)])
    if gone & people:  # the search may blur the region instead
        assert outcome.dataset.frame("person").region.nunique() == 1
    else:
        assert not of_gone & encounters
    labs = set(back(outcome.dataset.frame("lab").encounter_id, key, "encounter_id"))
    assert labs <= encounters
    assert set(outcome.dataset.frame("pregnancy").mother_id) <= set(outcome.dataset.frame("person").person_id)
    assert set(outcome.dataset.frame("encounter").person_id) <= set(outcome.dataset.frame("person").person_id)


def test_no_age_over_90_follows_from_birth_and_event(births: tuple[Deidentified, dict[str, Any], Plan, Path]) -> None:
    outcome = births[0]
    frames = make_births()
    assert (2012 - frames["person"].birth_year > 84).any()
    found = [f for f in check_dataset(outcome.dataset, 11).findings if "over 89" in f.what]
    assert found == []


def test_the_key_is_the_owners_alone_and_lies_outside(births: tuple[Deidentified, dict[str, Any], Plan, Path]) -> None:
    outcome, _, _, folder = births
    assert stat.S_IMODE((folder / "custodian" / "key.json").stat().st_mode) == 0o600
    assert sorted(p.name for p in outcome.dataset.path.iterdir()) == sorted(
        ["datapackage.json", "deidentification.json", *(f"{t.name}.parquet" for t in outcome.dataset.package.tables)]
    )
    written = "".join(p.read_text() for p in outcome.dataset.path.glob("*.json"))
    assert "10000" not in written
    assert "shift_days" not in written


def test_rows_lose_the_order_of_the_source(births: tuple[Deidentified, dict[str, Any], Plan, Path]) -> None:
    outcome, key, _, _ = births
    old = back(outcome.dataset.frame("person").person_id, key, "person_id")
    assert not old.is_monotonic_increasing
    assert abs(old.reset_index(drop=True).corr(pd.Series(range(len(old)), dtype="float64"))) < 0.3


def test_two_runs_share_no_id(tmp_path: Path) -> None:
    first = run(tmp_path / "a", make_births(60))[1]["ids"]["person_id"]
    second = run(tmp_path / "b", make_births(60))[1]["ids"]["person_id"]
    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())


def simple(rows: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {"patient_id": range(rows), "age": rng.integers(0, 100, rows), "sex": rng.choice(["f", "m"], rows)}
    )


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        # k and its override
        ({"k": 4}, "k = 4 is refused"),
        ({"k": 7}, "needs the custodian's written override"),
        ({"k": 7, "override": Statement("A", "yesterday", "x")}, "needs the custodian's written override"),
        # the dates
        ({"expert": Statement()}, "never Safe Harbor"),
        # what does not fit the dataset
        ({"dataset": "other"}, 'for the dataset "other"'),
        ({"era_from": "encounter.admit"}, 'Did you mean "encounter.admit_ts"'),
        ({"linkage": ("pregnancy.mother",)}, 'Did you mean "pregnancy.mother_id"'),
        ({"steps": ()}, "says nothing about"),
        ({"person": ""}, "needs the person of each row|No column tells people apart"),
    ],
)
def test_a_wrong_plan_is_refused_and_leaves_nothing(tmp_path: Path, changed: dict[str, Any], says: str) -> None:
    with pytest.raises(DataError, match=says):
        run(tmp_path, make_births(60), **changed)
    assert not (tmp_path / "custodian" / "key.json").exists()
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True


def test_k_from_5_to_10_passes_with_an_override_on_record(tmp_path: Path) -> None:
    override = Statement("C. Ustodian", "2026-11-20", "A closed room, two days, signed terms.")
    outcome, _, _ = run(tmp_path, make_births(), k=7, override=override)
    assert outcome.treatment.k_measured >= 7
    check = check_dataset(outcome.dataset, 11)
    assert check.passed
    assert any("the custodian allowed 7" in f.what for f in check.findings)
    assert '"C. Ustodian"' in (outcome.dataset.path / "deidentification.json").read_text()


def test_the_key_may_not_lie_with_the_data_nor_overwrite(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "d", {"t": simple()})
    plan = draft_plan(dataset, check_dataset(dataset, 11), "c", 11)
    for key in (dataset.path / "key.json", tmp_path / "out" / "d" / "key.json", tmp_path / "data" / "key.json"):
        with pytest.raises(DataError, match="may not lie"):
            deidentify(dataset, plan, tmp_path / "out" / "d", key, policy_k=11, now=NOW, others=[tmp_path / "data"])
    (tmp_path / "old.json").write_text("precious")
    with pytest.raises(DataError, match="never written over"):
        deidentify(dataset, plan, tmp_path / "out" / "d", tmp_path / "old.json", policy_k=11, now=NOW)


def test_a_plan_survives_its_file_and_wrong_files_say_where(tmp_path: Path) -> None:
    plan = draft_plan(dataset := write_dataset(tmp_path / "d", {"t": simple()}), check_dataset(dataset, 11), "c", 11)
    path = tmp_path / "plan.toml"
    path.write_text(render_plan(plan))
    assert load_plan(path) == replace(plan, steps=tuple(replace(s, why="") for s in plan.steps))
    for text, says in (
        ("nonsense", "cannot be read"),
        ('dataset = "d"', "lacks the lines"),
        ('dataset = "d"\nchallenge = "c"\nkk = 3', 'Did you mean "k"'),
        ('dataset = "d"\nchallenge = "c"\nk = "many"', "has the wrong type"),
        ('dataset = "d"\nchallenge = "c"\nera = "wek"', 'era = "wek" is not known'),
        ('dataset = "d"\nchallenge = "c"\nmost_suppressed = 2.0', "between 0 and 0.5"),
        ('dataset = "d"\nchallenge = "c"\n[[column]]\ncolumn = "a"', "lacks the line table"),
        ('dataset = "d"\nchallenge = "c"\n[[column]]\ntable="t"\ncolumn="a"\naction="shfit"', 'Did you mean "shift"'),
        ('dataset = "d"\nchallenge = "c"\n[[column]]\ntable="t"\ncolumn="a"\nrole="quasi"', "role"),
        ('dataset = "d"\nchallenge = "c"\n[expert]\nnme = "a"', 'Did you mean "name"'),
    ):
        path.write_text(text)
        with pytest.raises(DataError, match=f"plan.toml: .*{says}"):
            load_plan(path)


def test_impossible_values_are_blanked_and_counted(tmp_path: Path) -> None:
    frame = simple().assign(wait_hours=[float(i % 50) for i in range(199)] + [-4.0])
    dataset = write_dataset(tmp_path / "d", {"t": frame})
    plan = draft_plan(dataset, check_dataset(dataset, 11), "c", 11)
    outcome = deidentify(dataset, plan, tmp_path / "out", tmp_path / "key.json", policy_k=11, now=NOW)
    assert {d.where: d.blanked for d in outcome.treatment.columns if d.blanked} == {"t.wait_hours": 1}
    assert not (outcome.dataset.frame().wait_hours < 0).any()


def test_the_search_finds_the_least_loss_that_trying_everything_finds() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "t.age": rng.integers(0, 90, 400),
            "t.town": rng.choice(list("abcdefgh"), 400, p=[0.4, 0.3, 0.1, 0.1, 0.04, 0.03, 0.02, 0.01]),
            "t.sex": rng.choice(["f", "m"], 400),
        }
    )
    hierarchies = [build_hierarchy(c, frame[c], 5) for c in frame.columns]
    view = View(Table("t", "t.parquet", ()), frame, tuple(frame.columns), (), None)
    crowd = build_crowd(view, hierarchies)
    choice = find_levels(hierarchies, [crowd], 5, 0.05)
    losses = []
    for node in np.ndindex(*(len(h.levels) for h in hierarchies)):
        share = suppressed_share(crowd, hierarchies, node, 5)
        base = (sum(h.levels[i].loss ** 2 for h, i in zip(hierarchies, node, strict=True)) / 3) ** 0.5
        if share <= 0.05:
            losses.append(base + share * (1 - base))
    assert choice.optimal
    assert choice.loss == pytest.approx(min(losses))
    assert choice.evaluated < np.prod([len(h.levels) for h in hierarchies])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.floats(0, 120), st.integers(0, 50)), min_size=1, max_size=80), st.integers(2, 9)
)
def test_each_level_of_a_hierarchy_only_joins_the_groups_of_the_one_before(values: list[float | None], k: int) -> None:
    series = pd.Series(values, dtype="float64")
    hierarchy = build_hierarchy("t.x", series, k)
    codes = hierarchy.codes(series)
    for fine, coarse in zip(hierarchy.levels, hierarchy.levels[1:], strict=False):
        pairs = pd.DataFrame({"fine": fine.group[codes], "coarse": coarse.group[codes]}).drop_duplicates()
        assert pairs.fine.is_unique
        assert fine.loss <= coarse.loss + 1e-9


visits = st.lists(
    st.tuples(st.integers(0, 14), st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2030-01-01").date())),
    min_size=30,
    max_size=60,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visits, st.integers(0, 2**32))
def test_no_interval_changes_and_no_id_is_reused_for_any_visits(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[int, Any]], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("any")
    rng = np.random.default_rng(seed)
    everyone = [(person, drawn[0][1]) for person in range(15)]  # fifteen people at least, so that k = 11 can hold
    frame = pd.DataFrame([*drawn, *everyone], columns=["patient_id", "visit_ts"])
    frame["visit_ts"] = pd.to_datetime(frame.visit_ts)
    frame["sex"] = rng.choice(["f", "m"], 15)[frame.patient_id]
    frame["value"] = np.arange(len(frame)) * 1.5
    dataset = write_dataset(folder / "d", {"t": frame})
    plan = draft_plan(dataset, check_dataset(dataset, 11), "c", 11)
    plan = replace(plan, expert=EXPERT, most_suppressed=0.3).with_step("t", "visit_ts", action="shift")
    outcome = deidentify(dataset, plan, folder / "out", folder / "key.json", policy_k=11, now=NOW)
    both = outcome.dataset.frame().merge(frame, on="value", suffixes=("", "_old"))
    assert (both.groupby("patient_id").patient_id_old.nunique() == 1).all()
    assert (both.groupby("patient_id_old").patient_id.nunique() == 1).all()
    moved = both.visit_ts - both.visit_ts_old
    assert (moved.groupby(both.patient_id).nunique() == 1).all()
    assert (moved.dt.days % 364 == 0).all()
    assert (moved.dt.days != 0).all()
    classes = find_classes(
        outcome.dataset.frame(), outcome.dataset.package.table.names("quasi-identifier"), "patient_id"
    )
    assert classes.smallest >= 11
