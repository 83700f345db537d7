"""What is checked at hand-in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from rounds.lessons import properties
from rounds.lessons.entries import count_right, plain
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.several import are_all
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.numbers import near

from .checks import SENTENCES, reference_text, small_notes, texts_of, without_leads

if TYPE_CHECKING:
    import pandas as pd

SORTED = ("has it now", "denied", "family", "not now", "denied", "has it now", "not now", "not now", "has it now")
RIGHT = dict(zip(SENTENCES, (*SORTED, "not now"), strict=True))
NAMES = (
    "all-night",
    "since-sunday",
    "her-brother",
    "if-there-is",
    "no-longer",
    "not-only",
    "question",
    "copied",
    "worried-wife",
    "in-2015",
)
WHY = dict(
    zip(
        SENTENCES,
        (
            "To sit up all night with it is a finding of this patient. Nobody denies it.",
            "Without, since Sunday: the writer says that it is not there.",
            "The brother has diabetes. Whose record is this?",
            "After if stands what may come. The patient does not have it yet.",
            "No longer: it was there, and now the writer says that it is not.",
            "Not only denies nothing. The patient has both, the cough and the fever.",
            "The writer asks and does not know yet. That is neither a yes nor a no.",
            "It was copied from the day before. Who looked at the knees today?",
            "The wife is worried, but whose oedema is it?",
            "That was in 2015. Does the sentence speak of today?",
        ),
        strict=True,
    )
)


def _is_wrong(sentence: str) -> Callable[[Any], bool]:
    return lambda answer: bool(plain(answer[sentence]) != RIGHT[sentence])


def _all_same(answer: Mapping[str, str]) -> bool:
    return len({str(plain(value)) for value in answer.values()}) == 1


def _every_mention(answer: Mapping[str, str]) -> bool:
    """Return whether most mentions count as a finding."""
    return sum(str(plain(answer[one])) == "has it now" for one in SENTENCES) >= 7


def _say_missed(answer: Mapping[str, str]) -> str:
    sentence = next(one for one in SENTENCES if _is_wrong(one)(answer))
    return f"{count_right(answer, RIGHT)} of 10 are right. {WHY[sentence]}"


SORT_MISTAKES = (
    Mistake("all-in-one-group", _all_same, "All sentences are in one group. No group of the four stays empty."),
    Mistake(
        "every-mention", _every_mention, "Most mentions count as a finding with you. Ask each: who, when, yes or no?"
    ),
    Mistake("several", lambda answer: count_right(answer, RIGHT) < 9, _say_missed),
    *(Mistake(f"{name}-wrong", _is_wrong(one), WHY[one]) for name, one in zip(NAMES, SENTENCES, strict=True)),
)

AFFIRMED = (
    "{} at night.",
    "Again {}.",
    "No fall but {} today.",
    "Wife has a cold. Still {}!",
    "NOT ONLY pain, also {}.",
)
DENIED = (
    "No {}.",
    "Denies pain, denies {}.",
    "Feels well. Without {} since May.",
    "No pain, falls or {}.",
    "No longer any {}.",
    "Never had {}.",
    "Does not report {}.",
)
ELSEWHERE = ("Mother had {}.", "Her father and her brother have {}.", "Return if {} comes.", "Sister with {}.")
TERMS = ("rash", "gout", "vertigo", "jaundice", "night sweats")


def fresh_texts(seed: int) -> list[tuple[str, str, bool]]:
    """Draw texts about findings that the learner has not met, some in capitals, some with two mentions."""
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(60):
        term, truth = str(rng.choice(TERMS)), bool(rng.random() < 0.45)
        text = str(rng.choice(AFFIRMED if truth else (*DENIED, *ELSEWHERE))).format(term)
        if rng.random() < 0.3:
            text = f"{str(rng.choice(DENIED)).format(term)} {text}"
        drawn.append((text.upper() if rng.random() < 0.2 else text, term, truth))
    return drawn


def _reads_fresh(answer: Any) -> str | None:
    """Ask for an F1 of 0.9 on fresh texts."""
    texts = [one for seed in (3, 8) for one in fresh_texts(seed)]
    said = [bool(properties.call(answer, text, term)) for text, term, _ in texts]
    truth = [one for _, _, one in texts]
    both = sum(one and other for one, other in zip(said, truth, strict=True))
    f1 = 2 * both / max(1, sum(said) + sum(truth))
    return None if f1 >= 0.9 else f"On {len(texts)} fresh texts the F1 of affirmed is {f1:.2f}; 0.90 is asked."


def _term_in_capitals(answer: Any) -> str | None:
    for text, term, _ in fresh_texts(5)[:20]:
        if bool(properties.call(answer, text, term.upper())) != bool(properties.call(answer, text, term)):
            return "affirmed says something else when the term is written in capitals."
    return None


def fresh_notes(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw the notes of 12 stays, some written exactly at time zero, some a month later, of any type."""
    import pandas as pd

    rng, number = np.random.default_rng(seed), 80
    names = [f"Q{at}" for at in range(12)]
    zero = pd.Timestamp("2021-05-01 10:00") + pd.to_timedelta(rng.integers(0, 90, 12), unit="D")
    stays = pd.DataFrame({"encounter_id": names, "person_id": [f"P{at // 2}" for at in range(12)], "t0": zero})
    of = rng.integers(0, 11, number)  # the last stay has no note
    hours = rng.choice([-72, -30, -9, -1, 0, 0, 2, 20, 400, 800], number)
    minutes = np.where(hours == 0, 0, np.arange(number) % 60)  # each note of a stay has its own minute, but at t0
    notes = pd.DataFrame(
        {
            "note_id": [f"M{at:03}" for at in range(number)],
            "encounter_id": [names[at] for at in of],
            "note_type": rng.choice(["progress", "nursing", "discharge"], number),
            "written_ts": zero[of] + pd.to_timedelta(hours * 60 + minutes, unit="min"),
            "text": [f"word{at}" for at in range(number)],
        }
    )
    return notes.drop_duplicates(["encounter_id", "written_ts"]).reset_index(drop=True), stays


