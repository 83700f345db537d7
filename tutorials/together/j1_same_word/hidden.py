"""What is checked when J1 is handed in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rounds.lessons.entries import count_right, plain
from rounds.lessons.exercise import Key
from rounds.lessons.ladder import Rung
from rounds.vocabulary import load_glossary

from .checks import WORKED_CARD

# clinical word -> the engineer's word, of ten pairs; the letters are shuffled on purpose
PAIRS = {
    "sensitivity": "C",
    "positive predictive value": "F",
    "outcome": "A",
    "prognostic factor": "I",
    "cut-off": "B",
    "prevalence": "H",
    "time zero": "J",
    "case mix": "D",
    "gold standard": "G",
    "change of practice": "E",
}
SPEAKERS = {
    1: "engineer",
    2: "clinician",
    3: "engineer",
    4: "clinician",
    5: "clinician",
    6: "engineer",
    7: "engineer",
    8: "clinician",
}
CLEAR = {"a": 2, "b": 3, "c": 1, "d": 2}
REPLIES = {
    "a": "In sentence a, validation still has two meanings: say which patients were used.",
    "b": "In sentence b, significant still has two meanings: give the difference and its interval.",
    "c": "In sentence c, the control is still unclear: say whom the patients are compared with.",
    "d": "In sentence d, bias still has three meanings: name the error and its direction.",
}


def _ask_pairs(answer: Mapping[str, str]) -> str | None:
    if plain(answer["positive predictive value"]) == "c" and plain(answer["sensitivity"]) == "f":
        return "Sensitivity and predictive value are swapped: one starts from the sick people."
    if plain(answer["case mix"]) == "e" and plain(answer["change of practice"]) == "d":
        return "Case mix and change of practice are swapped: in one the patients changed."
    right = count_right(answer, PAIRS)
    if right == len(PAIRS):
        return None
    return f"{right} of 10 pairs are right: ask your partner to read one definition aloud again."


def _ask_speakers(answer: Mapping[int, str]) -> str | None:
    said = {plain(value) for value in answer.values()}
    if len(said) == 1:
        return "You gave the same answer to all; four sentences are from each side."
    right = count_right(answer, SPEAKERS)
    if right == 0:
        return "All eight are the wrong way round: ask who works with the word each day."
    if right == len(SPEAKERS):
        return None
    return f"{right} of 8 are right: look at the words that stand beside the unclear word."


def _ask_clear(answer: Mapping[str, int]) -> str | None:
    return next((REPLIES[key] for key in CLEAR if answer[key] != CLEAR[key]), None)


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
    "e1": (Rung("values", _ask_pairs),),
    "e2": (Rung("values", _ask_speakers),),
    "e3": (Rung("values", _ask_clear),),
    "e4": (Rung("meaning", _ask_ready), Rung("meaning", _ask_jargon)),
}
KEYS = {
    "s1": Key(
        "It depends on who says it",
        (
            "That is one reading; is there another?",
            "That is one reading; is there another?",
            "So ask, before you go on.",
        ),
    ),
    "s2": Key(
        "About 30",
        (
            "More: our glossary alone marks 33 of its 116 terms.",
            "Our glossary marks 33 of its 116 terms.",
            "Fewer: our glossary marks 33 of its 116 terms.",
        ),
    ),
    "q1": Key(
        "A number added in the formula",
        (
            "A clinician means this by bias.",
            "It is the intercept.",
            "Then people would speak of a group, not of 0.3.",
        ),
    ),
}
