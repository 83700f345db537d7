"""Look into one column: what its name says, and what its different values say."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from rounds.custody.signs.check_digits import LONG_ENOUGH, SCHEMES, is_israeli_id
from rounds.custody.signs.column_names import NATIONAL, is_key, is_record_key, kind_of_name, says_date
from rounds.custody.signs.finding import SAFE_HARBOR, Finding, Severity
from rounds.custody.signs.name_content import are_like_names, look_for_names
from rounds.custody.signs.patterns import CODE, CONTENT, DATE, RANDOM_ID, Pattern
from rounds.custody.signs.unread_times import find_unread_times
from rounds.data.package import Column

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

DROP = "Drop the column, or say in the plan why it may stay"
RENAME = 'Drop the column, or import the table again with name = "person_id" for it in the decisions'
UNREAD = "Import the column as dates, drop it, or say in the plan why it may stay"
MOST_VERSION = 31
LONG_TEXT, MANY_WORDS, FEWEST_TEXTS = 40, 4.5, 5
MOST_NAMES, MOST_TESTED = 5000, 20_000


@dataclass(frozen=True)
class Look:
    """One column under the lens: its place, its description, its values, and the person of each row where known."""

    table: str
    column: Column
    values: pd.Series
    person: pd.Series | None = None

    @property
    def where(self) -> str:
        """Return the place as findings write it."""
        return f"{self.table}.{self.column.name}"

    @cached_property
    def counts(self) -> pd.Series:
        """Return how often each different known value occurs, as text."""
        counts = self.values.dropna().value_counts()
        counts.index = counts.index.map(_as_text).astype("str")
        return counts

    @cached_property
    def texts(self) -> pa.Array:
        """Return the different known values, as text."""
        import pyarrow as pa

        return pa.array(self.counts.index, pa.string())

    def hits(self, expression: str) -> np.ndarray:
        """Return which of the different values hold an expression, by Arrow's engine: pandas parses it every time."""
        import pyarrow.compute as pc

        found: np.ndarray = pc.match_substring_regex(self.texts, expression).to_numpy(zero_copy_only=False)
        return found

    @property
    def known(self) -> int:
        """Return how many values are known."""
        return int(self.values.notna().sum())

    @property
    def is_text_type(self) -> bool:
        """Tell whether the column holds strings."""
        return self.column.type == "string"

    def find(
        self, kind: str, severity: Severity, what: str, advice: str, count: int | None = None, by: str = "content"
    ) -> Finding:
        """Return a finding about this column."""
        total = self.known if count is None else len(self.values)
        return Finding(kind, severity, self.where, what, total if count is None else count, total, advice, by)


def scan_column(look: Look) -> list[Finding]:
    """Return what the name and the values of one column give away."""
    if not look.known:
        return []
    if is_random_id(look):
        if kind_of_name(look.column.name) == NATIONAL:
            what = "random ids under a name that says national id number: readers take them for the numbers"
            return [look.find("title", Severity.STOP, what, RENAME, by="name")]
        return [look.find("R", Severity.NOTE, "random ids, new for this challenge", "Nothing to do")]
    found = [*_by_name(look), *_by_key(look)]
    schemes = _by_scheme(look)
    found += schemes or _by_uniqueness(look)
    if look.is_text_type:
        found += [*_by_pattern(look), *_by_names(look), *_by_text(look)]
    return found


def is_random_id(look: Look) -> bool:
    """Tell whether all values are ids that ``deidentify`` drew."""
    return look.is_text_type and bool(look.hits(f"^(?:{RANDOM_ID})$").all())


def _has_sentences(look: Look) -> bool:
    """Tell whether any value has several words: enough for a column whose name says that it holds free text."""
    return look.is_text_type and any(" " in str(value).strip() for value in look.counts.index)


def is_free_text(look: Look) -> bool:
    """Tell whether the values are sentences and not codes or labels."""
    if not look.is_text_type or len(look.counts) < FEWEST_TEXTS:
        return False
    texts = look.counts.index[:2000].str.strip().str.replace(r"\s+", " ", regex=True)  # padding says nothing
    words = texts.str.count(" ") + 1
    return bool(words.to_series().mean() >= MANY_WORDS or texts.str.len().to_series().mean() >= LONG_TEXT)


def _by_name(look: Look) -> list[Finding]:
    kind = kind_of_name(look.column.name)
    if kind is None or (kind == "text" and not _has_sentences(look)):
        return []
    if kind == "C" or (kind == "A" and not look.is_text_type):  # dates have a module of their own; names are texts
        return []
    what = "free text" if kind == "text" else f"the name of the column says: {SAFE_HARBOR[kind]}"
    return [look.find(kind, Severity.STOP, what, _advice(kind), by="name")]


def _by_key(look: Look) -> list[Finding]:
    if not is_key(look.column) or (kind_of_name(look.column.name) and not is_record_key(look.column.name)):
        return []  # a name or a telephone number that was declared an identifier is found as what it is
    repeated = int((look.counts > 1).sum())
    what = f"a key of a person, a visit or a row: {len(look.counts):,} different values"
    what += f", {repeated:,} of them in more than one row" if repeated else ""
    return [look.find("R", Severity.STOP, what, "Replace it by random ids (action random-id)", by="name")]


