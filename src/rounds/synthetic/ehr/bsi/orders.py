"""Drugs, diagnoses and procedures of transplants: they follow the regimen, the fever and the cultures."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.bsi.answers import CultureAnswers, draw_answers, follow_germ
from rounds.synthetic.ehr.bsi.charts import Signs, midnight
from rounds.synthetic.ehr.bsi.course import InfectionCourse
from rounds.synthetic.ehr.bsi.patients import DISEASES, Patients
from rounds.synthetic.ehr.codings import code_diagnoses, note_procedures
from rounds.synthetic.ehr.draws import happens, unless
from rounds.synthetic.ehr.medications import Prescription, prescribe
from rounds.synthetic.ehr.rows import DAY, HOUR, NEVER, Rows, sort, stack
from rounds.synthetic.ehr.words import Array, Words

Span = tuple[Array, Array]


def first_place(days: Array) -> Array:
    """Return the place of each patient's first true day, -1 without one."""
    return np.where(days.any(axis=1), days.argmax(axis=1), -1)


def _when(p: Patients, place: Array, hour: int) -> Array:
    """Return the minute of an hour on that day, never without a day."""
    at = midnight(p)[np.arange(len(place)), np.maximum(place, 0)] + hour * HOUR
    return np.where(place < 0, NEVER, at)


def draw_orders(
    rng: np.random.Generator,
    own: np.random.Generator,
    p: Patients,
    c: InfectionCourse,
    stay: Words,
    span: Span,
    cultures: Rows,
) -> Rows:
    """Return the orders of all stays; ``own`` decides what ``rng`` did not know at first."""
    n = len(p.site)
    answers = draw_answers(own, cultures, n)
    door = span[0] + rng.integers(30, 200, n)
    fungus = [Prescription("J02AX04", answers.caspofungin, _soon(own, answers.at), 14)]
    known = _by_protocol(p, span, door, answers) + _by_course(rng, own, p) + _against_infection(rng, p, c, answers)
    rows = [prescribe(rng, stay, span[1], known), prescribe(own, stay, span[1], fungus)]
    return sort(stack(rows), "encounter_id", "ordered_ts", "atc")


def _by_protocol(p: Patients, span: Span, door: Array, a: CultureAnswers) -> list[Prescription]:
    """Return conditioning and prophylaxis; fluconazole ends where an echinocandin begins.

    The days are assumed.
    """
    every, allo, auto = np.ones(len(p.site), bool), p.allogeneic, ~p.allogeneic
    fluconazole = np.where(a.caspofungin, np.where(a.caspofungin, a.at - door, 0) / DAY + 0.25, 60)
    return [
        Prescription("L01AA03", auto, np.maximum(p.day0 - DAY, span[0]), 1),
        Prescription("L01AB01", allo & p.intensive & ~p.radiated, door, 4),
        Prescription("L01BB05", allo & ~p.intensive, door, 5),
        Prescription("L01AA01", allo & (p.intensive | p.radiated), door + DAY, 2),
        Prescription("J05AB01", every, door, 60),
        Prescription("J02AC01", every, door, fluconazole),
        Prescription("J01MA12", p.protected, p.day0 - 300, p.engraftment),
        Prescription("L04AD01", allo, p.day0 - DAY, 60),
    ]


def _by_course(rng: np.random.Generator, own: np.random.Generator, p: Patients) -> list[Prescription]:
    """Return what follows the patient: growth factor on day 1 to 7, opioid and nutrition with the mouth.

    Methylprednisolone is for graft-versus-host disease, which comes with the new cells and after them.
    """
    n, allo = len(p.site), p.allogeneic
    # Shares, days and thresholds of this function are assumed.
    growth, graft = own.integers(1, 8, n), p.engraftment + own.integers(-1, 10, n)
    pain, hunger = _sore(own, p, 2), _sore(own, p, 3)
    at = [p.day0 + day * DAY + own.integers(8 * HOUR, 17 * HOUR, n) for day in (growth, pain[0], hunger[0], graft)]
    return [
        Prescription("L04AX03", allo & happens(rng, 0.7, n), p.day0 + DAY + 600, 6),
        Prescription("L03AA02", ~allo | happens(rng, 0.3, n), at[0], np.maximum(p.engraftment + 1 - growth, 1)),
        Prescription("N02AA01", p.mucositis > 2.0, at[1], pain[1]),
        Prescription("B05BA10", p.mucositis > 2.6, at[2], hunger[1]),
        Prescription("H02AB04", allo & happens(rng, 0.12, n), at[3], 20),
    ]


