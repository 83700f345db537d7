"""The four synthetic cohorts: what moves together, what follows what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rounds.data.dataset import Dataset
from rounds.data.ehr.generate import write_cohort


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty folder that the tests of this module share."""
    return tmp_path_factory.mktemp("medicine")


def made(name: str, folder: Path, persons: int) -> Dataset:
    """Write a cohort once."""
    return write_cohort(name, persons, 11, folder, folder / "staff")


@pytest.fixture(scope="module")
def bsi(folder: Path) -> Dataset:
    """Return transplants."""
    return made("bsi", folder, 600)


@pytest.fixture(scope="module")
def covid(folder: Path) -> Dataset:
    """Return stays with Covid-19."""
    return made("covid", folder, 2500)


@pytest.fixture(scope="module")
def heart(folder: Path) -> Dataset:
    """Return patients with heart failure."""
    return made("heart_failure", folder, 1200)


@pytest.fixture(scope="module")
def births(folder: Path) -> Dataset:
    """Return pregnancies."""
    return made("birthweight", folder, 2000)


def ask(cohort: Dataset, sql: str) -> pd.DataFrame:
    """Return the answer of a query."""
    frame: pd.DataFrame = cohort.connect().execute(sql).df()
    return frame


def one(cohort: Dataset, sql: str) -> Any:
    """Return the one value of a query."""
    return cohort.connect().execute(sql).fetchone()[0]


# ---- transplants


def counts(bsi: Dataset) -> pd.DataFrame:
    """Return neutrophils by day from the transplant."""
    return ask(
        bsi,
        """SELECT person_id, donor, date_diff('day', day0, collected_ts::DATE) AS day, value_num AS anc
        FROM lab JOIN encounter USING (encounter_id) JOIN transplant USING (person_id)
        WHERE loinc = '751-8' AND value_num >= 0 AND value_num < 200""",
    )


def test_neutrophils_fall_after_the_conditioning_and_recover(bsi: Dataset) -> None:
    d = counts(bsi)
    by = d.groupby("day").anc.median()
    assert by[-4] > 2
    assert by[7] == 0
    assert by[26] > 1.5
    auto, allo = (d[(d.donor == "autologous") == own].groupby("day").anc.median() for own in (True, False))
    assert auto[14] > 0.5 > allo[14]


def test_every_infection_arises_from_a_culture(bsi: Dataset) -> None:
    latent = pd.read_parquet(bsi.path.parent / "staff" / "bsi.latent.parquet")
    infected = latent[latent.infection_day_by_definition < 999]
    cultured = ask(
        bsi,
        """SELECT DISTINCT person_id, date_diff('day', day0, collected_ts::DATE) AS day
        FROM micro JOIN encounter USING (encounter_id) JOIN transplant USING (person_id)""",
    )
    joined = infected.merge(
        cultured, left_on=["person_id", "infection_day_by_definition"], right_on=["person_id", "day"]
    )
    assert len(joined) == len(infected) > 100


def test_most_cultures_are_negative_and_each_bottle_has_a_row(bsi: Dataset) -> None:
    d = ask(bsi, "SELECT set_id, count(*) AS bottles, count(organism) AS grown FROM micro GROUP BY set_id")
    assert set(d.bottles) == {2}
    assert (d.grown == 0).mean() > 0.7


def test_prophylaxis_ends_at_site_a_in_2019(bsi: Dataset) -> None:
    d = ask(
        bsi,
        """SELECT site, year(day0) >= 2019 AS late, bool_or(atc = 'J01MA12') AS given
        FROM encounter JOIN transplant USING (person_id) LEFT JOIN medication USING (encounter_id)
        GROUP BY encounter_id, site, day0""",
    )
    share = d.groupby(["site", "late"]).given.mean()
    assert share["A", False] > 0.95
    assert share["A", True] == share["B", False] == share["B", True] == 0


