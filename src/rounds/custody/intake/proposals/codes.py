"""Code systems that a column's values give away: ICD-10, ICD-9-CM, LOINC by its check digit, ATC, UCUM units.

ICD-9-CM's V and E codes and ICD-10's chapters V and E share letters; its neighbours decide.
"""

from __future__ import annotations

import re

from stdnum import luhn

from rounds.data.units import is_certain

ICD10, ICD9, LOINC, ATC, UCUM = "ICD-10", "ICD-9-CM", "LOINC", "ATC", "UCUM"
EITHER = "ICD-9-CM or ICD-10"
_ICD10 = re.compile(r"[A-TV-Z]\d[0-9AB](?:\.?[0-9A-Z]{1,4})?|U\d\d(?:\.?\d{1,3})?")
_ICD9 = re.compile(r"\d{3}(?:\.\d{1,2})?|V\d{2}(?:\.\d{1,2})?|E(?:0[0-3]|[89]\d)\d(?:\.\d)?")
_ICD9_BARE = re.compile(r"\d{4,5}|V\d{3,4}|E(?:0[0-3]|[89]\d)\d{2}")
# Seven characters with digits alone after the letter: few chapters have them (retinopathy, glaucoma, blindness, coma)
_LONG_NUMBER = re.compile(r"[A-Z]\d{6}")
_LONG_ICD10 = re.compile(r"E(?:08|09|10|11|13)3\d{3}|H(?:34|35|40|54)\d{4}|R402\d{3}")
_LOINC = re.compile(r"(\d{1,7})-(\d)")
_ATC = re.compile(r"[A-DGHJLMNPRSV]\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?")
NAME_SAYS = re.compile(r"icd|diag|dx|cause|condition|procedure|code|קוד|אבחנה", re.IGNORECASE)


def icd_system(code: str) -> str:
    """Return the system of one diagnosis code, ``EITHER`` for one that both know, or nothing."""
    code = code.strip().upper()
    bare = code.replace(".", "")
    ten = _ICD10.fullmatch(code) is not None
    ten = ten and (_LONG_NUMBER.fullmatch(bare) is None or _LONG_ICD10.fullmatch(bare) is not None)
    nine = _ICD9.fullmatch(code) is not None
    if ten and nine:
        return EITHER if code[0] != "E" or "." not in code else ICD9
    return ICD10 if ten else ICD9 if nine or _ICD9_BARE.fullmatch(code) else ""


def is_loinc(code: str) -> bool:
    """Tell whether a code has LOINC's shape and its check digit (modulo 10)."""
    found = _LOINC.fullmatch(code.strip())
    return found is not None and luhn.is_valid(found[1] + found[2])


def is_atc(code: str) -> bool:
    """Tell whether a code has the shape of a whole ATC code of the fifth level."""
    return len(code.strip()) == 7 and _ATC.fullmatch(code.strip()) is not None


def systems_of(value: str) -> tuple[str, ...]:
    """Return every system that a value may belong to; ``EITHER`` for a diagnosis code that two systems know."""
    icd = icd_system(value)
    found = [icd] if icd else []
    found += [LOINC] * is_loinc(value) + [ATC] * is_atc(value) + [UCUM] * is_certain(value)
    return tuple(found)


def settle(code: str, usual: str) -> str:
    """Return the system of one code in a column whose other codes are mostly of the ``usual`` system."""
    found = icd_system(code)
    return usual if found == EITHER else found
