"""A2, why a perfect model is worthless: training and test, over-fitting, a split by patient."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.choice import is_choice
from rounds.lessons.kinds.interval import is_interval
from rounds.lessons.kinds.order import is_order
from rounds.lessons.ladder import Diagnosis, Mistake, NotYet, Rung, recognise
from rounds.lessons.numbers import is_function, is_number

if TYPE_CHECKING:
    import pandas as pd

DEEPEST = 20
TEAMS, STEPS = "ABCDE", "ABCDEFGH"
WANTED, SLACK = 0.2, 0.03  # of the patients, or of the stays, in the test
Parts = tuple["pd.DataFrame", "pd.DataFrame"]


def reference_split(table: pd.DataFrame) -> Parts:
    """Return a training and a test part; no patient stands in both."""
    put_aside = table["person_id"].drop_duplicates().sample(frac=WANTED, random_state=1)
    is_test = table["person_id"].isin(put_aside)
    return table[~is_test], table[is_test]


def draw_stays(seed: int, patients: int = 150) -> pd.DataFrame:
    """Draw stays that the learner has never seen, one to seven for each patient, sorted by hospital and patient."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    people = np.repeat(np.arange(patients), 1 + rng.poisson(1.8, patients).clip(0, 6))
    return pd.DataFrame(
        {
            "person_id": [f"X{seed}-{at:03d}" for at in people],
            "encounter_id": [f"Y{seed}-{at:04d}" for at in range(len(people))],
            "site": np.where(people < patients // 2, "A", "B"),
            "sodium": rng.normal(138, 4, len(people)).round(),
            "back": rng.random(len(people)) < WANTED,
        }
    )


@cache
def shown_stays() -> pd.DataFrame:
    """Return the stays on which the button tries a split."""
    return draw_stays(1)


def split_of(answer: Any, table: pd.DataFrame) -> Parts:
    """Return the two parts that a learner's function makes; anything else that it returns is said."""
    said = properties.call(answer, table)
    problem = _find_form_problem(said)
    if problem:
        raise NotYet(problem)
    return said[0], said[1]


def _find_form_problem(said: Any) -> str | None:
    if said is ...:
        return "split_by_patient still holds three dots: replace them, in each line that has them."
    if said is None:
        return "split_by_patient returns nothing: keep its last line, which returns two tables."
    if hasattr(said, "columns"):
        return "split_by_patient returns one table. Return two: first the training, then the test."
    if not isinstance(said, tuple | list) or len(said) != len(("training", "test")):
        return f"split_by_patient returns a {type(said).__name__}; it must return two tables, with a comma between."
    if not all(hasattr(part, "columns") and "person_id" in part.columns for part in said):
        return "split_by_patient returns lists of values. Return the rows themselves: two tables with all columns."
    return None


def shared_people(parts: Parts) -> set[str]:
    """Return who stands on both sides."""
    return set(parts[0]["person_id"]) & set(parts[1]["person_id"])


def shares(parts: Parts) -> tuple[float, float]:
    """Return the share of the patients and the share of the stays that are in the test."""
    people = [part["person_id"].nunique() for part in parts]
    rows = [len(part) for part in parts]
    return people[1] / max(1, sum(people)), rows[1] / max(1, sum(rows))


def has_one_fifth(parts: Parts) -> bool:
    """Say whether the test holds one fifth, counted by patients or by stays."""
    return any(abs(share - WANTED) <= SLACK for share in shares(parts))


def _shows(found: Callable[[Parts], bool]) -> Callable[[Any], bool]:
    """Return the property that the split of the shown stays shows this."""
    return lambda answer: found(split_of(answer, shown_stays()))


def _is_another_table(parts: Parts) -> bool:
    known = set(shown_stays()["encounter_id"])
    return any(not set(part.get("encounter_id", [])) <= known for part in parts)


def _has_same_stays(parts: Parts) -> bool:
    return bool(set(parts[0]["encounter_id"]) & set(parts[1]["encounter_id"]))


def _has_one_stay_of_each(parts: Parts) -> bool:
    return bool(shared_people(parts)) and bool((parts[1]["person_id"].value_counts() == 1).all())


def _has_first_rows(parts: Parts) -> bool:
    """Say whether the test is the first or the last stays of the table."""
    places = shown_stays()["encounter_id"].isin(parts[1]["encounter_id"]).to_numpy().nonzero()[0]
    return len(places) > 1 and places[-1] - places[0] == len(places) - 1


def _favours_many_stays(parts: Parts) -> bool:
    """Say whether a patient with many stays was drawn more often."""
    means = [len(part) / max(1, part["person_id"].nunique()) for part in parts]
    return shares(parts)[0] > WANTED + SLACK and means[1] > 1.25 * means[0]


def _is_whole(parts: Parts) -> bool:
    return len(parts[0]) + len(parts[1]) == len(shown_stays())


def _is_sealed(parts: Parts) -> bool:
    return _is_whole(parts) and not shared_people(parts)


def _say_both(answer: Any) -> str:
    number = len(shared_people(split_of(answer, shown_stays())))
    return f"{number} patients stand on both sides. Draw patients, and put all their stays aside."


def _say_share(answer: Any) -> str:
    people, _ = shares(split_of(answer, shown_stays()))
    return f"Of 100 patients {100 * people:.0f} are in the test. The exercise asks for one fifth."


SPLIT_MISTAKES = (
    Mistake(
        "another-table",
        _shows(_is_another_table),
        "The parts hold stays of another table. Inside the recipe, use the name table that it is given.",
    ),
    Mistake(
        "empty-test",
        _shows(lambda parts: len(parts[1]) == 0),
        "The test is empty: no row was found. Compare like with like: patients with patients.",
    ),
    Mistake(
        "empty-training",
        _shows(lambda parts: len(parts[0]) == 0),
        "The training is empty: all patients were put aside. Draw one fifth of them.",
    ),
    Mistake(
        "same-stays",
        _shows(_has_same_stays),
        "The same stays are in both parts. What is in the test must be taken out of the training.",
    ),
    Mistake(
        "one-stay-of-each",
        _shows(lambda parts: _has_one_stay_of_each(parts) and has_one_fifth(parts)),
        "Of each drawn patient one stay only is in the test; the others stayed behind. Ask each row whose it is.",
    ),
    Mistake("split-by-rows", _shows(lambda parts: bool(shared_people(parts))), _say_both),
    Mistake(
        "swapped",
        _shows(lambda parts: any(abs(share - 1 + WANTED) <= SLACK for share in shares(parts))),
        "The larger part comes second. Return the training first, and put aside one fifth for the test.",
    ),
    Mistake(
        "stays-lost",
        _shows(lambda parts: not _is_whole(parts)),
        "Some stays are in neither part. All stays of a patient go to the side of that patient.",
    ),
    Mistake(
        "drawn-by-stay",
        _shows(_favours_many_stays),
        "Too many patients are in the test: a patient with many stays was drawn more often. Keep each patient once.",
    ),
    Mistake(
        "first-of-the-table",
        _shows(_has_first_rows),
        "These stand close together in the table, which may be sorted by hospital. Draw the patients by chance.",
    ),
    Mistake("other-share", _shows(lambda parts: not has_one_fifth(parts)), _say_share),
    Mistake(
        "by-index",
        lambda answer: not _is_sealed(split_of(answer, shown_stays().set_axis([0] * len(shown_stays())))),
        "Where two rows have the same index, this split goes wrong. Choose rows by person_id, on both sides.",
    ),
    Mistake(
        "columns-changed",
        _shows(lambda parts: any(list(part.columns) != list(shown_stays().columns) for part in parts)),
        "The parts have other columns than the table. Choose rows only, and leave the columns as they are.",
    ),
    properties.changes_table("split_by_patient", lambda: (shown_stays(),)),
)


def _ask_parts(answer: Any) -> str | None:
    split_of(answer, shown_stays())
    return None


def _is_whole_numbers(answer: Any) -> str | None:
    halves = [end for end in answer if float(end) != int(end)]
    return Diagnosis(f"{halves[0]} is no depth: a tree has whole rounds of questions.", "no-depth") if halves else None


GAPS = ("known_pairs", "difference")


def _ask_both(answer: Any) -> str | None:
    """Ask for a number in each gap."""
    if not isinstance(answer, list | tuple) or len(answer) != len(GAPS):
        return "Keep the last lines of the box: both_gaps = [known_pairs, difference]."
    for name, value in zip(GAPS, answer, strict=True):
        if type(value).__name__ == "ellipsis":  # the judge knows of another process's dots the name of their type
            return f"{name} is still empty: replace the three dots, run the cell, then press again."
        said = is_number(name, "12.5").ask(value)
        if said is not None:
            return said
    return None


F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="both_gaps",
    visible=(Rung("type", _ask_both),),
    hint="Step 3 of the worked example asks both. Here the tree is middle_tree. Take the second result from the first.",
    worked_line='known_share = (perfect.predict(train[measured]) == train["back"]).mean()  # another measure',
)

