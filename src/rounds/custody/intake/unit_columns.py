"""Numbers whose unit stands in another column of their table, such as ``value`` and ``unit``."""

from __future__ import annotations

import re

from rounds.counted import counted
from rounds.custody.intake.inspection import Inspected
from rounds.custody.intake.proposals.profile import MOST_VALUES, Profile
from rounds.custody.signs.column_names import words_of
from rounds.data.units import SPELLINGS, WORDS, is_certain

MOST_NAMED = 4
_UNIT = r"(units?|uom|einheit(en)?|יחידות|יחידה)( (code|name|text|of measure|source value))?"
_SHARED = re.compile(rf"((result|value|lab|test|dose|measurement|measure) )?{_UNIT}")
_NO_VALUE = re.compile(r"\b(id|code|concept|type|date|time|datetime)$")
_VALUE = re.compile(r".*\b(values?|results?|amount|quantity|dose|measurement|wert|ergebnis|ערך|תוצאה)\b.*")


def find_unit_column(each: Inspected, name: str) -> str:
    """Return the column that holds the unit of another one's numbers; empty where there is none."""
    words = {other: words_of(other) for other in each.profiles if other != name}
    own = re.compile(rf"{re.escape(words_of(name))} {_UNIT}")
    beside = next((other for other, said in words.items() if own.fullmatch(said)), "")
    if beside or not _VALUE.fullmatch(words_of(name)) or _NO_VALUE.search(words_of(name)):
        return beside
    return next((other for other, said in words.items() if _SHARED.fullmatch(said)), "")


def say_only_unit(each: Inspected, name: str) -> str:
    """Return the one unit that stands beside every number of a column; empty where there are several, or gaps."""
    beside = find_unit_column(each, name)
    if not beside or each.profiles[beside].known < each.profiles[beside].rows:
        return ""
    units = _units(each.profiles[beside])
    only = units[0] if len(units) == 1 and is_certain(units[0]) else ""
    return SPELLINGS.get(only.lower().replace(" ", ""), WORDS.get(only, only))


def say_units_beside(each: Inspected, name: str) -> str:
    """Say when the column with the units of a column is empty in places, or names several."""
    beside = find_unit_column(each, name)
    if not beside or each.proposals[name].decision.type not in ("integer", "number"):
        return ""
    profile = each.profiles[beside]
    empty, units = profile.rows - profile.known, _units(profile)
    if not empty and len(units) == 1:
        return ""
    several = (
        f"over {MOST_VALUES:,} different texts" if profile.values is None else counted(len(units), "different unit")
    )
    shown = [unit for unit in units if is_certain(unit)][:MOST_NAMED]
    named = f" ({', '.join(shown)}{', ...' if len(shown) < len(units) else ''})" if shown else ""
    gaps = f", and {counted(empty, 'row has', 'rows have')} none" if empty else ""
    return (
        f'its unit stands in "{beside}": {several}{named}{gaps}. Numbers of different units cannot be compared: ask '
        "the laboratory for the missing ones, and compare within one test and one unit"
    )


def _units(profile: Profile) -> list[str]:
    """Return the different units, the most frequent first."""
    counts = (profile.values or {}).items()
    said = [(text.strip(), count) for text, count in counts if text.strip() and text not in profile.words]
    return list(dict.fromkeys(text for text, _ in sorted(said, key=lambda pair: -pair[1])))