def test_antibiotics_against_infection_follow_fever(bsi: Dataset) -> None:
    sql = """
        SELECT avg((EXISTS (FROM vital v WHERE v.encounter_id = m.encounter_id AND v.loinc = '8310-5'
          AND v.value_num BETWEEN 38.0 AND 45
          AND v.charted_ts::DATE BETWEEN m.ordered_ts::DATE - 3 AND m.ordered_ts::DATE
        ))::INT) FROM medication m WHERE atc = 'J01CR05'"""
    assert one(bsi, sql) > 0.95


def test_crp_and_temperature_rise_together(bsi: Dataset) -> None:
    d = ask(
        bsi,
        """SELECT l.value_num * CASE WHEN e.site = 'B' THEN 10 ELSE 1 END AS crp, max(v.value_num) AS temperature
        FROM lab l JOIN encounter e USING (encounter_id) JOIN vital v ON v.encounter_id = l.encounter_id
          AND v.loinc = '8310-5' AND v.value_num < 45 AND v.charted_ts::DATE = l.collected_ts::DATE
        WHERE l.loinc = '1988-5' AND l.value_num > 0 AND l.value_num <> 999
        GROUP BY l.encounter_id, l.collected_ts, crp""",
    )
    assert d.crp.corr(d.temperature, method="spearman") > 0.2
    assert d.crp[d.temperature >= 38.3].median() > 1.5 * d.crp[d.temperature < 37.5].median()


def test_notes_of_fever_are_written_on_warm_days(bsi: Dataset) -> None:
    sql = """
        SELECT avg((EXISTS (FROM vital v WHERE v.encounter_id = n.encounter_id AND v.loinc = '8310-5'
          AND v.value_num BETWEEN 38.0 AND 45 AND v.charted_ts::DATE = n.written_ts::DATE))::INT)
        FROM note n WHERE text LIKE '%new fever%' OR text LIKE '%Fever in neutropenia%'"""
    assert one(bsi, sql) > 0.95


# ---- Covid-19


def test_laboratory_values_move_together_with_the_illness(covid: Dataset) -> None:
    d = covid.frame()
    assert d.crp.corr(d.ldh, method="spearman") > 0.3
    assert d.crp.corr(d.lymphocytes, method="spearman") < -0.15
    assert d.spo2_room_air.corr(d.ldh, method="spearman") < -0.3
    assert d.rr.corr(d.spo2_room_air, method="spearman") < -0.35


def test_who_dies_gets_worse_and_who_goes_home_gets_better(covid: Dataset) -> None:
    d = ask(
        covid,
        """SELECT disch_to = 'died' AS died,
          arg_max(value_num, collected_ts) / arg_min(value_num, collected_ts) AS change
        FROM lab JOIN encounter USING (encounter_id) WHERE loinc = '1988-5' AND value_num > 0 AND value_num <> 999
        GROUP BY encounter_id, died HAVING count(*) > 4""",
    )
    change = np.log(d.change).groupby(d.died).median()
    assert change[True] > 0.3
    assert change[False] < -0.3


def test_dexamethasone_starts_with_its_trial_and_goes_to_those_on_oxygen(covid: Dataset) -> None:
    first = one(covid, "SELECT min(ordered_ts) FROM medication WHERE atc = 'H02AB02'")
    assert first >= pd.Timestamp("2020-07-01")
    d = ask(
        covid,
        """SELECT bool_or(p.code = 'oxygen') AS oxygen, bool_or(m.atc = 'H02AB02') AS drug
        FROM encounter e LEFT JOIN procedure p USING (encounter_id) LEFT JOIN medication m USING (encounter_id)
        WHERE e.admit_ts > '2020-07-01' GROUP BY encounter_id""",
    ).fillna(False)
    share = d.groupby("oxygen").drug.mean()
    assert share[True] > 3 * share[False]


def test_drugs_for_a_disease_go_to_those_who_have_it(covid: Dataset) -> None:
    latent = ask(
        covid,
        """SELECT bool_or(d.icd10 = 'E11') AS coded, bool_or(m.atc = 'A10BA02') AS drug
        FROM encounter e JOIN diagnosis d USING (encounter_id) LEFT JOIN medication m USING (encounter_id)
        GROUP BY encounter_id""",
    ).fillna(False)
    share = latent.groupby("coded").drug.mean()
    assert share[True] > 0.5
    assert share[False] < 0.06  # diabetes is coded in nine of ten


