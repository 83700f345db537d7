"""Rows in a table that are no rows of it: totals under it, by word or numbers, the header again, a row of units.

Only words of our own list are ever shown; no value of a cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rounds.custody.intake.proposals.profile import Profile
from rounds.custody.intake.sources.as_text import as_text
from rounds.custody.signs.column_names import is_record_key, kind_of_name
from rounds.data.numbers import is_number
from rounds.data.units import SPELLINGS, is_certain

if TYPE_CHECKING:
    from rounds.custody.intake.sources.reading import Batch

LAST, FEWEST_ABOVE, NEAR = 5, 3, 1e-6
FEWEST_UNITS = 2
_TOTAL = re.compile(
    r"((grand|sub|over ?all)[ -]?)?totals?|(the )?sum|summe|gesamt|insgesamt|total g[eé]n[eé]ral|suma|totale|somme"
    r"|means?|averages?|avg|median|mittelwert|moyenne|promedio|media|sd|std|st\.? ?dev\.?|standard deviation"
    r"|n|count|סה[\"״”'׳]*כ|סהכ|סך[ -]הכו?ל|ממוצע|חציון|итого|всего|среднее|المجموع|الإجمالي|المتوسط",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TotalRow:
    """One row that seems to be no row of the table: its line, what speaks for it, and what it seems to be."""

    line: int
    why: str
    what: str = "a total"


@dataclass
class HeaderAgain:
    """The rows that repeat the header, and a first row that holds the units of the columns."""

    header: Sequence[str]
    found: list[TotalRow] = field(default_factory=list)
    began: bool = False

    def add(self, batch: Batch) -> None:
        """Take in the next rows of the table."""
        import pyarrow.compute as pc

        if not len(batch.columns):
            return
        if not self.began:
            self._look_at_first(batch)
        self.began = True
        same = pc.equal(as_text(batch.columns.column(0)), self.header[0]).fill_null(False)
        for at in pc.indices_nonzero(same).to_pylist() if self.header[0] else ():
            if [(cell or "").strip() for cell in self._row(batch, at)] == list(self.header):
                self.found.append(TotalRow(batch.lines[at], "it repeats the names of the columns", "the header again"))

    def _look_at_first(self, batch: Batch) -> None:
        """Note a first row of units: of its filled cells half at the least, over columns of numbers."""
        row = [(cell or "").strip() for cell in self._row(batch, 0)]
        units = [at for at, cell in enumerate(row) if _is_unit(cell)]
        filled = [cell for cell in row if cell not in ("", "-")]
        if len(units) < max(FEWEST_UNITS, len(filled) / 2) or len(batch.columns) <= FEWEST_ABOVE:
            return
        below = [self._row(batch, at) for at in range(1, FEWEST_ABOVE + 1)]
        if all(any(_is_number(other[at] or "") for other in below) for at in units):
            self.found.append(TotalRow(batch.lines[0], "it holds units and no values", "a row of units"))

    def _row(self, batch: Batch, at: int) -> list[str | None]:
        return [as_text(column.slice(at, 1))[0].as_py() for column in batch.columns.columns]


def _is_unit(text: str) -> bool:
    bare = text[1:-1].strip() if text[:1] + text[-1:] in ("[]", "()") else text
    return not is_number(bare) and (is_certain(bare) or bare.lower().replace(" ", "") in SPELLINGS)


@dataclass
class Tail:
    """The last rows of a table, and where each of them stands."""

    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)

    def add(self, batch: Batch) -> None:
        """Take in the next rows of the table."""
        last = batch.columns.slice(max(0, len(batch.columns) - LAST))
        cells = [[cell or "" for cell in as_text(column).to_pylist()] for column in last.columns]
        lines = list(batch.lines)[-LAST:]
        self.rows = [*self.rows, *zip(lines, zip(*cells, strict=True), strict=True)][-LAST:]


def find_total_rows(tail: Tail, profiles: Mapping[str, Profile]) -> tuple[TotalRow, ...]:
    """Return the last rows that are totals, means or counts of those above; none of a table of such rows alone."""
    found = []
    for at, (line, row) in enumerate(tail.rows):
        label = _label(row)
        if label and _stands_only_here(row, profiles, tail):
            found.append(TotalRow(line, f'"{label}" stands in it'))
        elif _lacks_key(row, profiles) and _is_sum(row, [cells for _, cells in tail.rows[at:]], profiles):
            found.append(TotalRow(line, "it has no key, and its numbers are the sums of the rows above"))
    rows = next(iter(profiles.values())).rows
    return tuple(found) if rows - len(found) >= FEWEST_ABOVE else ()


def _label(row: Sequence[str]) -> str:
    """Return the word for a total in the first filled cell of a row; empty when another word stands there."""
    first = next((cell.strip() for cell in row if cell.strip()), "")
    plain = re.sub(r"\s*[:=.]\s*[\d., ]*$", "", first)
    return plain if _TOTAL.fullmatch(plain) else ""


def _stands_only_here(row: Sequence[str], profiles: Mapping[str, Profile], tail: Tail) -> bool:
    """Tell whether the word is none of the column's usual values: a level called "total" stands in many rows."""
    at = next(i for i, cell in enumerate(row) if cell.strip())
    values = list(profiles.values())[at].values
    return values is None or values[row[at]] <= sum(cells[at] == row[at] for _, cells in tail.rows)


def _lacks_key(row: Sequence[str], profiles: Mapping[str, Profile]) -> bool:
    """Tell whether a row names nobody: its keys are empty; without a column of keys, its first cell."""
    keys = [bool(cell.strip()) for cell, name in zip(row, profiles, strict=True) if _is_key(name)]
    return not any(keys) if keys else not row[0].strip()


def _is_key(name: str) -> bool:
    return is_record_key(name) or kind_of_name(name) in ("G", "H")


def _is_sum(row: Sequence[str], below: Sequence[Sequence[str]], profiles: Mapping[str, Profile]) -> bool:
    """Tell whether each number of a row is the sum of those above it; ``below`` begins with the row itself."""
    sums = []
    for at, (name, profile) in enumerate(profiles.items()):
        if _is_number(row[at]) and not _is_key(name):
            mine = [_number(cells[at]) for cells in below if _is_number(cells[at])]
            total, above = profile.numbers.sum - sum(mine), profile.numbers.total - len(mine)
            sums.append(above >= FEWEST_ABOVE and bool(total) and abs(_number(row[at]) - total) <= NEAR * abs(total))
    return bool(sums) and all(sums)


def _is_number(text: str) -> bool:
    return is_number(text.replace(",", "."))


def _number(text: str) -> float:
    return float(text.strip().replace(",", "."))
