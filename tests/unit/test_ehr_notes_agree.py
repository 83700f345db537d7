"""What a note says, the tables hold: each claim is counted against the rows; a copied note may be out of date."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from tests.made import WARD, ward

from rounds.data.dataset import Dataset
from rounds.synthetic.ehr.lookback import past, takes_drug
from rounds.synthetic.ehr.notes import _suit, templates
from rounds.synthetic.ehr.rows import NEVER, Rows
from rounds.synthetic.ehr.words import choose, repeat

MOST = 0.02
RUNS = "n.written_ts BETWEEN x.{0} AND x.{1}"


@pytest.fixture(scope="module")
def cohort() -> Callable[[str], Dataset]:
    """Return a function that gives a cohort."""
    return cache(ward)


def row(table: str, condition: str) -> str:
    """Return a condition: the note's encounter has such a row."""
    return f"EXISTS (FROM {table} x WHERE x.encounter_id = n.encounter_id AND {condition})"


def no(condition: str) -> str:
    """Return the opposite of a condition."""
    return f"NOT {condition}"


def charted(codes: str, condition: str, hours: int) -> str:
    """Return a condition: such a sign was charted in the hours before the note."""
    recent = f"x.charted_ts BETWEEN n.written_ts - INTERVAL {hours} HOUR AND n.written_ts"
    return row("vital", f"x.loinc IN ({codes}) AND {condition} AND {recent}")


def trend(loinc: str, order: str) -> str:
    """Return a condition: the last two known results stand in this order."""
    newest = "list(value_num ORDER BY resulted_ts DESC)"
    return f"""coalesce((SELECT ({newest})[1] {order} ({newest})[2] FROM lab x
      WHERE x.encounter_id = n.encounter_id AND loinc = '{loinc}' AND value_num >= 0 AND value_num <> 999
      AND resulted_ts <= n.written_ts), false)"""


def mother(condition: str) -> str:
    """Return a condition: the mother has such an order, at whichever visit it was written."""
    return f"""EXISTS (FROM medication x JOIN encounter a ON a.encounter_id = x.encounter_id
      JOIN encounter e ON e.encounter_id = n.encounter_id WHERE a.person_id = e.person_id AND {condition})"""


SYSTOLIC, DIASTOLIC = ("'8480-6'", "x.value_num >= 140"), ("'8462-4'", "x.value_num >= 90")
HOT = charted("'8310-5'", "(x.value_num BETWEEN 38.0 AND 45 OR x.value_num >= 100.4)", 12)
OXYGEN = charted("'3151-8', '3150-6'", "true", 8)
HIGH = "(" + " OR ".join(charted(*sign, 1) for sign in (SYSTOLIC, DIASTOLIC)) + ")"
HOME = row("encounter", "x.disch_to = 'home'")
VENTILATED = row("procedure", f"x.code = 'ventilation' AND {RUNS.format('start_ts', 'stop_ts')}")
CULTURE = row("micro", "x.collected_ts::DATE = n.written_ts::DATE")
NOT_HOT, PNEUMONIA, VIRAL = no(HOT), row("diagnosis", "icd10 = 'J18'"), row("diagnosis", "icd10 = 'J12.8'")
ECHO = """EXISTS (FROM procedure x JOIN encounter a ON a.encounter_id = x.encounter_id
  JOIN encounter e ON e.encounter_id = n.encounter_id WHERE a.person_id = e.person_id AND x.code = 'echocardiogram'
  AND x.stop_ts BETWEEN n.written_ts - INTERVAL 3 DAY AND n.written_ts)"""  # a transfer has two encounters

