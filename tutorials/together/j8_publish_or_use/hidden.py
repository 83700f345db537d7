"""What only the judge knows of J8."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from rounds.lessons.entries import plain
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.choice import chose
from rounds.lessons.kinds.several import are_all
from rounds.lessons.kinds.sorting import is_sorted
from rounds.lessons.ladder import Mistake, recognise
from rounds.lessons.numbers import near

RISK = {"participants": "low", "predictors": "high", "outcome": "high", "analysis": "high"}
RISK_WHY = {
    (
        "participants",
        "high",
    ): "B and C take all in whom the outcome was still to come. Who was lost later belongs to the analysis.",
    ("predictors", "low"): "Read D, then E: which of the stay's values are there at the end of the first day? Then F.",
    ("outcome", "low"): "G is sound. But what did the doctor know who decided the unclear cases?",
    ("analysis", "low"): "How many had the outcome, how many columns were tried, and on whom was the score tested?",
}
FLAWS = ("E", "F", "H", "I", "J", "K", "L", "N")
SOUND_WHY = {
    "A": "A names who, what and within which time, and counts death as well. That is in order.",
    "B": "B takes everybody who was admitted, one after the other. That is in order.",
    "C": "C leaves out who has the outcome before the score is read (D): nothing is left to predict there. In order.",
    "D": "D says when the score is read. That is in order; hold the other sentences against it.",
    "G": "G is two records that no opinion can change. That is in order.",
    "M": "M is a figure with its interval, well reported. Another sentence says why it is too high.",
}
WISHES = {
    "another model": "go on",
    "death as well": "ask for a change",
    "talk to patients": "ask anew",
    "copy for a course": ("ask for a change", "ask anew"),
    "page on the web": "stop",
    "chat service": "stop",
}
WISHES_WHY = {
    (
        "another model",
        "ask for a change",
    ): "Another model: question, team, data and room stay the same. What would be changed?",
    ("another model", "ask anew"): "Another model: question, team, data and room stay the same. Is that another study?",
    ("another model", "stop"): "Another model is no danger: question, team, data and room stay the same.",
    ("death as well", "go on"): "Death as well: the approval names returns. Another outcome is another question.",
    (
        "death as well",
        "ask anew",
    ): "Death as well: same team, same table, same room. That is near to what was approved.",
    ("death as well", "stop"): "Death as well: nothing is wrong with the wish. Somebody has to be asked first.",
    ("talk to patients", "go on"): "Talk to patients: the approval is about a table. People at home were not asked.",
    ("talk to patients", "ask for a change"): "Talk to patients: a table is one thing, visits to people another study.",
    ("talk to patients", "stop"): "Talk to patients: that may be good research. It needs an approval of its own.",
    ("copy for a course", "go on"): "Copy for a course: a model that learned rows can give some of them away.",
    (
        "copy for a course",
        "stop",
    ): "Copy for a course: it may be done, when somebody has looked at what the new rows tell.",
    (
        "page on the web",
        "go on",
    ): "Page on the web: dates and rare illnesses stay in the table, and people are found by them.",
    (
        "page on the web",
        "ask for a change",
    ): "Page on the web: what is public cannot be taken back. Near the approval it is not.",
    (
        "page on the web",
        "ask anew",
    ): "Page on the web: a closed room was approved. What would a page for everybody do to that at once?",
    ("chat service", "go on"): "Chat service: the notes would leave the room for a computer of somebody else.",
    (
        "chat service",
        "ask for a change",
    ): "Chat service: patients' notes leave the hospital today. First stop, then ask.",
    ("chat service", "ask anew"): "Chat service: patients' notes leave the hospital today. First stop, then ask.",
}
PARTS = {
    "columns": ("EF", "Look at the columns once more: known by then, and the same in both hospitals?"),
    "outcome": ("H", "Look at the outcome once more: who decided, and what did they know?"),
    "analysis": ("IJKL", "Look at the analysis once more: who was lost, how much was tried, who was the test?"),
    "advice": ("N", "Look at what the paper promises, and to whom: does its test show that?"),
}


def _lacking(answer: Any, letters: Iterable[str] = FLAWS) -> int:
    return sum(plain(letter) not in map(plain, answer) for letter in letters)


def _lacks(part: str) -> Mistake:
    """Return the mistake that a flaw of this part of the paper is not named, when no sound sentence is."""
    letters, look = PARTS[part]

    def say(answer: Any) -> str:
        return f"{'These are flaws. ' if answer else ''}To find: {_lacking(answer)} more. {look}"

    return Mistake(f"lacks-{part}", lambda answer: _lacking(answer, letters) > 0, say)


NAMED = are_all(FLAWS, SOUND_WHY, "").mistakes[: len(SOUND_WHY)]
CARD = {
    "predicts": "return within 30 days",
    "asked_at": "discharge",
    "tested_on": "hospital B",
    "not_for": "patients without heart failure",
}
COLUMNS = ["stays_last_year", "sodium", "creatinine", "haemoglobin", "systolic", "heart_rate"]
CLOSE = 0.0055  # a number with two decimals, and the last digits of another computer


@cache
def model_figures() -> Mapping[str, float]:
    """Return AUROC and returns for each one predicted, of test and training, as the lesson computes them."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from rounds.data import load
    from rounds.evaluation.figures import figures

    stays = load("heart_failure").frame().dropna(subset=["readmitted_30d", *COLUMNS])
    parts = {site: stays[stays["site"] == site] for site in ("A", "B")}
    came = {site: part["readmitted_30d"].astype(int) for site, part in parts.items()}
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(parts["A"][COLUMNS], came["A"])
    found = {}
    for site, part in parts.items():
        risk = model.predict_proba(part[COLUMNS])[:, 1]
        found[f"auroc {site}"] = figures(came[site], risk)["auroc"]
        found[f"ratio {site}"] = float(came[site].sum() / risk.sum())
    return found


