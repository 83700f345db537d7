"""What a person should look at first in a draft: guesses that nobody can prove, and columns that say much of a person.

Names of columns, counts and lines; no value of a column that may identify.
"""

from __future__ import annotations

from collections.abc import Sequence

from rounds.counted import counted
from rounds.custody.intake.inspection import Inspected
from rounds.custody.intake.omop import CDM, is_omop
from rounds.custody.intake.proposals.shown import shown_words
from rounds.custody.intake.proposals.signs import is_free_text, say_signs
from rounds.custody.intake.sources.encodings import in_other_encodings
from rounds.custody.intake.unit_columns import say_units_beside
from rounds.custody.signs.column_names import NATIONAL, is_age, is_birth_date, is_birth_year, kind_of_name
from rounds.data.package import PUBLIC, RESTRICTED

MOST_NAMED = 4
FREE_TEXT = (
    "free text: whole sentences can say anything about a person. deidentify drops it, or redacts it when the plan "
    'says action = "redact" and somebody has read it'
)


def propose_kind(found: Sequence[Inspected]) -> tuple[str, str]:
    """Return the kind of data to propose, and why: restricted as soon as anything points at a person."""
    if is_omop([each.source for each in found]):
        return RESTRICTED, f"this is {CDM}: records of patients"
    signs = list(dict.fromkeys(f"{n} ({', '.join(s)})" for each in found for n, s in _signs_of(each).items()))
    if not signs:
        return PUBLIC, "nothing in it seems to point at a person. Write restricted when it comes from a hospital"
    more = f" and {len(signs) - MOST_NAMED} more" if len(signs) > MOST_NAMED else ""
    said = f"{', '.join(signs[:MOST_NAMED])}{more} point at persons"
    return RESTRICTED, f"{said}. Write public or synthetic only when these are no patients"


def find_first_looks(found: Sequence[Inspected]) -> list[str]:
    """Return one sentence for each thing to look at first, each with its file and column."""
    looks = []
    for each in found:
        file = each.source.reading.source
        about = (_say_encoding(each), *say_file(each), _say_person(each), _say_age(each))
        looks += [f"{file}: {said}" for said in about if said]
        looks += [f"{file}, {name}: {said}" for name in each.proposals for said in _about(each, name)]
    return [*looks, *_say_ages_apart(found)]


def age_beside_birth(names: Sequence[str]) -> tuple[str, str] | None:
    """Return a column of ages and one of births of the same table, where there are both: one follows from the other."""
    ages = sorted((n for n in names if is_age(n)), key=lambda n: len(n), reverse=True)
    births = [n for n in names if is_birth_date(n) or is_birth_year(n)]
    return (ages[0], births[0]) if ages and births else None


def say_file(each: Inspected) -> list[str]:
    """Return a sentence for everything in a file that comes in otherwise than it stands there, or not at all."""
    return [*each.source.heading.said, *_say_blank(each), *say_totals(each)]


def _say_blank(each: Inspected) -> list[str]:
    if not each.blank:
        return []
    lines = counted(len(each.blank), "line holds", "lines hold")
    return [f"{lines} no cell at all, the first is line {each.blank[0]}: left out"]


def say_totals(each: Inspected) -> list[str]:
    """Return a sentence for each row that seems to be a total, and how it is left out, or kept."""
    left, said = each.source.reading.leave_out, []
    for row in each.totals:
        place = each.source.where(row.line).removeprefix(str(each.source.path)).lstrip(", ")
        what = f"{place} seems to be {row.what}, and no row of the table: {row.why}."
        drafted = f"The draft leaves it out (leave_out = {list(left)}). To keep it, take {row.line} out of the brackets"
        asked = f"It came in as a row. To leave it out, write leave_out = [{row.line}] under [[file]] of the decisions"
        said.append(f"{what} {drafted if row.line in left else asked}")
    return said


def _about(each: Inspected, name: str) -> list[str]:
    proposal = each.proposals[name]
    said = [
        text
        for text in (proposal.question, proposal.look, _say_national(each, name), say_units_beside(each, name))
        if text
    ]
    is_text = proposal.decision.type == "string" and is_free_text(name, each.profiles[name])
    return [*said, FREE_TEXT] if is_text else said


def _say_national(each: Inspected, name: str) -> str:
    """Say what becomes of national id numbers, and how people are told apart without their name."""
    if kind_of_name(name) != NATIONAL:
        return ""
    said = "its name says national id number: the draft of deidentify drops it"
    if name != each.person[0]:
        return said
    return f'{said}. As it tells people apart here, write name = "person_id" for it: random ids then take its place'


def _signs_of(each: Inspected) -> dict[str, tuple[str, ...]]:
    found = {n: say_signs(n, each.profiles[n], classes) for n, classes in each.classes.items()}
    return {name: signs for name, signs in found.items() if signs}


def _say_person(each: Inspected) -> str:
    person, why = each.person
    return f"{why}. So {person} is taken to tell people apart" if why else ""


def _say_age(each: Inspected) -> str:
    pair = age_beside_birth(tuple(each.proposals))
    if pair is None:
        return ""
    age, birth = pair
    return (
        f"{age} and {birth} follow from each other, so one of them costs the other its detail. Keep {age}: it is the "
        f"age at the time of the row. The draft of deidentify drops {birth}"
    )


def _say_ages_apart(found: Sequence[Inspected]) -> list[str]:
    """Say when one table has ages and another births: the plan keeps the ages, unless a study needs the births."""
    ages = [(each, n) for each in found for n in each.proposals if is_age(n)]
    births = [(each, n) for each in found for n in each.proposals if is_birth_date(n) or is_birth_year(n)]
    apart = [(a, b) for a in ages for b in births if a[0] is not b[0]]
    return [
        f"{age[0].source.reading.source}, {age[1]} and {birth[0].source.reading.source}, {birth[1]} follow from each "
        f"other, so one of them costs the other its detail. Keep {age[1]}: the draft of deidentify drops {birth[1]} "
        f'where the two tables are of the same people. When a study computes ages itself, write action = "birth-year" '
        f'for {birth[1]} in the plan, and action = "drop" for {age[1]}'
        for age, birth in apart[:1]
    ]


def _say_encoding(each: Inspected) -> str:
    guess = each.source.reading.guess
    if guess is None:
        return ""
    words = shown_words(each.profiles)
    said = f"encoding {guess.encoding} is {guess.how_sure}"
    said += f"; words read so: {', '.join(words)}" if words else "; no word can be shown here, look into the file"
    if guess.others:
        said += f"; next likely: {', '.join(in_other_encodings(words, guess))}"
    return said