CLAIMS = [
    ("covid", "No fever", NOT_HOT),
    ("covid", "no fever (", NOT_HOT),
    ("covid", "CRP falling", trend("1988-5", "<")),
    ("covid", "CRP rising", trend("1988-5", ">")),
    ("covid", "oxygen can be reduced", OXYGEN),
    ("covid", "bathroom without oxygen", no(OXYGEN)),
    ("covid", "saturation falling with oxygen", OXYGEN),
    ("covid", "Sedation with MS", VENTILATED),
    ("covid", "Prone position", VENTILATED),
    ("covid", "enoxaparin", row("medication", "x.atc = 'B01AB05'")),
    ("covid", "Pneumonia not seen", no(VIRAL)),
    ("covid", "Clear lungs", no(VIRAL)),
    ("covid", "Covid-19 pneumonia, recovered", VIRAL),
    ("covid", "no PE.", no(row("diagnosis", "icd10 = 'I26'"))),
    ("covid", "Heart size normal", no(row("diagnosis", "icd10 = 'I50.9'"))),
    ("covid", "Goes home", HOME),
    ("covid", "oxygen need at the door", row("procedure", "x.code = 'oxygen'")),
    ("heart_failure", "No fever", NOT_HOT),
    ("heart_failure", "Denies cough", no(PNEUMONIA)),
    ("heart_failure", "lungs clear", no(PNEUMONIA)),
    ("heart_failure", "No consolidation", no(PNEUMONIA)),
    ("heart_failure", "ceftriaxone", row("medication", "x.atc = 'J01DD04'")),
    ("heart_failure", "Echocardiogram:", ECHO),
    ("heart_failure", "TTE.", ECHO),
    ("heart_failure", "Oedema less", no(row("encounter", "x.disch_to = 'died'"))),
    ("heart_failure", "Goes home", HOME),
    ("bsi", "No fever", NOT_HOT),
    ("bsi", "Without fever", NOT_HOT),
    ("bsi", "Blood cultures", CULTURE),
    ("bsi", "Platelets given", row("procedure", "x.code = 'platelet_transfusion' AND x.start_ts < n.written_ts")),
    ("bsi", "rising. No fever", trend("751-8", ">")),
    ("bsi", "Fever in neutropenia", HOT.replace(f"INTERVAL {12} HOUR", "INTERVAL 17 HOUR")),
    ("bsi", "no organism", no(row("micro", "x.organism IS NOT NULL AND x.resulted_ts < n.written_ts"))),
    ("birthweight", "Blood pressure normal", no(HIGH)),
    ("birthweight", "high each time", HIGH),
    ("birthweight", "pressure raised", HIGH),
    ("birthweight", "Iron 100 mg", mother("x.atc = 'B03AA07' AND n.written_ts BETWEEN x.started_ts AND x.stopped_ts")),
    ("birthweight", "Iron for 6 weeks", mother("x.atc = 'B03AA07'")),
    ("birthweight", "Folic acid advised", row("medication", "x.atc = 'B03BB01'")),
    ("birthweight", "Skin to skin", no(row("diagnosis", "icd10 IN ('O60', 'O14')"))),
]


@pytest.mark.parametrize(("name", "words", "holds"), CLAIMS, ids=[f"{name}: {words}" for name, words, _ in CLAIMS])
def test_what_a_note_says_the_tables_hold(cohort: Callable[[str], Dataset], name: str, words: str, holds: str) -> None:
    notes, wrong = (
        cohort(name)
        .connect()
        .execute(f"""SELECT count(*), avg((NOT ({holds}))::INT) FROM note n
        WHERE contains(text, '{words}') AND NOT starts_with(text, 'Copied')""")
        .fetchone()
    )
    assert notes > 5
    assert wrong <= MOST


def test_the_grade_in_a_note_is_the_charted_grade(cohort: Callable[[str], Dataset]) -> None:
    sql = """SELECT avg((said <> value)::INT), count(*) FROM (SELECT encounter_id, written_ts::DATE AS day,
          regexp_extract(text, '[Gg]rade ([0-9])', 1) AS said FROM note
          WHERE note_type <> 'discharge' AND NOT starts_with(text, 'Copied')) n
        JOIN observation o ON o.encounter_id = n.encounter_id AND o.ts::DATE = day
          AND code = 'mucositis_grade' WHERE said <> ''"""
    wrong, notes = cohort("bsi").connect().execute(sql).fetchone()
    assert notes > 100
    assert wrong < MOST


