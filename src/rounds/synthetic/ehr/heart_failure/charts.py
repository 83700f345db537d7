"""Laboratory results, vital signs and observations of the stays: congestion falls, the kidneys pay."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr import vitals as sign
from rounds.synthetic.ehr.codings import observe
from rounds.synthetic.ehr.decline import DESATURATION, NOREPINEPHRINE, Decline, bend_signs, drug_times
from rounds.synthetic.ehr.draws import happens, logistic, mornings, visits
from rounds.synthetic.ehr.heart_failure.contacts import Contacts
from rounds.synthetic.ehr.heart_failure.course import Fever, Water, warm, weight_at
from rounds.synthetic.ehr.heart_failure.drugs import Infection
from rounds.synthetic.ehr.heart_failure.journey import YEAR, Stays
from rounds.synthetic.ehr.heart_failure.patients import END, Patients
from rounds.synthetic.ehr.labs import Samples, report
from rounds.synthetic.ehr.rows import DAY, HOUR, Rows, numbers, sort, stack, texts
from rounds.synthetic.ehr.vitals import chart
from rounds.synthetic.ehr.words import Array, Words, choose, spell_numbers

ANTIBIOTIC = "J01DD04"
# Shares of rounds with a weight, and of later mornings with a test; assumed.
AT_DOOR, LATER = 0.9, 0.12
CONTROL = {"ntprobnp": 0.2, "troponin": 0.15, "albumin": 0.25, "crp": 0.5, "alt": 0.25, "tsh": 0.05}


def congestion_at(s: Stays, owner: Array, when: Array) -> Array:
    """Return log NT-proBNP at these minutes: it falls during the stay, and rises in those who die.

    How far is assumed.
    """
    part = (when - s.admitted[owner]) / np.maximum(s.left - s.admitted, 1)[owner]
    return np.asarray(s.congestion[owner] + np.where(s.died[owner], 0.5, -0.55) * part)


def draw_labs(rng: np.random.Generator, p: Patients, s: Stays, contacts: Contacts, infection: Infection) -> Rows:
    """Return the results of all stays."""
    owner, when, day = mornings(rng, s.admitted, np.minimum(s.left, END))
    who, first = s.who[owner], day == 0
    values = _values(rng, p, s, infection, owner, when)
    samples = Samples(contacts.at(owner, when), p.site[who], p.male[who], when, happens(rng, 0.045, len(owner)))
    return report(rng, samples, values, _ordered(rng, p, s, owner, first, values))


def _values(
    rng: np.random.Generator, p: Patients, s: Stays, infection: Infection, owner: Array, when: Array
) -> dict[str, Array]:
    n, who = len(owner), s.who[owner]
    level = {name: value[who] for name, value in p.levels.items()}
    c, days = congestion_at(s, owner, when), (when - s.admitted[owner]) / DAY
    kidney, diabetes = p.diseases["N18"][who], p.diseases["E11"][who]
    own = (rng.random(len(s.who)) - 0.5)[owner]
    pneumonia, infected = infection.pneumonia[owner], infection.any[owner]
    # All levels are assumed but haemoglobin, held by `heart_failure.haemoglobin_mean` (textbook: 12, SD 2).
    # CRP: median about 9 mg/L in heart failure alone; at its height 45 with a minor infection, 105 with pneumonia;
    # half of it is gone after about two more days (half-life 19 h, and the lung heals slowly).  Leukocytes go sooner.
    heals = (days - 1.5).clip(0, 5)
    inflamed = 2.0 + infected * (1.8 - 0.3 * heals) + 0.85 * pneumonia + 0.8 * own
    white = infected * 0.25 + pneumonia * 0.28 - pneumonia * 0.08 * heals
    creatinine = np.log(s.creatinine)[owner] + 0.03 * np.minimum(days, 6) + rng.normal(0, 0.05, n)
    return {
        "ntprobnp": np.exp(c + rng.normal(0, 0.05, n)),
        "sodium": s.sodium[owner] - 0.10 * np.minimum(days, 8) * (c > 8.3) + rng.normal(0, 1.2, n),
        "potassium": 4.3 + 0.25 * kidney - 0.06 * np.minimum(days, 4) + rng.normal(0, 0.38, n),
        "creatinine": np.exp(creatinine).clip(0.3, 14),
        "urea": np.exp(2.0 + 0.75 * creatinine + rng.normal(0, 0.22, n)),
        "haemoglobin": 11.4 + 1.1 * p.male[who] - 0.5 * kidney + 1.6 * level["haemoglobin"] + rng.normal(0, 0.4, n),
        "leukocytes": np.exp(2.05 + white + rng.normal(0, 0.25, n)),
        "platelets": np.exp(5.35 + rng.normal(0, 0.3, n)),
        "glucose": np.exp(4.70 + 0.35 * diabetes + rng.normal(0, 0.2, n)),
        "crp": np.exp(inflamed + 0.15 * (c - 8.3) + rng.normal(0, 0.7, n)).clip(0.2, 400),
        "troponin": np.exp(3.4 + 0.25 * (c - 8.3) + 0.3 * kidney + rng.normal(0, 0.6, n)),
        "albumin": (3.6 - 0.12 * (c - 8.3) + rng.normal(0, 0.3, n)).clip(1.6, 5.2),
        "alt": np.exp(3.2 + 0.1 * (c - 8.3) + rng.normal(0, 0.55, n)),
        "tsh": np.exp(0.6 + rng.normal(0, 0.6, n)),
    }


def _ordered(
    rng: np.random.Generator, p: Patients, s: Stays, owner: Array, first: Array, values: dict[str, Array]
) -> dict[str, Array]:
    """Return what is ordered; NT-proBNP less when the picture is obvious or the care palliative.

    Held by `heart_failure.ntprobnp_missing` (textbook: 20-40 %); the other shares are assumed.
    """
    n, who = len(s.who), s.who
    old = p.age[who] + (s.admitted - p.first[who]) / YEAR > 90
    skipped = happens(rng, logistic(-1.05 + 0.45 * (s.congestion - 8.3) + 0.9 * old), n)
    ordered = {test: np.ones(len(owner), bool) for test in values}
    for test, share in CONTROL.items():
        ordered[test] = first & (rng.random(len(owner)) < 0.8) | (rng.random(len(owner)) < share)
    ordered["ntprobnp"] = ~skipped[owner] & (first | (rng.random(len(owner)) < CONTROL["ntprobnp"]))
    ordered["tsh"] = first & (rng.random(len(owner)) < 0.2)
    return ordered


def draw_vitals(rng: np.random.Generator, p: Patients, s: Stays, contacts: Contacts, water: Water) -> Rows:
    """Return the signs of all stays: every four hours, hourly on the first day of some."""
    end = np.minimum(s.left, END)
    watched = happens(rng, logistic(-2.0 + 0.6 * (s.congestion - 8.3)), len(s.who))
    stop = np.where(watched, np.minimum(s.admitted + 1.5 * DAY, end), s.admitted).astype(np.int64)
    ward = visits(rng, s.admitted, end, 4 * HOUR, HOUR)
    close = visits(rng, s.admitted, stop, HOUR, 30)
    owner, when = (np.concatenate([a, b]) for a, b in zip(ward, close, strict=True))
    who, n = s.who[owner], len(owner)
    part = (when - s.admitted[owner]) / DAY
    c = congestion_at(s, owner, when) - 8.3
    # Held by `heart_failure.systolic_mean` (textbook: 130, SD 25) and `heart_rate_mean` (82, SD 18); both SDs are
    # smaller here.  The other signs are assumed, as is who is watched each hour.
    systolic = 131 + 17 * p.levels["systolic"][who] - 4 * (c + 0.3) - 1.5 * np.minimum(part, 4) + rng.normal(0, 13, n)
    fast = 6 * p.diseases["I48"][who]
    weight = weight_at(p, s, water, owner, when) + rng.normal(0, 0.3, n)
    weighed = np.where((when < s.admitted[owner] + HOUR) & (np.arange(n) < len(ward[0])), AT_DOOR, LATER)
    values = {
        sign.SYSTOLIC: systolic.clip(62, 240),
        sign.DIASTOLIC: (0.45 * systolic + 15 + rng.normal(0, 7, n)).clip(30, 130),
        sign.HEART_RATE: (80 + fast + 3.5 * c - 0.8 * np.minimum(part, 5) + rng.normal(0, 13, n)).clip(32, 190),
        sign.BREATHS: (19.5 + 1.6 * c + rng.normal(0, 2.6, n)).clip(8, 45),
        sign.OXIMETRY: (95.3 - 0.9 * c - 1.0 * p.diseases["J44"][who] + rng.normal(0, 1.8, n)).clip(60, 100),
        sign.TEMPERATURE: (36.7 + rng.normal(0, 0.4, n)).clip(34.5, 40),
        sign.WEIGHT: np.where(rng.random(n) < weighed, weight.clip(35, 190), np.nan),
    }
    return chart(contacts.at(owner, when), when, values, p.site[who] & happens(rng, 0.004, n))


def settle_vitals(signs: Rows, orders: Rows, contacts: Contacts, decline: Decline, fever: Fever) -> Rows:
    """Return the signs as fever, the last hours and drugs set them; those of a second part belong to its stay."""
    owner = contacts.stays()
    ordered, charted = (owner[texts(rows, "encounter_id").codes] for rows in (orders, signs))
    held, treated = (drug_times(orders, drug, ordered, len(contacts.second)) for drug in (NOREPINEPHRINE, ANTIBIOTIC))
    signs = warm(signs, charted, fever, treated[0])
    return bend_signs(signs, charted, decline, held, desaturation=DESATURATION)


def draw_observations(rng: np.random.Generator, p: Patients, s: Stays, contacts: Contacts, water: Water) -> Rows:
    """Return what is noted once a stay; the weight at discharge is not taken at the weekend."""
    n, who = len(s.who), s.who
    last = np.minimum(s.left, END) - 10
    when = np.minimum(s.admitted + rng.integers(30, 30 * HOUR, n), last)
    # Design: held by `heart_failure.weight_missing_weekend` and `_weekday`, `ef_not_this_stay`.  All else is assumed.
    weekend = (s.left // DAY + 3) % 7 >= 5
    unweighed = s.died | (s.left >= END) | (rng.random(n) < np.where(weekend, 0.85, 0.15))
    echo = happens(rng, 0.55, n)
    weight = weight_at(p, s, water, np.arange(n), last) + 0.2 * rng.normal(0, 1, n)
    ejection = p.ejection[who] + rng.normal(0, 2.5, n)
    qrs = np.exp(4.62 + 0.005 * (50 - p.ejection[who]) + rng.normal(0, 0.17, n))
    values = {
        "10230-1": spell_numbers(ejection.clip(10, 75), 0).mask(~echo),
        "8633-0": spell_numbers(qrs, 0).mask(happens(rng, 0.2, n)),
        "nyha_class": choose((1 + (s.congestion > 7.6) + (s.congestion > 8.7)).clip(1, 3), "1", "2", "3", "4").mask(
            happens(rng, 0.35, n)
        ),
        "72166-2": choose(p.smokes[who], "no", "yes").mask(happens(rng, 0.2, n)),
    }
    early = observe(contacts.at(np.arange(n), when), when, values)
    weighed = {"weight_at_discharge_kg": spell_numbers(weight.clip(35, 190), 1).mask(unweighed)}
    late = observe(contacts.at(np.arange(n), last), last, weighed)
    return sort(stack([early, late]), "encounter_id", "ts")


def echo_rows(observations: Rows) -> tuple[Words, Array]:
    """Return encounter and minute of each echocardiogram that was noted."""
    code = texts(observations, "code")
    at = np.flatnonzero(code.codes == code.levels.index("10230-1"))
    return texts(observations, "encounter_id").take(at), numbers(observations, "ts")[at]
