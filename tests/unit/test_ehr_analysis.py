"""The analysis tables of the four challenges: equal to SQL, equal on another backend, described, and true."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from datafusion_backend import IBIS_ASKS_PANDAS, open_datafusion
from tests.made import lesson

from rounds.challenges.baseline import fit_baselines, score_baselines
from rounds.challenges.briefs import brief_of, choose_rows, honest_features, limits_of
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.dictionary import describe
from rounds.data.leaks import find_leaks
from rounds.errors import DataError
from rounds.explore.cohort import Cohort
from rounds.synthetic.ehr.analysis import COHORTS, build_study, read_analysis_table
from rounds.synthetic.ehr.generate import LESSON, PLANS, write_cohort

KEYS = {
    "birthweight": ["child_id"],
    "bsi": ["person_id", "day"],
    "covid": ["encounter_id"],
    "heart_failure": ["encounter_id"],
}
ORACLES = Path(__file__).parent / "oracles"
MEASURES = Path(__file__).parents[2] / "benchmarks/marginals/measures"


@pytest.fixture(scope="module")
def folder() -> Path:
    """Return a folder with every cohort at lesson size: each in more than one block."""
    (folder,) = {lesson(name).path.parent for name in COHORTS}
    return folder


@pytest.fixture(scope="module")
def studied(folder: Path) -> Callable[[str], pd.DataFrame]:
    """Return a function that gives the table of a study over a whole cohort."""
    return cache(lambda name: build_study(name, open_dataset(folder / name)).frame())


@pytest.fixture(params=COHORTS)
def cohort(request: pytest.FixtureRequest, folder: Path) -> Dataset:
    """Return one cohort after the other."""
    return open_dataset(folder / request.param)


def by_key(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a table in the order of its keys."""
    return frame.sort_values(KEYS[name], ignore_index=True)


def read_oracle(name: str) -> str:
    """Return the SQL that somebody wrote before the study."""
    head = MEASURES.joinpath("bsi_head.sql").read_text(encoding="utf-8")
    return (head if name == "bsi" else "") + (ORACLES / f"{name}.sql").read_text(encoding="utf-8")


# ---- the same table three times


def test_the_written_table_is_equal_to_sql_row_by_row(cohort: Dataset) -> None:
    sql = by_key(cohort.connect().execute(read_oracle(cohort.name)).df(), cohort.name)
    written = by_key(cohort.frame(), cohort.name)
    assert len(sql) == len(written) > 0.99 * LESSON
    assert set(sql) <= set(written)
    for column, kind in sql.dtypes.items():
        known = written[column].astype(kind) if str(kind).startswith("datetime") else written[column]
        pd.testing.assert_series_equal(known, sql[column], check_dtype=False, rtol=1e-12, atol=0)


def test_the_table_that_grew_block_by_block_is_the_study_of_the_whole_dataset(cohort: Dataset) -> None:
    whole = build_study(cohort.name, cohort).arrow()
    written = pq.read_table(cohort.file())
    whole = whole.select(written.column_names).cast(written.schema)
    pd.testing.assert_frame_equal(by_key(whole.to_pandas(), cohort.name), by_key(written.to_pandas(), cohort.name))


@pytest.mark.filterwarnings(IBIS_ASKS_PANDAS)
def test_another_backend_gives_the_same_cells(cohort: Dataset, studied: Callable[[str], pd.DataFrame]) -> None:
    other = build_study(cohort.name, open_datafusion(cohort)).frame()
    own = studied(cohort.name)
    assert len(own) > 0.99 * LESSON
    pd.testing.assert_frame_equal(other, own, check_dtype=False, check_exact=True)


@pytest.mark.filterwarnings(IBIS_ASKS_PANDAS)
def test_another_backend_counts_the_same_flow(cohort: Dataset) -> None:
    flow = build_study(cohort.name, cohort).flow()
    assert flow == build_study(cohort.name, open_datafusion(cohort)).flow()
    assert flow[-1].n_rows == len(cohort.frame())


def test_the_time_zone_of_the_connection_changes_nothing(folder: Path, studied: Callable[[str], pd.DataFrame]) -> None:
    cohort, here = open_dataset(folder / "bsi"), studied("bsi")
    cohort.tables.lab.get_backend().con.execute("SET TimeZone = 'Asia/Jerusalem'")
    pd.testing.assert_frame_equal(build_study("bsi", cohort).frame(), here)


