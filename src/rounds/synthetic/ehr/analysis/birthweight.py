"""One row for each live birth: what is known when the booking visit ends, and the newborn's weight."""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _

from rounds.query.events import diagnosis, observation, rows
from rounds.query.study import Study

ERA_FROM, ERA_YEARS = 2013, 3
CODED_WITHIN_DAYS = 60  # a code is written at most 40 days after the visit (`codings.code_diagnoses`)
LIGHTEST_GRAMS = 10  # below it a weight stands in kilograms: the heaviest child has 5.6, the lightest 400 g


def study(source: Any) -> Study:
    """Return the births of the birthweight challenge."""
    births = (
        Study.of(source)
        .unit("birth")
        .include("Born here, with a booking visit here", _.newborn_id.notnull() & _.booking_id.notnull())
        .index("the end of the booking visit", "booked_ts")
    )
    return _relatives(_later(_known_at_booking(births)))


def _known_at_booking(births: Study) -> Study:
    births = births.columns("mother_id", "child_id", "birth_order", "site", "plurality", "sex")
    births = births.columns(
        era=_era, age=_.booking_ts.year() - _.mother_birth_year, neonatal_unit=_.newborn_ward == "neonatal unit"
    )
    for name, code in {
        "height_cm": "8302-2",
        "bmi": "39156-5",
        "parity": "11977-6",
        "told": "previous_birthweight_told",
    }.items():
        births = births.feature(name, observation(code, kind="number").at("booking_id").last())
    births = births.feature("smoking", observation("72166-2").at("booking_id").last())
    for name, code in {"chronic_hypertension": "O10", "pregestational_diabetes": "O24.0"}.items():
        had = diagnosis(code).at("booking_id").coded_late(days=CODED_WITHIN_DAYS)
        births = births.feature(name, had.any())
    return births


def _later(births: Study) -> Study:
    for name, code in {"gestational_diabetes": "O24.4", "pre_eclampsia": "O14"}.items():
        births = births.later(name, diagnosis(code).at("delivery_id").ever().any())
    gain = observation("56078-9", kind="number").at("delivery_id").ever()
    apgar = observation("9274-2", kind="number").at("newborn_id").ever()
    weight = observation("8339-4", kind="number").at("newborn_id").ever()
    births = births.columns(gestation_days=_.ga_delivery_days)
    births = births.later("weight_gain_kg", gain.highest()).later("apgar_5", apgar.highest())
    return births.later("birthweight_g", weight.highest())


def _relatives(births: Study) -> Study:
    """Add the weight of the child before, known at booking, and of all siblings, which holds the future."""
    before = rows(_firstborn(births), "grams", "delivery_ts", by="mother_id", name="births before")
    parity = rows(_firstborn(births), "parity", "delivery_ts", by="mother_id", name="births before")
    births = births.feature("grams_before", before.last()).feature("parity_before", parity.last())
    here = ibis.ifelse(_.parity_before == _.parity - 1, _.grams_before, None)
    births = births.derive("previous_birthweight_g", here.coalesce(_.told))
    return births.derive("grams", _grams).derive("siblings_mean_birthweight_g", _siblings)


def _firstborn(births: Study) -> Any:
    """Return the first child of each pregnancy with its weight in grams and the mother's parity before it."""
    born = births.derive("grams", _grams).columns("delivery_ts", "pregnancy_id").table()
    first = born.birth_order.min().over(ibis.window(group_by="pregnancy_id"))
    return born.mutate(first=first).filter(_.birth_order == _.first)


def _grams(t: Any) -> Any:
    return ibis.ifelse(t.birthweight_g < LIGHTEST_GRAMS, t.birthweight_g * 1000, t.birthweight_g)


def _siblings(t: Any) -> Any:
    family = ibis.window(group_by="mother_id")
    total, children = t.grams.sum().over(family), t.grams.count().over(family)
    return ibis.ifelse(children > 1, ((total - t.grams) / (children - 1)).round(), None)


def _era(t: Any) -> Any:
    first = (t.booking_ts.year().cast("int64") - ERA_FROM) // ERA_YEARS * ERA_YEARS + ERA_FROM
    return first.cast("string") + "-" + (first + ERA_YEARS - 1).cast("string")
