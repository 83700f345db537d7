"""The names and numbers of people that a dataset holds and its texts repeat: redaction blanks them as well.

They come from the columns that a plan drops or replaces as identifiers.  Only those that a text holds are kept, so that
a text of many words costs one look into a set for each word, however many people there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from rounds.custody.privacy.crowds.people import Frames
from rounds.custody.privacy.plan.plan import Plan
from rounds.custody.signs.finding import SAFE_HARBOR, Severity
from rounds.custody.signs.scan import Look, scan_column
from rounds.data.package import DataPackage

if TYPE_CHECKING:
    import pandas as pd

LETTERS = re.compile(r"[^\W\d_]+")
CODES = re.compile(r"\w(?:[\w.@/+\-]*\w)?")
_PART, _DIGITS = re.compile(r"[^\W_]+"), re.compile(r"\d+")
_BETWEEN = re.compile(r"[\s_.@/+#:\-]+")
_HEBREW_PREFIX = re.compile(r"[והלבמשכ]{1,2}(?=[א-ת]{3})")
SHORTEST_WORD, SHORTEST_ID = 3, 5


@dataclass(frozen=True)
class KnownPeople:
    """Words of names, and ids without their hyphens, as the dataset's texts hold them."""

    words: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()

    def blank(self, text: str) -> str:
        """Return a text without these ids; numbers stand alone, or inside a word such as ``ID7000001``."""
        return CODES.sub(lambda m: self._blank_code(m[0]), text) if self.ids else text

    def is_name(self, word: str) -> bool:
        """Tell whether a word of a text is one of a name; an ordinary word only where it has a capital letter."""
        if not self.words or not any(form in self.words for form in _forms(word)):
            return False
        return word[0].isupper() or word.casefold() not in _common()

    def _blank_code(self, code: str) -> str:
        if plain_id(code) in self.ids:
            return "[id]"
        return _PART.sub(lambda m: self._blank_part(m[0]), code)

    def _blank_part(self, part: str) -> str:
        if plain_id(part) in self.ids:
            return "[id]"
        return _DIGITS.sub(lambda m: "[id]" if plain_id(m[0]) in self.ids else m[0], part)


NO_NAMES = KnownPeople()


def find_known(plan: Plan, package: DataPackage, frames: Frames) -> KnownPeople:
    """Return the names and ids of the columns that go, as far as the texts that the plan redacts hold them."""
    texts = [frames[s.table][s.column] for s in plan.steps if s.action == "redact"]
    if not texts:
        return NO_NAMES
    in_texts = _read(text for values in texts for text in values.dropna().unique())
    words: set[str] = set()
    ids: set[str] = set()
    for look in _columns_that_go(plan, package, frames):
        has_words, has_ids = _holds(look, plan)
        words |= _words_of(look.values) & in_texts.words if has_words else set()
        ids |= _ids_among(look.values, in_texts.ids) if has_ids else set()
    return KnownPeople(frozenset(words), frozenset(ids))


def plain_id(text: str) -> str:
    """Return an id as it is compared: letters and digits alone, in small letters, without zeros before a number.

    Examples
    --------
    >>> plain_id("AB-0123"), plain_id("054-1234567"), plain_id("7000001.0")
    ('ab0123', '541234567', '7000001')
    """
    plain = _BETWEEN.sub("", text.casefold().removesuffix(".0"))
    return plain.lstrip("0") if plain.isdigit() else plain


def _columns_that_go(plan: Plan, package: DataPackage, frames: Frames) -> Iterator[Look]:
    for table in package.tables:
        for column in table.columns:
            step = plan.step(table.name, column.name)
            if step and step.action in ("drop", "random-id"):
                yield Look(table.name, column, frames[table.name][column.name])


def _holds(look: Look, plan: Plan) -> tuple[bool, bool]:
    """Tell whether a column that goes holds names or places, and whether it holds ids; free text is neither."""
    kinds = {f.kind for f in scan_column(look) if f.severity is Severity.STOP}
    if "text" in kinds:
        return False, False
    step = plan.step(look.table, look.column.name)
    is_id = step is not None and step.action == "random-id"
    return bool(kinds & set("AB")), is_id or bool(kinds & SAFE_HARBOR.keys() - set("AC"))


def _words_of(values: pd.Series) -> set[str]:
    different = values.dropna().astype("str").unique()
    return {w.casefold() for value in different for w in LETTERS.findall(value) if len(w) >= SHORTEST_WORD}


def _ids_among(values: pd.Series, known: frozenset[str]) -> set[str]:
    """Return the ids of a column that texts hold, as `plain_id` writes them: a column may have tens of millions."""
    different = values.dropna().drop_duplicates().astype("str").str.casefold()
    plain = different.str.removesuffix(".0").str.replace(_BETWEEN.pattern, "", regex=True)
    plain = plain.where(~plain.str.isdigit(), plain.str.lstrip("0"))
    return set(plain[plain.isin(list(known))])


def _read(texts: Iterable[object]) -> KnownPeople:
    """Return all words of texts that could be of a name, and all that could be an id."""
    words: set[str] = set()
    ids: set[str] = set()
    for text in map(str, texts):
        words.update(form for word in LETTERS.findall(text) for form in _forms(word))
        ids.update(
            i for code in CODES.findall(text) for part in _parts(code) if len(i := plain_id(part)) >= SHORTEST_ID
        )
    return KnownPeople(frozenset(words), frozenset(ids))


def _forms(word: str) -> Iterator[str]:
    """Yield a word as names may have it: as it is, and without Hebrew's "and", "to", "of" and the like before it."""
    plain = word.casefold()
    if len(plain) >= SHORTEST_WORD:
        yield plain
        prefix = _HEBREW_PREFIX.match(plain)
        if prefix:
            yield from (plain[i:] for i in range(1, prefix.end() + 1))


def _parts(code: str) -> Iterator[str]:
    yield code
    for part in _PART.findall(code):
        yield part
        yield from _DIGITS.findall(part)


@cache
def _common() -> frozenset[str]:
    lists = files("rounds.custody.signs").joinpath("lists")
    lines = [
        line for name in ("common.txt", "words.txt") for line in lists.joinpath(name).read_text("utf-8").splitlines()
    ]
    return frozenset(word for line in lines if not line.startswith("#") for word in line.lower().split())
