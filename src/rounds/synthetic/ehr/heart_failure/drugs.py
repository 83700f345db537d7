"""Drugs and diagnoses of the heart failure cohort: they follow the ejection fraction, the diseases and the calendar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.codings import code_diagnoses
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.heart_failure.contacts import Contacts
from rounds.synthetic.ehr.heart_failure.journey import Stays
from rounds.synthetic.ehr.heart_failure.patients import END, Patients
from rounds.synthetic.ehr.medications import Prescription, prescribe
from rounds.synthetic.ehr.rows import Rows, sort, stack, texts
from rounds.synthetic.ehr.words import Array, Words

LASTING = frozenset(
    ("C03CA01", "C07AB07", "C09DX04", "C09AA05", "C03DA01", "A10BK01", "B01AF02", "C10AA05", "A10BA02", "R03BB04")
)
OTHER_INFECTIONS = 0.2  # assumed


@dataclass(frozen=True)
class Infection:
    """Which stays have pneumonia (J18), and which have any infection; most of the others are minor and not coded."""

    pneumonia: Array
    any: Array


def draw_infection(rng: np.random.Generator, diagnoses: Rows, stays: int) -> Infection:
    """Draw the infections of all stays; pneumonia is where it is coded."""
    code, pneumonia = texts(diagnoses, "icd10"), np.zeros(stays, bool)
    pneumonia[texts(diagnoses, "encounter_id").codes[code.codes == code.levels.index("J18")]] = True
    return Infection(pneumonia, pneumonia | happens(rng, OTHER_INFECTIONS, stays))


def draw_orders(rng: np.random.Generator, p: Patients, s: Stays, contacts: Contacts, infection: Infection) -> Rows:
    """Return the orders of all stays; a habit of a patient stays from one stay to the next.

    Who gets which drug is assumed.
    """
    n, who = len(s.who), s.who
    door, end = s.admitted + rng.integers(30, 600, n), np.minimum(s.left, END)
    habit = {name: rng.random(len(p.age))[who] for name in ("beta", "ace", "arni", "mra", "statin", "blood", "sugar")}
    weak, diseases = p.ejection[who] < 50, {code: has[who] for code, has in p.diseases.items()}
    kidney = s.creatinine > 2.5
    antibiotic = np.where(infection.pneumonia, 0.93, np.where(infection.any, 0.32, 0.03))
    orders = [
        Prescription("C03CA01", np.ones(n, bool), door, 60),
        Prescription("C07AB07", habit["beta"] < np.where(weak, 0.80, 0.55), door, 60),
        Prescription("C09DX04", weak & (habit["arni"] < 0.3), door, 60),
        Prescription("C09AA05", (habit["arni"] >= 0.3) & (habit["ace"] < 0.65) & ~kidney, door, 60),
        Prescription("C03DA01", weak & (habit["mra"] < 0.45) & ~kidney, door, 60),
        Prescription("A10BK01", s.sglt2, door, 60),
        Prescription("B01AF02", diseases["I48"] & (habit["blood"] < 0.75), door, 60),
        Prescription("C10AA05", diseases["I25"] & (habit["statin"] < 0.8), door, 60),
        Prescription("A10BA02", diseases["E11"] & (habit["sugar"] < 0.6) & ~kidney, door, 60),
        Prescription("R03BB04", diseases["J44"] & happens(rng, 0.8, n), door, 60),
        Prescription("B01AB05", ~diseases["I48"] & happens(rng, 0.7, n), door, 60),
        Prescription("J01DD04", happens(rng, antibiotic, n), door, 6),
        Prescription("C01CA03", s.died & happens(rng, 0.3, n), end - 1500, 2),
    ]
    late = [
        o if o.atc != "C01CA03" else Prescription(o.atc, o.who & (o.ordered > s.admitted), o.ordered, 2) for o in orders
    ]
    names = Words(np.arange(n, dtype=np.int32), contacts.names)
    first = prescribe(rng, names, np.minimum(contacts.first_end, end), late)
    return sort(stack([first, _after_transfer(rng, contacts, late, end)]), "encounter_id", "ordered_ts", "atc")


def _after_transfer(rng: np.random.Generator, contacts: Contacts, orders: list[Prescription], end: Array) -> Rows:
    """Return the lasting orders once more: the next ward writes them again."""
    at = np.flatnonzero(contacts.second >= 0)
    again = contacts.moved[at] + 30
    lasting = [
        Prescription(o.atc, o.who[at] & (o.ordered[at] < again), again, o.days) for o in orders if o.atc in LASTING
    ]
    return prescribe(rng, Words(contacts.second[at].astype(np.int32), contacts.names), end[at], lasting)


def draw_diagnoses(rng: np.random.Generator, p: Patients, s: Stays, contacts: Contacts) -> Rows:
    """Return the codes of all ended stays; site B writes the unspecified code, whatever the echo says.

    The shares are assumed.
    """
    done = np.flatnonzero(s.left < END)
    n, who = len(done), s.who[done]
    left = (p.ejection[who] < 45) & ~p.site[who]
    pneumonia_first = happens(rng, 0.07, n)
    codes = {
        "J18": pneumonia_first,
        "I50.1": left,
        "I50.0": ~left & ~p.site[who],
        "I50.9": p.site[who],
        "N17": (s.creatinine[done] > 2.2) & happens(rng, 0.3, n),
        "D64": happens(rng, 0.22, n),
        **{code: has[who] & happens(rng, 0.85, n) for code, has in p.diseases.items()},
    }
    encounter = Words(done.astype(np.int32), contacts.names)
    return code_diagnoses(rng, encounter, s.left[done], codes)
