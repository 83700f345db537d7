"""One row for each unplanned stay (a transfer continues a stay): known at discharge; back within 30 days?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ibis
from ibis import _

from rounds.query.clock import days_between
from rounds.query.events import diagnosis, lab, medication, observation, rows, vital
from rounds.query.study import Study

EXTRACTED = datetime(2023, 1, 1)
CODED_WITHIN_DAYS = 60  # a code is written at most 40 days after the stay (`codings.code_diagnoses`)
DISEASES = {"ischaemic": "I25", "ckd": "N18", "copd": "J44", "af": "I48"}


def study(source: Any) -> Study:
    """Return the stays of the heart failure challenge."""
    stays = (
        Study.of(source)
        .unit("stay")
        .include("Not planned", lambda t: ~t.planned)
        .columns(**_order())
        .index("discharge, or the end of the record", lambda t: t.disch_ts.coalesce(ibis.timestamp(EXTRACTED)))
    )
    return _outcome(_later(_features(stays)))


def _order() -> dict[str, Any]:
    """Return which of the person's stays this is, when the next one begins, and what is left of the record."""
    window = ibis.window(group_by="person_id", order_by="admit_ts")
    whole = ibis.window(group_by="person_id")
    return {
        "number": lambda t: ibis.row_number().over(window) + 1,
        "next_ts": lambda t: t.admit_ts.lead().over(window),
        "stays_total": lambda t: t.encounter_id.count().over(whole),
        "length_of_stay": lambda t: days_between(t.admit_ts, t.disch_ts),
        "days_observed": lambda t: days_between(t.disch_ts, ibis.timestamp(EXTRACTED)),
        "days_to_death": lambda t: days_between(t.disch_ts, t.death_ts),
    }


def _features(stays: Study) -> Study:
    ef = observation("10230-1", kind="number").of_person()
    earlier = rows(_admissions(stays), "encounter_id", "admit_ts", by="person_id", name="earlier stays")
    stays = stays.columns("person_id", "encounter_id", "site", "admit_ts", "disch_ts", "disch_to", "age", "sex")
    stays = stays.columns(year_before_ts=lambda t: t.admit_ts - ibis.interval(days=365))
    stays = stays.feature("ef", ef.last()).feature("ef_this_stay", ef.any(since="admit_ts"))
    for name, code in DISEASES.items():
        stays = stays.feature(name, diagnosis(code).coded_late(days=CODED_WITHIN_DAYS).any())
        stays = stays.feature(f"{name}_coded_before", diagnosis(code).of_person().any())
    for name in ("ntprobnp", "sodium", "creatinine", "haemoglobin"):
        stays = stays.feature(name, lab(name).first())
    stays = stays.feature("systolic", vital("systolic").first()).feature("heart_rate", vital("heart_rate").first())
    stays = stays.feature("sglt2", medication("A10BK01").any())
    return stays.feature("stays_last_year", earlier.count(since="year_before_ts", until="admit_ts"))


def _admissions(stays: Study) -> Any:
    return stays.current().rows.select("person_id", "encounter_id", "admit_ts")


def _later(stays: Study) -> Study:
    contact = stays.tables["encounter"]
    visits = contact.filter(contact.ward == "heart failure clinic").select("person_id", "encounter_id", "admit_ts")
    clinic = rows(visits, "encounter_id", "admit_ts", by="person_id", name="clinic").after()
    return stays.later("clinic", clinic.any(days=30, until="next_ts"))


def _outcome(stays: Study) -> Study:
    return stays.derive("days_to_next", lambda t: days_between(t.disch_ts, t.next_ts)).outcome(
        "readmitted_30d",
        event="next_ts",
        days=30,
        competing={"died": "death_ts"},
        observed_until=EXTRACTED,
        at_risk=_.disch_ts.notnull() & (_.disch_to != "died"),
    )
