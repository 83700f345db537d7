"""From stay to stay: readmission, death, the end of the record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.draws import happens, logistic
from rounds.synthetic.ehr.heart_failure.patients import END, SGLT2_SINCE, Patients
from rounds.synthetic.ehr.rows import DAY, NEVER
from rounds.synthetic.ehr.words import Array

MOST_STAYS, YEAR = 16, 365 * DAY  # where the walk ends; assumed
# Log-odds within 30 days.  Leong 2017 scores stays of the past year, length of stay, creatinine and NT-proBNP too; low
# sodium and lung disease are textbook; Chun 2012 has a hazard ratio of 1.36 for an ischaemic cause, more than here.
READMISSION = {
    "base": -2.08,  # prototype -2.02; held by `heart_failure.back_30`: 19 % (Lan 2021), 19.6 % (Averbuch 2025)
    # Prototype, down to frailty.
    "stays_last_year_each_to_4": 0.30,
    "log_ntprobnp": 0.22,
    "log_creatinine": 0.25,
    "sodium_per_mmol": -0.03,
    "log_length_of_stay": 0.10,
    "ischaemic": 0.15,
    "copd": 0.20,
    "age_per_year": 0.008,
    "frailty": 0.55,
    "site_b": 0.30,  # design; held by `heart_failure.site_odds_ratio`
    "sglt2_inhibitor": -0.25,  # assumed
    "clinic_visit": 0.0,  # design: what looks like an effect is immortal time
}
# The bases are assumed, the slopes are the prototype's.
DEATH = {
    "in_hospital_base": -3.5,  # held by `heart_failure.died_in_hospital` (textbook: 3-5 %)
    "within_30_days_base": -3.85,  # held by `heart_failure.dead_30`: 2.3 % (Averbuch 2025)
    "later_per_year": 0.235,  # held by `heart_failure.dead_year`: 29 % (Lan 2021)
    "age_per_year": 0.035,
    "log_ntprobnp": 0.35,
    "frailty": 0.30,
}
ELSEWHERE = 0.06  # assumed: readmissions that this record cannot see


@dataclass(frozen=True)
class Stays:
    """One entry for each unplanned stay, in the order of patient and time."""

    who: Array
    number: Array
    admitted: Array
    left: Array
    died: Array
    congestion: Array
    sodium: Array
    creatinine: Array
    known_last_year: Array
    sglt2: Array
    elsewhere: Array
    within_30_days: Array

    def take(self, index: Array) -> Stays:
        """Return the stays at these places."""
        return Stays(**{name: value[index] for name, value in self.__dict__.items()})


def walk(block: Block, p: Patients) -> tuple[Stays, Array]:
    """Return all stays before the end of the record, and each patient's minute of death (never, for most)."""
    rng, n = block.rng(purpose=1), block.persons
    when, death = p.first.copy(), np.full(n, NEVER)
    history = np.full((n, MOST_STAYS), NEVER)
    who, found = np.arange(n), []
    for number in range(MOST_STAYS):
        stay = _draw_stay(rng, p, who, number, when[who], history)
        history[who, number] = stay.admitted
        stay, following, dies = _draw_after(rng, p, stay)
        found.append(stay)
        gone = dies != NEVER
        death[who[gone]] = dies[gone]
        on = ~gone & (following < END)
        when[who[on]] = following[on]
        who = who[on]
        if not len(who):
            break
    joined = Stays(**{k: np.concatenate([getattr(s, k) for s in found]) for k in Stays.__dataclass_fields__})
    return joined.take(np.lexsort((joined.number, joined.who))), np.where(death < END, death, NEVER)


