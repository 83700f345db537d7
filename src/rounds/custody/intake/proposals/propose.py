"""Propose what a column of text is: its type, its marks, its dates, its missing values; each with its evidence.

No value of a patient stands in the evidence: counts, lines, and words of our own lists only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rounds.counted import counted
from rounds.custody.intake.proposals.code_columns import propose_codes
from rounds.custody.intake.proposals.date_columns import propose_dates, propose_months, propose_numeric_dates
from rounds.custody.intake.proposals.decisions import ASK, Decision
from rounds.custody.intake.proposals.profile import Profile
from rounds.custody.intake.proposals.proposal import Proposal
from rounds.custody.intake.proposals.shapes import DATABASE_NULLS, DATES, MONTHS, NUMBERS, ODD_NUMBERS
from rounds.custody.signs.quality import find_rare_codes, find_sentinels, find_strange_values
from rounds.custody.signs.scan import Look
from rounds.data.package import Column

MOSTLY = 0.6
TEXT_SUFFIX = "_text"


def propose(name: str, profile: Profile, newest_year: int, commas: bool = False) -> Proposal:
    """Return what the cells of a column say it is; ``commas`` tells that other columns may write decimal commas."""
    proposal = propose_codes(name, profile, _propose_type(name, profile, newest_year, commas))
    if not profile.marked or proposal.decision.type == "string":
        return proposal
    said = f"{counted(profile.marked, 'cell holds', 'cells hold')} invisible marks, or signs of another script: read as"
    return replace(proposal, evidence=(*proposal.evidence, f"{said} plain numbers and signs"))


def _propose_type(name: str, profile: Profile, newest_year: int, commas: bool) -> Proposal:
    known = profile.known
    if not known:
        what = "no cell is filled" if not profile.filled else 'every filled cell is a word for "missing"'
        return Proposal(Decision(name, type="string"), (what,))
    if profile.dates >= MOSTLY * known:
        return propose_dates(name, profile, newest_year)
    if (profile.count("month") and profile.count(*MONTHS) >= MOSTLY * known) or profile.count("month_point") == known:
        return propose_months(name, profile)
    if profile.count("boolean") == known:
        missing = tuple(sorted(profile.words)) or None
        said = (f"every cell of {known:,} is true or false",)
        return Proposal(Decision(name, type="boolean", missing=missing), said, certain=profile.only_nulls)
    numeric = profile.count(*NUMBERS, *ODD_NUMBERS)
    if profile.count("padded", "long"):
        return _keep_digits(name, profile)
    if numeric and numeric + profile.count("censored") >= MOSTLY * known:
        return propose_numeric_dates(name, profile, newest_year) or _propose_number(name, profile, numeric, commas)
    return _propose_text(name, profile, numeric)


def _keep_digits(name: str, profile: Profile) -> Proposal:
    evidence = []
    if profile.count("padded"):
        padded = counted(profile.count("padded"), "cell begins", "cells begin")
        evidence.append(f"{padded} with 0, which a number would lose: kept as text")
    if profile.count("long"):
        long = counted(profile.count("long"), "cell has", "cells have")
        evidence.append(f"{long} over 15 digits, which a number would lose: kept as text")
    return Proposal(Decision(name, type="string"), tuple(evidence))


def _propose_text(name: str, profile: Profile, numeric: int) -> Proposal:
    evidence = [
        f"{counted(profile.known, 'cell')} of text"
        if not numeric
        else f"{counted(numeric, 'number')} among texts: kept as text"
    ]
    nulls = tuple(sorted(word for word in profile.words if word.strip().lower() in DATABASE_NULLS))
    if nulls:
        evidence.append(f"no value, as a database writes it: {_list(profile)}")
        return Proposal(Decision(name, type="string", missing=nulls), tuple(evidence))
    if profile.words:
        evidence.append(f"{_list(profile)} stay as they stand; write missing = [...] for those that mean no value")
    return Proposal(Decision(name, type="string"), tuple(evidence))


def _propose_number(name: str, profile: Profile, numeric: int, commas: bool) -> Proposal:
    rest = profile.known - numeric
    whole = numeric == profile.count("integer") == profile.known
    decision, evidence, question = _with_marks(Decision(name, type="integer" if whole else "number"), profile, commas)
    evidence.insert(
        0, f"{numeric:,} of {counted(profile.known, 'known cell')} {'is a number' if numeric == 1 else 'are numbers'}"
    )
    if rest:
        decision = replace(decision, beside=f"{name}{TEXT_SUFFIX}")
        evidence.append(_say_rest(profile, rest))
    if profile.words:
        decision = replace(decision, missing=tuple(sorted(profile.words)))
        evidence.append(f"no value: {_list(profile)}")
    decision, codes = _with_sentinels(decision, profile)
    codes += _say_rare_codes(decision, profile)
    said = codes + _say_strange(name, profile)
    only_na = profile.only_nulls
    certain = not (rest or question) and only_na and decision.decimal == "." and not decision.thousands
    question = question or (_say_rest(profile, rest) if rest else "" if only_na else f"{_list(profile)} beside numbers")
    question = question or ("" if certain else "numbers with a decimal comma or thousands marks")
    return Proposal(decision, (*evidence, *said), certain, question, look=". ".join(codes))


def _with_marks(decision: Decision, profile: Profile, may_comma: bool) -> tuple[Decision, list[str], str]:
    """Return the decision with its decimal and thousands marks; ask where both readings are possible."""
    points = profile.count("decimal", "english", "month_point")
    commas = profile.count("comma", "german", "spaced_comma")
    either = profile.count("point_grouped")
    grouped = profile.count("thousands")
    spaced = profile.count("spaced", "spaced_comma")
    spaces = " " if spaced else ""
    said = [f"{spaced:,} with spaces or apostrophes between thousands"] if spaces else []
    if either and may_comma and not points and not commas:
        line = profile.first["point_grouped"]
        what = f'{counted(either, "cell")} such as "1.234" can be thousands or decimals (see line {line})'
        return replace(decision, decimal=ASK), [*said, what], what
    points += either if not commas else 0
    if commas and points:
        line = max(
            profile.first.get(s, 0)
            for s in ("decimal", "english", "comma", "german", "spaced_comma")
            if s in profile.first
        )
        cells = counted(points, "cell has", "cells have")
        what = f"{cells} a decimal point and {commas:,} a decimal comma (see line {line})"
        return replace(decision, decimal=ASK), [*said, what], what
    if grouped and not points and not commas:
        line, cells = profile.first["thousands"], counted(grouped, "cell")
        what = f'{cells} such as "1,234" can be thousands or decimals (see line {line})'
        return replace(decision, decimal=ASK), [*said, what], what
    if commas:
        dots = "." if profile.count("german", "point_grouped") else spaces
        what = f"{commas:,} with a decimal comma" + (", with points between thousands" if dots == "." else "")
        return replace(decision, decimal=",", thousands=dots), [*said, what], ""
    if grouped or profile.count("english"):
        return replace(decision, decimal=".", thousands=","), [*said, f"{grouped:,} with commas between thousands"], ""
    return replace(decision, decimal=".", thousands=spaces), said, ""


def _with_sentinels(decision: Decision, profile: Profile) -> tuple[Decision, list[str]]:
    codes = find_sentinels(profile.numbers.values())
    if not codes:
        return decision, []
    texts = tuple(str(int(code)) for code in codes)
    many = sum(profile.numbers.codes[code] for code in codes)
    said = f"{counted(many, 'cell holds', 'cells hold')} {' or '.join(texts)}, far from all others: proposed as missing"
    said += ". Take it out if it is a measurement"
    return replace(decision, missing=(*(decision.missing or ()), *texts)), [said]


def _say_rare_codes(decision: Decision, profile: Profile) -> list[str]:
    """Return what looks like a code for "unknown" and is too rare, or among too few values, to be proposed as one."""
    counts, said = profile.numbers.codes, decision.missing or ()
    codes = [code for code in find_rare_codes(profile.numbers.values(), counts) if str(code) not in said]
    return [
        f"{counted(counts[code], 'cell')} {'holds' if counts[code] == 1 else 'hold'} {code}, which may be a code for "
        f"a missing value. If so, write missing = {_toml_list((*said, str(code)))}"
        for code in codes
    ]


def _toml_list(words: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _say_strange(name: str, profile: Profile) -> list[str]:
    """Return what `check` will say of impossible numbers: ages over 120, negative times, limits of a machine."""
    look = Look("", Column(name, "number"), profile.numbers.values())
    found = [f for f in find_strange_values(look) if "codes such as" not in f.what]
    sure = profile.numbers.is_whole
    return [f"{f.what} ({counted(f.count, 'cell')})" if sure else f"{f.what} (seen in a sample)" for f in found]


def _say_rest(profile: Profile, rest: int) -> str:
    censored, others = profile.count("censored"), rest - profile.count("censored")
    parts = [f"limits such as <0.1: {censored:,}"] * bool(censored) + [f"other texts: {others:,}"] * bool(others)
    lines = [line for shape, line in profile.first.items() if shape in ("censored", "text", *DATES, "boolean")]
    return f"{', '.join(parts)} (first in line {min(lines, default=1)}): kept as text beside the numbers"


def _list(profile: Profile) -> str:
    return ", ".join(f'"{word.strip()}" {counted(count, "time")}' for word, count in sorted(profile.words.items())[:8])
