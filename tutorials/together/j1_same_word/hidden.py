"""What is checked when J1 is handed in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rounds.lessons.entries import ask_all
from rounds.lessons.ladder import Rung
from rounds.vocabulary import load_glossary

from .checks import PAIRS, SPEAKERS, WORKED_CARD, ask_clear

if TYPE_CHECKING:
    pass


def _ask_ready(answer: Mapping[str, Any]) -> str | None:
    """Refuse the card of the worked example: the pair writes its own."""
    same = [answer.get(slot) == text for slot, text in WORKED_CARD.items()]
    return "This is our example; write a card of your own challenge." if all(same) else None


def _ask_jargon(answer: Mapping[str, Any]) -> str | None:
    """Refuse false friends in the card: both partners must read the same meaning."""
    terms = load_glossary().values()
    known = {term.id for term in terms if term.false_friend and "-" not in term.id}
    words = {word.strip(".,;:()").lower() for text in answer.values() for word in text.split()}
    found = sorted(words & (known - {"case", "model", "risk", "test", "sample", "normal"}))
    return f'The word "{found[0]}" has two meanings; write what it stands for.' if found else None


HIDDEN = {
    "e1": (Rung("meaning", ask_all(PAIRS, "pairs")),),
    "e2": (Rung("meaning", ask_all(SPEAKERS, "sentences")),),
    "e3": (Rung("meaning", ask_clear),),
    "e4": (Rung("meaning", _ask_ready), Rung("meaning", _ask_jargon)),
}