E1 = Exercise(
    id="e1",
    title="Where does it over-fit?",
    reads="overfits",
    points=2,
    visible=(is_interval("overfits", 1, DEEPEST), Rung("type", _is_whole_numbers)),
    hint="Find the highest point of the test curve. Which depth is the first that is worse? Until where does it go on?",
    worked_line="Test at depths 1 to 5: 60, 66, 64, 61, 60, and training climbs: it over-fits from 3 to 5.",
)

E2 = Exercise(
    id="e2",
    title="Split by patient",
    reads="split_by_patient",
    points=2,
    visible=(
        is_function("split_by_patient", "split_by_patient(table)"),
        Rung("shape", _ask_parts),
        recognise("patients", *SPLIT_MISTAKES),
    ),
    hint="Draw from a list with each patient once. Then ask each row: is its patient among those who were drawn?",
    worked_line='of_ward = table["ward"].isin(["3 North", "3 South"])  # another question to each row',
)

E3 = Exercise(
    id="e3",
    title="An honest evaluation, step by step",
    reads="steps",
    points=2,
    visible=(is_order("steps", STEPS),),
    hint="First ask of each step what must be there before it. Two steps use the test to choose or to learn.",
    worked_line='For a cup of tea, ["water", "tea", "milk"] and ["water", "milk", "tea"] are both in order.',
)