@pytest.mark.parametrize("name", COHORTS)
def test_the_same_seed_gives_the_same_bytes_in_several_blocks(name: str, tmp_path: Path) -> None:
    persons = PLANS[name].block + 50
    one, two = (write_cohort(name, persons, 5, tmp_path / place, tmp_path / "staff") for place in ("one", "two"))
    assert one.file().read_bytes() == two.file().read_bytes()
    assert pq.ParquetFile(one.file()).num_row_groups == 2
    few = write_cohort(name, PLANS[name].block, 5, tmp_path / "few", tmp_path / "staff").frame()
    pd.testing.assert_frame_equal(few, one.frame().head(len(few)))


# ---- what it says about itself


def test_every_column_is_described_for_either_reader(cohort: Dataset) -> None:
    table = cohort.package.table
    assert table == read_analysis_table(cohort.name)
    assert table.names() == tuple(cohort.frame().columns)
    for column in table.columns:
        assert column.definition_clinical, column.name
        assert column.definition_ml, column.name
        assert column.available in cohort.package.timeline, column.name
        assert column.type not in ("number",) or column.unit, column.name


def test_levels_hold_every_value(cohort: Dataset) -> None:
    frame = cohort.frame()
    for column in cohort.package.table.columns:
        if column.levels:
            assert set(frame[column.name].dropna()) <= set(column.levels), column.name


def test_the_tools_of_one_table_work_at_once(cohort: Dataset) -> None:
    boxes = Cohort.of(cohort).where("age >= 35").flow()
    assert boxes[0].n_rows == len(cohort.frame())
    assert boxes[-1].n_rows == (cohort.frame().age >= 35).sum() > 0
    assert cohort.package.table.columns[0].name in str(describe(cohort)._repr_html_())


def test_the_cohort_explorer_opens_every_cohort(cohort: Dataset) -> None:
    from rounds_widgets import CohortExplorer

    explorer = CohortExplorer(cohort)
    assert explorer.n_selected == len(cohort.frame())
    assert explorer.cohort().flow()[-1].n_rows == explorer.n_selected


def test_the_birthweight_notebook_runs_on_the_large_cohort(folder: Path) -> None:
    births = open_dataset(folder / "birthweight")
    assert limits_of(births, brief_of("birthweight")) == []
    kept = choose_rows(births, brief_of("birthweight")).flow()[-1].n_rows
    assert kept is not None
    assert kept > 0.9 * len(births.frame())
    assert set(honest_features(births)) >= {"bmi", "previous_birthweight_g"}
    scores = score_baselines(fit_baselines(births, brief_of("birthweight")))
    assert scores.r2.iloc[-1] > scores.r2.iloc[1] > 0


LEAKS = {
    "birthweight": {"gestation_days", "gestational_diabetes", "siblings_mean_birthweight_g", "sex", "weight_gain_kg"},
    "bsi": {"antibiotic_on", "culture_taken"},
    "covid": {"ventilated", "intensive_care", "dexamethasone", "length_of_stay", "died_in_hospital"},
    "heart_failure": {"stays_total", "clinic", "days_to_next", "days_to_death", "days_observed"},
}
HONEST = {
    "birthweight": {"age", "bmi", "previous_birthweight_g"},
    "bsi": {"anc", "crp", "temperature", "warning_score"},
    "covid": {"age", "crp", "spo2_room_air", "rr"},
    "heart_failure": {"ef", "ntprobnp", "stays_last_year", "ckd_coded_before"},
}


def test_leaks_are_found_and_honest_columns_are_not(cohort: Dataset) -> None:
    columns = cohort.package.table.names("feature", "quasi-identifier", "time", "outcome")
    leaks = {leak.column for leak in find_leaks(columns, cohort.package)}
    assert leaks >= LEAKS[cohort.name]
    assert leaks >= set(cohort.package.table.names("outcome"))
    assert not leaks & HONEST[cohort.name]


def test_what_find_leaks_allows_the_study_calls_a_feature(cohort: Dataset) -> None:
    study = build_study(cohort.name, cohort)
    later = {name for name, measure in study.measures if measure.window.side != "before"}
    leaks = {leak.column for leak in find_leaks(cohort.package.table.names(), cohort.package)}
    assert later & set(cohort.package.table.names()) <= leaks


def test_quality_says_what_was_left_out(folder: Path) -> None:
    covid = build_study("covid", open_dataset(folder / "covid")).quality()
    assert (covid.loc["crp", ["unit from range", "known later", "no number", "sentinel"]] > 0).all()
    bsi = build_study("bsi", open_dataset(folder / "bsi")).quality()
    assert bsi.loc["temperature", "unit misread"] > 0
    assert (bsi["unit refused"] == 0).all()


