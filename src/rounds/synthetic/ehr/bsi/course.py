"""Day by day: bacteria in the blood, fever, cultures, antibiotics, death."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.bsi.patients import DAYS, FIRST, Patients, neutrophils
from rounds.synthetic.ehr.draws import happens, logistic
from rounds.synthetic.ehr.words import Array

# Log-odds of bacteria in the blood on a day.  Published incidence differs by a factor of eight: 5.5 % (Soochow
# 2017-2021), 27 % (Cappellano 2007, all allogeneic), 43.6 % (a single centre of 243, 56 % allogeneic).
HAZARD = {
    "base": -5.52,  # prototype -5.9; held by `bsi.infected`: 32 %
    "neutropenia": 1.50,  # prototype 1.35; Cappellano 2007: long and severe, odds ratio 7.5 (1.9-29.6)
    "allogeneic": 0.20,  # prototype 0.40; the 243: hazard ratio 3.26; held by `bsi.infected_allogeneic`
    "mismatch": 0.35,  # prototype; less than in the 243: hazard ratio 1.84, a logarithm of 0.61
    "mucositis_per_grade": 0.32,  # prototype 0.28
    "prophylaxis": -0.44,  # prototype -0.45; held by `bsi.infected_a_before_2019` and `_since_2019`
    "radiation": 0.35,  # prototype
    "site_b": 0.15,  # assumed; held by `bsi.infected_b`
    "commensal_share": 0.28,  # assumed
}
# An infection: hazard ratio 1.79 (1.18-2.73) in a single centre of 243, held by `bsi.death_rate_ratio`.  The rate of a
# day, what a donor's cells add, and a germ found in the last week are assumed: held by `bsi.died_day_180`.
DEATH = {"per_day": 0.0003, "allogeneic_ratio": 4.0, "infection_ratio": 1.79, "active_ratio": 2.5}
# Held by `bsi.days_cultured` (the prototype cultured all days with fever and 3 % of the others, together 7 %) and,
# contamination, by `bsi.single_bottle_adds` (prototype 3.3-3.9 % of patients).  How often a set grows is assumed.
CULTURE = {
    "fever": 0.93,
    "without_fever": 0.02,
    "warm": 0.24,
    "pathogen_grows": 0.92,
    "commensal_grows": 0.90,
    "contaminated": 0.026,
}
# Degrees: prototype 1.3 with an infection, 1.4 for neutropenia alone on 7 % of days; here higher and more often, held
# by `bsi.febrile_neutropenia` (textbook: 60-80 %).  The ear thermometer of site B is design.
FEVER = {"infection": 1.55, "neutropenia": 1.4, "neutropenia_share": 0.11, "ear_thermometer": 0.15}
LASTS, TREATED_DAYS = 4, 8  # days of bacteria without treatment, days of an antibiotic; assumed


@dataclass(frozen=True)
class InfectionCourse:
    """Patients x days; ``last`` is the last day's place, ``dies`` tells who dies on it."""

    anc: Array
    neutropenic: Array
    onset: Array
    active: Array
    temperature: Array
    fever: Array
    cultured: Array
    second_set: Array
    infected_sets: Array
    contaminated: Array
    antibiotic: Array
    after: Array
    present: Array
    last: Array
    dies: Array
    commensal: Array


def draw_course(block: Block, p: Patients) -> InfectionCourse:
    """Walk through the days of all patients at once."""
    rng, n = block.rng(purpose=1), block.persons
    anc = neutrophils(rng, p)
    hazard = logistic(_hazard_line(p, anc < 0.5))
    state = _State(n)
    commensal = happens(rng, HAZARD["commensal_share"], n)
    days = [_one_day(rng, p, state, place, (anc[:, place] < 0.5, hazard[:, place], commensal)) for place in range(DAYS)]
    columns = {name: np.stack([day[name] for day in days], axis=1) for name in days[0]}
    last = np.where(state.died >= 0, state.died, p.end - FIRST)
    return InfectionCourse(
        anc=anc,
        neutropenic=anc < 0.5,
        present=(np.arange(DAYS) >= (p.begin - FIRST)[:, None]) & (np.arange(DAYS) <= last[:, None]),
        last=last,
        dies=state.died >= 0,
        commensal=commensal,
        **columns,
    )


class _State:
    """What the walk remembers of each patient from day to day."""

    def __init__(self, n: int) -> None:
        self.onset = np.full(n, 999)
        self.treated = np.full(n, 999)
        self.grew = np.full(n, 999)
        self.died = np.full(n, -1)


def _hazard_line(p: Patients, neutropenic: Array) -> Array:
    h, day = HAZARD, np.arange(DAYS) + FIRST
    fixed = (
        h["base"]
        + h["allogeneic"] * p.allogeneic
        + h["mismatch"] * p.mismatch
        + h["prophylaxis"] * p.protected
        + h["radiation"] * p.radiated
        + h["site_b"] * p.site
        + p.frailty
    )
    # Mucositis is full on day 7 (textbook: it peaks on day 7 to 10).
    sore = h["mucositis_per_grade"] * p.mucositis[:, None] * np.clip((day - 1) / 6, 0, 1)
    return np.asarray(fixed[:, None] + h["neutropenia"] * neutropenic + sore)


