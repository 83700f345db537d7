"""The rules of a search in notes: which hits of a word stay.  The view has the same rules, in the same order.

A text is searched for plain words, never for a pattern that somebody typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rounds_widgets.teaching.together.note_truth import COPY_MARK

OFF, SENTENCE, NOTE = "off", "sentence", "note"
REACHES = (OFF, SENTENCE, NOTE)
DENIALS = ("no", "not", "denies", "without", "never")
RELATIVES = ("father", "mother", "brother", "sister", "wife", "husband", "son", "daughter")
SENTENCE_END = re.compile(r"[.;?!]")


@dataclass(frozen=True)
class Rules:
    """What is ticked: how far a no reaches, and which sentences and notes are left out."""

    negation: str = OFF
    family: bool = False
    copied: bool = False
    late: bool = False


def find_hits(text: str, word: str) -> list[int]:
    """Return where a word begins in a text, capitals aside; ``wet`` is not found in ``wetter``."""
    low, sought, found = text.lower(), word.strip().lower(), []
    at = low.find(sought) if sought else -1
    while at >= 0:
        before, after = low[at - 1 : at], low[at + len(sought) : at + len(sought) + 1]
        if not before.isalnum() and not after.isalnum():
            found.append(at)
        at = low.find(sought, at + 1)
    return found


def is_found(text: str, late: bool, words: Iterable[str], rules: Rules) -> bool:
    """Return whether a hit of one of the words stays under the rules."""
    if (rules.copied and text.startswith(COPY_MARK)) or (rules.late and late):
        return False
    return any(_stays(text, at, rules) for word in words for at in find_hits(text, word))


def _stays(text: str, at: int, rules: Rules) -> bool:
    before = _words(SENTENCE_END.split(text[:at])[-1])
    if rules.family and before & set(RELATIVES):
        return False
    if rules.negation == OFF:
        return True
    return not (before if rules.negation == SENTENCE else _words(text)) & set(DENIALS)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))
