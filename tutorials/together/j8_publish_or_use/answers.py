"""What pairs write in J8."""

from __future__ import annotations

from typing import Any

from rounds.lessons.examples import Examples, Gaps, Wrong

from .hidden import CARD, FLAWS, RISK

TRAINING_AUROC, TEST_AUROC, CAME = 0.6336, 0.6412, 1.187  # of the shipped cohort: tests/content/test_publish_or_use.py

WISHES = {
    "another model": "go on",
    "death as well": "ask for a change",
    "talk to patients": "ask anew",
    "copy for a course": "ask for a change",
    "page on the web": "stop",
    "chat service": "stop",
}


def _card(**changed: Any) -> dict[str, Any]:
    return {**CARD, "auroc": 0.64, "came_for_each_predicted": 1.19, "intervals": {"auroc": "0.62 to 0.66"}, **changed}


def _wishes(wish: str, answer: str) -> dict[str, str]:
    return {**WISHES, wish: answer}


EXAMPLES = {
    "e1": Examples(
        right=(RISK, {name: risk.upper() for name, risk in RISK.items()}),
        stub=...,
        wrong=(
            Wrong(dict.fromkeys(RISK, "high"), "Who was lost later belongs to the analysis"),
            Wrong(dict.fromkeys(RISK, "low"), "Read D, then E"),
            Wrong({**RISK, "predictors": "low"}, "Read D, then E"),
            Wrong({**RISK, "outcome": "low"}, "what did the doctor know"),
            Wrong({**RISK, "analysis": "low"}, "how many columns were tried"),
            Wrong({**RISK, "analysis": "unclear"}, "choose from low, high"),
            Wrong({"participants": "low"}, "3 gaps"),
            Wrong("high", "keep the curly brackets"),
            Wrong({**RISK, "money": "high"}, "an entry too many"),
            Wrong(
                {"participants": "high", "predictors": "low", "outcome": "low", "analysis": "low"},
                "was still to come",
            ),
            Wrong({**RISK, "outcome": ""}, "1 gap"),
        ),
    ),
    "e2": Examples(
        right=(list(FLAWS), set(FLAWS), tuple(letter.lower() for letter in reversed(FLAWS))),
        stub=...,
        wrong=(
            Wrong([*FLAWS, "M"], "Another sentence says why it is too high"),
            Wrong([*FLAWS, "C"], "before the score is read"),
            Wrong(list("ABCDEFGHIJKLMN"), "A names who"),
            Wrong(["B", *FLAWS], "one after the other"),
            Wrong(["D", "E"], "when the score is read"),
            Wrong(["G", "H"], "no opinion can change"),
            Wrong(["E", "F", "H", "I", "J", "K", "L"], "To find: 1 more. Look at what the paper promises"),
            Wrong(["E", "F", "H", "J", "K", "L", "N"], "To find: 1 more. Look at the analysis"),
            Wrong(["E", "F", "I", "J", "K", "L", "N"], "To find: 1 more. Look at the outcome"),
            Wrong(["J", "K", "L"], "To find: 5 more. Look at the columns"),
            Wrong([], "To find: 8 more"),
            Wrong(["E", "F", "O"], "unknown"),
            Wrong(["E", "e"], "twice"),
            Wrong("EFHIJKLN", "one text"),
        ),
    ),
    "e3": Examples(
        right=(WISHES, {**WISHES, "copy for a course": "ask anew"}),
        stub=...,
        wrong=(
            Wrong(_wishes("another model", "ask for a change"), "What would be changed"),
            Wrong(_wishes("another model", "ask anew"), "Is that another study"),
            Wrong(_wishes("another model", "stop"), "no danger"),
            Wrong(_wishes("death as well", "go on"), "Another outcome is another question"),
            Wrong(_wishes("death as well", "ask anew"), "near to what was approved"),
            Wrong(_wishes("death as well", "stop"), "nothing is wrong with the wish"),
            Wrong(_wishes("talk to patients", "go on"), "People at home were not asked"),
            Wrong(_wishes("talk to patients", "ask for a change"), "another study"),
            Wrong(_wishes("talk to patients", "stop"), "good research"),
            Wrong(_wishes("copy for a course", "go on"), "give some of them away"),
            Wrong(_wishes("copy for a course", "stop"), "looked at what the new rows tell"),
            Wrong(_wishes("page on the web", "go on"), "people are found by them"),
            Wrong(_wishes("page on the web", "ask for a change"), "cannot be taken back"),
            Wrong(_wishes("page on the web", "ask anew"), "a closed room was approved"),
            Wrong(_wishes("chat service", "go on"), "computer of somebody else"),
            Wrong(_wishes("chat service", "ask for a change"), "First stop, then ask"),
            Wrong(_wishes("chat service", "ask anew"), "First stop, then ask"),
            Wrong(_wishes("chat service", "no"), "choose from go on"),
        ),
    ),
    "e4": Examples(
        right=(
            _card(),
            _card(auroc=TEST_AUROC, came_for_each_predicted=CAME),
            _card(predicts="Return within 30 days ", tested_on="Hospital B"),
        ),
        stub={**dict.fromkeys((*CARD, "auroc", "came_for_each_predicted"), ...), "intervals": {}},
        wrong=(
            Wrong(_card(predicts="death within 30 days"), "which column did it learn"),
            Wrong(_card(predicts="heart failure"), "Everybody in the table has heart failure"),
            Wrong(_card(predicts="length of the next stay"), "yes or no, not days"),
            Wrong(_card(asked_at="admission"), "Who has just come in"),
            Wrong(_card(asked_at="30 days later"), "the outcome is known"),
            Wrong(_card(tested_on="hospital A"), "There it learned"),
            Wrong(_card(tested_on="both hospitals"), "In one of the two it learned"),
            Wrong(_card(auroc=TRAINING_AUROC), "that of the training"),
            Wrong(_card(auroc=0.71), "higher than the one of the test"),
            Wrong(_card(auroc=0.5), "lower than the one of the test"),
            Wrong(_card(auroc=64), "between 0 and 1"),
            Wrong(_card(came_for_each_predicted=1.0), "so it is in the training"),
            Wrong(_card(came_for_each_predicted=0.84), "Turn it round"),
            Wrong(_card(came_for_each_predicted=280), "a number of people"),
            Wrong(_card(came_for_each_predicted=1.5), "came_for_each_predicted does not agree"),
            Wrong(_card(came_for_each_predicted=1.2), "keep two decimals"),
            Wrong(_card(not_for="nobody"), "No model is for everybody"),
            Wrong(_card(not_for="women"), "Women are in the table"),
            Wrong(_card(not_for="patients over 75"), "Half of the stays"),
            Wrong(_card(not_for="children"), "choose from"),
            Wrong(_card(auroc="0.64"), "takes one number"),
            Wrong({"auroc": 0.64}, "6 gaps"),
        ),
    ),
    "e5": Examples(
        right=("C", "c", " C ", ["C"]),
        stub=...,
        wrong=(
            Wrong("A", "your second number"),
            Wrong("B", "The level can be corrected"),
            Wrong("D", "lets others judge"),
            Wrong("E", "none of these"),
            Wrong(3, "in quotes"),
            Wrong(["B"], "The level can be corrected"),
            Wrong(["A", "C"], "Choose one only"),
            Wrong("set the level right", "none of these"),
            Wrong("a", "your second number"),
            Wrong("d ", "lets others judge"),
        ),
    ),
}
GAPS = Gaps(
    before=("setup",),
    box="""tried, events = 45, 90
share_kept = {}
by_chance = {}""",
    right=(("0.05", "tried * share_kept"), ("5 / 100", "45 * 0.05"), ("1 / 20", "share_kept * tried")),
    wrong=(
        (("0.95", "tried * share_kept"), "have a larger p"),
        (("5", "tried * share_kept"), "more columns than there are"),
        (("0.05", "events * share_kept"), "The columns are tried"),
        (("0.05", "tried / share_kept"), "multiply"),
        (("0.5", "tried * share_kept"), "Half of them"),
        (("0.05", "events / tried"), "for each column"),
        (("0.05", "share_kept"), "That is the share"),
        (("0.05", "'2.25'"), "without quotes"),
        (("0.05", "2"), "Keep the decimals"),
        (("0.05", "3"), "Not this number yet"),
    ),
)
