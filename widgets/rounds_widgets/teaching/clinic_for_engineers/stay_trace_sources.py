"""Who holds the rest of a patient's path: hospital, health fund, ministry, and what each of them cannot see.

Of the source event's country, as published to 2025; a health system elsewhere is cut in another way.  Sources:
`tutorials/clinic_for_engineers/b1_patient_path/notes.md`.
"""

from __future__ import annotations

from dataclasses import dataclass

HOSPITAL, FUND, MINISTRY, NOBODY = "hospital", "health fund", "ministry", "no table"
HOLDERS = (HOSPITAL, FUND, MINISTRY, NOBODY)


@dataclass(frozen=True)
class Holder:
    """One who holds data: what it sees, and what it does not."""

    name: str
    holds: str
    blind: str


@dataclass(frozen=True)
class Question:
    """A question to the landscape: who can answer it, and why."""

    ask: str
    right: tuple[str, ...]
    says: str


LANDSCAPE = (
    Holder(
        HOSPITAL,
        "the bedside: signs, results, doses, notes of its own stays and clinics",
        "other hospitals, the pharmacy in town, deaths at home, whoever never comes",
    ),
    Holder(
        FUND,
        "its members for years: family doctor, medicines from the pharmacy, stays that it pays for",
        "the bedside of hospitals that are not its own, members of the other funds",
    ),
    Holder(
        MINISTRY,
        "the whole country, thinly: discharges of all hospitals, registers of diseases, reports that the law asks for",
        "hour by hour at the bedside, most results and notes, family doctors' visits",
    ),
    Holder(NOBODY, "what was lived and never written", "nothing: ask the patient, or accept that it is missing"),
)
QUESTIONS = (
    Question(
        "How fast did her heart beat at 3:00 in the second night?",
        (HOSPITAL,),
        "The bedside is seen by the hospital alone.",
    ),
    Question(
        "Did she pick up her new medicine at the pharmacy, a week after she went home?",
        (FUND,),
        "The fund pays for it and keeps the purchase. The hospital knows only what it prescribed.",
    ),
    Question(
        "How many people left any hospital of the country with heart failure last year?",
        (MINISTRY,),
        "The ministry keeps a database of the discharges of all hospitals. One fund sees its own members only.",
    ),
    Question(
        "Why did she stop her water tablets?",
        (NOBODY,),
        "The fund may see that none were bought. The reason is in no table until somebody asks her.",
    ),
)
