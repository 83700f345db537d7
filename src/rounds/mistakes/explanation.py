"""What an error means, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

START, END = "\x1b[1m→ ", "\x1b[0m"


@dataclass(frozen=True)
class Explanation:
    """What happened and what to try, in sentences of at most 25 words; where, as far as it is known.

    `line` counts from 1 in the cell that was run, 0 where it is in none; `within` is the function in which it happened,
    empty at the cell's own level; `rule` is the name of the rule that knew the error.
    """

    words: str
    line: int = 0
    within: str = ""
    rule: str = ""

    def __str__(self) -> str:
        """Return the sentences, with the place before them."""
        inside = f", inside {self.within}" if self.within else ""
        return f"Line {self.line}{inside}: {self.words}" if self.line else self.words

    def entry(self) -> str:
        """Return the first entry of a traceback: bold, behind an arrow, so that it can be told from a traceback."""
        return f"{START}{self}{END}"


def is_explained(traceback: list[str]) -> bool:
    """Return whether a traceback begins with an explanation; all entries behind it can be folded.

    Examples
    --------
    >>> is_explained([Explanation("Write a decimal point.", 2).entry(), "Traceback ..."])
    True
    >>> is_explained(["ValueError: ..."])
    False
    """
    return bool(traceback) and traceback[0].startswith(START)
