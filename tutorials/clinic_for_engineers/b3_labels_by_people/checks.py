"""Labels made by people: a definition as code, what a bottle costs, a flow of codes, access to care, purposes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.several import is_several
from rounds.lessons.kinds.sorting import is_sorting
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.numbers import is_function, is_number

if TYPE_CHECKING:
    import pandas as pd

COMMENSALS = (
    "Staphylococcus epidermidis",
    "Staphylococcus hominis",
    "Corynebacterium species",
    "Micrococcus luteus",
)
COLI, EPI, HOMINIS, CORYNE = "Escherichia coli", *COMMENSALS[:3]
COLUMNS = ("encounter_id", "set_id", "draw_site", "bottle", "organism", "day", "hours")
LABELS = ("depression code", "cost of care", "private scan", "death register", "birth weight", "sodium at the door")
ENTRIES = ("tumour register", "price group", "germ by phone", "back in 30 days", "cause of death", "pain score")
PURPOSES = ("bill", "care", "count", "rule")
STEPS = ("all", "any", "first")
Choice = Callable[["pd.DataFrame"], Any]


def nine_stays() -> pd.DataFrame:
    """Return the nine made-up stays of exercise 1, a row for each bottle; C7 has no growth."""
    import pandas as pd

    rows = [
        ("C1", "a", "catheter", "aerobic", COLI, 2, 34.0),
        ("C7", "l", "arm", "aerobic", None, 1, 15.0),
        ("C2", "c", "arm", "aerobic", EPI, 3, 60.0),
        ("C2", "c", "arm", "anaerobic", EPI, 3, 60.0),
        ("C3", "d", "catheter", "aerobic", EPI, 2, 33.0),
        ("C3", "e", "arm", "anaerobic", EPI, 2, 33.2),
        ("C4", "f", "catheter", "aerobic", EPI, 3, 48.5),
        ("C4", "g", "arm", "aerobic", EPI, 4, 95.0),
        ("C5", "h", "catheter", "aerobic", EPI, 2, 35.0),
        ("C5", "i", "arm", "aerobic", EPI, 5, 107.0),
        ("C6", "j", "catheter", "aerobic", EPI, 4, 84.0),
        ("C6", "k", "arm", "aerobic", CORYNE, 4, 84.2),
        ("C8", "m", "catheter", "aerobic", HOMINIS, 2, 47.0),
        ("C8", "n", "arm", "aerobic", HOMINIS, 4, 72.5),
        ("C9", "o", "arm", "aerobic", HOMINIS, 2, 45.0),
        ("C9", "p", "arm", "anaerobic", HOMINIS, 3, 57.0),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def stays_of(rows: pd.DataFrame, *asked: Any) -> set[str]:
    """Return the stays of the rows in which all that was asked is true; an empty list would choose no columns."""
    keep = [all(each) for each in zip(*asked, strict=False)]
    return {*rows[keep]["encounter_id"]} if keep else set()


def cases_with(enough: Choice, one_germ: Choice, two_draws: Choice, near: Choice) -> Callable[..., Any]:
    """Return exercise 1 with these in its gaps; the first takes the rows that grew, the others the pairs."""

    def find_cases(micro: pd.DataFrame) -> Any:
        grown = micro.dropna(subset=["organism"])
        skin = grown[grown["organism"].isin(COMMENSALS)]
        pairs = skin.merge(skin, on="encounter_id", suffixes=("_a", "_b"))
        return stays_of(grown, enough(grown)) | stays_of(pairs, one_germ(pairs), two_draws(pairs), near(pairs))

    return find_cases


def is_pathogen(grown: pd.DataFrame) -> Any:
    """Return which rows have a recognised pathogen."""
    return ~grown["organism"].isin(COMMENSALS)


def is_one_germ(pairs: pd.DataFrame) -> Any:
    """Return which pairs are of one germ."""
    return pairs["organism_a"] == pairs["organism_b"]


def is_of_two_draws(pairs: pd.DataFrame) -> Any:
    """Return which pairs are of two draws."""
    return pairs["set_id_a"] != pairs["set_id_b"]


def is_near(pairs: pd.DataFrame) -> Any:
    """Return which pairs are of one calendar day or of two that follow each other."""
    return (pairs["day_a"] - pairs["day_b"]).abs() <= 1


reference_cases = cases_with(is_pathogen, is_one_germ, is_of_two_draws, is_near)


def list_cases(answer: Any, micro: pd.DataFrame) -> list[str]:
    """Return the stays that a function of exercise 1 names, each once and sorted."""
    return sorted({str(name) for name in properties.call(answer, micro)})


def _named(answer: Any) -> set[str]:
    return set(list_cases(answer, nine_stays()))


def _has(*stays: str) -> Callable[[Any], bool]:
    return lambda answer: set(stays) <= _named(answer)


def _lacks(*stays: str) -> Callable[[Any], bool]:
    return lambda answer: not set(stays) & _named(answer)


def _both(*shown: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda answer: all(shows(answer) for shows in shown)


GROWN = ("C1", "C2", "C3", "C4", "C5", "C6", "C8", "C9")
CASE_MISTAKES = (
    Mistake("nothing-grew", _has("C7"), "C7 is a case here, though nothing grew. Keep the rows with a germ only."),
    Mistake("nobody", lambda answer: not _named(answer), "Nobody is a case here. Look at C1: what grew there?"),
    Mistake(
        "all-growth",
        _has(*GROWN),
        "Every stay with growth is a case. Is a skin germ enough by itself, or is a bottle paired with itself?",
    ),
    Mistake(
        "kinds-swapped",
        _both(_lacks("C1"), _has("C5", "C6")),
        "The two kinds of germs are swapped: C1 with E. coli is none, and a single skin germ is a case.",
    ),
    Mistake(
        "pathogen-alone-missed",
        _lacks("C1"),
        "C1 is missing. How many bottles does a recognised pathogen need?",
    ),
    Mistake(
        "only-pathogens",
        lambda answer: _named(answer) == {"C1"},
        "Only the pathogen counts here. Look at C3: which of your conditions on pairs does it fail?",
    ),
    Mistake(
        "bottles-for-draws",
        _has("C2"),
        "C2 is a case here, but one needle filled both bottles. Which column tells draws apart?",
    ),
    Mistake(
        "two-germs",
        _has("C6"),
        "C6 is a case here, but its two draws grew different germs. Which column says so?",
    ),
    Mistake("any-day", _has("C5"), "C5 is a case here. How many days are between its two draws?"),
    Mistake(
        "by-hours",
        _has("C8"),
        "C8 is a case here. Count days of the calendar, not hours: from day 2 to day 4.",
    ),
    Mistake(
        "one-day-only",
        _both(_lacks("C4", "C9"), _has("C3")),
        "C4 and C9 are missing. The definition lets the second draw come on the next day, too.",
    ),
    Mistake(
        "next-day-only",
        _both(_lacks("C3"), _has("C4", "C9")),
        "C3 is missing: its two draws are of one day. Does the definition ask for another day?",
    ),
    Mistake(
        "within-24-hours",
        _both(_lacks("C4"), _has("C3", "C9")),
        "C4 is missing. Its draws are many hours apart, but on which days of the calendar?",
    ),
    Mistake(
        "places-for-draws",
        _both(_lacks("C9"), _has("C4")),
        "C9 is missing. Both its draws are from the arm, and still two needles. Which column tells draws apart?",
    ),
)


def _ask_names(answer: Any) -> str | None:
    """Ask for the names of stays: a set, a list or a column of them."""
    said = properties.call(answer, nine_stays())
    if said is None:
        return "find_cases returns nothing. Keep its last line."
    if hasattr(said, "columns") or isinstance(said, str | int | float | bool | Mapping):
        return f"find_cases returns a {type(said).__name__}; it must return the names of the stays, as a set."
    strange = sorted({str(name) for name in said} - set(nine_stays()["encounter_id"]))
    return f"{strange[0]!r} is no stay. Return values of the column encounter_id." if strange else None


def small_flow() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return nine stays of seven people and their codes: other hearts, two codes in a stay, none at all."""
    import pandas as pd

    people = {"T1": "a", "T2": "a", "T3": "b", "T4": "c", "T5": "d", "T6": "e", "T7": "f", "T8": "f", "T9": "g"}
    rows = [
        ("T1", "I50.1", 1),
        ("T1", "I10", 2),
        ("T2", "J18", 1),
        ("T2", "I50.9", 2),
        ("T3", "I50.9", 1),
        ("T3", "I50.1", 3),
        ("T4", "I21.4", 1),
        ("T4", "I51.7", 2),
        ("T6", "E11", 1),
        ("T6", "I50.0", 2),
        ("T6", "I50.9", 3),
        ("T7", "I50.0", 1),
        ("T7", "I50.1", 2),
        ("T8", "I10", 1),
        ("T8", "N18", 2),
        ("T9", "J18", 1),
        ("T9", "I10", 2),
        ("T9", "I50.1", 4),
    ]
    stays = pd.DataFrame({"encounter_id": list(people), "person_id": list(people.values())})
    codes = pd.DataFrame(rows, columns=["encounter_id", "icd10", "rank"])
    return stays, codes.assign(person_id=codes["encounter_id"].map(people))


