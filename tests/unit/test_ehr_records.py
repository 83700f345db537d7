"""The four synthetic cohorts: their files, their bytes, and what a clinician would not believe."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.made import WARD_SEED, sample, ward

from rounds.data.dataset import Dataset, open_dataset
from rounds.data.leaks import find_leaks
from rounds.errors import DataError
from rounds.synthetic.ehr.generate import PLANS, generate, write_cohort
from rounds.synthetic.ehr.layout import read_description, shared_tables

NAMES = tuple(PLANS)


@pytest.fixture(scope="module")
def folder() -> Path:
    """Return a folder with each cohort, drawn in more than one block where blocks are small."""
    (folder,) = {ward(name).path.parent for name in NAMES}
    return folder


@pytest.fixture(scope="module", params=NAMES)
def cohort(request: pytest.FixtureRequest) -> Dataset:
    """Return one cohort after the other."""
    return ward(request.param)


def ask(cohort: Dataset, sql: str) -> list[Any]:
    """Return the rows of a query."""
    rows: list[Any] = cohort.connect().execute(sql).fetchall()
    return rows


def truth(cohort: Dataset) -> dict[str, Any]:
    """Return what the staff know."""
    text = (cohort.path.parent / "staff" / f"{cohort.name}.truth.json").read_text(encoding="utf-8")
    known: dict[str, Any] = json.loads(text)
    return known


def has(cohort: Dataset, *tables: str) -> bool:
    """Tell whether a cohort has these tables."""
    return set(tables) <= {table.name for table in cohort.package.tables}


# ---- files


def test_tables_have_the_columns_of_the_layout_everywhere(cohort: Dataset) -> None:
    for table in cohort.package.tables[1:]:
        assert pq.read_schema(cohort.file(table.name)).names == list(shared_tables()[table.name].names())


def test_every_column_says_what_it_is_for_either_reader_and_when_it_is_known(cohort: Dataset) -> None:
    for table in cohort.package.tables:
        for column in table.columns:
            assert column.definition_clinical, (table.name, column.name)
            assert column.definition_ml, (table.name, column.name)
            assert column.available in cohort.package.timeline, (table.name, column.name)


def test_every_code_of_the_rows_is_described(cohort: Dataset) -> None:
    for table in cohort.package.tables:
        for column in table.columns:
            if column.levels:
                found = {v for (v,) in ask(cohort, f'SELECT DISTINCT "{column.name}" FROM "{table.name}"')} - {None}
                assert found <= set(column.levels), (table.name, column.name)


def test_the_outcome_of_a_pregnancy_is_a_leak_at_booking() -> None:
    package = read_description("birthweight", 1)
    leaks = {leak.column for leak in find_leaks(["ga_booking_days", "ga_delivery_days", "plurality"], package)}
    assert leaks == {"ga_delivery_days", "plurality"}


@pytest.mark.parametrize("name", NAMES)
def test_sample_is_a_hundred_patients_and_the_same_seed_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    one, staff = sample(name), sample(name).path.parent / "staff"  # perhaps of an earlier process
    two = generate(name, "sample", 5, tmp_path / "b", tmp_path / "staff_b")
    other = generate(name, "sample", 6, tmp_path / "c")
    files = [table.path for table in one.package.tables]
    assert [f for f in files if (one.path / f).read_bytes() != (two.path / f).read_bytes()] == []
    assert (one.path / "lab.parquet").read_bytes() != (other.path / "lab.parquet").read_bytes()
    for kind in ("truth.json", "planted.parquet", "latent.parquet"):
        pair = [folder / f"{name}.{kind}" for folder in (staff, tmp_path / "staff_b")]
        assert pair[0].read_bytes() == pair[1].read_bytes()
    who = {"birthweight": "SELECT count(DISTINCT mother_id) FROM pregnancy"}
    assert ask(one, who.get(name, "SELECT count(*) FROM person")) == [(100,)]


def test_a_machine_without_wide_vectors_writes_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from rounds.synthetic.ehr.generate import generate\n"
        "for name in ('birthweight', 'bsi', 'heart_failure', 'covid'): generate(name, 'sample', 5, Path(sys.argv[1]))"
    )
    other = {"OMP_NUM_THREADS": "1", "LC_ALL": "C", "PYTHONHASHSEED": "2", "TZ": _far_from_here()}
    narrow = {**os.environ, **other, "NPY_DISABLE_CPU_FEATURES": " ".join(_wide_features())}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=narrow, check=True)
    pairs = [(table, tmp_path / name / table.name) for name in NAMES for table in sample(name).path.rglob("*.parquet")]
    assert len(pairs) >= 4 * 10
    assert [here for here, there in pairs if here.read_bytes() != there.read_bytes()] == []


def _far_from_here() -> str:
    """Return a time zone that is not this machine's."""
    return "Asia/Jerusalem" if time.localtime().tm_gmtoff == 0 else "UTC"


