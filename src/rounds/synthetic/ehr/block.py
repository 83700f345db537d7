"""A block of persons: the unit in which a cohort is drawn, so that memory stays bounded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rounds.synthetic.ehr.draws import pseudonyms
from rounds.synthetic.ehr.rows import Rows
from rounds.synthetic.ehr.words import Array, Words

STRIDE = 200_000  # names set aside for each block, so that no two blocks share one; `names` refuses more


@dataclass(frozen=True)
class Block:
    """Which persons to draw; everything follows from the seed, the block's number and its size."""

    number: int
    persons: int
    seed: int
    cohort: str = ""

    def rng(self, purpose: int = 0) -> np.random.Generator:
        """Return the block's own stream of random numbers; a purpose above 0 has a stream of its own."""
        key = (self.number, purpose) if purpose else (self.number,)
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key)))

    def names(self, letter: str, n: int) -> tuple[str, ...]:
        """Return n pseudonyms that no other block uses."""
        if n > STRIDE:
            raise ValueError(f"block {self.number}: {n} names are more than {STRIDE}")
        return pseudonyms(letter, self.number * STRIDE, n, self.seed, self.cohort)

    def ids(self, letter: str, n: int) -> Words:
        """Return n pseudonyms as a column."""
        return Words(np.arange(n, dtype=np.int32), self.names(letter, n))


@dataclass(frozen=True)
class Chunk:
    """What a block becomes: rows of each table, the hidden state for the truth, counts of facts."""

    tables: dict[str, Rows]
    latent: Rows
    facts: dict[str, int] = field(default_factory=dict)


def draw_people(rng: np.random.Generator, ids: Words, male: Array, birth_year: Array) -> Rows:
    """Return person rows; sector and insurer are drawn without any effect on health."""
    n = len(ids)
    return {
        "person_id": ids,
        "sex": Words(male.astype(np.int32), ("female", "male")),
        "birth_year": birth_year.astype(np.int64),
        # Shares of sectors and insurers are assumed; they mean nothing, so that no lesson feeds a stereotype.
        "sector": Words(rng.integers(0, 3, n).astype(np.int32), ("centre", "north", "south")),
        "hmo": Words(np.searchsorted([0.5, 0.75, 0.88], rng.random(n)).astype(np.int32), ("H1", "H2", "H3", "H4")),
        "skin_tone": Words(np.full(n, -1, np.int32), ()),
    }


def sum_facts(known: dict[str, int], new: dict[str, Any]) -> dict[str, int]:
    """Add the counts of one more block."""
    return {name: known.get(name, 0) + int(new.get(name, 0)) for name in {**known, **new}}