def flow_with(heart: Choice, first: Callable[..., Any], unit: str = "encounter_id") -> Callable[..., Any]:
    """Return exercise 3 with these in its gaps."""

    def count_flow(stays: pd.DataFrame, codes: pd.DataFrame) -> Any:
        any_place = heart(codes)
        counted = codes[any_place][unit].nunique(), codes[first(codes, any_place)][unit].nunique()
        return {"all": stays[unit].nunique(), "any": counted[0], "first": counted[1]}

    return count_flow


def is_heart_failure(codes: pd.DataFrame) -> Any:
    """Return which codes are heart failure."""
    return codes["icd10"].str.startswith("I50")


def is_first(codes: pd.DataFrame, heart: Any) -> Any:
    """Return which codes are heart failure in the first place."""
    return heart & (codes["rank"] == 1)


reference_flow = flow_with(is_heart_failure, is_first)


def list_flow(answer: Any, stays: pd.DataFrame, codes: pd.DataFrame) -> list[float]:
    """Return the three numbers of a function of exercise 3, in their order."""
    said = dict(properties.call(answer, stays, codes))
    return [float(said[step]) for step in STEPS]


def _counts(answer: Any) -> list[float]:
    return list_flow(answer, *small_flow())


FLOW_MISTAKES = (
    Mistake(
        "people-for-stays",
        lambda answer: _counts(answer)[0] == 7 or _counts(answer)[1] == 5,
        "People are counted, and somebody with two stays counts once. The flow is one of stays.",
    ),
    Mistake(
        "rows-for-stays",
        lambda answer: _counts(answer)[1] == 9 or _counts(answer)[0] > 9,
        "Rows of codes are counted: a stay with two codes of heart failure counts twice.",
    ),
    Mistake(
        "exactly-i50",
        lambda answer: _counts(answer)[1] == 0,
        "No code equals I50: behind it stand a point and a digit. Ask how the code begins.",
    ),
    Mistake(
        "all-of-chapter-i",
        lambda answer: _counts(answer)[1] == 8,
        "Other diseases are in as well, such as I10, high blood pressure. Ask for more signs of the code.",
    ),
    Mistake(
        "i5-of-any-kind",
        lambda answer: _counts(answer)[1] == 7,
        "A stay with I51.7 is in the flow: another heart disease. Ask for one more sign of the code.",
    ),
    Mistake(
        "one-of-the-codes",
        lambda answer: 0 < _counts(answer)[1] < 5,
        "Some codes of heart failure are missing. All that begin with the same three signs belong to it.",
    ),
    Mistake(
        "any-first-code",
        lambda answer: _counts(answer)[2] == 8,
        "The last step takes every first code, of any disease. Ask for heart failure as well.",
    ),
    Mistake(
        "place-ignored",
        lambda answer: _counts(answer)[1] == _counts(answer)[2],
        "The last two steps are the same. Which column says in which place a code stands?",
    ),
    Mistake(
        "later-places",
        lambda answer: _counts(answer)[2] == 5,
        "The last step counts codes of later places. The first place has rank 1.",
    ),
    Mistake(
        "first-is-empty",
        lambda answer: _counts(answer)[2] == 0,
        "Nobody is left in the last step. The first place has rank 1, as a number.",
    ),
    Mistake(
        "growing-flow",
        lambda answer: _counts(answer) != sorted(_counts(answer), reverse=True),
        "A later step has more stays than the one before it. Each step takes some away.",
    ),
)


