"""Who is admitted with Covid-19, how ill, with which support and which end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.covid.marrow import draw_marrow
from rounds.synthetic.ehr.draws import happens, logistic
from rounds.synthetic.ehr.rows import DAY, NEVER, minutes
from rounds.synthetic.ehr.words import Array

# Design: four waves, as the prototype has, with its shares; the dates are assumed.
WAVES = (
    ("2020-03-01", "2020-06-01"),
    ("2020-08-15", "2020-12-01"),
    ("2020-12-01", "2021-04-01"),
    ("2021-07-01", "2021-11-01"),
)
WAVE_SHARES = (0.18, 0.32, 0.30, 0.20)
# Assumed; held by `covid.death_wave_1` to `_4`.  Lefrancq 2021 (France): 25 % died, then 10 %, then 19 %.
WAVE_RISK = (0.60, 0.18, 0.06, -0.60)
DEXAMETHASONE_SINCE = minutes("2020-07-01")  # RECOVERY, mid-2020
DEXAMETHASONE_RATIO = {"ventilated": 0.64, "oxygen": 0.82, "neither": 1.19}  # RECOVERY: death rate
# Assumed; held by `covid.death` (prototype 19-20 %) and by `covid.auroc` (0.818; ISARIC-4C 0.77-0.79).
BASE_RISK, SLOPE, HIDDEN_RISK = -2.68, 0.96, 1.05
# Assumed: CRP adds little of its own (it did not remain in the Cox model of PMC7296516), LDH more (Henry 2020: 16-fold
# odds of death, unadjusted).
INFLAMED_RISK, INJURED_RISK = 0.05, 0.25
# Assumed shares; together 1.3 diseases a patient, as in the prototype.
COMORBIDITIES = {"I10": 0.42, "E11": 0.28, "N18": 0.12, "J44": 0.12, "I50.9": 0.12, "E66": 0.24}
SKIN_SHARES = (0.55, 0.33, 0.12)  # assumed


@dataclass(frozen=True)
class Patients:
    """One entry for each patient; times in minutes."""

    wave: Array
    site: Array
    male: Array
    age: Array
    diseases: dict[str, Array]
    skin: Array
    smokes: Array
    severity: Array
    hidden: Array
    inflamed: Array
    injured: Array
    room_air: Array
    urea: Array
    confused: Array
    oxygen: Array
    ventilated: Array
    treated: Array
    risk: Array
    dies: Array
    at_home: Array
    admitted: Array
    left: Array
    death: Array
    cancer: Array
    neutropenic: Array

    @property
    def in_hospital(self) -> Array:
        """Tell who dies in hospital."""
        return self.dies & ~self.at_home


def saturation(severity: Array) -> Array:
    """Return the arterial saturation on room air that belongs to a severity, before noise.

    Prototype (94.0 there); held by `covid.spo2_median` and `covid.spo2_below_92` (textbook: 94, and 30 % below 92).
    """
    return np.asarray(93.6 - 3.0 * severity - 1.4 * np.maximum(severity, 0) ** 2)


def draw_patients(block: Block) -> Patients:
    """Draw the patients of a block.

    Site, sex and age are the prototype's: held by `covid.men` (textbook: 55-60 %) and `covid.age_median` (65-68).  Each
    year of age adds 0.02 to the log-odds of a disease, and 12 % smoke: assumed.
    """
    rng, n = block.rng(), block.persons
    wave = np.searchsorted(np.cumsum(WAVE_SHARES[:-1]), rng.random(n))
    site, male = happens(rng, 0.35, n), happens(rng, 0.57, n)
    age = np.clip(rng.normal(67 - 6 * (wave == 2) + (wave == 3), 16), 18, 100).astype(np.int64)
    diseases = {
        code: happens(rng, logistic(np.log(share / (1 - share)) + 0.02 * (age - 66)), n)
        for code, share in COMORBIDITIES.items()
    }
    severity = rng.normal(-0.15 * (wave == 3), 1.0)
    state = _draw_state(rng, age, np.asarray(sum(diseases.values())), severity)
    first, last = (np.array([minutes(w[i]) for w in WAVES])[wave] for i in (0, 1))
    admitted = first + (rng.random(n) * (last - first)).astype(np.int64)
    support = _draw_support(rng, severity, state, admitted)
    risk = BASE_RISK + SLOPE * _line(age, male, diseases, severity, state) + HIDDEN_RISK * state["hidden"]
    risk = risk + np.array(WAVE_RISK)[wave]
    dies = happens(rng, _death_share(risk, support), n)
    return Patients(
        wave=wave,
        site=site,
        male=male,
        age=age,
        diseases=diseases,
        skin=np.searchsorted(np.cumsum(SKIN_SHARES[:-1]), rng.random(n)),
        smokes=happens(rng, 0.12, n),
        severity=severity,
        risk=risk,
        dies=dies,
        admitted=admitted,
        **state,
        **support,
        **_draw_end(rng, admitted, severity, dies, support),
        **draw_marrow(block, age, state["hidden"]),
    )


def _draw_state(rng: np.random.Generator, age: Array, diseases: Array, severity: Array) -> dict[str, Array]:
    """Draw what is known at the door, and the hidden tendency to get worse.

    Urea and confusion are the prototype's: `covid.urea_median` (textbook: 6.5).  A saturation strays by 1.5 from its
    severity, in the prototype by 1.6.
    """
    n = len(age)
    return {
        "hidden": rng.normal(0, 1, n),
        "inflamed": rng.normal(0, 1, n),
        "injured": rng.normal(0, 1, n),
        "room_air": np.clip(saturation(severity) + rng.normal(0, 1.5, n), 58, 99),
        "urea": np.exp(1.85 + 0.017 * (age - 65) + 0.14 * severity + 0.08 * diseases + rng.normal(0, 0.33, n)),
        "confused": happens(rng, logistic(-2.6 + 0.035 * (age - 67) + 0.35 * severity), n),
    }


def _draw_support(
    rng: np.random.Generator, severity: Array, state: dict[str, Array], admitted: Array
) -> dict[str, Array]:
    """Draw oxygen, ventilation and dexamethasone: the sick get it, hence the confounding.

    Assumed; held by `covid.ventilated` (textbook: 5-15 %) and `covid.dexamethasone_crude` (an odds ratio above 1).
    """
    n = len(severity)
    ventilated = happens(rng, logistic(-4.45 + 1.2 * severity + 2.3 * state["hidden"]), n)
    oxygen = ventilated | happens(rng, logistic(1.3 * (92.5 - state["room_air"])), n)
    treated = happens(rng, logistic(-2.2 + 2.4 * oxygen + 0.6 * severity), n)
    return {"ventilated": ventilated, "oxygen": oxygen, "treated": treated & (admitted >= DEXAMETHASONE_SINCE)}


def _line(age: Array, male: Array, diseases: dict[str, Array], severity: Array, state: dict[str, Array]) -> Array:
    """Return the log-odds of death at the door, without wave and treatment."""
    # Prototype, where severity stands for its breaths, lymphocytes, D-dimer and most of its CRP and LDH.  The score of
    # ISARIC-4C (PMC7116472, a point is about 0.3 by our own reckoning) gives 2 points for each ten years of age from 50
    # to 79, 1 for a man, 1 for one disease and 2 for more, 2 for a saturation under 92, 2 for confusion, 1 for a urea
    # from 7 on and 3 for more than 14.  For a year of age Zhou 2020 is quoted with an odds ratio of 1.10, PMC7296516
    # has a hazard ratio of 1.04.
    low = np.maximum(94 - state["room_air"], 0)
    return np.asarray(
        0.074 * (age - 67)
        + 0.25 * male
        + 0.22 * (sum(diseases.values()) - 1.3)
        + 0.33 * (state["room_air"] < 92)
        + 0.10 * low
        + 0.75 * (np.log(state["urea"]) - 1.85)
        + 0.62 * severity
        + INFLAMED_RISK * state["inflamed"]
        + INJURED_RISK * state["injured"]
        + 0.55 * state["confused"]
    )


def _death_share(risk: Array, support: dict[str, Array]) -> Array:
    """Return the probability of death within 28 days, with the drug's effect on the rate."""
    ratio = np.where(
        support["ventilated"],
        DEXAMETHASONE_RATIO["ventilated"],
        np.where(support["oxygen"], DEXAMETHASONE_RATIO["oxygen"], DEXAMETHASONE_RATIO["neither"]),
    )
    rate = np.log1p(np.exp(risk))
    return np.asarray(1 - np.exp(-rate * np.where(support["treated"], ratio, 1.0)))


def _draw_end(
    rng: np.random.Generator, admitted: Array, severity: Array, dies: Array, support: dict[str, Array]
) -> dict[str, Array]:
    """Draw the day of death or of going home; some die at home after it.

    Assumed; held by `covid.stay_median` (6.4 days; textbook 7, deaths shorten it).  Nobody's death comes after day 28.
    """
    n = len(admitted)
    to_death = np.clip(np.exp(rng.normal(np.log(8.5), 0.7, n)), 0.4, 27.9)
    stay = np.exp(rng.normal(1.82 + 0.22 * severity + 0.55 * support["ventilated"], 0.6))
    at_home = dies & ~support["ventilated"] & (to_death > 6) & happens(rng, 0.14, n)
    days = np.where(dies, np.where(at_home, 0.55 * to_death, to_death), np.clip(stay, 1.2, 60))
    death = admitted + (to_death * DAY).astype(np.int64)
    return {
        "at_home": at_home,
        "left": np.where(dies & ~at_home, death, admitted + (days * DAY).astype(np.int64)),
        "death": np.where(dies, death, NEVER),
    }