def test_skin_tone_belongs_to_covid_only_and_shifts_the_oximeter(covid: Dataset, bsi: Dataset) -> None:
    assert one(bsi, "SELECT count(skin_tone) FROM person") == 0
    d = ask(
        covid,
        """SELECT skin_tone, avg(v.value_num - l.value_num) AS gap
        FROM lab l JOIN encounter e USING (encounter_id) JOIN person USING (person_id) JOIN vital v
          ON v.encounter_id = l.encounter_id AND v.loinc = '59408-5'
          AND abs(date_diff('minute', v.charted_ts, l.collected_ts)) <= 30
        WHERE l.loinc = '2708-6' AND l.value_num BETWEEN 40 AND 100 GROUP BY skin_tone""",
    ).set_index("skin_tone")
    assert d.gap["dark"] > d.gap["medium"] > d.gap["light"]
    assert abs(d.gap["light"]) < 0.4


def test_a_silent_zero_is_a_real_neutrophil_count(covid: Dataset) -> None:
    assert one(covid, "SELECT count(*) FROM lab WHERE loinc = '751-8' AND value_num = 0 AND value_text = '0.00'") > 0


# ---- heart failure


def test_natriuretic_peptide_falls_and_creatinine_rises_in_a_stay_that_ends_at_home(heart: Dataset) -> None:
    sql = """
        SELECT median(ln(last / first)) FROM (SELECT arg_max(value_num, collected_ts) AS last,
          arg_min(value_num, collected_ts) AS first FROM lab JOIN encounter USING (encounter_id)
          WHERE loinc = '{}' AND value_num > 0 AND value_num <> 999 AND disch_to = 'home'
          GROUP BY encounter_id HAVING count(*) > 1 AND max(collected_ts) > min(collected_ts) + INTERVAL 2 DAY)"""
    assert one(heart, sql.format("33762-6")) < -0.2
    assert one(heart, sql.format("2160-0")) > 0.03


def test_transfers_continue_a_stay_at_the_same_site(heart: Dataset) -> None:
    d = ask(
        heart,
        """SELECT a.site = b.site AND a.person_id = b.person_id AS same, a.disch_to,
          b.admit_ts <= a.disch_ts AS touching
        FROM encounter b JOIN encounter a ON a.encounter_id = b.transfer_from""",
    )
    assert len(d) > 50
    assert d.same.all()
    assert d.touching.all()
    assert set(d.disch_to.dropna()) == {"transfer"}


def test_the_new_drug_begins_with_its_year(heart: Dataset) -> None:
    assert one(heart, "SELECT min(ordered_ts) FROM medication WHERE atc = 'A10BK01'") >= pd.Timestamp("2021-01-01")


def test_anticoagulants_follow_atrial_fibrillation(heart: Dataset) -> None:
    d = ask(
        heart,
        """SELECT person_id, coalesce(bool_or(icd10 = 'I48'), false) AS fibrillation,
          coalesce(bool_or(atc = 'B01AF02'), false) AS drug
        FROM encounter JOIN diagnosis USING (encounter_id) LEFT JOIN medication USING (encounter_id)
        GROUP BY person_id""",
    )
    share = d.groupby("fibrillation").drug.mean()
    assert share[True] > 0.65
    assert share[False] < 0.1


def test_clinic_visits_happen_at_home_and_alive(heart: Dataset) -> None:
    sql = """
        SELECT count(*) FROM encounter c JOIN encounter s USING (person_id)
        WHERE c.class = 'outpatient' AND s.class = 'inpatient'
          AND c.admit_ts BETWEEN s.admit_ts AND coalesce(s.disch_ts, s.admit_ts)"""
    assert one(heart, sql) == 0
    assert one(heart, "SELECT count(*) FROM encounter WHERE class = 'outpatient'") > 500