# ---- outcomes


def test_readmission_is_unknown_where_nobody_could_see_it(folder: Path) -> None:
    d = open_dataset(folder / "heart_failure").frame()
    alive = d.disch_ts.notna() & (d.disch_to != "died")
    back, dead = d.days_to_next < 30, d.days_to_death < 30
    seen = d.days_observed >= 30
    expected = np.select(
        [~alive, back, dead, seen], ["not at risk", "readmitted_30d", "died", "none"], default="unknown"
    )
    found = d.readmitted_30d_status.fillna(pd.Series(np.where(alive, "unknown", "not at risk"), index=d.index))
    assert (found == expected).all()
    assert {"unknown", "not at risk", "died"} <= set(found)
    assert d.readmitted_30d.isna().equals(d.readmitted_30d_status.isna())
    assert d.readmitted_30d.dropna().astype(bool).equals((found == "readmitted_30d")[d.readmitted_30d.notna()])


def test_death_and_discharge_are_named_in_the_days_at_risk(folder: Path) -> None:
    d = open_dataset(folder / "bsi").frame()
    assert (d.bsi_next_48h == (d.bsi_next_48h_status == "bsi_next_48h")).all()
    last = d.groupby("person_id").day.transform("max") == d.day
    assert set(d.bsi_next_48h_status[~last]) >= {"none", "bsi_next_48h"}
    assert d.bsi_next_48h_status[d.bsi_next_48h_status == "died"].size > 0


# ---- the truth


def latent(cohort: Dataset) -> pd.DataFrame:
    """Return the hidden state of a cohort."""
    return pd.read_parquet(cohort.path.parent / "staff" / f"{cohort.name}.latent.parquet")


def test_births_agree_with_the_truth(folder: Path) -> None:
    cohort = open_dataset(folder / "birthweight")
    births = cohort.frame().merge(latent(cohort), on="child_id", suffixes=("", "_true"))
    assert len(births) == len(cohort.frame("pregnancy"))
    grams = births.birthweight_g.where(births.birthweight_g > 10, births.birthweight_g * 1000)
    assert ((grams - births.birthweight_g_true).abs() <= 50).all()
    known = births.previous_birthweight_g.notna()
    assert ((births.previous_birthweight_g - births.previous_birthweight_g_true).abs()[known] <= 50).all()
    assert (births.birth_order.eq(1) == births.parity.eq(0)).mean() > 0.97  # a second twin has order 2


def test_days_at_risk_end_before_the_infection_of_the_truth(folder: Path) -> None:
    cohort = open_dataset(folder / "bsi")
    days = cohort.frame().merge(latent(cohort), on="person_id")
    ahead = days.infection_day_by_definition - days.day
    assert (ahead.isin([1, 2]) == days.bsi_next_48h).mean() > 0.999
    assert (ahead >= 1).mean() > 0.999
    assert days.day.between(-3, 30).all()


def test_known_deaths_of_covid_stays_are_true_and_site_b_misses_some(folder: Path) -> None:
    cohort = open_dataset(folder / "covid")
    stays = cohort.frame().merge(latent(cohort), on="person_id")
    assert stays.dies_within_28_days[stays.died_28].all()
    missed = stays[stays.dies_at_home].groupby("site").died_28.mean()
    assert missed["A"] > 0.7 > 0.3 > missed["B"]


def test_nobody_is_predicted_after_death_or_discharge(folder: Path) -> None:
    cohort = open_dataset(folder / "covid")
    encounters = cohort.frame("encounter")
    short = encounters.disch_ts <= encounters.admit_ts + pd.Timedelta(hours=24)
    assert set(cohort.frame().encounter_id) == set(encounters.encounter_id[~short])
    assert cohort.frame().length_of_stay.min() > 1


def test_readmissions_leave_out_planned_stays_and_transfers(folder: Path) -> None:
    cohort = open_dataset(folder / "heart_failure")
    stays, encounters = cohort.frame(), cohort.frame("encounter")
    first = encounters[(encounters["class"] == "inpatient") & ~encounters.planned & encounters.transfer_from.isna()]
    assert set(stays.encounter_id) == set(first.encounter_id)
    assert (stays.days_to_next.dropna() > 0.9).all()


def test_a_study_of_no_cohort_is_refused(folder: Path) -> None:
    with pytest.raises(DataError, match='Did you mean "covid"'):
        build_study("covd", open_dataset(folder / "covid"))
