"""Conversions between the units that a confirmed column may need (UCUM names)."""

from __future__ import annotations

import re

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
_UNITS = (
    "% kg g mg ug ng pg mL L dL cm mm m d wk a h min s mmol/L umol/L nmol/L pmol/L mol/L mg/dL g/dL g/L mg/L "
    "ug/L ug/mL ng/mL ng/L pg/mL ng/dL ug/dL U/L [IU]/L m[IU]/L [IU]/mL m[IU]/mL meq/L mm[Hg] kPa /min /h "
    "{beats}/min 10*9/L 10*12/L 10*3/uL 10*6/uL /uL fL mosm/kg kg/m2 mL/min mL/min/{1.73_m2} mL/h L/min mg/kg "
    "ug/kg/min Cel [degF] mm/h g/d mg/d [in_i] [lb_av] [oz_av] {score} {INR} "
)
CERTAIN = frozenset(_UNITS.split())
# How hospitals write them, in small letters and without spaces, where only one reading is possible
SPELLINGS = {
    "mg/dl": "mg/dL", "g/dl": "g/dL", "g/l": "g/L", "mg/l": "mg/L", "ug/l": "ug/L", "µg/l": "ug/L",
    "ug/ml": "ug/mL", "ng/ml": "ng/mL", "ng/l": "ng/L", "pg/ml": "pg/mL", "mmol/l": "mmol/L",
    "umol/l": "umol/L", "µmol/l": "umol/L", "nmol/l": "nmol/L", "pmol/l": "pmol/L", "u/l": "U/L",
    "iu/l": "[IU]/L", "miu/l": "m[IU]/L", "miu/ml": "m[IU]/mL", "meq/l": "meq/L", "mmhg": "mm[Hg]",
    "kpa": "kPa", "bpm": "/min", "beats/min": "/min", "10^9/l": "10*9/L", "x10^9/l": "10*9/L",
    "10e9/l": "10*9/L", "10^3/ul": "10*3/uL", "k/ul": "10*3/uL", "10^12/l": "10*12/L", "fl": "fL",
    "kg/m2": "kg/m2", "kg/m²": "kg/m2", "ml/min": "mL/min", "ml": "mL", "dl": "dL", "°c": "Cel",
    "celsius": "Cel", "percent": "%", "pct": "%", "hours": "h", "hour": "h", "hrs": "h", "minutes": "min",
    "mm/h": "mm/h", "mm/hr": "mm/h", "kg": "kg", "cm": "cm", "mg": "mg", "mcg": "ug",
}  # fmt: skip


SAID = {  # units whose UCUM name says little to a reader
    "a": "years", "wk": "weeks", "d": "days", "h": "hours", "min": "minutes", "s": "seconds", "/min": "per minute",
    "Cel": "°C", "[degF]": "°F", "mm[Hg]": "mmHg", "[lb_av]": "pounds", "[oz_av]": "ounces", "[in_i]": "inches",
    "10*9/L": "10⁹ per litre", "10*12/L": "10¹² per litre", "10*3/uL": "10³ per µL", "10*6/uL": "10⁶ per µL",
    "[IU]/L": "international units per litre", "kg/m2": "kg/m²", "{beats}/min": "beats per minute",
}  # fmt: skip


def say_unit(unit: str) -> str:
    """Return a UCUM unit with what it means, where its name says little.

    Examples
    --------
    >>> say_unit("a"), say_unit("mg/L")
    ('a (years)', 'mg/L')
    """
    return f"{unit} ({SAID[unit]})" if unit in SAID else unit


def is_certain(text: str) -> bool:
    """Tell whether a text is a UCUM unit, or a spelling that can only mean one."""
    return text.strip() in CERTAIN or text.strip().lower().replace(" ", "") in SPELLINGS


def unit_in_name(name: str) -> str | None:
    """Return the unit that a column's name carries, such as ``weight_kg``; None when it is not certain.

    Examples
    --------
    >>> unit_in_name("CRP (mg/L)"), unit_in_name("creatinine_mg_dl"), unit_in_name("age_years"), unit_in_name("blood_g")
    ('mg/L', 'mg/dL', 'a', None)
    >>> unit_in_name("birth_year"), unit_in_name("visits_per_year")
    (None, None)
    """
    bracket = re.search(r"[(\[]([^()\[\]]+)[)\]]\s*$", name)
    if bracket:
        text = bracket[1].strip()
        return text if text in CERTAIN else _spelled(text)
    words = name.lower().split("_")
    if words[-1] in ("day", "week", "year") and "age" not in words:  # of the calendar, or a rate: no span of time
        return None
    if "per" in words[:-1]:
        return None
    for text in ("/".join(words[-2:]) if len(words) > 2 else "", words[-1] if len(words) > 1 else ""):
        if len(text) > 1 and (found := _spelled(text)):
            return found
    return None


def _spelled(text: str) -> str | None:
    lower = text.lower().replace(" ", "")
    return SPELLINGS.get(lower) or WORDS.get(lower)


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