def test_the_record_ends_with_open_stays(heart: Dataset) -> None:
    assert one(heart, "SELECT count(*) FROM encounter WHERE disch_ts IS NULL AND disch_to IS NULL") > 0
    assert one(heart, "SELECT max(admit_ts) FROM encounter") < pd.Timestamp("2023-01-01")


# ---- births


def test_twins_share_a_pregnancy_and_its_times(births: Dataset) -> None:
    d = births.frame("pregnancy")
    by = d.groupby("pregnancy_id")
    assert (by.size() == by.plurality.first()).all()
    assert set(d.plurality) == {1, 2}
    assert (by.delivery_ts.nunique() == 1).all()


def test_booking_comes_before_birth_and_births_of_a_mother_are_apart(births: Dataset) -> None:
    d = births.frame("pregnancy").drop_duplicates("pregnancy_id").sort_values(["mother_id", "delivery_ts"])
    assert (d.booking_ts < d.delivery_ts).all()
    assert (d.ga_booking_days < d.ga_delivery_days).all()
    gap = d.booking_ts - d.groupby("mother_id").delivery_ts.shift(1)
    assert (gap.dropna().dt.days > 30).all()
    assert (d.groupby("mother_id").birth_order.diff().dropna() > 0).all()


def test_pre_eclampsia_shows_in_the_pressure_and_in_the_drugs(births: Dataset) -> None:
    d = ask(
        births,
        """SELECT e.encounter_id, bool_or(d.icd10 = 'O14') AS ill, avg(v.value_num) AS pressure
        FROM encounter e JOIN diagnosis d USING (encounter_id) JOIN vital v USING (encounter_id)
        WHERE e.ward = 'labour' AND v.loinc = '8480-6' GROUP BY e.encounter_id""",
    )
    pressure = d.groupby("ill").pressure.mean()
    assert pressure[True] - pressure[False] > 15


def test_the_sugar_test_agrees_with_the_diagnosis(births: Dataset) -> None:
    d = ask(
        births,
        """SELECT max(l.value_num) AS sugar, bool_or(d.icd10 = 'O24.4') AS found FROM pregnancy g
        JOIN encounter v ON v.person_id = g.mother_id AND v.admit_ts BETWEEN g.booking_ts AND g.delivery_ts
        JOIN lab l ON l.encounter_id = v.encounter_id AND l.loinc = '1504-0' AND l.value_num > 0 AND l.value_num <> 999
        JOIN encounter e ON e.person_id = g.mother_id AND e.ward = 'labour'
          AND g.delivery_ts BETWEEN e.admit_ts AND e.disch_ts
        JOIN diagnosis d ON d.encounter_id = e.encounter_id GROUP BY g.pregnancy_id""",
    )
    assert d.found.sum() > 50
    assert ((d.sugar > 140) == d.found).all()


def test_notes_of_the_birth_say_the_weight_of_the_record(births: Dataset) -> None:
    sql = """
        SELECT avg((n.text LIKE '%' || o.value || ' g%')::INT) FROM note n JOIN observation o USING (encounter_id)
        WHERE o.code = '8339-4' AND n.text LIKE '%Newborn%' AND length(o.value) >= 3 AND o.value NOT LIKE '%.%'"""
    assert one(births, sql) > 0.9


def test_small_children_are_coded_and_cared_for(births: Dataset) -> None:
    d = ask(
        births,
        """SELECT max(TRY_CAST(o.value AS DOUBLE)) AS grams, bool_or(d.icd10 IN ('P07.0', 'P07.1')) AS small,
          any_value(e.ward) = 'neonatal unit' AS unit
        FROM encounter e JOIN observation o USING (encounter_id) JOIN diagnosis d USING (encounter_id)
        WHERE e.class = 'newborn' AND o.code = '8339-4' GROUP BY e.encounter_id""",
    )
    d = d[d.grams > 10]
    assert (d.small == (d.grams < 2500)).all()
    assert d.unit[d.grams < 1800].mean() > 0.6
    assert d.unit[d.grams > 3000].mean() < 0.05
