"""What notes of the heart failure cohort say of four findings, each of its forms read once by hand.

The reading lies in ``note_reader.json``: each form of a note, and what whoever reads it learns of this patient.  No
rule takes part in it, so that a rule can be measured against it.  Nothing here knows of a widget.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TRUE, NEGATED, FAMILY, COPIED, LATER, UNCLEAR = "true", "negated", "family", "copied", "later", "unclear"
CLASSES = (TRUE, NEGATED, FAMILY, COPIED, LATER, UNCLEAR)
COPY_MARK = "Copied forward: "
HISTORY = "ischaemic heart disease"
ENOUGH_PIECES = 0.5  # of a form, to be known again in a note with a typing error


@dataclass(frozen=True)
class Form:
    """A text with slots in curly brackets, and what it says of each finding."""

    text: str
    says: dict[str, str]

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return what fits each note of this form."""
        return re.compile(".+?".join(map(re.escape, _between_slots(self.text))) + r"\Z")

    def share_in(self, note: str) -> float:
        """Return the share of the form's pieces that stand in a note."""
        pieces = [
            piece for part in _between_slots(self.text) for piece in re.split(r"(?<=[.,])", part) if piece.strip()
        ]
        return sum(len(piece) for piece in pieces if piece in note) / sum(map(len, pieces))


def read_note(text: str) -> dict[str, str]:
    """Return what a note says of each finding that it mentions; empty where it is of no known form.

    Examples
    --------
    >>> read_note("Day 3. No oedema, lungs clear. Plan: tablets, home soon.")
    {'oedema': 'negated'}
    """
    own = text.removeprefix(COPY_MARK)
    form = _find_form(own)
    if form is None:
        return {}
    said = {finding: _resolve(says, own) for finding, says in form.says.items()}
    copied = own != text
    return {finding: COPIED if copied and says == TRUE else says for finding, says in said.items() if says is not None}


def findings() -> dict[str, tuple[str, ...]]:
    """Return the findings with the words that are offered for each."""
    return {name: tuple(words) for name, words in _read_file()["findings"].items()}


@cache
def forms() -> tuple[tuple[re.Pattern[str], Form], ...]:
    """Return the forms that were read, each with its pattern."""
    known = [Form(entry["text"], entry["says"]) for entry in _read_file()["forms"]]
    return tuple((form.pattern, form) for form in known)


@cache
def _read_file() -> dict:  # type: ignore[type-arg]
    content: dict = json.loads((Path(__file__).parent / "note_reader.json").read_text(encoding="utf-8"))  # type: ignore[type-arg]
    return content


def _between_slots(text: str) -> list[str]:
    return re.split(r"\{\w+\}", text)


def _find_form(note: str) -> Form | None:
    """Return the form of a note; of one with a typing error the nearest."""
    for pattern, form in forms():
        if pattern.match(note):
            return form
    nearest = max((form for _, form in forms()), key=lambda form: form.share_in(note))
    return nearest if nearest.share_in(note) > ENOUGH_PIECES else None


def _resolve(says: str, note: str) -> str | None:
    """Return what a form says where it depends on the diseases that are listed in the note."""
    if says == "history":
        return TRUE if HISTORY in note else None
    if says == "history or family":
        return TRUE if HISTORY in note else FAMILY
    return says
