"""Questions of A3: predictive value and curves."""

from __future__ import annotations

from rounds.lessons.exercise import Option, Question

S1 = Question(
    "s1",
    "A ward has 50 patients. 10 have an infection. What is the prevalence?",
    (
        Option("10 %", "10 is the number of patients; divide it by all 50 patients."),
        Option("20 %", "10 of 50 patients is 20 %.", right=True),
        Option("25 %", "25 % is 10 of the 40 others; divide by all 50 patients."),
    ),
)
S2 = Question(
    "s2",
    "A test finds 8 of the 10 infections. What is this share called?",
    (
        Option("Sensitivity", "It starts from the sick: 8 of 10 found.", right=True),
        Option("Specificity", "Specificity starts from the people who are well."),
        Option("Predictive value", "The predictive value starts from the positive tests."),
    ),
)
Q1 = Question(
    "q1",
    "You moved only the prevalence. What stayed as it was?",
    (
        Option("The ROC point", "It uses the sick and the well one by one.", right=True),
        Option("The precision-recall point", "Precision mixes sick and well, so it moved."),
        Option("The alerts per day", "Most alerts are false and come from the well; it moved."),
    ),
)
Q2 = Question(
    "q2",
    "A model for an infection on 2 % of days has AUROC 0.90. What do you know?",
    (
        Option("90 % of its alerts are true", "AUROC says nothing about the share of true alerts."),
        Option(
            "It ranks a day with infection above a day without in 90 % of pairs",
            "AUROC is about ranking pairs; ask next for the alerts per true alert.",
            right=True,
        ),
        Option("It finds 90 % of infections", "That is sensitivity, and it needs a threshold."),
    ),
)

QUESTIONS = (S1, S2, Q1, Q2)
