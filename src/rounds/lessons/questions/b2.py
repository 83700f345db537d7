"""Questions of B2: units and codes."""

from __future__ import annotations

from rounds.lessons.exercise import Option, Question

S1 = Question(
    "s1",
    "A table says: C-reactive protein 5.2. What is it?",
    (
        Option("Slightly raised", "In mg/L yes; in mg/dL it is ten times as much."),
        Option("Strongly raised", "In mg/dL yes; in mg/L it is near the limit."),
        Option("Nobody knows without the unit", "A number without a unit is no result.", right=True),
    ),
)
S2 = Question(
    "s2",
    "What does a LOINC code fix?",
    (
        Option("The unit", "It fixes the kind of quantity; two laboratories may use two units."),
        Option("What is measured, and in what", "The unit still has its own column.", right=True),
        Option("The reference range", "Each laboratory has its own range."),
    ),
)
Q1 = Question(
    "q1",
    "You scale each column to mean 0 without looking at units. What happens to CRP?",
    (
        Option("Scaling repairs the units", "One mean for two units repairs nothing."),
        Option("The site becomes visible in CRP", "The model learns the hospital.", right=True),
        Option("Nothing", "Site B stays ten times too low, now hidden in a neat column."),
    ),
)

QUESTIONS = (S1, S2, Q1)