def _ask_flow(answer: Any) -> str | None:
    """Ask for the three steps, as numbers that never grow."""
    said = properties.call(answer, *small_flow())
    if not hasattr(said, "keys"):
        return f"count_flow returns a {type(said).__name__}; return the three numbers with their names."
    missing = [step for step in STEPS if step not in said]
    if missing:
        return f"count_flow has no entry {missing[0]!r}. Keep its last line."
    return None


E1 = Exercise(
    id="e1",
    title="Write the definition as code",
    reads="find_cases",
    points=2,
    visible=(
        is_function("find_cases", "find_cases(micro)"),
        Rung("type", _ask_names),
        recognise(
            "values",
            *CASE_MISTAKES,
            right=lambda answer: _named(answer) == _named(reference_cases),
            otherwise="Not these stays yet. Go through the nine, one by one, and compare with the definition.",
        ),
    ),
    hint="One gap for each part of the definition. For a pair, ask: the same germ? Another needle? Which days?",
    worked_line='In another table: visits["doctor_a"] != visits["doctor_b"]  # seen by two doctors',
)
E2 = Exercise(
    id="e2",
    title="What one bottle more costs",
    reads="extra_of_100",
    points=2,
    visible=(is_number("extra_of_100", "12.5"),),
    hint="First mark the cases under each definition, then count. Only those who are new belong to the answer.",
    worked_line="100 * (late.sum() - early.sum()) / len(trains)  # how many more of 100 trains, another question",
)
E3 = Exercise(
    id="e3",
    title="A cohort from codes",
    reads="count_flow",
    points=2,
    visible=(
        is_function("count_flow", "count_flow(stays, codes)"),
        Rung("shape", _ask_flow),
        recognise(
            "values",
            *FLOW_MISTAKES,
            right=lambda answer: _counts(answer) == _counts(reference_flow),
            otherwise="The flow is not right yet. Take three stays, and write down in which step each falls out.",
        ),
    ),
    hint="Which signs do all codes of heart failure share? What does this flow count: codes, stays, people?",
    worked_line='In another table: drugs["atc"].str.startswith("J01") & (drugs["day"] == 0)',
)
E4 = Exercise(
    id="e4",
    title="Who got as far as the label?",
    reads="follows_access",
    points=2,
    visible=(is_several("follows_access", LABELS),),
    hint="Think of two equally ill people, one rich and near, one poor and far. Does the label come out the same?",
    worked_line='"teeth filled last year": follows access, for it needs a dentist and money',
)
E5 = Exercise(
    id="e5",
    title="What was it made for?",
    reads="made_for",
    points=2,
    visible=is_sorting("made_for", ENTRIES, PURPOSES),
    hint="Who would miss the entry first if nobody wrote it: the money office, the nurse, the state, or the data team?",
    worked_line='"date of the next visit": "care", because the clinic needs it to see the patient again',
)
F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="one_only",
    visible=(is_number("one_only", "0.25"),),
    hint="One line of the answer is a draw. Group by what names a draw, then ask for which share the number is one.",
    worked_line='(visits.groupby("person")["day"].nunique() == 3).mean()  # the share with three days',
)

S1 = Question(
    "s1",
    "a and b are columns of True and False. In which rows is a | b True?",
    ("Where both are True", "Where one of them or both are True", "Where exactly one is True"),
)
S2 = Question(
    "s2",
    "A stay has 3 rows. You merge the table with itself, on the stay. How many now?",
    ("3", "6", "9"),
)
Q1 = Question(
    "q1",
    "The same bottles gave other numbers of cases. What does a model learn from them?",
    (
        "Who had germs in the blood, whatever the definition",
        "Whom this definition calls a case",
        "Nothing, for labels that move are useless",
        "The mean of all definitions",
    ),
)
Q2 = Question(
    "q2",
    "A centre reports 6 cases of 100 transplants, yours 30. What do you ask first?",
    (
        "Whose model is better?",
        "What do they do right?",
        "How did each count a case, and when was blood taken?",
        "How many rows have they?",
    ),
)

TITLE = "Codes, cases and labels made by people"
EXERCISES = (E1, E2, E3, E4, E5, F1)
QUESTIONS = (S1, S2, Q1, Q2)
