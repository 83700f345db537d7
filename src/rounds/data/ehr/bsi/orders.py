"""Drugs, diagnoses and procedures of transplants: they follow the regimen, the fever and the cultures."""

from __future__ import annotations

import numpy as np

from rounds.data.ehr.bsi.charts import Signs, midnight
from rounds.data.ehr.bsi.course import Course
from rounds.data.ehr.bsi.patients import DISEASES, Patients
from rounds.data.ehr.codings import code_diagnoses, note_procedures
from rounds.data.ehr.draws import happens
from rounds.data.ehr.medications import Order, prescribe
from rounds.data.ehr.rows import DAY, HOUR, NEVER, Rows, sort, stack
from rounds.data.ehr.words import Array, Words

Span = tuple[Array, Array]


def first_place(days: Array) -> Array:
    """Return the place of each patient's first true day, -1 without one."""
    return np.where(days.any(axis=1), days.argmax(axis=1), -1)


def _when(p: Patients, place: Array, hour: int) -> Array:
    """Return the minute of an hour on that day, never without a day."""
    at = midnight(p)[np.arange(len(place)), np.maximum(place, 0)] + hour * HOUR
    return np.where(place < 0, NEVER, at)


def draw_orders(rng: np.random.Generator, p: Patients, c: Course, stay: Words, span: Span) -> Rows:
    """Return the orders of all stays."""
    n = len(p.site)
    every, allo, auto = np.ones(n, bool), p.allogeneic, ~p.allogeneic
    door = span[0] + rng.integers(30, 200, n)
    early = [
        Order("L01AA03", auto, np.maximum(p.day0 - DAY, span[0]), 1),
        Order("L01AB01", allo & p.intensive & ~p.radiated, door, 4),
        Order("L01BB05", allo & ~p.intensive, door, 5),
        Order("L01AA01", allo & (p.intensive | p.radiated), door + DAY, 2),
        Order("J05AB01", every, door, 60),
        Order("J02AC01", every, door, 60),
        Order("J01MA12", p.protected, p.day0 - 300, p.engraftment),
        Order("L04AD01", allo, p.day0 - DAY, 60),
        Order("L04AX03", allo & happens(rng, 0.7, n), p.day0 + DAY + 600, 6),
        Order("L03AA02", auto | happens(rng, 0.3, n), p.day0 + 5 * DAY + 600, np.maximum(p.engraftment - 4, 1)),
        Order("N02AA01", p.mucositis > 2.0, p.day0 + 4 * DAY + 700, 8),
        Order("B05BA10", p.mucositis > 2.6, p.day0 + 5 * DAY + 720, 8),
        Order("H02AB04", allo & happens(rng, 0.12, n), p.day0 + 15 * DAY + 600, 20),
    ]
    return prescribe(rng, stay, span[1], early + _against_infection(rng, p, c))


def _against_infection(rng: np.random.Generator, p: Patients, c: Course) -> list[Order]:
    """Return the orders for fever: the first antibiotic the same day, a broader one when a culture grows."""
    n = len(p.site)
    grew, fever = first_place(c.after), first_place(c.fever & c.present)
    courses = c.antibiotic & ~np.hstack([np.zeros((n, 1), bool), c.antibiotic[:, :-1]])
    second = courses & (np.cumsum(courses, axis=1) == 2)
    places = [first_place(courses), first_place(second)]
    later = _when(p, grew, 10) + rng.integers(0, 6 * HOUR, n) * (grew >= 0)
    return [
        *[Order("J01CR05", at >= 0, _when(p, at, 9) + rng.integers(0, 8 * HOUR, n) * (at >= 0), 7.0) for at in places],
        Order("J01DH02", (grew >= 0) & ~c.commensal, later, 10.0),
        Order("J01XA01", (grew >= 0) & (c.commensal | happens(rng, 0.25, n)), later, 9.0),
        Order("N02BE01", fever >= 0, _when(p, fever, 9), 20.0),
    ]


def draw_diagnoses(rng: np.random.Generator, p: Patients, c: Course, stay: Words, left: Array, infected: Array) -> Rows:
    """Return the codes; bacteraemia and catheter infection are coded for most, not all, of those who had it."""
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


def draw_procedures(rng: np.random.Generator, p: Patients, c: Course, s: Signs, stay: Words, span: Span) -> Rows:
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
