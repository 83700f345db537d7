"""What happened to a patient: rows of the records, each with the time it describes and the time it was known.

A selector (``lab("crp")``) names the rows; ``.last(hours=24)`` and its sisters say which one a feature takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rounds.data.tables import Tables
from rounds.errors import DataError
from rounds.query.clock import number
from rounds.query.measurements import find_measurement

if TYPE_CHECKING:
    import ibis.expr.types as ir

Rule = Callable[[Any], Any]
BEFORE, AFTER, EVER = "before", "after", "ever"
HOURS = 60


@dataclass(frozen=True)
class Window:
    """Which rows count: those before time zero, those after it, or all of the record.

    ``minutes`` bounds the window, ``since`` names a column of the unit that begins it, ``until`` one that ends it.
    """

    side: str = BEFORE
    minutes: int | None = None
    since: str | None = None
    until: str | None = None
    late: int = 0


@dataclass(frozen=True)
class Measure:
    """One value for each unit: how to take it from the rows in a window."""

    events: Events
    how: str
    window: Window


@dataclass(frozen=True)
class Events:
    """Rows of one table that a rule keeps, with a value and two times.

    ``happened`` is the time that a row describes, ``known`` the time from which a reader of the record has it.
    ``link`` pairs a column of the unit with the column of the rows that it must equal.  ``ended`` is the end of rows
    that last: one that began before a window and ends inside or after it counts, and one without an end lasts.
    """

    source: Any
    name: str
    value: Rule
    happened: str
    known: str
    keep: Rule | None = None
    link: tuple[str, str] = ("encounter_id", "encounter_id")
    verdict: Rule | None = None
    side: str = BEFORE
    late: int = 0
    ended: str | None = None

    def table(self, tables: Tables) -> ir.Table:
        """Return the rows' table; with the person where the rows are linked by person and do not name one."""
        table = tables[self.source] if isinstance(self.source, str) else self.source
        if self.link[1] in table.columns:
            return table
        contact = tables["encounter"].select("encounter_id", "person_id")
        return table.inner_join(contact, "encounter_id")

    def where(self, rule: Rule) -> Events:
        """Keep only the rows that satisfy one more rule."""
        before = self.keep
        return replace(self, keep=rule if before is None else lambda t: before(t) & rule(t))

    def at(self, contact: str) -> Events:
        """Take the rows of another contact: the unit's column that holds its number."""
        return replace(self, link=(contact, "encounter_id"))

    def of_person(self) -> Events:
        """Take the rows of all contacts of the person."""
        return replace(self, link=("person_id", "person_id"))

    def after(self) -> Events:
        """Look ahead: rows after time zero. No feature may; an outcome and a column known later may."""
        return replace(self, side=AFTER)

    def ever(self) -> Events:
        """Look at the whole record, before and after time zero."""
        return replace(self, side=EVER)

    def coded_late(self, days: int) -> Events:
        """Allow codes that are written up to so many days after time zero, for what the patient had before it."""
        return replace(self, late=days * 24 * HOURS)

    def last(self, **window: Any) -> Measure:
        """Take the latest value."""
        return self._measure("last", window)

    def first(self, **window: Any) -> Measure:
        """Take the earliest value."""
        return self._measure("first", window)

    def highest(self, **window: Any) -> Measure:
        """Take the highest value."""
        return self._measure("highest", window)

    def lowest(self, **window: Any) -> Measure:
        """Take the lowest value."""
        return self._measure("lowest", window)

    def count(self, **window: Any) -> Measure:
        """Count the rows; 0 where there is none."""
        return self._measure("count", window)

    def any(self, **window: Any) -> Measure:
        """Tell whether there is a row."""
        return self._measure("any", window)

    def first_time(self, **window: Any) -> Measure:
        """Take the earliest time."""
        return self._measure("first_time", window)

    def last_time(self, **window: Any) -> Measure:
        """Take the latest time."""
        return self._measure("last_time", window)

    def _measure(self, how: str, window: dict[str, Any]) -> Measure:
        strange = sorted(set(window) - {"hours", "days", "since", "until"})
        if strange:
            raise DataError(f'{self.name}: a window has no "{strange[0]}". Write hours=, days=, since= or until=.')
        minutes = window.pop("hours", 0) * HOURS + window.pop("days", 0) * 24 * HOURS
        if minutes < 0:
            raise DataError(f"{self.name}: a window is a length, not negative. Write .after() to look ahead.")
        if minutes and self.side == EVER:
            raise DataError(f"{self.name}: the whole record has no length. Write since= or until=, or .after(...).")
        return Measure(self, how, Window(self.side, int(minutes) or None, late=self.late, **window))


