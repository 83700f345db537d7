"""A sample of a column's different texts, in bounded memory: are they sentences, names, telephone numbers?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.signs.scan import FEWEST_TEXTS, LONG_TEXT, MANY_WORDS

if TYPE_CHECKING:
    import pyarrow as pa

MOST, A_PIECE = 2000, 500


@dataclass
class TextSample:
    """Different values of each piece until enough are there, and which of them are texts."""

    seen: dict[str, bool] = field(default_factory=dict)

    def add(self, different: pa.Array, is_text: np.ndarray) -> None:
        """Take in the different values of the next piece, each with whether it is a text."""
        if len(self.seen) < MOST:
            step = -(-len(different) // A_PIECE) or 1
            for place in range(0, len(different), step):
                self.seen[different[place].as_py()] = bool(is_text[place])

    @property
    def values(self) -> list[str]:
        """Return the different values that are not blank."""
        return [value for value in self.seen if value.strip()]

    def is_free(self, fewest: int = FEWEST_TEXTS) -> bool:
        """Tell whether the texts are sentences, and not codes or labels."""
        texts = [" ".join(value.split()) for value, is_text in self.seen.items() if is_text]  # padding says nothing
        if len(texts) < fewest:
            return False
        words, letters = (sum(f(t) for t in texts) / len(texts) for f in (lambda t: len(t.split()), len))
        return words >= MANY_WORDS or letters >= LONG_TEXT
