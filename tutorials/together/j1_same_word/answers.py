"""What pairs write in J1."""

from __future__ import annotations

from rounds.lessons.cards import SLOTS
from rounds.lessons.examples import Examples, Wrong

from .checks import WORKED_CARD
from .hidden import CLEAR, PAIRS, SPEAKERS

OTHER = {"clinician": "engineer", "engineer": "clinician"}
CARD = {
    "among": "women at their first visit in pregnancy",
    "at": "the first visit",
    "predict": "a newborn under 2,500 g",
    "within": "40 weeks",
    "so_that": "the midwife",
    "can": "plan two more growth scans",
}


def _swap(first: str, second: str) -> dict[str, str]:
    return {**PAIRS, first: PAIRS[second], second: PAIRS[first]}


def _other(*numbers: int) -> dict[int, str]:
    """Return the speakers with some of them taken for the other profession."""
    return {**SPEAKERS, **{number: OTHER[SPEAKERS[number]] for number in numbers}}


EXAMPLES = {
    "e1": Examples(
        right=(PAIRS, {word: f" {letter.lower()}" for word, letter in PAIRS.items()}),
        stub=dict.fromkeys(PAIRS, ...),
        wrong=(
            Wrong({**PAIRS, "sensitivity": "F", "positive predictive value": "C"}, "swapped"),
            Wrong({**PAIRS, "case mix": "E", "change of practice": "D"}, "the patients changed"),
            Wrong({**PAIRS, "outcome": "C"}, "twice"),
            Wrong({**PAIRS, "outcome": "label"}, "choose from"),
            Wrong({**PAIRS, "outcome": ...}, "1 gaps"),
            Wrong(
                dict(zip(PAIRS, ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"], strict=True)),
                "in their order",
            ),
            Wrong({**PAIRS, "outcome": "H", "prevalence": "A"}, "8 of 10"),
            Wrong(_swap("outcome", "gold standard"), "says what is true"),
            Wrong(_swap("outcome", "prognostic factor"), "goes into the model"),
            Wrong(_swap("cut-off", "time zero"), "the other a moment"),
            Wrong(_swap("cut-off", "prevalence"), 'Look again at "cut-off"'),
            Wrong(_swap("case mix", "prevalence"), 'Look again at "prevalence"'),
            Wrong({**PAIRS, "outcome": 1}, "choose from"),
            Wrong("C F A I", "type str"),
        ),
    ),
    "e2": Examples(
        right=(SPEAKERS, {number: who.title() for number, who in SPEAKERS.items()}),
        stub=dict.fromkeys(SPEAKERS, ...),
        wrong=(
            Wrong(dict.fromkeys(SPEAKERS, "clinician"), "same answer"),
            Wrong({number: OTHER[who] for number, who in SPEAKERS.items()}, "wrong way round"),
            Wrong({**SPEAKERS, 1: "doctor"}, "choose from"),
            Wrong({**SPEAKERS, 1: "clinician", 2: "engineer", 3: "clinician"}, "5 of 8"),
            Wrong({**SPEAKERS, 4: "engineer"}, "7 of 8"),
            *(Wrong(_other(number), f"Sentence {number}") for number in SPEAKERS),
            Wrong(_other(4, 5), "6 of 8"),
            Wrong({**SPEAKERS, 8: ...}, "1 gaps"),
            Wrong({number: who[0] for number, who in SPEAKERS.items()}, "choose from"),
        ),
    ),
    "e3": Examples(
        right=(CLEAR, {key: float(number) for key, number in CLEAR.items()}),
        stub=dict.fromkeys(CLEAR, ...),
        wrong=(
            Wrong({"a": 1, "b": 1, "c": 1, "d": 1}, "the same number to all"),
            Wrong({**CLEAR, "a": 1}, "validation"),
            Wrong({**CLEAR, "a": 3}, "validation"),
            Wrong({**CLEAR, "b": 2}, "significant"),
            Wrong({**CLEAR, "c": 3}, "control"),
            Wrong({**CLEAR, "d": 3}, "bias"),
            Wrong({**CLEAR, "a": "2"}, "choose from"),
            Wrong({**CLEAR, "d": ...}, "1 gaps"),
            Wrong({"a": 2, "b": 1, "c": 2, "d": 2}, "significant"),
            Wrong({"a": 2, "b": 3, "c": 3, "d": 1}, "control"),
            Wrong({"a": 4, "b": 3, "c": 1, "d": 2}, "choose from"),
            Wrong([2, 3, 1, 2], "type list"),
            Wrong({**CLEAR, "d": 1}, "bias"),
        ),
    ),
    "e4": Examples(
        right=(
            CARD,
            {**WORKED_CARD, "among": "adults after a stem-cell transplant", "at": "each day at 6"},
        ),
        stub=dict.fromkeys(SLOTS, ...),
        wrong=(
            Wrong({**CARD, "within": "a short time"}, "a number and a unit"),
            Wrong({**CARD, "so_that": "doctors"}, "name one role"),
            Wrong({**CARD, "can": "know the risk"}, "is no act"),
            Wrong({**CARD, "at": "any time"}, "one moment"),
            Wrong(
                {**CARD, "at": "the day of discharge", "predict": "a fall during the stay"},
                "before time zero",
            ),
            Wrong({**CARD, "among": "women"}, "too short"),
            Wrong({**CARD, "can": ...}, "1 gaps"),
            Wrong({**CARD, "within": 48}, "too short"),
            Wrong({**CARD, "predict": "the first visit"}, "the moment at which you predict"),
            Wrong({**CARD, "why": "to help"}, "an entry too many"),
            Wrong("Among women ...", "type str"),
            Wrong(WORKED_CARD, "our example"),
            Wrong({**CARD, "among": "controls and every control group"}, "two meanings"),
        ),
    ),
}