def _says(field: str, word: str) -> Callable[[Any], bool]:
    return lambda card: bool(plain(card[field]) == plain(word))


def _is(field: str, value: Callable[[], float]) -> Callable[[Any], bool]:
    return lambda card: bool(abs(float(card[field]) - value()) <= CLOSE)


def _is_right(card: Any) -> bool:
    words = all(plain(card[field]) == plain(word) for field, word in CARD.items())
    found = model_figures()
    return (
        words
        and _is("auroc", lambda: found["auroc B"])(card)
        and _is("came_for_each_predicted", lambda: found["ratio B"])(card)
    )


CARD_MISTAKES = (
    Mistake(
        "predicts-death", _says("predicts", "death within 30 days"), "Look at the model: which column did it learn?"
    ),
    Mistake(
        "predicts-heart-failure",
        _says("predicts", "heart failure"),
        "Everybody in the table has heart failure. What differs between them later?",
    ),
    Mistake(
        "predicts-length",
        _says("predicts", "length of the next stay"),
        "It learned yes or no, not days. What happens or not?",
    ),
    Mistake(
        "asked-at-admission",
        _says("asked_at", "admission"),
        "Who has just come in cannot come back yet. When is the question of a return asked?",
    ),
    Mistake(
        "asked-too-late",
        _says("asked_at", "30 days later"),
        "By then the outcome is known. When can somebody still act?",
    ),
    Mistake(
        "tested-where-learned",
        _says("tested_on", "hospital A"),
        "There it learned. A card names the place of the test.",
    ),
    Mistake(
        "tested-on-both", _says("tested_on", "both hospitals"), "In one of the two it learned. Where was it tested?"
    ),
    Mistake(
        "training-auroc",
        _is("auroc", lambda: model_figures()["auroc A"]),
        "This AUROC is that of the training. A card holds the figure of the test.",
    ),
    Mistake("auroc-percent", lambda card: float(card["auroc"]) > 1, "An AUROC lies between 0 and 1."),
    Mistake(
        "auroc-better",
        lambda card: float(card["auroc"]) > model_figures()["auroc B"] + CLOSE,
        "This AUROC is higher than the one of the test. Copy it as it stands there.",
    ),
    Mistake(
        "auroc-lower",
        lambda card: float(card["auroc"]) < model_figures()["auroc B"] - CLOSE,
        "This AUROC is lower than the one of the test. Copy it as it stands there.",
    ),
    Mistake(
        "training-ratio",
        _is("came_for_each_predicted", lambda: model_figures()["ratio A"]),
        "For each one predicted, one came: so it is in the training. Divide in the row of the test.",
    ),
    Mistake(
        "ratio-upside-down",
        _is("came_for_each_predicted", lambda: 1 / model_figures()["ratio B"]),
        "This is how many were predicted for each one that came. Turn it round.",
    ),
    Mistake(
        "ratio-is-difference",
        lambda card: float(card["came_for_each_predicted"]) > 3,
        "This is a number of people. Divide those who came by those who were predicted.",
    ),
    Mistake("for-everybody", _says("not_for", "nobody"), "No model is for everybody. Whom has this one never seen?"),
    Mistake(
        "not-for-women",
        _says("not_for", "women"),
        "Women are in the table, at both hospitals. Whom has the model never seen?",
    ),
    Mistake(
        "not-for-over-75",
        _says("not_for", "patients over 75"),
        "Half of the stays here are of patients over 75. Whom has the model never seen?",
    ),
)
CHANCE_MISTAKES = (
    Mistake("all-but-five", near(45 * 0.95, 0.01), "So many have a larger p. How many have one below 0.05?"),
    Mistake(
        "percent",
        near(225, 0.1),
        "That is more columns than there are. A share lies between 0 and 1: 5 of 100 is 0.05.",
    ),
    Mistake("events", near(4.5, 0.01), "You took the 90 patients. The columns are tried: how many are they?"),
    Mistake("divided", near(900, 0.1), "You divided by the share. Of 45 columns, 5 in 100: multiply."),
    Mistake("half", near(22.5, 0.01), "Half of them would be p < 0.5. Here the limit is 0.05."),
    Mistake(
        "rounded",
        lambda answer: isinstance(answer, int) and answer == 2,
        "A mean need not be a whole number. Keep the decimals.",
    ),
    Mistake(
        "per-event", near(2, 0.001), "That is patients with the event for each column. How many columns pass by chance?"
    ),
    Mistake("share-only", near(0.05, 0.0001), "That is the share. How many of the 45 columns is it?"),
)
WARD_MISTAKES = (
    Mistake("from-monday", chose("A"), "An AUROC above one half says that it ranks. What does your second number say?"),
    Mistake(
        "worthless", chose("B"), "The order of the patients holds. The level can be corrected: lesson A4 shows how."
    ),
    Mistake("complete", chose("D"), "A complete card lets others judge. What do its numbers say of hospital B?"),
)
HIDDEN = {
    "f1": (
        recognise(
            "values",
            *CHANCE_MISTAKES,
            right=near(2.25, 0.001),
            otherwise="Not this number yet. Of 100 columns of chance 5 pass; how many of the columns tried?",
        ),
    ),
    "e1": (is_sorted(RISK, RISK_WHY, "{right} of {of} domains are right. Look again at {item}."),),
    "e2": (recognise("values", *NAMED, *map(_lacks, PARTS)),),
    "e3": (is_sorted(WISHES, WISHES_WHY, "{right} of {of} wishes are answered rightly. Look again at {item}."),),
    "e4": (
        recognise(
            "values",
            *CARD_MISTAKES,
            Mistake(
                "ratio-off",
                lambda card: not _is("came_for_each_predicted", lambda: model_figures()["ratio B"])(card),
                "came_for_each_predicted does not agree with the test yet. Divide, and keep two decimals.",
            ),
            right=_is_right,
            otherwise="One entry does not agree with the test yet.",
        ),
    ),
    "e5": (recognise("values", *WARD_MISTAKES),),
}
KEYS = {
    "s1": Key(
        "A good report of a poor study",
        (
            "Others can judge it, and find the fault.",
            "What was done was wrong, and it was told well.",
            "What was done was wrong. Telling it does not mend it.",
        ),
    ),
    "s2": Key(
        "Little: it may be much lower",
        (
            "These patients were known to it. New ones are not.",
            "Only patients whom it has not seen can tell.",
            "A finished model learns nothing more by itself.",
        ),
    ),
    "q1": Key(
        "One can judge it, and see what spoils its result",
        (
            "Look at the second bar: how many of the nine hold?",
            "Told and done are two things.",
            "Missing calibration is a large fault. But what was told lets you see even more.",
            "Without the report nobody could have seen the faults.",
        ),
    ),
    "q2": Key(
        "It was tested only in the hospital where it learned",
        (
            "Then nobody knows how it does with you. Ask for a test at your place first.",
            "Few columns may be enough, and are easier to keep up.",
            "A name can be changed.",
            "The language says nothing of its figures.",
        ),
    ),
}
