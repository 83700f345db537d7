"""Notes from templates: the text follows the tables, and carries the faults that real notes have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.layout import read_toml
from rounds.synthetic.ehr.rows import Rows
from rounds.synthetic.ehr.words import Array, Words

SLOT = re.compile(r"\{(\w+)\}")
TYPING_ERRORS = 0.03  # design: share of notes with two letters swapped


@dataclass(frozen=True)
class NoteTemplate:
    """One text with slots: the situation that it fits, the facts that it claims, and the faults that it plants."""

    situation: str
    type: str
    text: str
    needs: tuple[str, ...] = ()
    plants: tuple[str, ...] = ()

    @property
    def slots(self) -> tuple[str, ...]:
        """Return the names of the slots in their order."""
        return tuple(SLOT.findall(self.text))

    def fill(self, fields: dict[str, list[str]], at: Array) -> list[str]:
        """Return the texts of the rows at these places."""
        pattern = SLOT.sub("{}", self.text)
        if not self.slots:
            return [pattern] * len(at)
        columns = [[fields[slot][i] for i in at.tolist()] for slot in self.slots]
        return [pattern.format(*values) for values in zip(*columns, strict=True)]


@cache
def templates(cohort: str) -> tuple[NoteTemplate, ...]:
    """Return the templates of a cohort."""
    entries = read_toml(f"templates/{cohort}.toml")["template"]
    return tuple(
        NoteTemplate(needs=tuple(entry.pop("needs", ())), plants=tuple(entry.pop("plants", ())), **entry)
        for entry in entries
    )


def write_notes(
    block: Block,
    cohort: str,
    situation: Words,
    fields: dict[str, list[str]],
    copied: Array,
    facts: dict[str, Array],
) -> Rows:
    """Return note_id, note_type, text and flags for one note in each row.

    ``copied`` names rows whose text is that of the row before, carried forward.  ``facts`` tells for each row what
    the tables hold: a text that needs a fact is written only where it is true.
    """
    rng, n = block.rng(purpose=9), len(situation)
    chosen = _suit(block.rng(purpose=19), cohort, _choose(rng, cohort, situation), facts)
    texts = _fill(cohort, chosen, fields)
    for i in np.flatnonzero(copied).tolist():
        texts[i] = texts[i] if texts[i - 1].startswith("Copied") else f"Copied forward: {texts[i - 1]}"
    wrong = rng.random(n) < TYPING_ERRORS
    for i, place in zip(np.flatnonzero(wrong).tolist(), rng.random(int(wrong.sum())).tolist(), strict=True):
        texts[i] = _mistype(texts[i], place)
    kinds = ("admission", "progress", "nursing", "imaging", "discharge", "death")
    types = np.array([kinds.index(template.type) for template in templates(cohort)], np.int32)
    plants = sorted({plant for template in templates(cohort) for plant in template.plants})
    carries = {p: np.array([p in template.plants for template in templates(cohort)]) for p in plants}
    return {
        "note_id": block.ids("N", n),
        "note_type": Words(types[chosen], kinds),
        "text": Words(np.arange(n, dtype=np.int32), tuple(texts)),
        "!copy_forward": copied,
        "!typing_error": wrong,
        **{f"!{plant}": known[chosen] & ~copied for plant, known in carries.items()},
    }


def _choose(rng: np.random.Generator, cohort: str, situation: Words) -> Array:
    """Draw one fitting template for each row."""
    chosen, drawn = np.zeros(len(situation), np.int64), rng.random(len(situation))
    for code, level in enumerate(situation.levels):
        fitting = np.array([i for i, t in enumerate(templates(cohort)) if t.situation == level], np.int64)
        at = situation.codes == code
        if at.any():
            chosen[at] = fitting[(drawn[at] * len(fitting)).astype(np.int64)]
    return chosen


def _suit(rng: np.random.Generator, cohort: str, chosen: Array, facts: dict[str, Array]) -> Array:
    """Return the templates, with another one of the same situation where the record does not hold what one needs."""
    known, every = templates(cohort), np.ones(len(chosen), bool)
    true = [np.logical_and.reduce([every, *(facts[need] for need in template.needs)]) for template in known]
    at = np.flatnonzero(~np.stack(true)[chosen, np.arange(len(chosen))])
    situations = np.unique([template.situation for template in known], return_inverse=True)[1]
    fits = np.stack([x[at] for x in true]) & (situations[:, None] == situations[chosen[at]])
    wanted = (rng.random(len(at)) * fits.sum(axis=0)).astype(np.int64)
    suited = chosen.copy()
    suited[at] = np.where(fits.any(axis=0), (fits.cumsum(axis=0) > wanted).argmax(axis=0), chosen[at])
    return suited


def _fill(cohort: str, chosen: Array, fields: dict[str, list[str]]) -> list[str]:
    texts = [""] * len(chosen)
    for number, template in enumerate(templates(cohort)):
        at = np.flatnonzero(chosen == number)
        for i, text in zip(at.tolist(), template.fill(fields, at), strict=True):
            texts[i] = text
    return texts


def _mistype(text: str, place: float) -> str:
    """Swap two neighbouring letters."""
    i = 1 + int(place * (len(text) - 3))
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
