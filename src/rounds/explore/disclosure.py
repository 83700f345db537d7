"""Which counts may be shown: small ones are hidden, the others rounded, in every published view.

The rule for one group of cells that add up to a shown total: cells under ``min_cell_count`` are
hidden, then the smallest shown ones too, until at least two are hidden and their sum is no longer
small.  So no hidden count follows by subtraction inside one chart or one flow.  Comparing two charts
or two views is not prevented; rounding makes it coarse, and the view says that sums may not add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rounds.errors import DataError
from rounds.event.numbers import ROUNDING, SMALLEST_CELL

VIEW, MINIMUM, BASE = "ROUNDS_VIEW", "ROUNDS_MIN_CELL_COUNT", "ROUNDS_ROUNDING_BASE"


@dataclass(frozen=True)
class Disclosure:
    """The policy of one view; ``published`` switches it on."""

    min_cell_count: int = SMALLEST_CELL
    rounding_base: int = ROUNDING
    published: bool = False
    show_zeros: bool = False

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Disclosure:
        """Read the policy that the room or the dashboard server set."""
        return cls(
            min_cell_count=_positive(environ, MINIMUM, SMALLEST_CELL),
            rounding_base=_positive(environ, BASE, ROUNDING),
            published=environ.get(VIEW, "") == "published",
        )

    def describe(self) -> str:
        """Say which counts this view shows."""
        if not self.published:
            return "Inside the room: counts are exact."
        return (
            f"Published view: counts under {self.min_cell_count} are hidden, the others are "
            f"rounded to {self.rounding_base}, so sums may not add up."
        )

    def is_small(self, count: int) -> bool:
        """Tell whether a count must be hidden when it stands alone."""
        if not self.published or (count == 0 and self.show_zeros):
            return False
        return count < self.min_cell_count

    def hide(self, *groups: Sequence[int]) -> list[bool]:
        """Return which cells to hide, in one or more measures of the same cells."""
        cells = list(zip(*groups, strict=True))
        hidden = [any(self.is_small(count) for count in cell) for cell in cells]
        while any(hidden) and not all(hidden) and not self._is_safe(cells, hidden):
            shown = [i for i, is_hidden in enumerate(hidden) if not is_hidden]
            hidden[min(shown, key=lambda i: cells[i][0])] = True
        return hidden

    def show(self, count: int, hidden: bool = False) -> int | None:
        """Return the count as it may be shown: exact, rounded, or None for hidden."""
        if hidden or self.is_small(count):
            return None
        if not self.published:
            return count
        return self.rounding_base * round(count / self.rounding_base)

    def say(self, shown: int | None) -> str:
        """Return a shown count in words."""
        return f"fewer than {self.min_cell_count}, or hidden" if shown is None else f"{shown:,}"

    def _is_safe(self, cells: Sequence[tuple[int, ...]], hidden: Sequence[bool]) -> bool:
        inside = [cell for cell, is_hidden in zip(cells, hidden, strict=True) if is_hidden]
        sums = [sum(measure) for measure in zip(*inside, strict=True)]
        return len(inside) >= 2 and all(total >= self.min_cell_count for total in sums)


def _positive(environ: Mapping[str, str], key: str, default: int) -> int:
    text = environ.get(key, str(default))
    if not text.isdigit() or int(text) < 1:
        raise DataError(f'{key}="{text}" is no positive number. Set {key}={default}.')
    return int(text)
