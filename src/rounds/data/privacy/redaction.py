"""Blank what looks like an identifier inside a text.  A redacted text still wants a reader before it is shared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rounds.data.privacy.check_digits import is_israeli_id
from rounds.data.privacy.name_content import is_listed_name
from rounds.data.privacy.patterns import CONTENT

if TYPE_CHECKING:
    import pandas as pd

_WORD = re.compile(r"[A-Z\u0590-\u06ff][^\W\d_]+(?:-[^\W\d_]+)?")
_LONG = re.compile(r"(?<![\d.])\d{7,}(?![\d.])")


def redact(values: pd.Series) -> pd.Series:
    """Return the texts with identifiers replaced by their class in brackets."""
    different = values.dropna().unique()
    return values.map({text: redact_text(str(text)) for text in different}).astype("str")


def redact_text(text: str) -> str:
    """Return one text with identifiers replaced by their class in brackets.

    Examples
    --------
    >>> redact_text("Call Dr. Cohen, 054-1234567, on 3/4/2021")
    'Call [names of people], [telephone numbers], on [dates finer than a year]'
    """
    for pattern in CONTENT:
        text = pattern.compiled.sub(f"[{pattern.title}]", text)
    text = _LONG.sub(lambda m: "[national id]" if is_israeli_id(m[0]) else "[number]", text)
    return _WORD.sub(lambda m: "[name]" if is_listed_name(m[0]) else m[0], text)
