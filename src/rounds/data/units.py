"""Conversions between the units that a confirmed column may need (UCUM names)."""

from __future__ import annotations

from rounds.errors import DataError, suggest

FACTORS: dict[tuple[str, str], float] = {
    ("[lb_av]", "g"): 453.59237,
    ("[lb_av]", "kg"): 0.45359237,
    ("[oz_av]", "g"): 28.349523125,
    ("kg", "g"): 1000.0,
    ("g", "kg"): 0.001,
    ("wk", "d"): 7.0,
    ("d", "wk"): 1 / 7,
    ("[in_i]", "cm"): 2.54,
    ("m", "cm"): 100.0,
    ("mg/dL", "mg/L"): 10.0,
    ("ug/mL", "ng/mL"): 1000.0,
}
WORDS = {
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "pound": "[lb_av]",
    "pounds": "[lb_av]",
    "ounce": "[oz_av]",
    "week": "wk",
    "weeks": "wk",
    "day": "d",
    "days": "d",
    "inch": "[in_i]",
    "year": "a",
    "years": "a",
}


def ucum(unit: str) -> str:
    """Return the UCUM name of a unit that may be written as a word."""
    return WORDS.get(unit, unit)


def find_factor(unit: str, target: str) -> float:
    """Return the number that turns a value in ``unit`` into one in ``target``."""
    pair = (ucum(unit), ucum(target))
    if pair[0] == pair[1]:
        return 1.0
    if pair not in FACTORS:
        known = [f"{a} to {b}" for a, b in FACTORS]
        raise DataError(f"No conversion {unit} to {target}.{suggest(f'{unit} to {target}', known)}")
    return FACTORS[pair]
