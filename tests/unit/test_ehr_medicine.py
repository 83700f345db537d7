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


def test_transplant_patients_do_not_all_weigh_the_same(bsi: Dataset) -> None:
    d = ask(
        bsi,
        """SELECT sex, avg(value_num) AS kilograms, stddev(value_num) AS by_day FROM vital
        JOIN encounter USING (encounter_id) JOIN person USING (person_id) WHERE loinc = '29463-7'
        GROUP BY person_id, sex""",
    )
    by = d.groupby("sex").kilograms
    assert by.std().between(11, 17).all()
    assert abs(by.mean()["male"] - by.mean()["female"] - 9) < 4
    assert d.kilograms.between(40, 152).all()
    assert d.by_day.median() < 1.5


def given_after_result(bsi: Dataset, *atc: str) -> pd.Series:
    """Return for each germ the share of patients with a drug that begins after the result and before it is a day old.

    Growth in one bottle only may be a contamination, so it does not count; nor do those who leave within a day.
    """
    codes = ", ".join(f"'{code}'" for code in atc)
    d = ask(
        bsi,
        f"""SELECT organism, EXISTS (FROM medication m WHERE m.encounter_id = g.encounter_id AND m.atc IN ({codes})
          AND m.started_ts BETWEEN g.known AND g.known + INTERVAL 1 DAY) AS given
        FROM (SELECT encounter_id, any_value(organism) AS organism, min(resulted_ts) AS known FROM micro
          WHERE organism IS NOT NULL GROUP BY encounter_id HAVING count(DISTINCT organism) = 1 AND count(*) > 1) g
        JOIN encounter e USING (encounter_id) WHERE e.disch_ts > g.known + INTERVAL 1 DAY""",
    )
    return d.groupby("organism").given.mean()


def test_vancomycin_follows_the_germ(bsi: Dataset) -> None:
    share = given_after_result(bsi, "J01XA01")
    assert share[["Enterococcus faecium", "Staphylococcus aureus", "Staphylococcus epidermidis"]].min() > 0.65
    assert share[["Escherichia coli", "Klebsiella pneumoniae", "Pseudomonas aeruginosa"]].max() < 0.25


def test_an_echinocandin_is_for_candida_only(bsi: Dataset) -> None:
    share = given_after_result(bsi, "J02AX04")
    assert share["Candida albicans"] > 0.6
    assert share.drop("Candida albicans").max() == 0


def test_gram_negative_rods_are_covered_after_the_result_by_one_of_two_drugs(bsi: Dataset) -> None:
    d = ask(
        bsi,
        """SELECT count(DISTINCT m.atc) AS drugs FROM (SELECT encounter_id, min(resulted_ts) + INTERVAL 12 HOUR AS then
          FROM micro WHERE organism IN ('Escherichia coli', 'Klebsiella pneumoniae', 'Pseudomonas aeruginosa')
          GROUP BY encounter_id) g
        JOIN encounter e ON e.encounter_id = g.encounter_id AND e.disch_ts > g.then
        LEFT JOIN medication m ON m.encounter_id = g.encounter_id AND m.atc IN ('J01CR05', 'J01DH02')
          AND g.then BETWEEN m.started_ts AND m.stopped_ts GROUP BY g.encounter_id""",
    )
    assert (d.drugs == 1).mean() > 0.95


def test_no_drug_for_a_germ_comes_before_a_result(bsi: Dataset) -> None:
    sql = """
        SELECT count(*) FROM medication m WHERE atc IN ('J01XA01', 'J01DH02', 'J02AX04') AND NOT EXISTS (FROM micro b
          WHERE b.encounter_id = m.encounter_id AND organism IS NOT NULL AND resulted_ts <= m.ordered_ts)"""
    assert one(bsi, sql) == 0


def test_blood_products_follow_platelets_and_haemoglobin(bsi: Dataset) -> None:
    d = ask(
        bsi,
        """SELECT l.loinc, l.value_num AS value, EXISTS (FROM procedure p WHERE p.encounter_id = l.encounter_id
          AND p.code = CASE l.loinc WHEN '777-3' THEN 'platelet_transfusion' ELSE 'red_cell_transfusion' END
          AND p.start_ts BETWEEN l.resulted_ts AND l.resulted_ts + INTERVAL 4 HOUR) AS given
        FROM lab l JOIN encounter e USING (encounter_id)
        WHERE l.loinc IN ('777-3', '718-7') AND l.value_num > 0 AND e.disch_ts > l.resulted_ts + INTERVAL 4 HOUR""",
    )
    platelets, red = d[d.loinc == "777-3"], d[d.loinc == "718-7"]
    assert platelets.given[platelets.value < 10].mean() > 0.85
    assert platelets.given[platelets.value >= 10].sum() == 0
    assert red.given[red.value < 7].mean() > 0.85
    assert 0.15 < red.given[red.value.between(7, 7.9)].mean() < 0.5
    assert red.given[red.value >= 8].sum() == 0


