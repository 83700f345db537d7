"""Would you publish it, would you use it: risk of bias, planted flaws, requests for data, a card, one sentence."""

from __future__ import annotations

import numbers
from typing import Any

from rounds.lessons.entries import is_dictionary, plain
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.choice import is_choice
from rounds.lessons.kinds.several import is_several
from rounds.lessons.kinds.sorting import is_sorting
from rounds.lessons.ladder import Rung
from rounds.lessons.numbers import is_number

DOMAINS, RISKS = ("participants", "predictors", "outcome", "analysis"), ("low", "high")
LETTERS, SENTENCES = tuple("ABCDEFGHIJKLMN"), tuple("ABCD")
WISHES = (
    "another model",
    "death as well",
    "talk to patients",
    "copy for a course",
    "page on the web",
    "chat service",
)
ANSWERS = ("go on", "ask for a change", "ask anew", "stop")
WORDS = {
    "predicts": ("return within 30 days", "death within 30 days", "heart failure", "length of the next stay"),
    "asked_at": ("admission", "discharge", "30 days later"),
    "tested_on": ("hospital A", "hospital B", "both hospitals"),
    "not_for": ("patients without heart failure", "patients over 75", "women", "nobody"),
}
NUMBERS = ("auroc", "came_for_each_predicted")
FIELDS = ("predicts", "asked_at", "tested_on", "auroc", "came_for_each_predicted", "not_for", "intervals")


def _ask_words(answer: Any) -> str | None:
    for field, known in WORDS.items():
        if plain(answer[field]) not in map(plain, known):
            return f'card: {answer[field]!r} at "{field}" is unknown; choose from {", ".join(known)}.'
    return None


def _ask_numbers(answer: Any) -> str | None:
    for field in NUMBERS:
        value = answer[field]
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            return f'card: "{field}" takes one number, such as 0.12.'
    return None


E1 = Exercise(
    id="e1",
    title="Four domains",
    reads="risk_of_bias",
    points=2,
    visible=is_sorting("risk_of_bias", DOMAINS, RISKS),
    hint="One domain at a time: who was taken, which columns, which outcome, how was it tested?",
    worked_line='"participants": "high", where only patients of one private clinic were asked about a whole country',
)
E2 = Exercise(
    id="e2",
    title="Eight flaws",
    reads="flaws",
    points=2,
    visible=(is_several("flaws", LETTERS),),
    hint="Ask of each sentence: would a doctor at the bed know this by then? Would new patients give the same?",
    worked_line="“The weight was guessed where it was missing” would be one: nobody can say how far off it is.",
)
E3 = Exercise(
    id="e3",
    title="May we do that?",
    reads="answer_to",
    points=2,
    visible=is_sorting("answer_to", WISHES, ANSWERS),
    hint="What was approved: which question, who, which data, where? What of this would change?",
    worked_line='"a new member joins": "ask for a change", where the approval names the team',
)
E4 = Exercise(
    id="e4",
    title="A model card that agrees with the test",
    reads="card",
    points=2,
    visible=(*is_dictionary("card", FIELDS), Rung("values", _ask_words), Rung("values", _ask_numbers)),
    hint="A card tells how a model does where it did not learn. Which row of the table is that?",
    worked_line='"stays": 120,  # those of the test, not those of the training',
)
E5 = Exercise(
    id="e5",
    title="One sentence for the ward",
    reads="for_the_ward",
    points=2,
    visible=(is_choice("for_the_ward", SENTENCES),),
    hint="Look at your two numbers: what does each of them say, and what not?",
    worked_line="“It was right in 8 of 10 pairs” says nothing of the size of a risk.",
)
F1 = Exercise(
    id="f1",
    title="Columns kept by chance",
    reads="by_chance",
    visible=(is_number("by_chance", "1.5"),),
    hint="p < 0.05 is what pure chance reaches in 5 of 100 tries.",
    worked_line="20 * 0.01  # of 20 columns of chance, so many have p < 0.01",
)

TITLE = "Would you publish it, would you use it?"
EXERCISES = (F1, E1, E2, E3, E4, E5)
QUESTIONS = (
    Question(
        "s1",
        "A paper tells exactly how it did a wrong thing. What is that?",
        ("A good report of a poor study", "A poor report of a good study", "A good study"),
    ),
    Question(
        "s2",
        "On the patients from whom it learned, a model has AUROC 0.9. And on new ones?",
        ("It will be about 0.9", "Little: it may be much lower", "It will be higher: the model learns on"),
    ),
    Question(
        "q1",
        "Compare the two bars of the card. What follows for this paper?",
        (
            "It can be trusted as far as it tells",
            "One can judge it, and see what spoils its result",
            "It is worthless where it is silent",
            "Nothing: reports do not matter",
        ),
    ),
    Question(
        "q2",
        "Which entry would stop you first from using a model on your ward?",
        (
            "It was tested only in the hospital where it learned",
            "It has fewer columns than another one",
            "Its name is long",
            "It was written in another language of code",
        ),
    ),
)
