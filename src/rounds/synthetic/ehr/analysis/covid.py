"""One row for each stay of at least 24 hours: what is known by then, and the known death by day 28 of the stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ibis
from ibis import _

from rounds.query.clock import days_between
from rounds.query.events import diagnosis, lab, medication, procedure, rows, vital
from rounds.query.measurements import find_measurement
from rounds.query.study import Study

EXTRACTED = datetime(2022, 1, 1)  # the last admission is in October 2021: all are observed for 28 days
WAVES = (datetime(2020, 7, 1), datetime(2020, 12, 1), datetime(2021, 6, 1))  # ends of the first three
DISEASES = ("I10", "E11", "N18", "J44", "I50.9", "E66")
OXYGEN = ("3151-8", "3150-6")
CODED_WITHIN_DAYS = 400  # from the admission: more than the longest stay and the 40 days after it


def study(source: Any) -> Study:
    """Return the stays of the Covid-19 challenge."""
    stays = Study.of(source).unit("stay").index("24 hours after admission", "admit_ts", hours=24)
    stays = stays.include("Still in after 24 hours", _.disch_ts.isnull() | (_.disch_ts > _.time_zero))
    signs = _moments(stays)
    return (
        stays.columns("person_id", "encounter_id", "site", "skin_tone", "age", "sex")
        .columns(wave=_wave, length_of_stay=lambda t: days_between(t.admit_ts, t.disch_ts))
        .feature("diseases", diagnosis(*DISEASES).coded_late(days=CODED_WITHIN_DAYS).count())
        .feature("rr", vital("respiratory_rate").first())
        .feature("spo2_first", vital("spo2").first())
        .feature("spo2_last", vital("spo2").last())
        .feature("spo2_room_air", rows(signs, "spo2_room_air", "charted_ts", name="signs").first())
        .feature("oxygen", rows(signs, "oxygen", "charted_ts", name="signs").any())
        .feature("gcs", vital("gcs").lowest())
        .feature("crp", lab("crp").first())
        .feature("ldh", lab("ldh").first())
        .feature("lymphocytes", lab("lymphocytes").first())
        .feature("dimer", lab("dimer").first())
        .feature("urea", lab("urea").first())
        .feature("creatinine", lab("creatinine").first())
        .later("ventilated", procedure("ventilation").ever().any())
        .later("intensive_care", procedure("intensive_care").ever().any())
        .later("dexamethasone", medication("H02AB02").ever().any())
        .derive("confused", _.gcs < 15)
        .derive("died_in_hospital", _.disch_to == "died")
        .outcome(
            "died_28",
            event="death_ts",
            days=28,
            since="admit_ts",
            competing={"discharged alive": lambda t: ibis.ifelse(t.disch_to == "died", None, t.disch_ts)},
            observed_until=EXTRACTED,
        )
    )


def _wave(t: Any) -> Any:
    steps = [(t.admit_ts < ibis.timestamp(end), number) for number, end in enumerate(WAVES, start=1)]
    return ibis.cases(*steps, else_=len(WAVES) + 1).cast("int64")


def _moments(stays: Study) -> Any:
    """Return one row for each charted moment: whether oxygen ran, and the saturation without it."""
    t = stays.tables["vital"]
    spo2 = find_measurement("spo2", "vital")
    moments = t.group_by("encounter_id", "charted_ts").aggregate(
        spo2=spo2.value(t).max(where=t.loinc.isin(list(spo2.codes))),
        oxygen=t.loinc.isin(list(OXYGEN)).cast("int64").sum() > 0,
    )
    return moments.mutate(
        spo2_room_air=ibis.ifelse(moments.oxygen, None, moments.spo2),
        oxygen=ibis.ifelse(moments.oxygen, 1, None),
    )