def test_transfusions_end_before_the_stay(bsi: Dataset) -> None:
    sql = """
        SELECT bool_and(start_ts < stop_ts AND stop_ts <= disch_ts) FROM procedure JOIN encounter USING (encounter_id)
        WHERE code LIKE '%transfusion'"""
    assert one(bsi, sql)


@pytest.mark.parametrize("atc", ["L03AA02", "N02AA01", "B05BA10", "H02AB04"])
def test_no_drug_that_follows_the_patient_has_one_day_for_all(bsi: Dataset, atc: str) -> None:
    day = ask(
        bsi,
        f"""SELECT date_diff('day', day0, ordered_ts::DATE) AS day FROM medication JOIN encounter USING (encounter_id)
        JOIN transplant USING (person_id) WHERE atc = '{atc}'""",
    ).day
    assert len(day) > 15
    assert day.value_counts(normalize=True).max() < 0.45
    assert day.nunique() >= 4


def test_morphine_begins_when_the_mouth_is_sore(bsi: Dataset) -> None:
    sql = """
        SELECT avg((EXISTS (FROM observation o WHERE o.encounter_id = m.encounter_id AND code = 'mucositis_grade'
          AND TRY_CAST(value AS INTEGER) >= 2 AND o.ts BETWEEN m.started_ts - INTERVAL 36 HOUR AND m.started_ts))::INT)
        FROM medication m WHERE atc = 'N02AA01'"""
    assert one(bsi, sql) > 0.9


def test_age_at_transplant_follows_the_diagnosis(bsi: Dataset) -> None:
    d = ask(
        bsi,
        """SELECT icd10, year(day0) - birth_year AS age FROM diagnosis JOIN encounter USING (encounter_id)
        JOIN transplant USING (person_id) JOIN person USING (person_id)
        WHERE icd10 IN ('C90.0', 'C83.3', 'C92.0', 'C91.0', 'D46')""",
    )
    by = d.groupby("icd10").age
    assert abs(by.median()["C90.0"] - 59) < 3
    assert (by.get_group("C90.0") < 40).mean() < 0.04
    assert by.median()["C91.0"] < by.median()["C92.0"] < by.median()["D46"]


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


def test_nearly_all_who_die_in_hospital_have_oxygen_with_a_flow_and_a_procedure(covid: Dataset) -> None:
    d = ask(
        covid,
        """SELECT EXISTS (FROM procedure p WHERE p.encounter_id = e.encounter_id
            AND code IN ('oxygen', 'ventilation')) AS given,
          EXISTS (FROM vital v WHERE v.encounter_id = e.encounter_id AND loinc IN ('3151-8', '3150-6')) AS charted
        FROM encounter e WHERE disch_to = 'died'""",
    )
    assert len(d) > 300
    assert 0.95 < d.given.mean() < 1  # a few want comfort only
    assert d.charted.mean() > 0.95


def test_late_oxygen_leaves_the_first_day_alone(covid: Dataset) -> None:
    sql = """
        SELECT median(date_diff('hour', e.admit_ts, p.start_ts)) FROM procedure p JOIN encounter e USING (encounter_id)
        WHERE p.code = 'oxygen' AND p.start_ts > e.admit_ts + INTERVAL 3 HOUR AND e.disch_to {} 'died'"""
    assert one(covid, sql.format("=")) >= 25
    assert one(covid, sql.format("<>")) is None


def test_a_ventilated_patient_is_sedated_has_no_nasal_flow_and_breathes_with_the_machine(covid: Dataset) -> None:
    d = ask(
        covid,
        """SELECT loinc, count(*) AS n, min(value_num) AS least, max(value_num) AS most
        FROM vital v JOIN procedure p USING (encounter_id)
        WHERE p.code = 'ventilation' AND charted_ts >= start_ts AND charted_ts < stop_ts GROUP BY loinc""",
    ).set_index("loinc")
    assert d.n["3150-6"] == d.n["59408-5"] > 1000  # a share of oxygen at each round
    assert not {"3151-8", "9269-2"} & set(d.index)
    assert d.least["9279-1"] >= 12
    assert d.most["9279-1"] <= 28


