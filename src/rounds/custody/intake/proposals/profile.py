"""Count what a column of text holds, piece by piece, in bounded memory.

A profile holds counts, a sample of numbers, and the different values as long as they are few.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.intake.proposals.codes import systems_of
from rounds.custody.intake.proposals.date_forms import DateForms, is_compact
from rounds.custody.intake.proposals.number_sample import NumberSample
from rounds.custody.intake.proposals.shapes import DATABASE_NULLS, DATES, NUMBERS, SHAPES, shape_of
from rounds.custody.intake.proposals.text_sample import TextSample
from rounds.custody.signs.plain_text import plain_texts

if TYPE_CHECKING:
    import pyarrow as pa

MOST_VALUES, MOST_CODES, MOST_KEYS = 2000, 1000, 500_000


@dataclass
class Profile:
    """What the cells of one column hold so far.

    ``repeats`` counts the cells whose value their piece had before, ``marked`` the numbers and dates with marks that
    nobody sees or digits of another script, ``notable`` dates after 2099 and times at 24:00.
    """

    rows: int = 0
    shapes: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)
    values: Counter[str] | None = field(default_factory=Counter)
    systems: Counter[str] = field(default_factory=Counter)
    coded: int = 0
    repeats: int = 0
    words: Counter[str] = field(default_factory=Counter)
    numbers: NumberSample = field(default_factory=NumberSample)
    keys: set[str] | None = None
    over_12: tuple[int, int] = (0, 0)
    zones: set[str] = field(default_factory=set)
    forms: DateForms = field(default_factory=DateForms)
    texts: TextSample = field(default_factory=TextSample)
    marked: int = 0
    notable: Counter[str] = field(default_factory=Counter)
    longest: int = 0
    last: int | None = None
    counts_up: bool = True

    @property
    def filled(self) -> int:
        """Return how many cells hold something."""
        return self.rows - self.shapes["empty"]

    @property
    def known(self) -> int:
        """Return how many cells hold more than a word for "missing"."""
        return self.filled - self.shapes["missing"]

    @property
    def only_nulls(self) -> bool:
        """Tell whether its words for "missing" are those that programs write, and nobody means otherwise."""
        return all(word.strip() == "NA" or word.strip().lower() in DATABASE_NULLS for word in self.words)

    def count(self, *shapes: str) -> int:
        """Return how many cells have one of these shapes."""
        return sum(self.shapes[shape] for shape in shapes)

    @property
    def dates(self) -> int:
        """Return how many cells are dates; whole numbers such as 20240301 only beside dates of another form."""
        written = self.count(*DATES)
        return written + self.forms.compact if written else 0

    def look(self, cells: pa.Array, lines: Sequence[int]) -> None:
        """Take in the next cells of the column."""
        import pyarrow.compute as pc

        coded = pc.fill_null(cells, "").dictionary_encode()
        different, at = coded.dictionary, coded.indices.to_numpy(zero_copy_only=False)
        amounts = np.bincount(at, minlength=len(different))
        plain = plain_texts(different)
        shapes = shape_of(plain)
        self.rows += len(cells)
        for index in np.unique(shapes):
            mine = np.flatnonzero(shapes == index)
            name = SHAPES[index]
            self.shapes[name] += int(amounts[mine].sum())
            if name == "missing":
                self.words.update(dict(zip(different.take(mine).to_pylist(), amounts[mine].tolist(), strict=True)))
            if name not in self.first:
                self.first[name] = int(lines[int(np.flatnonzero(np.isin(at, mine))[0])])
        filled = shapes != SHAPES.index("empty")
        self.repeats += int(amounts[filled].sum() - filled.sum())
        self.longest = max(self.longest, int(pc.max(pc.utf8_length(different)).as_py() or 0))
        self._remember(different, amounts)
        self._note_marks(different, plain, shapes, amounts)
        self._note_numbers(plain, shapes, at)
        self._note_keys(different)
        self._note_codes(different, shapes, amounts)
        self._note_dates(plain, shapes, amounts)
        self._note_forms(plain, shapes, at, lines)
        self.texts.add(different, shapes == SHAPES.index("text"))
        self._note_counter(plain, shapes, at)

    def _remember(self, different: pa.Array, amounts: np.ndarray) -> None:
        if self.values is None:
            return
        if len(self.values) > MOST_VALUES or len(different) > MOST_VALUES:
            self.values = None
            return
        for value, amount in zip(different.to_pylist(), amounts.tolist(), strict=True):
            self.values[value] += amount

    def _note_numbers(self, different: pa.Array, shapes: np.ndarray, at: np.ndarray) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        simple = np.isin(shapes, _SIMPLE_NUMBERS)
        if simple.any():
            pointed = pc.replace_substring(different, ",", ".")
            texts = pc.if_else(pa.array(simple), pointed, pa.scalar(None, pa.string()))
            values = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)[at]
            self.numbers.add(values[~np.isnan(values)])

    def _note_keys(self, different: pa.Array) -> None:
        """Remember the different values of a key, as long as they are not too many to count."""
        if self.keys is not None and len(self.keys) <= MOST_KEYS:
            self.keys.update(different.to_pylist())

    def _note_codes(self, different: pa.Array, shapes: np.ndarray, amounts: np.ndarray) -> None:
        """Ask of the first different values of each piece which code systems know them."""
        likely = np.flatnonzero(np.isin(shapes, _MAYBE_CODES))[:MOST_CODES]
        for at in likely.tolist():
            value = different[at].as_py()
            if len(value) <= 12:
                self.systems.update(dict.fromkeys(systems_of(value), int(amounts[at])))
            self.coded += int(amounts[at])

    def _note_dates(self, different: pa.Array, shapes: np.ndarray, amounts: np.ndarray) -> None:
        for at in np.flatnonzero(np.isin(shapes, _PARTS)).tolist():
            first, second = re.findall(r"\d+", different[at].as_py())[:2]
            over = (int(first) > 12) * int(amounts[at]), (int(second) > 12) * int(amounts[at])
            self.over_12 = (self.over_12[0] + over[0], self.over_12[1] + over[1])
        for at in np.flatnonzero(shapes == SHAPES.index("zoned")).tolist():
            found = re.search(r"(Z|[+-]\d\d:?\d\d)$", different[at].as_py())
            self.zones.add(found[1] if found else "")

    def _note_marks(self, different: pa.Array, plain: pa.Array, shapes: np.ndarray, amounts: np.ndarray) -> None:
        """Count the numbers and dates that hold marks which are left out, and what else a person should hear of."""
        import pyarrow.compute as pc

        read = ~np.isin(shapes, [SHAPES.index(s) for s in ("empty", "missing", "text")])
        odd = pc.not_equal(pc.utf8_trim_whitespace(different), plain).to_numpy(zero_copy_only=False)
        self.marked += int(amounts[read & odd].sum())
        dated = np.isin(shapes, [SHAPES.index(s) for s in DATES])
        for what, expression in _NOTABLE.items():
            if dated.any():
                found = pc.match_substring_regex(plain, expression).to_numpy(zero_copy_only=False)
                self.notable[what] += int(amounts[dated & found].sum())

    def _note_forms(self, different: pa.Array, shapes: np.ndarray, at: np.ndarray, lines: Sequence[int]) -> None:
        """Count the forms in which dates are written, and whole numbers that can be dates beside them."""
        present = [shape for shape in (*DATES, "integer") if (shapes == SHAPES.index(shape)).any()]
        if not present:
            return
        first = np.unique(at, return_index=True)[1]  # of each different value, in its own order
        amounts, texts = np.bincount(at, minlength=len(different)), different
        for shape in present:
            mine = np.flatnonzero(shapes == SHAPES.index(shape))
            mine = mine[is_compact(texts.take(mine))] if shape == "integer" else mine
            if len(mine):
                name = "compact" if shape == "integer" else shape
                self.forms.add(name, texts.take(mine), amounts[mine], np.asarray(lines)[first[mine]])

    def _note_counter(self, different: pa.Array, shapes: np.ndarray, at: np.ndarray) -> None:
        """Follow whether the column counts the rows: 1, 2, 3 ..."""
        if not self.counts_up:
            return
        if not (shapes == SHAPES.index("integer")).all():
            self.counts_up = False
            return
        import pyarrow as pa
        import pyarrow.compute as pc

        values = pc.cast(different, pa.int64()).to_numpy()[at]
        start = self.last + 1 if self.last is not None else int(values[0])
        begins_well = self.last is not None or start in (0, 1)
        self.counts_up = begins_well and bool((values == np.arange(start, start + len(values))).all())
        self.last = int(values[-1])


_MAYBE_CODES = [SHAPES.index(s) for s in ("integer", "padded", "point_grouped", "month_point", "decimal", "text")]
_SIMPLE_NUMBERS = [SHAPES.index(s) for s in (*NUMBERS, "comma")]
LATE, MIDNIGHT = "late", "midnight"
_NOTABLE = {LATE: r"(?:^|\D)2[1-9]\d\d(?:\D|$)|^2[1-9]\d{6}", MIDNIGHT: r"\D24:00"}
_PARTS = [SHAPES.index(s) for s in ("parts", "short")]
