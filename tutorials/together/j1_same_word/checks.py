"""J1, same word, two meanings: match, hear who speaks, choose clear words, write a card."""

from __future__ import annotations

from collections.abc import Mapping

from rounds.lessons.cards import SLOTS, find_card_problem
from rounds.lessons.entries import count_right, is_dictionary, is_one_of, plain
from rounds.lessons.exercise import Exercise, Option, Question
from rounds.lessons.ladder import Rung

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


def _ask_repeats(answer: Mapping[str, str]) -> str | None:
    letters = [plain(value) for value in answer.values()]
    twice = sorted({letter for letter in letters if letters.count(letter) > 1})
    return f"You used {twice[0].upper()} twice; each card has one partner." if twice else None


def _ask_pairs(answer: Mapping[str, str]) -> str | None:
    if plain(answer["positive predictive value"]) == "c" and plain(answer["sensitivity"]) == "f":
        return "Sensitivity and predictive value are swapped: one starts from the sick people."
    if plain(answer["case mix"]) == "e" and plain(answer["change of practice"]) == "d":
        return "Case mix and change of practice are swapped: in one the patients changed."
    right = count_right(answer, PAIRS)
    if right >= 8:
        return None
    return f"{right} of 10 pairs are right: ask your partner to read one definition aloud again."


def _ask_speakers(answer: Mapping[int, str]) -> str | None:
    said = {plain(value) for value in answer.values()}
    if len(said) == 1:
        return "You gave the same answer to all; four sentences are from each side."
    right = count_right(answer, SPEAKERS)
    if right == 0:
        return "All eight are the wrong way round: ask who works with the word each day."
    if right >= 7:
        return None
    return f"{right} of 8 are right: look at the words that stand beside the unclear word."


def ask_clear(answer: Mapping[str, int]) -> str | None:
    return next((REPLIES[key] for key in CLEAR if answer[key] != CLEAR[key]), None)


WORKED_CARD = {
    "among": "adults on the transplant ward without infection so far",
    "at": "each morning at 7",
    "predict": "a first bloodstream infection",
    "within": "the next 48 hours",
    "so_that": "the ward doctor",
    "can": "order blood cultures before the round",
}

E1 = Exercise(
    id="e1",
    title="Match the words",
    reads="pairs",
    points=2,
    visible=(
        *is_dictionary("pairs", PAIRS),
        is_one_of("pairs", tuple(letter.lower() for letter in LETTERS)),
        Rung("values", _ask_repeats),
        Rung("values", _ask_pairs),
    ),
    hint="Sensitivity starts from the sick people; so does recall.",
    worked_line='pairs = {"sensitivity": "C", ...}; recall is another word for sensitivity',
)
E2 = Exercise(
    id="e2",
    title="Who is speaking?",
    reads="speakers",
    points=2,
    visible=(
        *is_dictionary("speakers", SPEAKERS),
        is_one_of("speakers", ("clinician", "engineer")),
        Rung("values", _ask_speakers),
    ),
    hint="An engineer splits rows and trains; a clinician draws blood and meets patients.",
    worked_line='1: "engineer", because only a computer keeps a validation set',
)
E3 = Exercise(
    id="e3",
    title="Choose the clear sentence",
    reads="clear",
    points=2,
    visible=(
        *is_dictionary("clear", CLEAR),
        is_one_of("clear", (1, 2, 3)),
        Rung("values", lambda answer: None if count_right(answer, CLEAR) >= 3 else ask_clear(answer)),
    ),
    hint="A clear sentence says who was counted, and against what, in words that need no glossary.",
    worked_line='"a": 2, because it names the hospital and the year',
)
E4 = Exercise(
    id="e4",
    title="Write one question card together",
    reads="card",
    points=2,
    visible=(
        *is_dictionary("card", dict.fromkeys(SLOTS)),
        Rung("values", find_card_problem),
    ),
    hint="Say the card aloud: among ..., at ..., we predict ... within ..., so that ... can ...",
    worked_line='"within": "the next 30 days", "so_that": "the discharge nurse"',
)
F1 = Exercise(
    id="f1",
    title="The gaps of the half-written card",
    reads="half_card",
    visible=(
        *is_dictionary("half_card", dict.fromkeys(SLOTS)),
        Rung("values", find_card_problem),
    ),
    hint="A window is a number with a unit; an act is something a hand can do.",
    worked_line='"within": "30 days", "can": "phone the patient after three days"',
)

S1 = Question(
    "s1",
    "A colleague says: the test was positive. What may that mean?",
    (
        Option("The patient has the disease", "That is one reading; is there another?"),
        Option("A laboratory result above a cut-off", "That is one reading; is there another?"),
        Option("It depends on who says it", "So ask, before you go on.", right=True),
    ),
)
S2 = Question(
    "s2",
    "How many words do both professions use with different meanings?",
    (
        Option("About 3", "More: our glossary alone marks 33 of its 116 terms."),
        Option("About 30", "Our glossary marks 33 of its 116 terms.", right=True),
        Option("About 1,000", "Fewer: our glossary marks 33 of its 116 terms."),
    ),
)
Q1 = Question(
    "q1",
    "The engineer says: the model has a bias of 0.3. What is it, most likely?",
    (
        Option("The patients were chosen badly", "A clinician means this by bias."),
        Option("A number added in the formula", "It is the intercept.", right=True),
        Option("The model is unfair", "Then people would speak of a group, not of 0.3."),
    ),
)

TITLE = "Same word, two meanings"
EXERCISES = (E1, E2, E3, E4, F1)
QUESTIONS = (S1, S2, Q1)