def _sore(own: np.random.Generator, p: Patients, grade: int) -> tuple[Array, Array]:
    """Return the day on which the charted mucositis reaches a grade, or some later, and the days to healing."""
    # Inverts `charts.mucositis_grade`, where the mouth is sore in full 6 days after day 1 and heals in the 4 days that
    # end 4 days after the graft.
    worst = np.maximum(p.mucositis, grade)
    first = np.ceil(1 + 6 * (grade - 0.5) / worst).astype(np.int64) + own.integers(0, 2 * grade - 1, len(worst))
    last = np.rint(p.engraftment + 4 - 4 * 1.5 / worst).astype(np.int64) + own.integers(0, 3, len(worst))
    return first, np.maximum(last - first, 2)


def _soon(rng: np.random.Generator, result: Array) -> Array:
    """Return a moment up to six hours after a result, never without one."""
    return unless(result == NEVER, result + rng.integers(0, 6 * HOUR, len(result)))


def _against_infection(
    rng: np.random.Generator, p: Patients, c: InfectionCourse, a: CultureAnswers
) -> list[Prescription]:
    """Return the orders for fever: the first antibiotic the same day; another one when a culture has a result."""
    n, fever = len(p.site), first_place(c.fever & c.present)
    courses = c.antibiotic & ~np.hstack([np.zeros((n, 1), bool), c.antibiotic[:, :-1]])
    second = courses & (np.cumsum(courses, axis=1) == 2)
    later = _soon(rng, a.at)
    places = [first_place(courses), first_place(second)]
    begins = [_when(p, at, 9) + rng.integers(0, 8 * HOUR, n) * (at >= 0) for at in places]
    return [
        *follow_germ(a, begins, later),
        Prescription("J01XA01", happens(rng, a.vancomycin, n), later, 9.0),
        Prescription("N02BE01", fever >= 0, _when(p, fever, 9), 20.0),
    ]


def draw_diagnoses(
    rng: np.random.Generator, p: Patients, c: InfectionCourse, stay: Words, left: Array, infected: Array
) -> Rows:
    """Return the codes; bacteraemia and catheter infection are coded for most, not all, of those who had it.

    The shares are assumed.
    """
    n, has = len(p.site), infected < 999
    coded = has & happens(rng, 0.85, n)
    line = coded & c.commensal
    codes = {code: p.disease == place for place, code in enumerate(DISEASES)}
    codes |= {
        "Z94": np.ones(n, bool),
        "D70": np.ones(n, bool),
        "A41.9": coded & ~c.commensal & happens(rng, 0.5, n),
        "A49.9": coded,
        "T80.2": line,
        "K12.3": (p.mucositis > 1.5) & happens(rng, 0.7, n),
        "R50": (c.fever & c.present).any(axis=1) & happens(rng, 0.6, n),
    }
    return code_diagnoses(rng, stay, left, codes)


def draw_procedures(
    rng: np.random.Generator, p: Patients, c: InfectionCourse, s: Signs, stay: Words, span: Span
) -> Rows:
    """Return infusion, central line and intervals of step-up care."""
    n, noon = len(p.site), p.day0 + 11 * HOUR
    infusion = np.maximum(noon, span[0] + 60)
    every = np.ones(n, bool)
    rows = note_procedures(
        stay,
        {
            "stem_cell_infusion": (every, infusion, infusion + 90),
            "central_line": (every, span[0] + 120, span[1]),
        },
    )
    before = np.hstack([np.zeros((n, 1), bool), s.step_up[:, :-1]])
    owner, place = np.nonzero(s.step_up & ~before)
    length = np.array([_run(s.step_up[i, j:]) for i, j in zip(owner.tolist(), place.tolist(), strict=True)], np.int64)
    start = np.maximum(midnight(p)[owner, place], span[0][owner])
    stop = np.minimum(midnight(p)[owner, place] + length * DAY, span[1][owner])
    moved = note_procedures(stay.take(owner), {"step_up_care": (np.ones(len(owner), bool), start, stop)})
    return sort(stack([rows, moved]), "encounter_id", "start_ts")


def _run(days: Array) -> int:
    """Return how many days in a row are true from the first on."""
    return int(len(days) if days.all() else days.argmin())


def transplants(p: Patients, person: Words) -> Rows:
    """Return the transplant rows; the match is empty for own cells."""
    match = np.where(p.allogeneic, p.mismatch, -1).astype(np.int32)
    return {
        "person_id": person,
        "day0": p.day0,
        "donor": Words(p.donor.astype(np.int32), ("autologous", "related", "unrelated", "cord")),
        "match": Words(match, ("full", "mismatch")),
        "conditioning": Words((p.allogeneic & ~p.intensive).astype(np.int32), ("myeloablative", "reduced")),
        "tbi": p.radiated,
        "graft_source": Words(p.graft.astype(np.int32), ("peripheral blood", "marrow", "cord blood")),
        "cmv": Words(p.cmv.astype(np.int32), ("negative", "positive")),
    }