def _by_scheme(look: Look) -> list[Finding]:
    if look.column.type not in ("string", "integer", "number"):
        return []
    if not look.hits(f"^(?:{LONG_ENOUGH})$").any():
        return []
    for scheme in SCHEMES:
        shaped = look.counts[look.hits(f"^(?:{scheme.shape})$")].iloc[:MOST_TESTED]
        fits = [n for value, n in shaped.items() if scheme.fits(str(value))]
        if len(fits) >= scheme.asks(min(len(look.counts), MOST_TESTED)):
            what = f"{scheme.title}: shape and check digits are right"
            return [look.find(scheme.kind, Severity.STOP, what, DROP, sum(fits))]
    return []


def _by_uniqueness(look: Look) -> list[Finding]:
    if look.column.type not in ("string", "integer") or is_key(look.column) or is_free_text(look):
        return []
    if look.known < 20 or len(look.counts) < 0.95 * look.known:
        return []
    coded = float(look.hits(f"^(?:{CODE})$").mean())
    if coded < 0.9:
        return []
    what = f"nearly every value is different ({len(look.counts):,}): this is a code of its own"
    severity = Severity.STOP if look.is_text_type else Severity.LOOK
    return [look.find("R", severity, what, "Replace it by random ids, or drop it")]


def _by_pattern(look: Look) -> list[Finding]:
    found = [
        look.find(pattern.kind, Severity.STOP, f"{pattern.title} inside the values", _advice(pattern.kind), rows)
        for pattern in CONTENT
        if (rows := _rows_with(look, pattern))
    ]
    found = [_as_version(look, f) if f.kind == "O" and _are_versions(look) else f for f in found]
    dated = any(f.kind == "C" for f in found)
    return found + _ids_in_text(look) + ([] if dated else _unread_times(look))


def _are_versions(look: Look) -> bool:
    """Tell whether four numbers with points are versions of a program: all are small."""
    parts = look.counts.index.str.extractall(r"(\d+)")[0].astype("int64")
    return bool((parts <= MOST_VERSION).all())


def _as_version(look: Look, finding: Finding) -> Finding:
    what = "four small numbers with points: versions of a program, or IP addresses"
    advice = "Keep them when they are versions; else drop them"
    return replace(finding, severity=Severity.LOOK, what=what, advice=advice)


def _unread_times(look: Look) -> list[Finding]:
    """Return a finding for texts that look like dates or times and were not read as such."""
    forms = find_unread_times(map(str, look.counts.index), says_date(look.column.name))
    if not forms or is_free_text(look):
        return []
    named = ", ".join(f"{form} {count:,}" for form, count in sorted(forms.items()))
    return [look.find("C", Severity.STOP, f"texts that look like dates or times, and were not read ({named})", UNREAD)]


def _rows_with(look: Look, pattern: Pattern) -> int:
    return int(look.counts[look.hits(pattern.expression)].sum())


def _ids_in_text(look: Look) -> list[Finding]:
    texts = look.counts[look.hits(r"\W\d{9}(?:\W|$)|^\d{9}\W")]
    rows = sum(n for text, n in texts.items() if any(map(is_israeli_id, re.findall(r"(?<!\w)\d{9}(?!\w)", str(text)))))
    if not rows:
        return []
    return [look.find("G", Severity.STOP, "numbers with the check digit of Israeli identity numbers", DROP, rows)]


def _by_names(look: Look) -> list[Finding]:
    if is_free_text(look):
        return []
    looks = look_for_names(str(value) for value in look.counts.index[:MOST_NAMES])
    if not looks.is_likely:
        return _by_open_names(look)
    share = f"{looks.listed:.0%} stand in the list of names, {looks.lettered:.0%} have the letters of names"
    what = f"the {looks.values:,} different values look like names of people or places ({share})"
    return [look.find("A", Severity.STOP, what, DROP)]


def _by_open_names(look: Look) -> list[Finding]:
    """Return a finding for texts that are written as names and nearly all differ, in whatever language."""
    if look.column.code_system or not are_like_names(map(str, look.counts.index[:MOST_NAMES]), look.known):
        return []
    what = f"{len(look.counts):,} different short texts, written as names of people are"
    return [look.find("A", Severity.STOP, what, DROP)]


def _by_text(look: Look) -> list[Finding]:
    if not is_free_text(look) or look.hits(f"^(?:{DATE.expression})$").all():
        return []
    what = "free text: whole sentences can say anything about a person"
    return [look.find("text", Severity.STOP, what, "Drop it (action drop), or redact it and read it (action redact)")]


def _advice(kind: str) -> str:
    if kind == "B":
        return "Generalise it to a region, or drop the column"
    if kind == "C":
        return "Shift the dates under an expert's determination, or keep the year alone"
    if kind == "text":
        return "Drop it (action drop), or redact it and read it (action redact)"
    return DROP


def _as_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
