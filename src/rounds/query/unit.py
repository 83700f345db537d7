"""The unit of analysis: what one row of a study is, its keys, and what is known about it from its own records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ibis

from rounds.data.tables import Tables
from rounds.errors import DataError, suggest
from rounds.query.clock import day_number, later, start_of_day
from rounds.query.look_up import look_up

if TYPE_CHECKING:
    import ibis.expr.types as ir

LONGEST_STAY_DAYS = 366
PERSON = ("sex", "birth_year", "sector", "hmo", "skin_tone")


@dataclass(frozen=True)
class Unit:
    """Rows with one key each, the person they belong to, and their order; ``many``: several in one contact."""

    name: str
    rows: ir.Table
    keys: tuple[str, ...]
    person: str = "person_id"
    order: tuple[str, ...] = ()
    many: bool = False

    def with_rows(self, rows: ir.Table) -> Unit:
        """Return the same unit with other rows."""
        return replace(self, rows=rows)


def build_unit(name: str, tables: Tables) -> Unit:
    """Return the rows of a known unit of analysis."""
    if name not in UNITS:
        raise DataError(f'There is no unit of analysis "{name}".{suggest(name, UNITS)}')
    return UNITS[name](tables)


def admissions(tables: Tables) -> Unit:
    """Return each inpatient encounter as it was written: a transfer is a row of its own."""
    encounter = tables["encounter"]
    inpatient = encounter.filter(encounter["class"] == "inpatient")
    return Unit("admission", _with_person(inpatient, tables), ("encounter_id",), order=("person_id", "admit_ts"))


def stays(tables: Tables) -> Unit:
    """Return each stay in hospital; an encounter that continues another by transfer is the end of that one."""
    encounter = tables["encounter"]
    parts = encounter.filter(encounter["class"] == "inpatient")
    second = parts.filter(parts.transfer_from.notnull()).select(
        first_id="transfer_from", second_id="encounter_id", end_ts="disch_ts", end_to="disch_to"
    )
    both = look_up(parts.filter(parts.transfer_from.isnull()), "encounter_id", second, "first_id")
    moved = both.second_id.notnull()
    both = both.mutate(
        disch_ts=ibis.ifelse(moved, both.end_ts, both.disch_ts),
        disch_to=ibis.ifelse(moved, both.end_to, both.disch_to),
    ).drop("end_ts", "end_to", "transfer_from")
    return Unit("stay", _with_person(both, tables), ("encounter_id",), order=("person_id", "admit_ts"))


def days(tables: Tables) -> Unit:
    """Return each calendar day of a stay after the day of admission, to the day of discharge."""
    stay = stays(tables).rows
    offset = ibis.memtable({"offset": list(range(1, LONGEST_STAY_DAYS + 1))}, schema={"offset": "int64"})
    every = stay.cross_join(offset)
    last = day_number(every.disch_ts) - day_number(every.admit_ts)
    every = every.filter(every.offset <= last)
    every = every.mutate(today_number=day_number(every.admit_ts) + every.offset)
    every = every.mutate(today=start_of_day(every.today_number))
    return Unit(
        "day", every.drop("offset"), ("encounter_id", "today_number"), order=("person_id", "today_number"), many=True
    )


def births(tables: Tables) -> Unit:
    """Return each child of a pregnancy with the mother's booking visit, her delivery and the child's own encounter."""
    pregnancy, encounter = tables["pregnancy"], tables["encounter"]
    contact = encounter.select("encounter_id", "person_id", "class", "ward", "site", "admit_ts", "disch_ts")
    visit = contact.select(booking_id="encounter_id", who="person_id", at="admit_ts", booked_ts="disch_ts")
    rows = pregnancy.left_join(visit, [pregnancy.mother_id == visit.who, pregnancy.booking_ts == visit.at])
    rows = rows.drop("who", "at")
    stay = contact.filter(contact["class"] == "inpatient").select(
        delivery_id="encounter_id", who="person_id", begin="admit_ts", end="disch_ts"
    )
    inside = (rows.delivery_ts >= stay.begin) & (rows.delivery_ts <= stay.end)
    rows = rows.left_join(stay, [rows.mother_id == stay.who, inside]).drop("who", "begin", "end")
    new = contact.filter(contact["class"] == "newborn")
    new = new.select(newborn_id="encounter_id", who="person_id", site="site", newborn_ward="ward")
    person = tables["person"]
    rows = look_up(rows, "child_id", new, "who")
    rows = look_up(rows, "mother_id", person.select(who="person_id", mother_birth_year="birth_year"), "who")
    rows = look_up(rows, "child_id", person.select(who="person_id", sex="sex"), "who")
    rows = rows.mutate(person_id=rows.mother_id)
    return Unit("birth", rows, ("child_id",), person="mother_id", order=("mother_id", "birth_order", "child_id"))


def _with_person(rows: ir.Table, tables: Tables) -> ir.Table:
    """Add what is known about the person, the age in the year of admission, and the death if the hospital knows it."""
    person = tables["person"].select(*(n for n in ("person_id", *PERSON) if n in tables["person"].columns))
    rows = look_up(rows, "person_id", person, "person_id")
    rows = rows.mutate(age=rows.admit_ts.year() - rows.birth_year)
    if "death" not in tables:
        return rows.mutate(death_ts=ibis.null("timestamp(6)"))
    return look_up(rows, "person_id", tables["death"].select("person_id", death_ts="death_date"), "person_id")


UNITS: dict[str, Callable[[Tables], Unit]] = {
    "admission": admissions,
    "birth": births,
    "day": days,
    "stay": stays,
}


def add_zero(rows: ir.Table, when: ir.Value, minutes: int) -> ir.Table:
    """Return the rows with their time zero: so many minutes after a moment."""
    return rows.mutate(time_zero=later(when, minutes).cast("timestamp(6)"))
