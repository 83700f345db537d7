"""Card matching for two: each partner sees one side's definition only and must ask the other."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import anywidget
import traitlets

from rounds.errors import DataError
from rounds.vocabulary import Term, look_up
from rounds_widgets.shared.view_files import load_script, load_style

FIRST_WORDS = (
    "validation",
    "bias",
    "control",
    "significant",
    "predictor",
    "risk",
    "regression",
    "case",
)
IDS = {"validation": "internal-validation"}


class WordMatch(anywidget.AnyWidget):
    """Let a clinician and an engineer find out how far a shared word carries.

    In each round one partner reads a word and one profession's definition, covers it, and hands
    over; the other asks, then picks the meaning in the other profession among three.

    Parameters
    ----------
    words
        The words of the deck, any that the glossary knows; eight false friends without them.
    seed
        Shuffles the three meanings of each round.

    Examples
    --------
    >>> WordMatch(["bias", "control", "risk"]).rounds
    3
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Int(None, allow_none=True).tag(sync=True)
    matched = traitlets.Int(0).tag(sync=True)
    played = traitlets.Int(0).tag(sync=True)
    _deck = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __init__(self, words: Sequence[str] = FIRST_WORDS, *, seed: int = 1, **traits: Any) -> None:
        if len(words) < 3:
            raise DataError('WordMatch needs three words or more: WordMatch(["bias", "risk", "case"])')
        terms = [look_up(IDS.get(word, word)) for word in words]
        super().__init__(_deck=build_deck(words, terms, seed), **traits)

    @property
    def rounds(self) -> int:
        """Return the number of rounds."""
        return len(self._deck)

    def __repr__(self) -> str:
        lines = [f"{card['word']}: clinic: {card['clinic']} | engineer: {card['engineer']}" for card in self._deck]
        return "\n".join([f"{self.rounds} words with two meanings", *lines])


def build_deck(words: Sequence[str], terms: Sequence[Term], seed: int) -> list[dict[str, Any]]:
    """Return the rounds: the describing side alternates, the three meanings are shuffled."""
    shuffle = random.Random(seed)  # noqa: S311 - cards, not keys
    return [_build_round(number, word, list(terms), shuffle) for number, word in enumerate(words)]


def _build_round(number: int, word: str, terms: list[Term], shuffle: random.Random) -> dict[str, Any]:
    term, clinician_tells = terms[number], number % 2 == 0
    others = [other for other in terms if other is not term]
    options = [term, *shuffle.sample(others, 2)]
    shuffle.shuffle(options)
    choose = "ml_definition" if clinician_tells else "clinical_definition"
    return {
        "word": word,
        "clinic": term.clinical_definition,
        "engineer": term.ml_definition,
        "differ": term.where_they_differ,
        "tells": "clinician" if clinician_tells else "engineer",
        "options": [getattr(option, choose) for option in options],
        "right": options.index(term),
    }