def test_a_covid_note_of_fever_gives_a_temperature_of_fever(covid: Dataset) -> None:
    d = ask(
        covid,
        """SELECT text LIKE '%febrile%' AS fever, TRY_CAST(regexp_extract(text,
          '(?:at times|no fever) .(3[5-9][.][0-9])', 1) AS DOUBLE) AS degrees FROM note
        WHERE text LIKE '%febrile at times (%' OR text LIKE '%no fever (%'""",
    ).dropna()
    assert d.fever.sum() > 100
    assert d.degrees[d.fever].min() >= 38
    assert (d.degrees[~d.fever] < 38).mean() > 0.99  # the rest: letters swapped by the typist


LAST_HOURS = """
    SELECT median(value_num) FILTER (charted_ts > disch_ts - INTERVAL 6 HOUR) AS last,
      median(value_num) FILTER (charted_ts BETWEEN disch_ts - INTERVAL 72 HOUR AND disch_ts - INTERVAL 24 HOUR) AS early
    FROM vital JOIN encounter USING (encounter_id) WHERE disch_to = 'died' AND loinc = '{}'
      AND NOT EXISTS (FROM procedure p WHERE p.encounter_id = encounter.encounter_id AND code = 'ventilation')"""


@pytest.mark.parametrize(
    ("loinc", "least", "most"),
    [("8480-6", -50, -20), ("8462-4", -30, -8), ("8867-4", 15, 35), ("9279-1", 4, 14), ("59408-5", -12, -3)],
    ids=["systolic", "diastolic", "heart rate", "breaths", "oximetry"],
)
@pytest.mark.parametrize("cohort", ["covid", "heart"])
def test_signs_worsen_in_the_last_hours_before_death(
    cohort: str, loinc: str, least: float, most: float, request: pytest.FixtureRequest
) -> None:
    d = ask(request.getfixturevalue(cohort), LAST_HOURS.format(loinc)).iloc[0]
    assert least < d["last"] - d["early"] < most


@pytest.mark.parametrize(("cohort", "share"), [("covid", 0.85), ("heart", 0.6)])
def test_norepinephrine_holds_the_pressure_low(cohort: str, share: float, request: pytest.FixtureRequest) -> None:
    sql = """
        SELECT avg((value_num BETWEEN 85 AND 115)::INT) FROM vital JOIN medication USING (encounter_id)
        WHERE loinc = '8480-6' AND atc = 'C01CA03' AND charted_ts >= started_ts AND charted_ts < stopped_ts"""
    assert one(request.getfixturevalue(cohort), sql) > share


# ---- heart failure


def test_antibiotics_and_crp_follow_pneumonia(heart: Dataset) -> None:
    d = ask(
        heart,
        """SELECT bool_or(icd10 = 'J18') AS pneumonia,
          EXISTS (FROM medication m WHERE m.encounter_id = e.encounter_id AND atc = 'J01DD04') AS drug,
          (SELECT median(value_num * CASE WHEN site = 'B' THEN 10 ELSE 1 END) FROM lab l
            WHERE l.encounter_id = e.encounter_id AND loinc = '1988-5' AND value_num > 0 AND value_num <> 999) AS crp
        FROM encounter e JOIN diagnosis USING (encounter_id) WHERE ward = 'medicine' GROUP BY e.encounter_id, e.site""",
    )
    drug, crp = d.groupby("pneumonia").drug.mean(), d.groupby("pneumonia").crp.median()
    assert d.pneumonia.sum() > 100
    assert drug[True] > 0.85
    assert drug[False] < 0.15
    assert 60 < crp[True] < 120
    assert crp[False] < 15


def test_hardly_anyone_with_heart_failure_is_over_98(heart: Dataset) -> None:
    d = ask(heart, "SELECT year(admit_ts) - birth_year AS age FROM encounter JOIN person USING (person_id)").age
    assert (d > 98).mean() < 0.005
    assert (d >= 90).mean() > 0.1
    assert d.value_counts(normalize=True).loc[93:].max() < 0.03  # no heap at a limit


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