@pytest.mark.parametrize(("words", "loinc", "near"), [("emp", "8310-5", 0.5), ("RR", "9279-1", 2)])
def test_a_covid_note_tells_the_signs_of_the_chart(
    cohort: Callable[[str], Dataset], words: str, loinc: str, near: float
) -> None:
    sql = f"""SELECT avg((abs(said - last) > {near})::INT), count(*) FROM (SELECT
          TRY_CAST(regexp_extract(text, '{words} ([0-9]+[.]?[0-9]?)', 1) AS DOUBLE) AS said,
          (SELECT arg_max(CASE WHEN value_num > 95 THEN (value_num - 32) / 1.8 ELSE value_num END, charted_ts)
            FROM vital v WHERE v.encounter_id = n.encounter_id AND loinc = '{loinc}'
            AND charted_ts BETWEEN n.written_ts - INTERVAL 5 HOUR AND n.written_ts) AS last
        FROM note n WHERE NOT starts_with(text, 'Copied')) WHERE said IS NOT NULL AND last IS NOT NULL"""
    wrong, notes = cohort("covid").connect().execute(sql).fetchone()
    assert notes > 1000
    assert wrong < MOST


# ---- how a text is chosen, and how the past is looked up


@pytest.mark.parametrize("name", sorted(WARD))
def test_every_situation_has_a_text_for_those_of_whom_nothing_is_known(name: str) -> None:
    either = {"pressure_normal", "previous_unknown"}  # one of the two is always true
    free = {template.situation for template in templates(name) if not set(template.needs) - either}
    assert free == {template.situation for template in templates(name)}


def test_a_text_whose_fact_is_not_held_gives_way_to_another_of_its_situation() -> None:
    known = templates("bsi")
    n, facts = 4000, {need: np.zeros(4000, bool) for template in known for need in template.needs}
    chosen = np.arange(n) % len(known)
    suited = _suit(np.random.default_rng(1), "bsi", chosen, facts)
    for before, after in zip(chosen.tolist(), suited.tolist(), strict=True):
        assert known[after].situation == known[before].situation
        assert not known[after].needs
        assert after == before or known[before].needs


def test_the_past_ends_at_the_note_and_belongs_to_its_owner() -> None:
    seen = past(np.array([1, 0, 0, 2]), np.array([50, 30, 10, NEVER]), np.array([5.0, 3.0, 1.0, 9.0]))
    owner, when = np.array([0, 0, 0, 1, 2], np.int32), np.array([9, 10, 35, 49, 90])
    assert seen.within(owner, when, 20).tolist() == [False, True, True, False, False]
    assert np.isnan(seen.last(owner, when, 20)[[0, 3, 4]]).all()
    assert seen.last(owner, when, 20)[[1, 2]].tolist() == [1.0, 3.0]
    assert seen.change(owner, when)[2] == 2.0
    assert seen.over(3.0).within(owner, when, 40).tolist() == [False, False, True, False, False]
    assert seen.count(owner, when).tolist() == [0, 1, 2, 0, 0]
    empty = past(np.array([], np.int64), np.array([], np.int64))
    assert np.isnan(empty.last(owner, when, 20)).all()


def test_a_drug_is_taken_from_its_start_to_its_stop() -> None:
    orders: Rows = {
        "atc": choose(np.array([0, 0, 1]), "a", "b"),
        "drug": repeat("x", 3),
        "started_ts": np.array([10, 30, 0]),
        "stopped_ts": np.array([20, 40, 99]),
    }
    when = np.array([5, 10, 20, 35, 50])
    taken = takes_drug(orders, np.zeros(3, np.int32), "a", (np.zeros(5, np.int32), when))
    assert taken.tolist() == [False, True, False, True, False]
