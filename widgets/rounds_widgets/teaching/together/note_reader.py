"""The note reader: words and rules find notes, and a reading by hand says which of them were meant.

Python draws the notes and knows what each says; the browser gets a few hundred synthetic notes without a name or a
number of a person, and searches in them while the learners tick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from rounds.errors import DataError
from rounds_widgets.shared.view_files import load_script, load_style
from rounds_widgets.teaching.together.note_rules import DENIALS, OFF, REACHES, RELATIVES, Rules, is_found
from rounds_widgets.teaching.together.note_truth import CLASSES, COPY_MARK, TRUE, findings, read_note

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("text", "late")
DRAWN, OF_EACH, FEWEST = 6000, 120, 20
LONGEST_WORD = 30
SHOWN = ("false", "missed", "right")


class NoteReader(anywidget.AnyWidget):
    """Let the learners build a search in notes, after a guess, and see what it finds and what it misses.

    Parameters
    ----------
    notes
        Notes of the heart failure cohort: ``text``, and ``late``, true for a note of a stay that was written more than
        a day after the patient had gone home.
    seed
        Which notes are drawn.

    Examples
    --------
    >>> reader = NoteReader(notes)                 # doctest: +SKIP
    >>> reader.words, reader.negation = "orthopnoea", "sentence"  # doctest: +SKIP
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Float(None, allow_none=True).tag(sync=True)
    finding = traitlets.Unicode("").tag(sync=True)
    words = traitlets.Unicode("").tag(sync=True)  # those chosen of the words offered, as "oedema|wet"
    typed = traitlets.Unicode("").tag(sync=True)  # a word of one's own
    negation = traitlets.Unicode(OFF).tag(sync=True)
    family = traitlets.Bool(False).tag(sync=True)
    copied = traitlets.Bool(False).tag(sync=True)
    late = traitlets.Bool(False).tag(sync=True)
    shown = traitlets.Unicode(SHOWN[0]).tag(sync=True)
    page = traitlets.Int(0).tag(sync=True)
    _notes: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    _facts = traitlets.Dict().tag(sync=True)

    def __init__(self, notes: pd.DataFrame, *, seed: int = 5, **traits: Any) -> None:
        _check(notes)
        drawn = _draw(notes, seed)
        offered = findings()
        first = next(iter(offered))
        facts = {
            "findings": {name: list(words) for name, words in offered.items()},
            "classes": list(CLASSES),
            "denials": list(DENIALS),
            "relatives": list(RELATIVES),
            "copy_mark": COPY_MARK,
        }
        start = {"finding": first, "words": offered[first][0], **traits}
        super().__init__(_notes=drawn, _facts=facts, **start)

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many notes were found and left out, by what they say of the finding."""
        table = {side: dict.fromkeys(CLASSES, 0) for side in ("found", "left out")}
        rules = Rules(self.negation, self.family, self.copied, self.late)
        sought = [word for word in (*self.words.split("|"), self.typed) if word.strip()]
        for note in self._notes:
            if self.finding in note["says"]:
                found = is_found(note["text"], note["late"], sought, rules)
                table["found" if found else "left out"][note["says"][self.finding]] += 1
        return table

    def precision(self) -> float:
        """Return the share of the notes found that say so of this patient, now; not a number where none is found."""
        found = self.counts()["found"]
        return found[TRUE] / sum(found.values()) if sum(found.values()) else float("nan")

    def recall(self) -> float:
        """Return the share of the notes that say so which were found."""
        counts = self.counts()
        return counts["found"][TRUE] / (counts["found"][TRUE] + counts["left out"][TRUE])

    @traitlets.validate("finding", "negation", "shown")
    def _is_known(self, proposal: Any) -> str:
        known = {"finding": tuple(findings()), "negation": REACHES, "shown": SHOWN}[proposal.trait.name]
        if proposal.value not in known:
            name = proposal.trait.name
            raise traitlets.TraitError(f'NoteReader: {name} is one of {", ".join(known)}, not "{proposal.value}".')
        return str(proposal.value)

    @traitlets.validate("words")
    def _are_offered(self, proposal: Any) -> str:
        offered = [word for words in findings().values() for word in words]
        return "|".join(word for word in offered if word in proposal.value.split("|"))

    @traitlets.validate("typed")
    def _is_short(self, proposal: Any) -> str:
        return str(proposal.value)[:LONGEST_WORD]

    def __repr__(self) -> str:
        counts = self.counts()
        found = sum(counts["found"].values())
        number = found + sum(counts["left out"].values())
        if self.prediction is None:
            return f"Note reader, {self.finding}: {number} notes, which are searched after the guess."
        if not found:
            return f"Note reader, {self.finding}: none of {number} notes is found."
        return (
            f"Note reader, {self.finding}: {found} of {number} notes found; "
            f"{100 * self.precision():.0f} of 100 found are meant, {100 * self.recall():.0f} of 100 meant are found."
        )


def _draw(notes: pd.DataFrame, seed: int) -> list[dict[str, Any]]:
    """Return up to 120 notes for each finding, as they come in a random order, with what they say of it."""
    left = dict.fromkeys(findings(), OF_EACH)
    drawn = []
    mixed = notes.sample(min(DRAWN, len(notes)), random_state=seed)
    for text, late in zip(mixed["text"], mixed["late"], strict=True):
        says = {finding: said for finding, said in read_note(text).items() if left[finding] > 0}
        for finding in says:
            left[finding] -= 1
        if says:
            drawn.append({"text": text, "late": bool(late), "says": says})
    poor = [finding for finding, rest in left.items() if rest > OF_EACH - FEWEST]
    if poor:
        raise DataError(f'NoteReader: too few notes say anything of "{poor[0]}". Give all notes of the cohort.')
    return drawn


def _check(notes: pd.DataFrame) -> None:
    lost = [name for name in COLUMNS if name not in notes.columns]
    if lost == ["late"]:
        raise DataError(
            'NoteReader: no column "late". Write: '
            'notes["late"] = notes["written_ts"] > notes["disch_ts"] + pd.Timedelta("1D")'
        )
    if lost:
        raise DataError(f'NoteReader: no column "{lost[0]}". Write: NoteReader(notes[["text", "late"]])')