def _draw_stay(
    rng: np.random.Generator, p: Patients, who: Array, number: int, admitted: Array, history: Array
) -> Stays:
    n, frailty, kidney = len(who), p.frailty[who], p.diseases["N18"][who]
    # Near the prototype: `heart_failure.stay_median` (textbook: 4-6 days), `ntprobnp_median` (4,000-6,000, more in
    # kidney disease and atrial fibrillation), `sodium_mean` (138, SD 4), `creatinine_median` (1.2-1.3).  The share on
    # the new drug is assumed.
    last_year = (history[who] > (admitted - YEAR)[:, None]).sum(axis=1)
    length = np.clip(np.exp(rng.normal(1.55 + 0.05 * frailty, 0.6)), 0.6, 60)
    creatinine = np.exp(0.04 + 0.38 * kidney + 0.24 * p.levels["creatinine"][who] + rng.normal(0, 0.2, n))
    return Stays(
        who=who,
        number=np.full(n, number),
        admitted=admitted,
        left=admitted + (length * DAY).astype(np.int64),
        died=np.zeros(n, bool),
        congestion=rng.normal(8.27 + 0.35 * kidney + 0.25 * frailty + 0.15 * p.diseases["I48"][who], 0.85),
        sodium=138 + 2.6 * p.levels["sodium"][who] + rng.normal(0, 3.0, n),
        creatinine=creatinine,
        known_last_year=last_year,
        sglt2=(admitted >= SGLT2_SINCE) & happens(rng, 0.55, n),
        elsewhere=happens(rng, ELSEWHERE * (number > 0), n),
        within_30_days=np.zeros(n, bool),
    )


def _readmission_line(p: Patients, s: Stays) -> Array:
    """Return the log-odds of an unplanned stay within 30 days of going home."""
    r, who = READMISSION, s.who
    return np.asarray(
        r["base"]
        + r["stays_last_year_each_to_4"] * np.minimum(s.known_last_year, 4)
        + r["log_ntprobnp"] * (s.congestion - 8.3)
        + r["log_creatinine"] * (np.log(s.creatinine) - 0.25)
        + r["sodium_per_mmol"] * (s.sodium - 138)
        + r["log_length_of_stay"] * np.log((s.left - s.admitted) / DAY / 4.7)
        + r["ischaemic"] * p.diseases["I25"][who]
        + r["copd"] * p.diseases["J44"][who]
        + r["age_per_year"] * (p.age[who] - 76)
        + r["frailty"] * p.frailty[who]
        + r["site_b"] * p.site[who]
        + r["sglt2_inhibitor"] * s.sglt2
    )


def _draw_after(rng: np.random.Generator, p: Patients, s: Stays) -> tuple[Stays, Array, Array]:
    """Return the stays with their end, the minute of the next stay, and the minute of death where it comes first."""
    n, frailty, d = len(s.who), p.frailty[s.who], DEATH
    years_old = p.age[s.who] + (s.admitted - p.first[s.who]) / YEAR
    line = d["age_per_year"] * (years_old - 76) + d["log_ntprobnp"] * (s.congestion - 8.3) + d["frailty"] * frailty
    died = happens(rng, logistic(d["in_hospital_base"] + line), n)
    soon = happens(rng, logistic(_readmission_line(p, s)), n)
    early = happens(rng, logistic(d["within_30_days_base"] + line), n)
    later = 30 + rng.exponential(365 / (d["later_per_year"] * np.exp(line)), n)
    to_death = np.where(early, rng.uniform(0.5, 30, n), later)
    # Prototype 330; held by `heart_failure.back_year`: 53 % (Lan 2021).  The days of those who are back within 30 are
    # the prototype's (ASCEND-HF: a median of 11).
    spread = 410 * np.exp(-0.5 * frailty - 0.12 * np.minimum(s.known_last_year, 4))
    gap = np.where(soon, 1 + 29 * rng.beta(1.1, 1.6, n), 30 + rng.exponential(spread, n))
    dies = np.where(died, s.left, s.left + (to_death * DAY).astype(np.int64))
    following = s.left + (gap * DAY).astype(np.int64)
    before = died | (dies < following)
    again = soon & ~before
    return (
        Stays(**{**s.__dict__, "died": died, "within_30_days": again}),
        following,
        np.where(before, dies, NEVER),
    )
