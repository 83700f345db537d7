"""How the ward answers a culture that grows: the drug follows the germ, from the result on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.bsi.cultures import ORGANISMS, first_growth
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.medications import Prescription
from rounds.synthetic.ehr.rows import DAY, NEVER, Rows
from rounds.synthetic.ehr.words import Array

FIRST_LINE_DAYS, BROADER_DAYS = 7, 10  # assumed
GRAM_NEGATIVE = ("Escherichia coli", "Klebsiella pneumoniae", "Pseudomonas aeruginosa")
# Share given vancomycin, meropenem and caspofungin at the result.  After the IDSA guideline for fever in neutropenia
# (Freifeld 2011) and ECIL: vancomycin for Gram-positive cocci until it is known what they yield to (Enterococcus
# faecium resists penicillins, most coagulase-negative staphylococci resist oxacillin), a carbapenem or the running
# piperacillin-tazobactam for Gram-negative rods, an echinocandin for Candida.  Nobody follows a guideline always: how
# often is assumed.
ANSWERS = {
    "Escherichia coli": (0.06, 0.55, 0.0),
    "Klebsiella pneumoniae": (0.06, 0.65, 0.0),
    "Pseudomonas aeruginosa": (0.06, 0.60, 0.0),
    "Enterococcus faecium": (0.92, 0.12, 0.0),
    "Staphylococcus aureus": (0.88, 0.10, 0.0),
    "Streptococcus pneumoniae": (0.30, 0.20, 0.0),
    "Candida albicans": (0.08, 0.12, 0.93),
    "Staphylococcus epidermidis": (0.90, 0.06, 0.0),
    "Staphylococcus hominis": (0.88, 0.06, 0.0),
    "Corynebacterium species": (0.88, 0.06, 0.0),
    "Micrococcus luteus": (0.80, 0.06, 0.0),
}


@dataclass(frozen=True)
class CultureAnswers:
    """Each patient's first result with growth (``at``, or never) and what is given for it.

    ``vancomycin`` is a probability, as the stream of the orders decides it.
    """

    at: Array
    gram_negative: Array
    vancomycin: Array
    meropenem: Array
    caspofungin: Array


def draw_answers(rng: np.random.Generator, cultures: Rows, n: int) -> CultureAnswers:
    """Draw what each patient is given when a culture grows; nothing without growth or for a contamination."""
    grown, result, organism = first_growth(cultures, n)
    at = np.full(n, NEVER)
    at[grown] = result
    shares = np.array([*[ANSWERS[name] for name in ORGANISMS], (0.0, 0.0, 0.0)])[organism]
    rods = np.array([*[name in GRAM_NEGATIVE for name in ORGANISMS], False])[organism]
    return CultureAnswers(at, rods, shares[:, 0], happens(rng, shares[:, 1], n), happens(rng, shares[:, 2], n))


def follow_germ(a: CultureAnswers, begins: list[Array], later: Array) -> list[Prescription]:
    """Return the first-line courses and the meropenem order.

    Meropenem ends the first line, or stands in its place; without it, Gram-negative rods prolong the course that
    runs.  Where none runs, they get meropenem: it is a breakthrough.
    """
    running = [_runs(begin, later) for begin in begins]
    meropenem = a.meropenem | (a.gram_negative & ~np.any(running, axis=0))
    courses = [
        _first_line(begin, runs, later, (meropenem, a.gram_negative))
        for begin, runs in zip(begins, running, strict=True)
    ]
    return [*courses, Prescription("J01DH02", meropenem, later, BROADER_DAYS)]


def _runs(begin: Array, later: Array) -> Array:
    return np.asarray((begin != NEVER) & (begin <= later) & (later < begin + FIRST_LINE_DAYS * DAY))


def _first_line(begin: Array, runs: Array, later: Array, germ: tuple[Array, Array]) -> Prescription:
    meropenem, rods = germ
    until = np.where(runs, later - begin, 0) / DAY
    days = np.where(runs & rods, until + BROADER_DAYS, FIRST_LINE_DAYS)
    replaced = meropenem & (later <= begin) & (begin < later + BROADER_DAYS * DAY)
    return Prescription("J01CR05", (begin != NEVER) & ~replaced, begin, np.where(runs & meropenem, until, days))