def _wide_features() -> list[str]:
    """Return the vector instructions that numpy uses here and can be told to leave."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(step: str, done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_cohort("bsi", 600, 1, tmp_path, tmp_path / "staff", stop)
    assert list(tmp_path.rglob("*.*")) == []


def test_progress_counts_the_blocks_to_the_end(tmp_path: Path) -> None:
    said: list[tuple[int, int]] = []
    write_cohort("bsi", 600, 1, tmp_path, tmp_path, lambda step, done, total: said.append((done, total)))
    assert said == [(0, 2), (1, 2), (2, 2)]


def test_an_unknown_cohort_or_size_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(DataError, match='Did you mean "covid"'):
        generate("covd", "sample", 1, tmp_path)
    with pytest.raises(DataError, match='Did you mean "full"'):
        generate("covid", "ful", 1, tmp_path)


# ---- truth


def test_truth_is_for_its_owner_only(cohort: Dataset) -> None:
    for kind in ("truth.json", "planted.parquet", "latent.parquet"):
        path = cohort.path.parent / "staff" / f"{cohort.name}.{kind}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_truth_says_effects_missing_policy_and_misconceptions(cohort: Dataset) -> None:
    known = truth(cohort)
    assert {"effects", "missing", "policy", "site", "misconceptions", "facts", "planted"} <= set(known)
    assert len(known["misconceptions"]) >= 8
    assert known["seed"] == WARD_SEED


def test_planted_rows_are_where_the_truth_says(cohort: Dataset) -> None:
    planted = pq.read_table(cohort.path.parent / "staff" / f"{cohort.name}.planted.parquet").to_pandas()
    lab = cohort.frame("lab")
    sentinel = planted[(planted.table == "lab") & (planted.error == "sentinel")].row
    assert set(lab.value_text.iloc[sentinel]) == {"-1", "999"}
    blank = planted[(planted.table == "lab") & (planted.error == "unit_blank")].row
    assert set(blank) == set(lab.index[lab.unit.isna()])
    warm = planted[(planted.table == "vital") & (planted.error == "fahrenheit")].row
    assert (cohort.frame("vital").value_num.iloc[warm] > 90).all()
    for key, entry in truth(cohort)["planted"].items():
        assert entry["count"] == ((planted.table + "." + planted.error) == key).sum()


# ---- keys


def test_ids_are_unique_and_no_two_kinds_share_their_digits(cohort: Dataset) -> None:
    for table, column in (("person", "person_id"), ("encounter", "encounter_id"), ("note", "note_id")):
        rows, distinct = ask(cohort, f"SELECT count(*), count(DISTINCT {column}) FROM {table}")[0]
        assert rows == distinct > 0
    sql = "SELECT count(*) FROM encounter WHERE substr(encounter_id, 2) = substr(person_id, 2)"
    assert ask(cohort, sql) == [(0,)]


def test_every_row_belongs_to_a_contact_of_a_person(cohort: Dataset) -> None:
    for table in cohort.package.tables:
        if "encounter_id" in table.names() and table.name != "encounter":
            sql = f"SELECT count(*) FROM {table.name} WHERE encounter_id NOT IN (SELECT encounter_id FROM encounter)"
            assert ask(cohort, sql) == [(0,)], table.name
    assert ask(cohort, "SELECT count(*) FROM encounter WHERE person_id NOT IN (SELECT person_id FROM person)") == [(0,)]


# ---- time


def test_contacts_end_after_they_begin(cohort: Dataset) -> None:
    assert ask(cohort, "SELECT count(*) FROM encounter WHERE disch_ts <= admit_ts") == [(0,)]


def test_results_come_after_samples_and_codes_after_admission(cohort: Dataset) -> None:
    assert ask(cohort, "SELECT count(*) FROM lab WHERE resulted_ts <= collected_ts") == [(0,)]
    late = "SELECT count(*) FROM diagnosis JOIN encounter USING (encounter_id) WHERE coded_ts <= admit_ts"
    assert ask(cohort, late) == [(0,)]
    if has(cohort, "micro"):
        assert ask(cohort, "SELECT count(*) FROM micro WHERE resulted_ts < collected_ts + INTERVAL 12 HOUR") == [(0,)]


TIMES = (
    ("lab", "collected_ts"),
    ("vital", "charted_ts"),
    ("medication", "ordered_ts"),
    ("medication", "started_ts"),
    ("medication", "stopped_ts"),
    ("micro", "collected_ts"),
    ("procedure", "start_ts"),
    ("procedure", "stop_ts"),
    ("observation", "ts"),
)


TIMES_OF_COHORTS = [
    (name, table, column)
    for name in NAMES
    for table, column in TIMES
    if table in {t.name for t in read_description(name, 1).tables}
]


@pytest.mark.parametrize(("name", "table", "column"), TIMES_OF_COHORTS)
def test_nobody_is_treated_or_charted_after_death_or_outside_the_stay(
    folder: Path, name: str, table: str, column: str
) -> None:
    cohort = open_dataset(folder / name)
    dead = f"""
        SELECT count(*) FROM {table} t JOIN encounter e USING (encounter_id) JOIN death d USING (person_id)
        WHERE t.{column} >= d.death_date + INTERVAL 1 DAY OR (e.disch_to = 'died' AND t.{column} > e.disch_ts)"""
    assert ask(cohort, dead) == [(0,)]
    outside = f"""
        SELECT count(*) FROM {table} t JOIN encounter e USING (encounter_id)
        WHERE e.class IN ('inpatient', 'newborn') AND (t.{column} < e.admit_ts - INTERVAL 6 HOUR
          OR t.{column} > e.disch_ts)"""
    assert ask(cohort, outside) == [(0,)]


def test_who_dies_in_hospital_has_a_death_and_no_later_contact(cohort: Dataset) -> None:
    lost = """
        SELECT count(*) FROM encounter e LEFT JOIN death d USING (person_id)
        WHERE e.disch_to = 'died' AND (d.death_date IS NULL OR e.disch_ts::DATE <> d.death_date::DATE)"""
    assert ask(cohort, lost) == [(0,)]
    later = "SELECT count(*) FROM encounter JOIN death USING (person_id) WHERE admit_ts >= death_date + INTERVAL 1 DAY"
    assert ask(cohort, later) == [(0,)]
    died = ask(cohort, "SELECT count(*) FROM encounter WHERE disch_to = 'died'")[0][0]
    assert died > 0 or cohort.name == "birthweight"


def test_stays_of_one_person_do_not_overlap_but_for_planted_transfers(cohort: Dataset) -> None:
    sql = """
        SELECT count(*) FROM encounter a JOIN encounter b USING (person_id)
        WHERE a.encounter_id <> b.encounter_id AND b.admit_ts > a.admit_ts AND b.admit_ts < a.disch_ts"""
    expected = truth(cohort)["planted"].get("encounter.overlap", {"count": 0})["count"]
    assert ask(cohort, sql) == [(expected,)]


# ---- values


def test_laboratories_write_each_test_under_a_code_of_its_units_dimension(cohort: Dataset) -> None:
    kinds = {"22664-7": "mmol/L", "3094-0": "mg/dL", "2345-7": "mg/dL", "14749-6": "mmol/L", "2160-0": "mg/dL"}
    kinds |= {"48065-7": "ug/mL", "48066-5": "ng/mL"}
    for code, unit in kinds.items():
        found = {u for (u,) in ask(cohort, f"SELECT DISTINCT unit FROM lab WHERE loinc = '{code}'")} - {None}
        assert found <= {unit}


LIMITS = {
    "8310-5": (30, 43),
    "8867-4": (20, 250),
    "59408-5": (40, 100),
    "8480-6": (40, 280),
    "8462-4": (20, 200),
    "9269-2": (3, 15),
}


def test_signs_lie_inside_the_plausible_but_for_planted_fahrenheit(cohort: Dataset) -> None:
    for code, (low, high) in LIMITS.items():
        sql = f"""SELECT count(*) FROM vital WHERE loinc = '{code}' AND value_num NOT BETWEEN {low} AND {high}
            AND NOT (loinc = '8310-5' AND value_num > 90)"""
        assert ask(cohort, sql) == [(0,)], code


def test_a_diastolic_pressure_is_below_the_systolic_of_the_moment(cohort: Dataset) -> None:
    sql = """
        SELECT avg(CASE WHEN s.value_num > d.value_num THEN 1 ELSE 0 END) FROM vital s JOIN vital d
        ON d.encounter_id = s.encounter_id AND d.charted_ts = s.charted_ts AND d.loinc = '8462-4'
        WHERE s.loinc = '8480-6'"""
    assert ask(cohort, sql)[0][0] > 0.999


# ---- notes


def test_each_cohort_has_about_forty_templates_with_every_fault(cohort: Dataset) -> None:
    from rounds.synthetic.ehr.notes import templates

    known = templates(cohort.name)
    assert 38 <= len(known) <= 45
    faults = {plant for template in known for plant in template.plants}
    assert {"negation", "family_history", "ambiguous_abbreviation", "unit_in_text", "leak"} <= faults
    planted = {key for key in truth(cohort)["planted"] if key.startswith("note.")}
    assert {"note.copy_forward", "note.typing_error", "note.leak"} <= planted


def test_death_notes_belong_to_deaths(cohort: Dataset) -> None:
    sql = """
        SELECT count(*) FROM note JOIN encounter USING (encounter_id)
        WHERE note_type = 'death' AND disch_to <> 'died'"""
    assert ask(cohort, sql) == [(0,)]


def test_two_cohorts_share_no_id(folder: Path) -> None:
    seen: set[str] = set()
    for name in NAMES:
        cohort = open_dataset(folder / name)
        for table, column in (("person", "person_id"), ("encounter", "encounter_id"), ("note", "note_id")):
            ids = set(cohort.frame(table)[column])
            assert not ids & seen
            seen |= ids


def test_ranges_of_ids_lie_apart_at_full_size() -> None:
    from rounds.synthetic.ehr.block import STRIDE
    from rounds.synthetic.ehr.draws import PRIME

    starts = sorted((zlib.crc32(name.encode()) % PRIME, -(-PLANS[name].full // PLANS[name].block)) for name in NAMES)
    for (start, blocks), (following, _) in zip(starts, [*starts[1:], (starts[0][0] + PRIME, 0)], strict=True):
        assert start + blocks * STRIDE + 10_000 < following


def test_lesson_is_the_beginning_of_full() -> None:
    assert all(5000 % plan.block == 0 for plan in PLANS.values())
