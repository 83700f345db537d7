"""What a test or a sign is: its codes, the units that sites write it in, and the values that are possible.

A value becomes one number in one unit, or it is not used; the verdict says which and why.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from rounds.data.units import find_factor, ucum
from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import ibis.expr.types as ir

USED, UNIT_FROM_RANGE, UNIT_MISREAD = "used", "unit from range", "unit misread"
NO_NUMBER, SENTINEL, UNIT_REFUSED, IMPOSSIBLE = "no number", "sentinel", "unit refused", "impossible"
KEPT = (USED, UNIT_FROM_RANGE, UNIT_MISREAD)


@dataclass(frozen=True)
class Origin:
    """A code with a unit that a site may write, and how its number becomes the study's."""

    code: str
    unit: str
    factor: float = 1.0
    subtract: float = 0.0
    divide: float = 1.0
    ref_high: tuple[float, ...] = ()

    def convert(self, value: ir.Value) -> ir.Value:
        """Return the number in the study's unit."""
        value = value - self.subtract if self.subtract else value
        value = value / self.divide if self.divide != 1 else value
        return value * self.factor if self.factor != 1 else value


@dataclass(frozen=True)
class Measurement:
    """One test or sign in one unit."""

    name: str
    table: str
    title: str
    unit: str
    low: float
    high: float
    origins: tuple[Origin, ...]
    sentinels: tuple[float, ...] = ()
    misread: tuple[float, float, Origin] | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the LOINC codes under which sites write it."""
        return tuple(dict.fromkeys(origin.code for origin in self.origins))

    def units(self) -> tuple[str, ...]:
        """Return the units that can be converted."""
        return tuple(dict.fromkeys(origin.unit for origin in self.origins))

    def in_unit(self, unit: str) -> Measurement:
        """Return the same in another of its units."""
        unit = ucum(unit)
        if unit == self.unit:
            return self
        same = [o for o in self.origins if o.unit == unit and not o.subtract and o.divide == 1]
        if not same:
            known = (o.unit for o in self.origins)
            raise DataError(f"No conversion {self.unit} to {unit} for {self.name}.{suggest(unit, known)}")
        by = 1 / same[0].factor
        origins = tuple(replace(o, factor=o.factor * by) for o in self.origins)
        return replace(self, unit=unit, low=self.low * by, high=self.high * by, origins=origins)

    def value(self, t: ir.Table) -> ir.Value:
        """Return the number of each row in the study's unit; missing where the verdict is not one of ``KEPT``."""
        import ibis

        return ibis.ifelse(self.verdict(t).isin(list(KEPT)), self._right(self._converted(t)), ibis.null("float64"))

    def verdict(self, t: ir.Table) -> ir.Value:
        """Return for each row whether its value is used, and how or why not."""
        import ibis

        converted = self._converted(t)
        cases = [
            (t.value_num.isnull(), NO_NUMBER),
            (t.value_num.isin(list(self.sentinels)), SENTINEL),
            (converted.isnull(), UNIT_REFUSED),
            (~self._right(converted).between(self.low, self.high), IMPOSSIBLE),
            (t.unit.isnull(), UNIT_FROM_RANGE),
        ]
        if self.misread is not None:
            cases.append((converted.between(*self.misread[:2]), UNIT_MISREAD))
        return ibis.cases(*cases, else_=USED)

    def _converted(self, t: ir.Table) -> ir.Value:
        """Return the number by the row's unit; a lost unit is read from the reference range, or not at all."""
        import ibis

        written = [((t.loinc == o.code) & (t.unit == o.unit), o.convert(t.value_num)) for o in self.origins]
        if "ref_high" in t.columns:
            for o in (o for o in self.origins if o.ref_high):
                lost = t.unit.isnull() & t.ref_high.isin(list(o.ref_high))
                written.append(((t.loinc == o.code) & lost, o.convert(t.value_num)))
        return ibis.cases(*written, else_=ibis.null("float64"))

    def _right(self, converted: ir.Value) -> ir.Value:
        """Return the number after a unit that cannot be true is read as the one that can."""
        import ibis

        if self.misread is None:
            return converted
        low, high, origin = self.misread
        return ibis.ifelse(converted.between(low, high), origin.convert(converted), converted)


@cache
def measurements() -> dict[str, Measurement]:
    """Return every known test and sign by its name."""
    entry = tomllib.loads(files("rounds.query").joinpath("measurements.toml").read_text(encoding="utf-8"))
    sentinels = tuple(map(float, entry["sentinels"]))
    return {
        name: _parse(name, table, dict(one), sentinels if table == "lab" else ())
        for table in ("lab", "vital")
        for name, one in entry[table].items()
    }


def find_measurement(name: str, table: str) -> Measurement:
    """Return a test or a sign by its name, or by one of its LOINC codes."""
    known = {m.name: m for m in measurements().values() if m.table == table}
    by_code = {code: m for m in known.values() for code in m.codes}
    if name not in known and name not in by_code:
        raise DataError(f'There is no {table} "{name}".{suggest(name, [*known, *by_code])}')
    return known.get(name) or by_code[name]


def _parse(name: str, table: str, entry: dict[str, Any], sentinels: tuple[float, ...]) -> Measurement:
    misread = entry.pop("misread", None)
    if misread:
        low, high = float(misread.pop("low")), float(misread.pop("high"))
        misread = (low, high, Origin("", entry["unit"], **misread))
    origins = tuple(_origin(dict(one), entry["unit"]) for one in entry.pop("source"))
    return Measurement(name, table, origins=origins, sentinels=sentinels, misread=misread, **entry)


def _origin(entry: dict[str, Any], unit: str) -> Origin:
    own = {"factor", "subtract", "divide"} & set(entry)
    factor = entry.pop("factor", 1.0 if own else find_factor(entry["unit"], unit))
    return Origin(factor=float(factor), ref_high=tuple(map(float, entry.pop("ref_high", ()))), **entry)
