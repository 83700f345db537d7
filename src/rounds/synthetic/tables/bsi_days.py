"""Patient-days on two transplant wards of 20 rooms: the recipe, its planted errors, its truth.

Patients follow one another in each room; their days are a matrix of patients x days.  A row is a
day at risk: days from the first infection on are taken out, days past the end are never drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rounds.synthetic.tables.cohort import SyntheticCohort

# Rooms of a ward, days on the calendar, and the days of a stay counted from the transplant: design.
ROOMS, CALENDAR = 20, 150
FIRST_DAY, DAYS = -3, 48
# Design: it ranks (`bsi_days.score_auroc`), and is some seven times too high (`bsi_days.score_mean`).
SCORE = {
    "intercept": -2.35,
    "per_degree": 1.0,
    "per_beat": 0.035,
    "neutropenia": 0.75,
    "per_log_crp": 0.40,
    "noise_sd": 0.35,
    "stretch": 1.5,
}
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class _Patients:
    site: Array
    admitted: Array
    stay: Array
    allogeneic: Array
    mismatch: Array
    intensive: Array
    age: Array
    male: Array
    engraftment: Array
    mucositis: Array
    frailty: Array


def make_bsi_days(seed: int) -> SyntheticCohort:
    """Draw the patients and their days, plant the errors, keep the truth."""
    rng = np.random.default_rng(seed)
    patients = _draw_patients(rng)
    days = _draw_days(rng, patients)
    return _record(rng, patients, days)


def _logistic(value: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-value)))


def _draw_patients(rng: np.random.Generator) -> _Patients:
    """Fill 2 wards x 20 rooms with patients one after another.

    Donors are design (`bsi_days.allogeneic`); the patients are the prototype's, but sex and the days of the stay, which
    are assumed.
    """
    shape = (2 * ROOMS, 14)
    n = shape[0] * shape[1]
    site = np.repeat(np.arange(2 * ROOMS) >= ROOMS, shape[1])
    allogeneic = rng.random(n) < np.where(site, 0.55, 0.42)
    intensive = allogeneic & (rng.random(n) < 0.55)
    middle = np.where(allogeneic, 17, 11.5)
    spread = np.where(allogeneic, 4, 2.2)
    engraftment = np.clip(rng.normal(middle, spread), 8, 35).round()
    stay = np.clip(engraftment + 4 + rng.poisson(3, n) + 3, 14, DAYS).astype("int64")
    slot = stay.reshape(shape) + rng.integers(1, 3, shape)
    start = rng.integers(-24, 1, (2 * ROOMS, 1))
    admitted = start + np.hstack([np.zeros((2 * ROOMS, 1), int), slot.cumsum(axis=1)[:, :-1]])
    return _Patients(
        site=site,
        admitted=admitted.ravel(),
        stay=stay,
        allogeneic=allogeneic,
        mismatch=allogeneic & (rng.random(n) < 0.45),
        intensive=intensive,
        age=np.clip(rng.normal(50, 14, n), 18, 76).astype("int64"),
        male=rng.random(n) < 0.57,
        engraftment=engraftment,
        mucositis=np.clip(rng.normal(1.2 + 0.9 * intensive, 0.9), 0, 4),
        frailty=rng.normal(0, 0.5, n),
    )


def _draw_days(rng: np.random.Generator, p: _Patients) -> dict[str, Array]:
    shape = (len(p.site), DAYS)
    day = np.arange(DAYS)[None, :] + FIRST_DAY
    # Near the prototype.  What shows one or two days before an infection is assumed (the prototype shows nothing): held
    # by `bsi_days.score_auroc`.
    engraftment = p.engraftment[:, None]
    falling = 2.5 * np.exp(-0.55 * (day + 6.0))
    rising = 0.5 * np.exp(0.35 * np.minimum(day - engraftment, 8))
    anc = np.where(day < engraftment, falling, rising) * np.exp(rng.normal(0, 0.35, shape))
    anc = np.where(anc < 0.05, 0.0, np.minimum(anc, 8))
    neutropenic = anc < 0.5
    calendar = p.admitted[:, None] + np.arange(DAYS)[None, :]
    protected = ~p.site[:, None] & (calendar < CALENDAR // 2)
    sore = p.mucositis[:, None]
    event = rng.random(shape) < _hazard(p, day, neutropenic, protected) * (np.arange(DAYS) > 0)
    tomorrow, after = _ahead(event, 1), _ahead(event, 2)
    temperature = rng.normal(36.8 + 0.18 * sore * neutropenic, 0.38)
    temperature += rng.normal(1.4, 0.4, shape) * (neutropenic & (rng.random(shape) < 0.06))
    temperature += 0.33 * tomorrow + 0.14 * after + 0.20 * p.site[:, None]
    fever = temperature >= 38.0
    rate = rng.normal(82 + 9 * fever + 4 * neutropenic + 5 * tomorrow + 2 * after, 10)
    level = 2.4 + 0.35 * sore * neutropenic + 0.25 * fever + 0.35 * tomorrow + 0.12 * after
    return {
        "calendar": calendar,
        "day": np.broadcast_to(day, shape),
        "anc": anc.round(2),
        "neutropenic": neutropenic,
        "event": event,
        "fever": fever,
        "temperature": temperature.round(1),
        "rate": rate.round(),
        "crp": np.exp(rng.normal(level, 0.6)).clip(0.3, 480).round(1),
        "protected": np.broadcast_to(protected, shape),
    }


def _hazard(p: _Patients, day: Array, neutropenic: Array, protected: Array) -> Array:
    """Return the chance of an infection on each day: patients x days.

    Log-odds of the prototype, from a lower start (-5.9 there): held by `bsi_days.outcome`, 2.3 % of days.  Radiation is
    left out.
    """
    return _logistic(
        -6.2
        + 1.35 * neutropenic
        + 0.40 * p.allogeneic[:, None]
        + 0.35 * p.mismatch[:, None]
        + 0.28 * p.mucositis[:, None] * (day > 1)
        - 0.45 * protected
        + p.frailty[:, None]
    )


def _record(rng: np.random.Generator, p: _Patients, d: dict[str, Array]) -> SyntheticCohort:
    """Write down the days at risk inside the calendar, with what was measured and ordered."""
    shape = d["event"].shape
    site = np.broadcast_to(p.site[:, None], shape)
    # CRP at site A two or three times a week, more with fever, at site B daily: `bsi_days.crp_measured_at_a`.
    # Antibiotics and cultures are near the prototype's (`bsi_days.cultured`); their five days and the missing values
    # are assumed.
    ordered = rng.random(shape) < np.where(site, 0.95, 0.36 + 0.4 * d["fever"])
    crp = np.where(ordered, d["crp"], np.nan)
    score = _score(rng, d, crp)
    started = d["fever"] & d["neutropenic"] & (rng.random(shape) < 0.8)
    antibiotic = _for_days(started, 5)
    culture = (d["fever"] & (rng.random(shape) < 0.9)) | (rng.random(shape) < 0.03)
    stays = np.arange(DAYS)[None, :] < p.stay[:, None]
    event = d["event"] & stays
    infected = np.maximum.accumulate(event, axis=1)
    kept = stays & ~infected & (d["calendar"] >= 1) & (d["calendar"] <= CALENDAR)
    who, _ = np.nonzero(kept)
    frame = pd.DataFrame(
        {
            "person_id": _draw_ids(rng, who),
            "site": np.where(p.site[who], "B", "A"),
            "ward": np.where(p.site[who], "B1", "A1"),
            "calendar_day": d["calendar"][kept],
            "day": d["day"][kept],
            "age": p.age[who],
            "sex": np.where(p.male[who], "male", "female"),
            "transplant_type": np.where(p.allogeneic[who], "allogeneic", "autologous"),
            "anc": np.where(rng.random(shape) < 0.03, np.nan, d["anc"])[kept],
            "crp": crp[kept],
            "temperature": np.where(rng.random(shape) < 0.01, np.nan, d["temperature"])[kept],
            "heart_rate": np.where(rng.random(shape) < 0.01, np.nan, d["rate"])[kept],
            "antibiotic_on": antibiotic[kept],
            "culture_taken": culture[kept],
            "warning_score": score[kept],
            "bsi_next_48h": _within_two_days(event)[kept],
        }
    )
    truth = _tell_truth(event, d["calendar"], dict(zip(who, frame.person_id, strict=True)))
    return SyntheticCohort(frame.sort_values(["site", "calendar_day", "person_id"], kind="stable"), truth)


def _draw_ids(rng: np.random.Generator, who: Array) -> list[str]:
    """Return an id for each row, the same for the same person, in no order of the persons."""
    codes = pd.factorize(who)[0]
    numbers = rng.permutation(9000)[: codes.max() + 1] + 1000
    return [f"P{number}" for number in numbers[codes]]


def _tell_truth(event: Array, calendar: Array, names: Mapping[Any, str]) -> dict[str, object]:
    """Return what was planted; infections are those of the calendar, of people who have a row (`names`, by number)."""
    before = np.maximum.accumulate(np.hstack([np.zeros((len(event), 1), bool), event[:, :-1]]), axis=1)
    inside = event & ~before & (calendar >= 1) & (calendar <= CALENDAR + 2)
    sick, when = np.nonzero(inside & np.isin(np.arange(len(event)), list(names))[:, None])
    return {
        "warning_score": SCORE,
        "policy": f"site A stops antibiotic prophylaxis on calendar day {CALENDAR // 2}",
        "hazard": {"neutropenia": 1.35, "allogeneic": 0.40, "mismatch": 0.35, "prophylaxis": -0.45},
        "site_shift": "site B: temperature reads 0.2 Cel higher, CRP daily, more allogeneic",
        "missing": {"crp": "site A 36 % of days measured, 76 % with fever; site B 95 %"},
        "infections": [
            {"person_id": names[i], "calendar_day": int(calendar[i, j])} for i, j in zip(sick, when, strict=True)
        ],
        "misconceptions": {
            "warning_score": "a score of 0.4 means 40 in 100: it is about ten times too high",
            "culture_taken": "a strong feature is a good one: it holds the doctor's suspicion",
            "bsi_next_48h": "97 % accurate means good: never alerting is 97.7 % accurate",
        },
    }


def _ahead(event: Array, days: int) -> Array:
    return np.hstack([event[:, days:], np.zeros((len(event), days), bool)])


def _within_two_days(event: Array) -> Array:
    return _ahead(event, 1) | _ahead(event, 2)


def _score(rng: np.random.Generator, d: dict[str, Array], crp: Array) -> Array:
    """The other hospital's score; a missing CRP counts as the last one, or as 10."""
    last = pd.DataFrame(crp).ffill(axis=1).fillna(10.0).to_numpy()
    s = SCORE
    line = (
        s["intercept"]
        + s["per_degree"] * (d["temperature"] - 37)
        + s["per_beat"] * (d["rate"] - 84)
        + s["neutropenia"] * d["neutropenic"]
        + s["per_log_crp"] * np.log(last / 12)
        + rng.normal(0, s["noise_sd"], crp.shape)
    )
    return _logistic(s["stretch"] * line).round(3)


def _for_days(started: Array, length: int) -> Array:
    on = started.copy()
    for lag in range(1, length):
        on[:, lag:] |= started[:, :-lag]
    return on
