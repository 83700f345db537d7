"""Refuse files that ask about a few people: nothing about single patients comes back.

Two files that differ in one person only, or one file that sets one person apart from all others, would turn a figure
into that person's outcome.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from rounds.counted import counted
from rounds.errors import DataError
from rounds.evaluation.bootstrap import Array


def check_no_probe(predicted: Array, earlier: dict[int, Array], least: int) -> None:
    """Raise when a file sets fewer than ``least`` people apart, or differs in fewer from an earlier try."""
    apart = len(predicted) - max(Counter(predicted.tolist()).values())
    if 0 < apart < least:
        raise DataError(
            f"All predictions but {apart} are equal. A file that sets fewer than {least} people apart is not scored."
        )
    for number, before in earlier.items():
        changed, moved = int((predicted != before).sum()), count_moved(before, predicted)
        if not changed:
            raise DataError(f"These are the predictions of try {number}. Its result stands on the page.")
        few = min(changed, moved or changed)
        if few < least:
            raise DataError(
                f"The file differs from try {number} in {counted(few, 'person', 'people')} only. A try that "
                f"differs in fewer than {least} people is not scored: it would tell on them."
            )


def count_moved(first: Array, second: Array) -> int:
    """Return how many people, at least, must be left out so that both files put the others in the same order.

    The longest chain of cells that rises in both files, each as heavy as the people in it (Fenwick tree of maxima).
    """
    a, b = (np.unique(values, return_inverse=True)[1] for values in (first, second))
    cells = Counter(zip(a.tolist(), b.tolist(), strict=True))
    tree = [0] * (int(b.max()) + 2)
    for (_, column), people in sorted(cells.items(), key=lambda cell: (cell[0][0], -cell[0][1])):
        best = people + _largest_below(tree, column)
        place = column + 1
        while place < len(tree):
            tree[place] = max(tree[place], best)
            place += place & -place
    return len(first) - _largest_below(tree, len(tree) - 1)


def _largest_below(tree: list[int], place: int) -> int:
    best = 0
    while place > 0:
        best, place = max(best, tree[place]), place - (place & -place)
    return best
