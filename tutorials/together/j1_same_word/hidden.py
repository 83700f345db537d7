"""What is checked when J1 is handed in; this file never enters a room."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from rounds.lessons.entries import count_right, plain
from rounds.lessons.exercise import Key
from rounds.lessons.ladder import Mistake, Rung, recognise
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
OTHER_REPLIES = {
    ("b", 2): "In sentence b, important says as little as significant: how large is the difference, and how sure?",
    ("c", 3): "In sentence c, to control for age is a step of computing. Say whom the patients are compared with.",
}


CLUES = {
    "sensitivity": "it starts from the sick people, and asks how many of them are found.",
    "positive predictive value": "it starts from the positive tests, and asks how many of them are right.",
    "outcome": "it is what happens to the patient, and what the model is to predict.",
    "prognostic factor": "it is known beforehand, and goes into the model.",
    "cut-off": "from this value on somebody acts.",
    "prevalence": "it is how common the disease is before any test.",
    "time zero": "it is the moment at which one looks into the future.",
    "case mix": "it says which kinds of patients came, and that can change.",
    "gold standard": "it is the best known way to find out what a patient has, and it can be wrong.",
    "change of practice": "the same patient is treated in another way now, so the same numbers mean something else.",
}
SPEAKING = {
    1: "Sentence 1: only who tunes a model has a validation set to spend.",
    2: "Sentence 2: these controls are people on a ward.",
    3: "Sentence 3: a layer is a part of a network.",
    4: "Sentence 4: to adjust for age is the language of studies of patients.",
    5: "Sentence 5: this sample is blood in a tube.",
    6: "Sentence 6: to bring a mean to 0 is a step before training.",
    7: "Sentence 7: here inference is a run of a model, measured in milliseconds.",
    8: "Sentence 8: somebody here decides on a treatment.",
}


IN_ORDER = "These are the letters in their order. Ask your partner to read one definition aloud, then match it."


def _swapped(first: str, second: str) -> Callable[[Any], bool]:
    """Return the property that two words have each other's letter."""
    return lambda answer: (plain(answer[first]), plain(answer[second])) == (PAIRS[second].lower(), PAIRS[first].lower())


def _say_pair(answer: Mapping[str, str]) -> str:
    right = count_right(answer, PAIRS)
    word = next(word for word in PAIRS if not count_right(answer, {word: PAIRS[word]}))
    return f'{right} of 10 pairs are right. Look again at "{word}": {CLUES[word]}'


def _say_speaker(answer: Mapping[int, str]) -> str:
    right = count_right(answer, SPEAKERS)
    number = next(number for number in SPEAKERS if not count_right(answer, {number: SPEAKERS[number]}))
    return f"{right} of 8 are right. {SPEAKING[number]}"


PAIR_MISTAKES = (
    Mistake(
        "found-or-right",
        _swapped("sensitivity", "positive predictive value"),
        "Sensitivity and predictive value are swapped: one starts from the sick people.",
    ),
    Mistake(
        "patients-or-practice",
        _swapped("case mix", "change of practice"),
        "Case mix and change of practice are swapped: in one the patients changed.",
    ),
    Mistake(
        "truth-or-target",
        _swapped("outcome", "gold standard"),
        "Outcome and gold standard are swapped: one is predicted, the other is the best known way to find out.",
    ),
    Mistake(
        "input-or-output",
        _swapped("outcome", "prognostic factor"),
        "Outcome and prognostic factor are swapped: one goes into the model, the other comes out.",
    ),
    Mistake(
        "moment-or-value",
        _swapped("cut-off", "time zero"),
        "Cut-off and time zero are swapped: one is a value, the other a moment.",
    ),
    Mistake("in-order", lambda answer: [plain(answer[word]) for word in PAIRS] == list("abcdefghij"), IN_ORDER),
    Mistake("some-pairs", lambda answer: count_right(answer, PAIRS) < len(PAIRS), _say_pair),
)
SPEAKER_MISTAKES = (
    Mistake(
        "all-one",
        lambda answer: len({plain(value) for value in answer.values()}) == 1,
        "You gave the same answer to all; four sentences are from each side.",
    ),
    Mistake(
        "all-swapped",
        lambda answer: count_right(answer, SPEAKERS) == 0,
        "All eight are the wrong way round: ask who works with the word each day.",
    ),
    Mistake("some-speakers", lambda answer: count_right(answer, SPEAKERS) < len(SPEAKERS), _say_speaker),
)


def _unclear(key: str) -> Mistake:
    def say(answer: Mapping[str, int]) -> str:
        return OTHER_REPLIES.get((key, int(answer[key])), REPLIES[key])

    return Mistake(f"unclear-{key}", lambda answer: answer[key] != CLEAR[key], say)


CLEAR_MISTAKES = (
    Mistake(
        "all-first",
        lambda answer: len(set(answer.values())) == 1,
        "You gave the same number to all. Which version says who was counted?",
    ),
    *(_unclear(key) for key in CLEAR),
)


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


JARGON = re.compile(
    r"\b(?:validation|cohorts?|outcomes?|end-?points?|prevalence|incidence|covariates?|confounders?"
    r"|classifiers?|auroc|recall|ground truth|gold standard|base rate|time zero|index date|baseline|case mix|"
    r"(?:training|test|validation) (?:set|data|split)|(?:true|false) (?:positives?|negatives?)|"
    r"(?:positive|negative) (?:labels?|class|cases?|outcomes?|examples?|predictions?))\b",
    re.I,
)
LABEL = re.compile(r"\b(?:labels?|classes|class [01])\b", re.I)


def _ask_glossary(answer: Mapping[str, Any]) -> str | None:
    """Refuse words of either profession alone; a label is one among people and events, and none on a tube."""
    found = next(filter(None, (JARGON.search(text) for text in answer.values())), None)
    found = found or LABEL.search(answer["among"]) or LABEL.search(answer["predict"])
    if found is None:
        return None
    return f'"{found[0]}" needs a glossary. Say which people, or what happens to them, in words of every day.'


HIDDEN = {
    "e1": (recognise("values", *PAIR_MISTAKES),),
    "e2": (recognise("values", *SPEAKER_MISTAKES),),
    "e3": (recognise("values", *CLEAR_MISTAKES),),
    "e4": (Rung("meaning", _ask_ready), Rung("meaning", _ask_jargon), Rung("meaning", _ask_glossary)),
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
            "More: it marks over 30 of its terms.",
            "It marks over 30 of its terms, and calls them false friends.",
            "Fewer: the whole glossary has about 190 terms, and over 30 of them are marked.",
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
