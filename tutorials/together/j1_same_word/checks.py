"""J1, same word, two meanings: match, hear who speaks, choose clear words, write a card."""

from __future__ import annotations

from collections.abc import Mapping

from rounds.lessons.cards import SLOTS, is_card
from rounds.lessons.entries import is_dictionary, is_one_of, plain
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.ladder import Rung

WORDS = (
    "sensitivity",
    "positive predictive value",
    "outcome",
    "prognostic factor",
    "cut-off",
    "prevalence",
    "time zero",
    "case mix",
    "gold standard",
    "change of practice",
)
LETTERS = {
    "A": "label, target",
    "B": "decision threshold",
    "C": "recall",
    "D": "covariate distribution",
    "E": "concept drift",
    "F": "precision",
    "G": "ground truth",
    "H": "base rate",
    "I": "feature",
    "J": "prediction time",
}
SENTENCES = range(1, 9)
UNCLEAR = ("a", "b", "c", "d")


def _ask_repeats(answer: Mapping[str, str]) -> str | None:
    letters = [plain(value) for value in answer.values()]
    twice = sorted({letter for letter in letters if letters.count(letter) > 1})
    return f"You used {twice[0].upper()} twice; each card has one partner." if twice else None


WORKED_CARD = {
    "among": "adults on the transplant ward without infection so far",
    "at": "each morning at 7",
    "predict": "a first bloodstream infection",
    "within": "the next 48 hours",
    "so_that": "the ward doctor",
    "can": "examine the patient first, before the round",
}

E1 = Exercise(
    id="e1",
    title="Match the words",
    reads="pairs",
    points=2,
    visible=(
        *is_dictionary("pairs", WORDS),
        is_one_of("pairs", tuple(LETTERS)),
        Rung("values", _ask_repeats),
    ),
    hint="Begin with the words that you both use. Ask of each: does it say what goes in, what comes out, or how often?",
    worked_line='Another pair: "control group" and "baseline": both say what one compares with',
)
E2 = Exercise(
    id="e2",
    title="Who is speaking?",
    reads="speakers",
    points=2,
    visible=(
        *is_dictionary("speakers", SENTENCES),
        is_one_of("speakers", ("clinician", "engineer")),
    ),
    hint="An engineer splits rows and trains; a clinician draws blood and meets patients.",
    worked_line='"The test came back normal": "clinician", because this test was done on a patient',
)
E3 = Exercise(
    id="e3",
    title="Choose the clear sentence",
    reads="clear",
    points=2,
    visible=(
        *is_dictionary("clear", UNCLEAR),
        is_one_of("clear", (1, 2, 3)),
    ),
    hint="A clear sentence says who was counted, and against what, in words that need no glossary.",
    worked_line='"The risk is high" is unclear; "8 of 100 such patients came back within 30 days" is clear',
)
E4 = Exercise(
    id="e4",
    title="Write one question card together",
    reads="card",
    points=2,
    visible=(
        *is_dictionary("card", SLOTS),
        is_card(),
    ),
    hint="Say the card aloud: among ..., at ..., we predict ... within ..., so that ... can ...",
    worked_line='"within": "the next 30 days", "so_that": "the discharge nurse"',
)
F1 = Exercise(
    id="f1",
    title="The gaps of the half-written card",
    reads="half_card",
    visible=(
        *is_dictionary("half_card", SLOTS),
        is_card(),
    ),
    hint="A window is a number with a unit; an act is something a hand can do.",
    worked_line='"within": "30 days", "can": "phone the patient after three days"',
)

S1 = Question(
    "s1",
    "A colleague says: the test was positive. What may that mean?",
    (
        "The patient has the disease",
        "A laboratory result above a cut-off",
        "It depends on who says it",
    ),
)
S2 = Question(
    "s2",
    "How many words of our glossary do both professions use with different meanings?",
    (
        "About 3",
        "About 30",
        "About 1,000",
    ),
)
Q1 = Question(
    "q1",
    "The engineer says: the model has a bias of 0.3. What is it, most likely?",
    (
        "The patients were chosen badly",
        "A number added in the formula",
        "The model is unfair",
    ),
)

TITLE = "Same word, two meanings"
EXERCISES = (E1, E2, E3, E4, F1)
QUESTIONS = (S1, S2, Q1)