def lab(name: str, unit: str | None = None) -> Events:
    """Select results of a test, by name ("crp") or LOINC code, as numbers in one unit; known when resulted."""
    return _measured("lab", name, unit, "collected_ts", "resulted_ts")


def vital(name: str, unit: str | None = None) -> Events:
    """Select a charted sign, by name ("spo2") or LOINC code, as numbers in one unit."""
    return _measured("vital", name, unit, "charted_ts", "charted_ts")


def observation(code: str, kind: str = "text") -> Events:
    """Select observations of a code; ``kind="number"`` reads the text as a number, as it was written."""
    if kind not in ("text", "number"):
        raise DataError(f'observation("{code}"): kind "{kind}" is not known. Write "text" or "number".')
    value: Rule = (lambda t: number(t.value)) if kind == "number" else (lambda t: t.value)
    return Events("observation", code, value, "ts", "ts", keep=lambda t: t.code == code)


def diagnosis(*codes: str) -> Events:
    """Select diagnoses by their ICD-10 codes; known when coded, often after discharge."""
    return Events("diagnosis", ", ".join(codes), lambda t: t.icd10, "coded_ts", "coded_ts", _one_of("icd10", codes))


def procedure(*codes: str) -> Events:
    """Select procedures by their codes; known from their start."""
    return Events("procedure", ", ".join(codes), lambda t: t.code, "start_ts", "start_ts", _one_of("code", codes))


def medication(*atc: str, route: str | None = None) -> Events:
    """Select ordered drugs by the beginnings of their ATC codes; known when ordered."""

    def keep(t: Any) -> Any:
        rule = t.atc.startswith(atc[0])
        for code in atc[1:]:
            rule = rule | t.atc.startswith(code)
        return rule if route is None else rule & (t.route == route)

    return Events("medication", ", ".join(atc), lambda t: t.atc, "ordered_ts", "ordered_ts", keep)


def given(*atc: str, route: str | None = None) -> Events:
    """Select drugs that were given, from the first dose to the last; known when ordered."""
    return replace(medication(*atc, route=route), happened="started_ts", ended="stopped_ts")


def culture() -> Events:
    """Select blood culture bottles; the value is what grew, known when the result was final."""
    return Events("micro", "culture", lambda t: t.organism.fill_null("no growth"), "collected_ts", "resulted_ts")


def rows(
    table: ir.Table, value: str, happened: str, known: str | None = None, by: str = "encounter_id", name: str = "rows"
) -> Events:
    """Select rows of an Ibis table of your own: its columns of value and times, and the id that it shares."""
    lacking = [c for c in (value, happened, known or happened, by) if c not in table.columns]
    if lacking:
        raise DataError(f'rows(...): the table has no column "{lacking[0]}". It has: {", ".join(table.columns)}.')
    return Events(table, name, lambda t: t[value], happened, known or happened, link=(by, by))


def _measured(table: str, name: str, unit: str | None, happened: str, known: str) -> Events:
    found = find_measurement(name, table)
    found = found if unit is None else found.in_unit(unit)
    keep = _one_of("loinc", found.codes)
    return Events(table, found.name, found.value, happened, known, keep, verdict=found.verdict)


def _one_of(column: str, codes: tuple[str, ...]) -> Rule:
    return lambda t: t[column].isin(list(codes))