E4 = Exercise(
    id="e4",
    title="Which result is leaky?",
    reads="leaky_team",
    points=2,
    visible=(is_choice("leaky_team", TEAMS),),
    hint="Count people, not pairs: how many patients has the table, and how many has each team on its two sides?",
    worked_line="With 100 patients in all, 80 in training and 20 in test fit; 80 in training and 45 in test do not.",
)

S1 = Question(
    "s1",
    "A model is right in 97 of 100 cases it learned from, in 52 of 100 others. What do you expect for new patients?",
    ("About 97", "About 52", "Something between the two"),
)
S2 = Question(
    "s2",
    "Three stays of a patient train a model, her fourth tests it. What does this test not tell?",
    ("How it does on patients it has never met", "How it does on her", "Whether three stays are enough"),
)
Q1 = Question(
    "q1",
    "With who the patient is, the test by single rows climbs and the test by whole patients falls. Why?",
    (
        "A birth year and a region tell who comes back soon",
        "The tree knows patients again by these columns, from their other stays",
        "The test by single rows has more stays",
    ),
)
Q2 = Question(
    "q2",
    'The company says: "Our model is right in all pairs of our data." What do you ask first?',
    (
        "Was it measured on patients that it did not learn from?",
        "How many questions may the tree ask?",
        "How many stays do your data have?",
    ),
)

TITLE = "Why a perfect model is worthless"
EXERCISES = (E1, E2, E3, E4, F1)
QUESTIONS = (S1, S2, Q1, Q2)
