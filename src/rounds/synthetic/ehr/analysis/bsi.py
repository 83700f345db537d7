"""One row for each patient and day at risk (day -3 to 30, before the first infection), known at the round of 9 h."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ibis
from ibis import _

from rounds.query.clock import day_number, later, start_of_day
from rounds.query.events import culture, given, lab, observation, vital
from rounds.query.look_up import look_up
from rounds.query.measurements import find_measurement
from rounds.query.study import Study

ROUND_HOUR = 9
FIRST_DAY, LAST_DAY = -3, 30
CALENDAR_FROM = datetime(2012, 12, 1)  # fixed, so that a part of the patients has the same numbers as all
COMMENSALS = ("Staphylococcus epi", "Staphylococcus hom", "Coryne", "Micrococcus")
FEVER_C = 38.0


def study(source: Any) -> Study:
    """Return the patient-days of the infection challenge."""
    return _outcome(_columns(_days(source)))


def _days(source: Any) -> Study:
    return (
        mornings(source)
        .include("Before a first infection", _.infected_number.isnull() | (_.today_number < _.infected_number))
        .include("Still in at the morning round", _.disch_ts > later(_.today, ROUND_HOUR * 60))
        .index("the morning round at 9 h", "today", hours=ROUND_HOUR)
    )


def mornings(source: Any) -> Study:
    """Return all patient-days of a transplant, days of and after an infection too."""
    days = Study.of(source).unit("day")
    transplant = days.tables["transplant"].select("person_id", "day0", "donor")
    rows = look_up(days.current().rows, "person_id", transplant, "person_id")
    rows = look_up(rows, "encounter_id", infections(days.tables), "encounter_id")
    rows = rows.mutate(
        day=rows.today_number - day_number(rows.day0),
        tomorrow=later(rows.today, 1440),
        infected_ts=start_of_day(rows.infected_number),
    )
    return days.unit(days.current().with_rows(rows)).include(
        "Day -3 to 30 of a transplant", _.day.between(FIRST_DAY, LAST_DAY)
    )


def _columns(days: Study) -> Study:
    return (
        days.columns("person_id", "site", "ward", "day", "sex", age=_.day0.year() - _.birth_year)
        .columns(calendar_day=lambda t: t.today_number - day_number(ibis.timestamp(CALENDAR_FROM)) + 1)
        .columns(transplant_type=lambda t: ibis.ifelse(t.donor == "autologous", "autologous", "allogeneic"))
        .feature("anc", lab("neutrophils").highest(hours=ROUND_HOUR))
        .feature("crp_exact", lab("crp").highest(hours=ROUND_HOUR))
        .feature("temperature", vital("temperature").highest(hours=ROUND_HOUR))
        .feature("heart_rate", vital("heart_rate").last(hours=ROUND_HOUR))
        .feature("warning_score", observation("warning_score", kind="number").highest(hours=ROUND_HOUR))
        .later("antibiotic_on", given("J01", route="intravenous").ever().any(since="today", until="tomorrow"))
        .later("culture_taken", culture().ever().any(since="today", until="tomorrow"))
        .derive("crp", _.crp_exact.round(1))
    )


def _outcome(days: Study) -> Study:
    """Add the infection of the next two calendar days; the status names death and discharge before it."""
    return days.outcome(
        "bsi_next_48h",
        event="infected_ts",
        days=3,
        since="today",
        competing={
            "died": lambda t: ibis.ifelse(t.disch_to == "died", t.disch_ts, None),
            "discharged": lambda t: ibis.ifelse(t.disch_to == "died", None, t.disch_ts),
        },
    )


def infections(tables: Any) -> Any:
    """Return the day of each stay's first infection.

    A pathogen grew in one set; or a common commensal in two sets of the same or of consecutive days, with a fever not
    more than a day away (NHSN).
    """
    sets = _grown_sets(tables["micro"])
    warm = _warm_days(tables["vital"])
    sure = sets.filter(sets.pathogen).select("encounter_id", "drawn")
    skin = sets.filter(sets.commensal).select("encounter_id", "drawn", "set_id")
    other = skin.rename(_encounter="encounter_id", _drawn="drawn", _set="set_id")
    gap = other._drawn - skin.drawn
    pairs = skin.inner_join(
        other, [skin.encounter_id == other._encounter, skin.set_id != other._set, gap.between(0, 1)]
    )
    warm = warm.rename(_warm_encounter="encounter_id", _warm_day="warm_day")
    near = (warm._warm_day - pairs.drawn).between(-1, 1)
    fever = pairs.semi_join(warm, [pairs.encounter_id == warm._warm_encounter, near])
    counted = ibis.union(sure, fever.select("encounter_id", "drawn"), distinct=False)
    return counted.group_by("encounter_id").aggregate(infected_number=counted.drawn.min())


def _grown_sets(micro: Any) -> Any:
    grown = micro.filter(micro.organism.notnull())
    commensal = ibis.or_(*[grown.organism.startswith(name) for name in COMMENSALS])
    return grown.group_by("set_id").aggregate(
        encounter_id=grown.encounter_id.min(),
        drawn=day_number(grown.collected_ts).min(),
        commensal=commensal.cast("int64").max() > 0,
        pathogen=(~commensal).cast("int64").max() > 0,
    )


def _warm_days(vital_signs: Any) -> Any:
    temperature = find_measurement("temperature", "vital")
    rows = vital_signs.filter(vital_signs.loinc.isin(list(temperature.codes)))
    rows = rows.select("encounter_id", warm_day=day_number(rows.charted_ts), value=temperature.value(rows))
    return rows.filter(rows.value >= FEVER_C).select("encounter_id", "warm_day").distinct()
