"""Find the levels of all quasi-identifiers that reach k with the least loss of information.

Nodes of the lattice are taken in the order of their loss before suppression, which only grows upwards; the search ends
when the next node loses more than the best one found, so that the best is the optimum of its lattice.  What is too fine
rules out everything finer.  A limit on the number of tries keeps it short; the result says whether it was reached.

The loss of a node is the weighted root mean square of its columns' losses: to lose one column whole costs more than to
lose a little of several.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rounds.custody.privacy.crowds.classes import Codes, factorise, make_dense, row_codes
from rounds.custody.privacy.crowds.views import View
from rounds.custody.privacy.treating.hierarchy import Hierarchy
from rounds.errors import DataError

WORK = 40_000_000
FEWEST_TRIES, MOST_TRIES = 60, 3000
Node = tuple[int, ...]


@dataclass(frozen=True)
class Crowd:
    """One view, shortened to its different rows: the value number of each quasi-identifier, the person, the weight."""

    columns: tuple[int, ...]
    codes: tuple[Codes, ...]
    person: Codes
    weight: Codes


@dataclass(frozen=True)
class LevelChoice:
    """The levels that were chosen, what they cost, and whether nothing better exists in the lattice."""

    node: Node
    loss: float
    suppressed: float
    optimal: bool
    evaluated: int


def build_crowd(view: View, hierarchies: Sequence[Hierarchy]) -> Crowd:
    """Shorten a view for the search."""
    import pandas as pd

    at = {h.where: i for i, h in enumerate(hierarchies)}
    columns = tuple(at[name] for name in view.quasi)
    codes = [hierarchies[i].codes(view.frame[hierarchies[i].where]) for i in columns]
    person = factorise(view.frame[view.person])[0] if view.person else np.arange(len(view.frame))
    rows = pd.DataFrame({str(i): values for i, values in enumerate([*codes, person])})
    of_row, different = row_codes(rows, list(rows.columns))
    first = np.zeros(different, dtype=np.int64)
    first[of_row[::-1]] = np.arange(len(of_row))[::-1]
    weight = np.bincount(of_row, minlength=different)
    return Crowd(columns, tuple(values[first] for values in codes), person[first], weight)


def find_levels(
    hierarchies: Sequence[Hierarchy],
    crowds: Sequence[Crowd],
    k: int,
    most_suppressed: float,
    weights: Sequence[float] = (),
) -> LevelChoice:
    """Return the node with the least loss that leaves at most ``most_suppressed`` of the rows in classes under k."""
    search = _Search(hierarchies, crowds, k, most_suppressed, weights or [1.0] * len(hierarchies))
    most_tries = _tries(crowds)
    top = tuple(len(h.levels) - 1 for h in hierarchies)
    search.look(top)
    if search.best is None:
        raise DataError(f"Fewer than {k} people are in a table, so k = {k} cannot be reached. Take more people in.")
    waiting = [(0.0, tuple(0 for _ in hierarchies))]
    seen = {waiting[0][1]}
    while waiting and len(search.tried) < most_tries:
        base, node = heapq.heappop(waiting)
        if base >= search.best.loss:
            break
        if not search.is_too_fine(node):
            search.climb(node, top)
        for higher in search.above(node, top):
            if higher not in seen:
                seen.add(higher)
                heapq.heappush(waiting, (search.base(higher), higher))
    finished = not waiting or search.base(waiting[0][1]) >= search.best.loss
    best = search.best
    return LevelChoice(best.node, best.loss, best.suppressed, bool(finished or base >= best.loss), len(search.tried))


class _Search:
    """What the search knows so far."""

    def __init__(
        self, hierarchies: Sequence[Hierarchy], crowds: Sequence[Crowd], k: int, limit: float, weights: Sequence[float]
    ) -> None:
        self.hierarchies, self.crowds, self.k, self.limit = hierarchies, crowds, k, limit
        self.costs = [
            [w * lv.loss**2 / sum(weights) for lv in h.levels] for h, w in zip(hierarchies, weights, strict=True)
        ]
        self.best: LevelChoice | None = None
        self.too_fine: list[Node] = []
        self.tried: dict[Node, bool] = {}

    def base(self, node: Node) -> float:
        """Return the loss before suppression."""
        return float(sum(costs[i] for costs, i in zip(self.costs, node, strict=True)) ** 0.5)

    def above(self, node: Node, top: Node) -> list[Node]:
        """Return the nodes one step coarser."""
        return [(*node[:i], level + 1, *node[i + 1 :]) for i, level in enumerate(node) if level < top[i]]

    def is_too_fine(self, node: Node) -> bool:
        """Tell whether a node is finer than one that failed."""
        return any(all(a <= b for a, b in zip(node, failed, strict=True)) for failed in self.too_fine)

    def climb(self, node: Node, top: Node) -> None:
        """Try a node; while it fails, try the cheapest coarser one, so that failures rule out much at once."""
        while not self.look(node):
            higher = [n for n in self.above(node, top) if n not in self.tried]
            if not higher:
                return
            node = min(higher, key=lambda n: (self.base(n), n))

    def look(self, node: Node) -> bool:
        """Measure a node, remember it, and return whether it reaches k."""
        if node in self.tried:
            return self.tried[node]
        suppressed = max(suppressed_share(c, self.hierarchies, node, self.k) for c in self.crowds)
        self.tried[node] = suppressed <= self.limit
        if not self.tried[node]:
            self.too_fine = [n for n in self.too_fine if not _under(n, node)] + [node]
            return False
        base = self.base(node)
        loss = base + suppressed * (1 - base)
        if self.best is None or loss < self.best.loss:
            self.best = LevelChoice(node, loss, suppressed, False, 0)
        return True


def suppressed_share(crowd: Crowd, hierarchies: Sequence[Hierarchy], node: Node, k: int) -> float:
    """Return the part of the rows whose class holds fewer than k people at these levels."""
    import pandas as pd

    combined, bound = np.zeros(len(crowd.weight), dtype=np.int64), 1
    for i, codes in zip(crowd.columns, crowd.codes, strict=True):
        level = hierarchies[i].levels[node[i]]
        many = len(level.labels) + 1
        if bound * many >= 2**40:
            combined, bound = make_dense(combined, bound)
        combined, bound = combined * many + level.group[codes], bound * many
    combined, bound = make_dense(combined, bound)
    people = int(crowd.person.max()) + 1
    pairs = pd.unique(combined * people + crowd.person)
    sizes = np.bincount(pairs // people, minlength=bound)
    return float(crowd.weight[sizes[combined] < k].sum() / crowd.weight.sum())


def _tries(crowds: Sequence[Crowd]) -> int:
    """Return how many nodes to try at most: fewer for large tables."""
    rows = sum(len(crowd.weight) for crowd in crowds)
    return int(np.clip(WORK // max(rows, 1), FEWEST_TRIES, MOST_TRIES))


def _under(low: Node, high: Node) -> bool:
    return all(a <= b for a, b in zip(low, high, strict=True))
