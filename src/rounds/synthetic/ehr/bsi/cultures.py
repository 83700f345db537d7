"""Blood cultures: sets of two bottles, a row for every bottle, negative ones too."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.bsi.charts import midnight
from rounds.synthetic.ehr.bsi.course import InfectionCourse
from rounds.synthetic.ehr.bsi.patients import Patients
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.rows import DAY, HOUR, NEVER, Rows, numbers, sort, take, texts
from rounds.synthetic.ehr.words import Array, Words, choose

# Assumed shares.  With the commensals' 28 %, 61 of 100 patients with bacteria have Gram-positive and 35 Gram-negative
# ones: between Cappellano 2007 (75 % Gram-positive cocci, 21 % Gram-negative) and Soochow (69.5 % Gram-negative).
PATHOGENS = {
    "Escherichia coli": 0.26,
    "Klebsiella pneumoniae": 0.13,
    "Pseudomonas aeruginosa": 0.10,
    "Enterococcus faecium": 0.22,
    "Staphylococcus aureus": 0.16,
    "Streptococcus pneumoniae": 0.08,
    "Candida albicans": 0.05,
}
COMMENSALS = {
    "Staphylococcus epidermidis": 0.62,
    "Staphylococcus hominis": 0.18,
    "Corynebacterium species": 0.12,
    "Micrococcus luteus": 0.08,
}
ORGANISMS = (*PATHOGENS, *COMMENSALS)


def draw_cultures(block: Block, p: Patients, c: InfectionCourse, stay: Words, left: Array) -> Rows:
    """Return the bottles of all sets."""
    rng = block.rng(purpose=4)
    owner, place = np.nonzero(c.cultured)
    own = _organisms(rng, len(p.site), c.commensal)[owner]
    foreign = len(PATHOGENS) + _pick(rng, COMMENSALS, len(owner))
    start = midnight(p)[owner, place] + 9 * HOUR + rng.integers(15, 8 * HOUR, len(owner))
    second = c.second_set[owner, place]
    growth = c.infected_sets[owner, place]
    parts = [
        _set(rng, (owner, start, own, foreign), ((growth & 1) > 0, c.contaminated[owner, place]), 0),
        take(
            _set(rng, (owner, start + 12, own, foreign), (growth >= 2, np.zeros(len(owner), bool)), 1),
            np.tile(second, 2),
        ),
    ]
    joined: dict[str, Array] = {name: np.concatenate([np.asarray(x[name]) for x in parts]) for name in parts[0]}
    inside = joined["collected_ts"] < left[joined["owner"]]
    return _rows(block, {name: value[inside] for name, value in joined.items()}, stay)


def first_growth(cultures: Rows, n: int) -> tuple[Array, Array, Array]:
    """Return for each patient with growth the first result's time, and the organism of all (-1: none)."""
    owner, organism = texts(cultures, "encounter_id").codes, texts(cultures, "organism").codes
    at = np.flatnonzero((organism >= 0) & ~numbers(cultures, "!contaminated"))
    when, found = numbers(cultures, "resulted_ts")[at], np.full(n, -1)
    first = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(first, owner[at], when)
    found[owner[at]] = organism[at]
    grown = np.flatnonzero(found >= 0)
    return grown, np.where(grown >= 0, first[grown], NEVER), found


def _organisms(rng: np.random.Generator, n: int, commensal: Array) -> Array:
    return np.where(commensal, len(PATHOGENS) + _pick(rng, COMMENSALS, n), _pick(rng, PATHOGENS, n))


def _pick(rng: np.random.Generator, shares: dict[str, float], n: int) -> Array:
    return np.searchsorted(np.cumsum(list(shares.values()))[:-1], rng.random(n))


def _set(rng: np.random.Generator, draw: tuple[Array, ...], grows: tuple[Array, Array], number: int) -> Rows:
    """Return two bottles of one draw: an infection often grows in both, a contamination in one."""
    owner, when, own, foreign = draw
    infected, dirty = grows
    n, only = len(owner), rng.integers(0, 2, len(owner))
    # Assumed: 72 % grow in both bottles.  A result with growth names the germ after 20-66 hours (textbook: growth after
    # 12-24, a name after 24-72); one without growth comes after 5 days, which is assumed.
    both = infected & happens(rng, 0.72, n)
    bottles = []
    for bottle in (0, 1):
        mine = (only == bottle) | both
        organism = np.where(infected & mine, own, np.where(dirty & ~infected & (only == bottle), foreign, -1))
        late = np.where(organism >= 0, rng.integers(20 * HOUR, 66 * HOUR, n), 5 * DAY + rng.integers(0, 200, n))
        contaminated = dirty & ~infected & (only == bottle)
        bottles.append(
            {
                "owner": owner,
                "set": np.arange(n) * 2 + number,
                "bottle": np.full(n, bottle),
                "organism": organism,
                "collected_ts": when,
                "resulted_ts": when + late,
                "catheter": np.full(n, number == 0),
                "contaminated": contaminated,
            }
        )
    return {name: np.concatenate([b[name] for b in bottles]) for name in bottles[0]}


def _rows(block: Block, d: dict[str, Array], stay: Words) -> Rows:
    n = len(d["owner"])
    rows: Rows = {
        "specimen_id": block.ids("B", n),
        "encounter_id": stay.take(d["owner"]),
        "bottle": choose(d["bottle"], "aerobic", "anaerobic"),
        "organism": Words(d["organism"].astype(np.int32), ORGANISMS),
        "collected_ts": d["collected_ts"],
        "resulted_ts": d["resulted_ts"],
        "set_id": Words(d["set"].astype(np.int32), block.names("S", int(d["set"].max(initial=0)) + 1)),
        "draw_site": choose(d["catheter"], "peripheral", "catheter"),
        "!contaminated": d["contaminated"],
    }
    return sort(rows, "encounter_id", "collected_ts", "specimen_id")