def _has_right_texts(answer: Any) -> str | None:
    for seed in (1, 2):
        notes, stays = fresh_notes(seed)
        if texts_of(answer, notes, stays) != texts_of(reference_text, notes, stays):
            return "text_at_zero gives other texts than ours on fresh notes."
    return None


def _travel(answer: Any) -> str | None:
    notes, stays = fresh_notes(4)
    zero = notes["encounter_id"].map(stays.set_index("encounter_id")["t0"])
    if texts_of(answer, notes, stays) != texts_of(answer, notes[notes["written_ts"] <= zero], stays):
        return "text_at_zero changes when the notes after time zero are deleted: it sees the future."
    return None


def _any_order(answer: Any) -> str | None:
    notes, stays = fresh_notes(6)
    turned = notes.sample(frac=1, random_state=3)
    same = texts_of(answer, notes, stays) == texts_of(answer, turned, stays)
    return None if same else "text_at_zero depends on the order of the rows of written."


@cache
def cohort() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return notes and stays as the cells of the notebook make them."""
    from rounds.data import load

    hospital = load("heart_failure")
    stays = hospital.frame().dropna(subset=["readmitted_30d"])
    people = sorted(stays["person_id"].unique())[:1500]
    stays = stays[stays["person_id"].isin(people)].reset_index(drop=True)
    stays = stays.assign(t0=stays["disch_ts"], back=stays["readmitted_30d"].astype(int))
    notes = hospital.frame("note")
    return notes[notes["encounter_id"].isin(stays["encounter_id"])], stays


@cache
def score(read: str, together: str) -> float:
    """Return the AUROC of the words of these notes: "known", "all", or the name of a type."""
    from rounds.evaluation.note_scores import join_notes, score_words

    notes, stays = cohort()
    chosen = notes if read in ("known", "all") else notes[notes["note_type"] == read]
    text = join_notes(chosen, stays, until="t0" if read == "known" else None)
    return score_words(text.tolist(), stays["back"].tolist(), stays[together].tolist())


@cache
def score_of_count() -> float:
    """Return the AUROC of the stays of the last year alone."""
    from sklearn.metrics import roc_auc_score

    _, stays = cohort()
    return float(roc_auc_score(stays["back"], stays["stays_last_year"]))


def _scores(read: str, *units: str) -> Callable[[Any], bool]:
    """Return the property that a number is the score of these notes; it is worked out when it is asked."""
    wanted = units or ("person_id", "encounter_id")
    return lambda answer: any(abs(float(answer) - score(read, unit)) <= 0.0011 for unit in wanted)


SCORE_MISTAKES = (
    Mistake("percent", lambda answer: 1 < float(answer) <= 100, "An AUROC lies between 0 and 1. Write no percent."),
    Mistake(
        "all-notes", _scores("all"), "The model reads what was written after the patient went home. Cut by time first."
    ),
    Mistake(
        "letters-alone",
        _scores("discharge"),
        "Every note of this type is written after time zero. What could one read before?",
    ),
    Mistake(
        "door-alone",
        _scores("admission"),
        "It is fair, but it reads the door alone. Which other notes were written by time zero?",
    ),
    Mistake(
        "split-by-stay",
        _scores("known", "encounter_id"),
        "The text is fair, the split is not. A patient of several stays is on both sides.",
    ),
    Mistake(
        "number-of-stays",
        lambda answer: abs(float(answer) - score_of_count()) <= 0.0011,
        "That is the score of one number, the stays of the last year. The words are asked.",
    ),
    Mistake("a-coin", near(0.5, 0.0011), "0.5 is pure chance. Let the last lines of the box work it out."),
    Mistake(
        "too-high",
        lambda answer: float(answer) > 0.7,
        "No fair score of these words is so high. What does the model read from the future?",
    ),
)

E4_WHY = {
    "again": "again stands in notes at the door as well: a patient comes again.",
    "quality": "quality is a word of the picture of the heart too: look at its first note.",
    "readmission": "readmission stands in the first note of many stays too: the patient was here before.",
    "stay": "stay is written at the door too: look at its first note.",
}
E6_WHY = {
    "71.4 kg": "A weight is medicine. Nobody is found by it, and the model needs it.",
    "4,210 ng/L": "This number is the result of a blood test, with its unit. It stays.",
    "Parkinson's disease": "It looks like a name and is a disease. Taking it out spoils the note.",
    "Foley catheter": "It looks like a name and is a thing. Taking it out spoils the note.",
    "day 2": "A day counted from admission leads to nobody.",
    "2019": "A year alone leads to nobody, says the text above. What stands before it does.",
}


@cache
def _shadow_shares() -> dict[str, float]:
    """Return the share with the code by part of the notes, as the cells of the notebook make it."""
    from rounds.data import load

    rows = (
        load("heart_failure")
        .connect()
        .sql("""
    SELECT n.text, EXISTS (FROM diagnosis d WHERE d.encounter_id = n.encounter_id AND d.icd10 = 'J18') AS pneumonia
    FROM note n WHERE contains(lower(n.text), 'consolidation')""")
        .df()
    )
    denied = rows["text"].str.contains("no consolidation", case=False)
    parts = {"right": rows[~denied], "denied": rows[denied], "all": rows}
    shares = {name: float(part["pneumonia"].mean()) for name, part in parts.items()}
    return {**shares, "count": float((~denied).sum()), "percent": 100 * shares["right"]}


def _share(name: str, tolerance: float = 0.0006) -> Callable[[Any], bool]:
    return lambda answer: abs(float(answer) - _shadow_shares()[name]) <= tolerance


SHARE_MISTAKES = (
    Mistake("percent", _share("percent", 0.6), "The size is right, the unit is not: write a share between 0 and 1."),
    Mistake("all-notes", _share("all"), "These are all notes with the word. Leave out those that deny it."),
    Mistake("denied-notes", _share("denied"), "These are the notes that deny it. The others are asked."),
    Mistake("count", _share("count", 0.5), "That is how many notes there are. Which share of them has the code?"),
    Mistake("turned-round", lambda answer: abs(1 - float(answer) - _shadow_shares()["right"]) <= 0.0006,
            "That is the share without the code. The share with it is asked."),
)  # fmt: skip

HIDDEN = {
    "e1": (recognise("values", *SORT_MISTAKES),),
    "e2": (
        Rung("values", _reads_fresh),
        Rung("values", _term_in_capitals),
    ),
    "e3": (
        Rung("values", _travel),
        Rung("values", _has_right_texts),
        Rung("values", _any_order),
        Rung("values", lambda answer: properties.h6_input_kept(answer, *small_notes())),
    ),
    "e4": (are_all({"addendum", "coding", "letter", "within"}, E4_WHY, "All of these are right. {number} more."),),
    "e5": (
        recognise(
            "values",
            *SCORE_MISTAKES,
            right=_scores("known", "person_id"),
            otherwise="Not this score yet. Choose in both lines, and let the box work it out; three digits.",
        ),
    ),
    "e6": (
        without_leads(
            are_all(
                {"8841207", "94 years", "14 March", "mayor of Tel Oren", "Adam", "555-0143"},
                E6_WHY,
                "All of these lead to her. {number} more does: read the list of the law again.",
            )
        ),
    ),
    "f1": (
        recognise(
            "values",
            *SHARE_MISTAKES,
            right=lambda answer: _share("right")(answer) or float(answer) == round(_shadow_shares()["right"], 2),
            otherwise="Not this share yet. Which words deny it in these notes, and which rows are kept?",
        ),
    ),
}
KEYS = {
    "s1": Key(
        "The note is found",
        (
            "A search sees the word. It does not read the no.",
            "The word stands there, so the search finds it.",
            "A search knows nothing of the patient but the text.",
        ),
    ),
    "s2": Key(
        "Its precision",
        (
            "Of all who have it, how many were found? That is recall.",
            "Precision asks how many of those found have it. A clinician calls it PPV.",
            "AUROC asks how well a model puts patients in order.",
        ),
    ),
    "q1": Key(
        "Their writers say no to something else",
        (
            "A no about chest pain says nothing of the breath. How far a no reaches decides.",
            "A few are, and they are lost with any rule.",
            "That is another rule, and it was not changed.",
            "Read by hand, these notes say that the patient has it.",
        ),
    ),
    "q2": Key(
        "What somebody wrote on an earlier day",
        (
            "Who looked today? The source does not say.",
            "The model sees text. Go to the first note of it, and to the patient.",
            "It did not make it up: it stands in the note. It may be out of date.",
        ),
    ),
}
