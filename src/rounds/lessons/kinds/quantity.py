"""A number with its unit, as a laboratory writes it: ``"0.7 mg/dL"`` is as right as ``"62 µmol/L"``.

pint knows the units (BSD-3, kept since 2012); between mass and substance it needs the molar mass.  Of what somebody
wrote, only a number and a unit of at most 20 plain signs are read: pint's reader of whole expressions would work out
``9**9**9``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.errors import suggest
from rounds.lessons.ladder import Diagnosis, Mistake, Rung, recognise

if TYPE_CHECKING:
    import pint

FORM = re.compile(r"\s*(?P<number>[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2})?)\s*(?P<unit>\S.*?)?\s*")
UNIT = re.compile(r"[A-Za-zµμ°%]+(?:\^?-?\d(?!\d))?(?:[/*·.][A-Za-zµμ°%]+(?:\^?-?\d(?!\d))?){0,3}|1/[A-Za-z]{1,10}")
LONGEST_UNIT = 20
USUAL = (
    *("mg/dL", "mg/L", "g/L", "g/dL", "µmol/L", "mmol/L", "ng/mL", "U/L", "mmHg", "kPa", "kg", "g", "mg", "mL", "L"),
    *("°C", "%", "cm", "min", "h", "days", "weeks", "years", "bpm", "1/min"),
)
MORE = ("beat_per_minute = 1 / minute = bpm", "@alias degree_Celsius = Cel", "international_unit = [activity] = IU")


@dataclass(frozen=True)
class Amount:
    """The right amount: its value in a unit, how far off an answer may be as a share, and g/mol where it has one."""

    value: float
    unit: str
    tolerance: float = 0.02
    grams_per_mole: float = 0.0


def is_quantity(name: str, example: str) -> Rung:
    """Ask for a text with a number and a unit that exists; `example` is of another quantity, like ``37.2 °C``."""

    def ask(answer: Any) -> str | None:
        if not isinstance(answer, str):
            return _say_kind(name, example, answer)
        comma = re.fullmatch(r"\s*(\d+),(\d+)\s*(.*)", answer)
        if comma:
            said = f"{name} has a decimal comma. Write a point: {comma[1]}.{comma[2]} {comma[3]}".rstrip()
            return Diagnosis(f"{said}.", "decimal-comma")
        match = FORM.fullmatch(answer)
        if match is None:
            return Diagnosis(f'{name} does not begin with one number. Write it like "{example}".', "no-number")
        if not match["unit"]:
            return Diagnosis(f'{name} has no unit. Write number and unit in quotes, like "{example}".', "no-unit")
        return _find_unit_problem(name, match["unit"])

    return Rung("type", ask)


def is_amount(wanted: Amount, *mistakes: Mistake, otherwise: str = "") -> Rung:
    """Ask for this amount, in any unit that measures it; the usual slips with units are known."""
    known = (
        Mistake("other-quantity", lambda answer: _ratio(answer, wanted) is None, _say_other),
        Mistake("power-of-ten", lambda answer: _is_power(answer, wanted), lambda answer: _say_power(answer, wanted)),
        Mistake("mass-or-moles", lambda answer: _is_unconverted(answer, wanted), MIXED),
    )
    otherwise = otherwise or "The amount is not right yet. Work it out once more, with the unit at each step."
    return recognise("values", *known, *mistakes, right=lambda answer: _is_right(answer, wanted), otherwise=otherwise)


MIXED = "The number belongs to the other kind of unit: mg count mass, mmol count molecules. Convert the number too."


def read_quantity(text: str) -> pint.Quantity[Any]:
    """Return the amount that a text says, of which `is_quantity` found no problem."""
    match = FORM.fullmatch(text)
    if match is None or not match["unit"]:
        raise ValueError("no number with a unit")
    return _registry().Quantity(float(match["number"]), _read_unit(match["unit"]))


def _say_kind(name: str, example: str, answer: Any) -> Diagnosis:
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        return Diagnosis(f'{name} has no unit. Write number and unit in quotes, like "{example}".', "no-unit")
    kind = type(answer).__name__
    return Diagnosis(f'{name} is of type {kind}; write a text in quotes, like "{example}".', "type")


def _find_unit_problem(name: str, unit: str) -> Diagnosis | None:
    try:
        _read_unit(unit)
    except Exception:  # pint raises errors of many kinds for what is no unit
        near = suggest(unit, USUAL) if len(unit) <= LONGEST_UNIT else ""
        near = near if near.startswith(" Did") else " Write it as a laboratory does, like mg/dL."
        return Diagnosis(f'{name}: there is no unit "{unit[:LONGEST_UNIT]}".{near}', "unknown-unit")
    return None


def _read_unit(unit: str) -> Any:
    if len(unit) > LONGEST_UNIT or not UNIT.fullmatch(unit):
        raise ValueError("no unit")
    return _registry().parse_units(unit)


@cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint  # 0.4 s, for lessons that ask for a unit only

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry()
    for definition in MORE:
        registry.define(definition)
    return registry


def _in_unit(answer: str, wanted: Amount) -> float | None:
    """Return the amount in the wanted unit, None where it measures something else."""
    import pint

    quantity = read_quantity(answer)
    mass = wanted.grams_per_mole * _registry().Unit("g/mol")
    try:
        given = quantity.to(wanted.unit, "chemistry", mw=mass) if wanted.grams_per_mole else quantity.to(wanted.unit)
    except (pint.DimensionalityError, ZeroDivisionError):  # the second: a bare mass, of which no volume is said
        return None
    return float(given.magnitude)


def _ratio(answer: str, wanted: Amount) -> float | None:
    given = _in_unit(answer, wanted)
    return None if given is None else given / wanted.value


def _is_right(answer: str, wanted: Amount) -> bool:
    given = _in_unit(answer, wanted)
    return given is not None and abs(given - wanted.value) <= abs(wanted.value) * wanted.tolerance


def _power(answer: str, wanted: Amount) -> int:
    """Return by how many tens an answer is off, 0 where by something else."""
    ratio = _ratio(answer, wanted) or 0.0
    return next((n for n in (-6, -3, -2, -1, 1, 2, 3, 6) if abs(ratio / 10**n - 1) <= wanted.tolerance), 0)


def _is_power(answer: str, wanted: Amount) -> bool:
    return _power(answer, wanted) != 0


def _say_power(answer: str, wanted: Amount) -> str:
    power = _power(answer, wanted)
    return (
        f"The digits are right, and the amount is {10 ** abs(power):,} times too {'large' if power > 0 else 'small'}."
    )


def _is_unconverted(answer: str, wanted: Amount) -> bool:
    """Say whether the number is right with a unit of the other kind: mass in place of moles, or the reverse."""
    if not wanted.grams_per_mole:
        return False
    given = read_quantity(answer)
    number, units = given.magnitude, ("mg/dL", "mg/L", "g/L", "ng/mL", "µmol/L", "mmol/L", "nmol/L", "mol/L")
    others = (unit for unit in units if _read_unit(unit).dimensionality != given.dimensionality)
    shown = (_in_unit(f"1 {unit}", wanted) for unit in others)
    return any(one and abs(number * one / wanted.value - 1) <= wanted.tolerance for one in shown)


def _say_other(answer: str) -> str:
    unit = read_quantity(answer).units
    return (
        f"{unit:~P} measures another kind of quantity than the one that is asked for. Which unit does one write here?"
    )