def _one_day(
    rng: np.random.Generator, p: Patients, state: _State, place: int, given: tuple[Array, Array, Array]
) -> dict[str, Array]:
    """Draw one day of all patients; every array is drawn for all, so that the stream does not depend on fate.

    Fever is 38.0 Cel in one reading (textbook: 38.3 once, or 38.0 for an hour).  Antibiotics for 80 % of fever with
    neutropenia are the prototype's; 35 % without, a second set for 85 %, a cover from the third day of treatment on,
    and the five days after growth in which the patient is worse are assumed.
    """
    neutropenic, hazard, commensal = given
    n, last = len(p.site), p.end - FIRST
    there = (place >= p.begin - FIRST) & (place < last) & (state.died < 0)
    onset = there & (state.onset == 999) & (place > p.begin - FIRST) & happens(rng, hazard, n)
    state.onset[onset] = place
    covered = (place >= state.treated + 2) & (place < state.treated + TREATED_DAYS)
    active = (place >= state.onset) & (place < state.onset + LASTS) & ~covered
    temperature = _temperature(rng, p, neutropenic, active)
    fever = temperature >= 38.0
    cultures = _cultures(rng, temperature, (there, state.grew == place - 1, active, commensal))
    state.grew[(cultures["infected_sets"] > 0) & (state.grew == 999)] = place
    begins = there & fever & happens(rng, np.where(neutropenic, 0.8, 0.35), n)
    free = (state.treated == 999) | (place >= state.treated + TREATED_DAYS)
    state.treated[(begins | (there & (state.grew == place - 1))) & free] = place
    dies = _dies(rng, p, state, place, there)
    state.died[dies] = place
    return {
        "onset": onset,
        "active": active & there,
        "temperature": temperature,
        "fever": fever,
        **cultures,
        "antibiotic": there & (place >= state.treated) & (place < state.treated + TREATED_DAYS),
        "after": there & (place > state.grew) & (place < state.grew + 6),
    }


def _cultures(
    rng: np.random.Generator, temperature: Array, given: tuple[Array, Array, Array, Array]
) -> dict[str, Array]:
    """Draw who is cultured, with one set or two, and what grows."""
    there, grew_yesterday, active, commensal = given
    n = len(there)
    warm = np.where(temperature >= 37.6, CULTURE["warm"], CULTURE["without_fever"])
    asked = np.where(temperature >= 38.0, CULTURE["fever"], warm)
    cultured = there & (happens(rng, asked, n) | grew_yesterday)
    second = happens(rng, 0.85, n)
    grows = np.where(commensal, CULTURE["commensal_grows"], CULTURE["pathogen_grows"])
    sets = [cultured & active & happens(rng, grows, n), cultured & active & second & happens(rng, grows, n)]
    return {
        "cultured": cultured,
        "second_set": second,
        "infected_sets": sets[0].astype(np.int8) + 2 * sets[1].astype(np.int8),
        "contaminated": cultured & ~active & happens(rng, CULTURE["contaminated"], n),
    }


def _temperature(rng: np.random.Generator, p: Patients, neutropenic: Array, active: Array) -> Array:
    """Return the highest temperature of the night; site B measures in the ear.

    Near the prototype, with 0.12 in place of 0.18 degrees for each grade of mucositis.
    """
    n = len(p.site)
    base = rng.normal(36.78 + 0.12 * p.mucositis * neutropenic, 0.36)
    drug = happens(rng, FEVER["neutropenia_share"], n) & neutropenic
    warm = active * rng.normal(FEVER["infection"], 0.5, n) + drug * rng.normal(FEVER["neutropenia"], 0.4, n)
    return np.asarray(np.round((base + warm + FEVER["ear_thermometer"] * p.site).clip(35.2, 41.5), 1))


def _dies(rng: np.random.Generator, p: Patients, state: _State, place: int, there: Array) -> Array:
    d = DEATH
    grown = place > state.grew
    ratio = np.where(p.allogeneic, d["allogeneic_ratio"], 1.0) * np.where(grown, d["infection_ratio"], 1.0)
    ratio = ratio * np.where(grown & (place < state.grew + 7), d["active_ratio"], 1.0)
    return there & (place > 3 - FIRST) & happens(rng, d["per_day"] * ratio, len(p.site))


def infection_day(c: InfectionCourse) -> Array:
    """Return the place of the day of each patient's first infection by the label's definition (999: none).

    A pathogen in one set, or a commensal in two sets of the same or of consecutive days, with fever.

    The definition is that of CDC/NHSN, which counts draws, not bottles: two sets of one day are two draws.
    """
    first = (c.infected_sets & 1).astype(np.int64)
    grown = first + (c.infected_sets >= 2)
    own = c.commensal[:, None]
    pathogen = (grown > 0) & ~own
    commensal = grown * own + c.contaminated
    tomorrow = np.hstack([commensal[:, 1:], np.zeros((len(commensal), 1), np.int64)])
    warm = c.fever & c.present
    near = warm | np.hstack([warm[:, 1:], warm[:, -1:] & False]) | np.hstack([warm[:, :1] & False, warm[:, :-1]])
    counted = pathogen | (near & ((commensal >= 2) | ((commensal > 0) & (tomorrow > 0))))
    return np.where(counted.any(axis=1), counted.argmax(axis=1), 999)
