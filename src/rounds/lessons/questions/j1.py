"""Questions of J1: words with two meanings."""

from __future__ import annotations

from rounds.lessons.exercise import Option, Question

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

QUESTIONS = (S1, S2, Q1)
