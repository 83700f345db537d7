"""Who is transplanted, with what, and how deep and long the neutrophils fall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.rows import DAY, minutes
from rounds.synthetic.ehr.words import Array

FIRST, DAYS = -7, 50  # days from the transplant on; design: conditioning comes before it
CALENDAR = ("2013-01-01", "2022-12-31")  # design, as the prototype's years
PROPHYLAXIS_UNTIL = minutes("2019-01-01")  # design: the policy that changes; held by `bsi.infected_a_since_2019`
ALLOGENEIC = (0.42, 0.50)  # design: site A, site B; held by `bsi.allogeneic`
DISEASES = ("C90.0", "C83.3", "C92.0", "C91.0", "D46")
# Mean and SD of the age at transplant, as transplant registries show it: myeloma about 60 and few under 40,
# lymphoma and AML wide around 50, acute lymphoblastic leukaemia the youngest, MDS late.
AGES = ((59, 8.5), (54, 13), (49, 13), (37, 13), (56, 10))
# Assumed, as are the ages above, for which no registry is named.
# Kilograms of women and men on day 0, right-skewed; the spread gives an SD near 14 kg between patients.
WEIGHTS, WEIGHT_SPREAD, WEIGHT_LIMITS = (74.0, 83.0), 0.18, (42, 150)


@dataclass(frozen=True)
class Patients:
    """One entry for each transplant; ``begin`` and ``end`` are days of the stay counted from day 0."""

    site: Array
    male: Array
    age: Array
    weight: Array
    allogeneic: Array
    mismatch: Array
    intensive: Array
    radiated: Array
    donor: Array
    graft: Array
    cmv: Array
    disease: Array
    remission: Array
    protected: Array
    tunnelled: Array
    engraftment: Array
    mucositis: Array
    frailty: Array
    day0: Array
    begin: Array
    end: Array


def draw_patients(block: Block) -> Patients:
    """Draw the transplants of a block.

    Engraftment around day 11.5 with own cells, else 16.2 from blood, 19.5 from marrow, 24 from cord: textbook (10-12,
    14-18, 18-21, 21-28), held by `bsi.engraftment_autologous` and `_allogeneic`; the spread is assumed.  The shares of
    site B, of intensive conditioning, radiation and mismatch, mucositis and frailty are the prototype's; those of
    donors, grafts, cytomegalovirus, sex, remission and tunnelled lines, and when the stay begins and ends, are assumed.
    """
    rng, n = block.rng(), block.persons
    site = happens(rng, 0.35, n)
    allogeneic = happens(rng, np.where(site, ALLOGENEIC[1], ALLOGENEIC[0]), n)
    intensive = allogeneic & happens(rng, 0.55, n)
    radiated = intensive & happens(rng, 0.3, n)
    donor, graft = _donors(rng, allogeneic)
    engraftment = _engraftments(rng, allogeneic, graft)
    day0, male, years = _days(rng, n), happens(rng, 0.57, n), rng.standard_normal(n)
    mismatch, cmv = allogeneic & happens(rng, 0.45, n), happens(rng, 0.65, n)
    disease = _diseases(rng, allogeneic)
    return Patients(
        site=site,
        male=male,
        age=_ages(years, disease),
        weight=_weights(block.rng(purpose=20), male),
        allogeneic=allogeneic,
        mismatch=mismatch,
        intensive=intensive,
        radiated=radiated,
        donor=donor,
        graft=graft,
        cmv=cmv,
        disease=disease,
        remission=happens(rng, 0.7, n),
        protected=~site & (day0 < PROPHYLAXIS_UNTIL),
        tunnelled=happens(rng, 0.6, n),
        engraftment=engraftment,
        mucositis=np.clip(rng.normal(1.2 + 0.9 * intensive + 0.4 * radiated, 0.9), 0, 4),
        frailty=rng.normal(0, 0.5, n),
        day0=day0,
        **_stays(rng, engraftment, allogeneic),
    )


def _donors(rng: np.random.Generator, allogeneic: Array) -> tuple[Array, Array]:
    """Return each patient's donor and graft, as their numbers."""
    n = len(allogeneic)
    donor = np.where(allogeneic, 1 + np.searchsorted([0.45, 0.92], rng.random(n)), 0)
    return donor, np.where(donor == 3, 2, np.where((donor > 0) & happens(rng, 0.18, n), 1, 0))


def _stays(rng: np.random.Generator, engraftment: Array, allogeneic: Array) -> dict[str, Array]:
    """Return the first and the last day of each stay."""
    n = len(allogeneic)
    return {
        "begin": np.where(allogeneic, FIRST, -4) + rng.integers(0, 2, n),
        "end": np.minimum(engraftment + 6 + 3 * allogeneic + rng.poisson(3, n), FIRST + DAYS - 1),
    }


def _engraftments(rng: np.random.Generator, allogeneic: Array, graft: Array) -> Array:
    """Return the day on which each patient's graft takes."""
    middle = np.where(allogeneic, np.array([16.2, 19.5, 24.0])[graft], 11.5)
    return np.rint(np.clip(rng.normal(middle, np.where(allogeneic, 3.2, 2.2)), 8, 34)).astype(np.int64)


def _diseases(rng: np.random.Generator, allogeneic: Array) -> Array:
    n = len(allogeneic)
    # Shares of the diseases, with a donor's and with own cells: assumed.
    donated, own = 2 + np.searchsorted([0.5, 0.72], rng.random(n)), np.where(happens(rng, 0.6, n), 0, 1)
    return np.where(allogeneic, donated, own)


def _ages(deviation: Array, disease: Array) -> Array:
    """Return the age in years: each disease has its own."""
    mean, sd = np.array(AGES, float)[disease].T
    return np.asarray(np.clip(mean + sd * deviation, 18, 76).astype(np.int64))


def _weights(rng: np.random.Generator, male: Array) -> Array:
    """Return each patient's kilograms on day 0."""
    mean = np.array(WEIGHTS)[male.astype(np.int64)]
    own = np.exp(rng.normal(0, WEIGHT_SPREAD, len(male)) - WEIGHT_SPREAD**2 / 2)
    return np.asarray(np.clip(mean * own, *WEIGHT_LIMITS))


def _days(rng: np.random.Generator, n: int) -> Array:
    first, last = (minutes(day) // DAY for day in CALENDAR)
    return rng.integers(first, last, n) * DAY


def neutrophils(rng: np.random.Generator, p: Patients) -> Array:
    """Return the count of each patient and day: it falls with the conditioning and recovers with the graft.

    The shape is the prototype's, but the count is under 0.5 from about day 1 on and not from day -3, as in the clinic:
    so the first infection comes on day 8 and not 6 (`bsi.first_day_median`).
    """
    day, graft = np.arange(DAYS)[None, :] + FIRST, p.engraftment[:, None]
    falling = np.minimum(3.5 * np.exp(-0.6 * (day + 2.0)), 4.2)
    rising = 0.55 * np.exp(0.35 * np.minimum(day - graft, 9))
    own, daily = rng.normal(0, 0.18, (len(p.site), 1)), rng.normal(0, 0.25, (len(p.site), DAYS))
    count = np.where(day < graft, falling, rising) * np.exp(own + daily)
    # The recovered marrow under growth factor settles at 5 to 12, each patient elsewhere: no wall.
    settled = np.where(count > 4, 4 * (np.maximum(count, 4) / 4) ** 0.6, count)
    return np.asarray(np.where(count < 0.05, 0.0, settled))
