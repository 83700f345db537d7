"""Blank what looks like an identifier inside a text.  A redacted text still wants a reader before it is shared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rounds.custody.privacy.treating.known_people import LETTERS, NO_NAMES, KnownPeople
from rounds.custody.signs.check_digits import is_israeli_id
from rounds.custody.signs.name_content import is_listed_name
from rounds.custody.signs.patterns import CONTENT

if TYPE_CHECKING:
    import pandas as pd

_WORD = re.compile(r"[A-Z\u0590-\u06ff][^\W\d_]+(?:-[^\W\d_]+)?")
_LONG = re.compile(r"(?<![\d.])\d{7,}(?![\d.])")

_SHOWN = re.compile("|".join([*(re.escape(f"[{p.title}]") for p in CONTENT), r"\[(?:id|name|number|national id)\]"]))


def redact(values: pd.Series, known: KnownPeople = NO_NAMES) -> pd.Series:
    """Return the texts with identifiers replaced by their class in brackets; ``known`` holds those of the dataset."""
    different = values.dropna().unique()
    return values.map({text: redact_text(str(text), known) for text in different}).astype("str")


def redact_text(text: str, known: KnownPeople = NO_NAMES) -> str:
    """Return one text with identifiers replaced by their class in brackets.

    Examples
    --------
    >>> redact_text("Call Dr. Cohen, 054-1234567, on 3/4/2021")
    'Call [names of people], [telephone numbers], on [dates finer than a year]'
    >>> redact_text("spoke with vered, chart AB-70001", Known(frozenset({"vered"}), frozenset({"ab70001"})))
    'spoke with [name], chart [id]'
    """
    text = known.blank(text)
    for pattern in CONTENT:
        text = pattern.compiled.sub(f"[{pattern.title}]", text)
    text = _LONG.sub(lambda m: "[national id]" if is_israeli_id(m[0]) else "[number]", text)
    text = _WORD.sub(lambda m: "[name]" if is_listed_name(m[0]) else m[0], text)
    return _blank_names(text, known) if known.words else text


def _blank_names(text: str, known: KnownPeople) -> str:
    """Return a text without the dataset's own names; what was put in for an identifier stays as it is."""
    at, done = 0, []
    for shown in [*_SHOWN.finditer(text), None]:
        end = shown.start() if shown else len(text)
        done.append(LETTERS.sub(lambda m: "[name]" if known.is_name(m[0]) else m[0], text[at:end]))
        done.append(shown[0] if shown else "")
        at = shown.end() if shown else end
    return "".join(done)
