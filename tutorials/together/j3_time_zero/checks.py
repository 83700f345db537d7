"""Define the prediction: what is known at time zero, features, a label, and a pipeline without leakage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.sorting import is_sorting
from rounds.lessons.ladder import Mistake, NotYet, Rung, recognise
from rounds.lessons.numbers import is_function, is_number

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "age",
    "temperature at 6",
    "highest temperature",
    "first CRP",
    "second CRP",
    "mucositis grade",
    "culture yesterday",
    "germ yesterday",
    "antibiotic",
    "cultures so far",
    "cultures of the stay",
    "sepsis code",
)
GROUPS = ("known", "not known yet")
T0, HOURS = 100.0, 48.0
Rule = Callable[["pd.DataFrame", float], Any]


def small_events() -> pd.DataFrame:
    """Return a few events around hour 100: at it, known after it, too old, and nobody's."""
    import pandas as pd

    rows = [
        ("P1", "CRP", 40.0, 96.0, 97.0),
        ("P1", "CRP", 90.0, 98.0, 104.0),  # happened before, known after
        ("P1", "culture", 1.0, 20.0, 20.0),
        ("P1", "culture", 1.0, 90.0, 90.0),
        ("P1", "culture", 1.0, 130.0, 130.0),
        ("P2", "CRP", 12.0, 92.0, 100.0),  # known exactly at time zero
        ("P2", "CRP", 7.0, 90.0, 91.0),
        ("P2", "CRP", 300.0, 40.0, 41.0),  # too old
        ("P2", "culture", 1.0, 100.0, 100.0),
        ("P3", "CRP", 55.0, 110.0, 111.0),  # everything later
        ("P3", "culture", 1.0, 99.0, 101.0),
        ("P5", "temperature", 39.0, 99.0, 99.0),
        ("P5", "CRP", 20.0, 60.0, 61.0),
    ]
    return pd.DataFrame(rows, columns=["person_id", "what", "value", "happened", "known"])


PEOPLE = ["P2", "P1", "P3", "P4", "P5"]


def features_with(could_know: Rule, counted: Rule, none_drawn: Any = 0) -> Callable[..., pd.DataFrame]:
    """Return exercise 2 with these in its gaps."""

    def make_features(events: pd.DataFrame, people: Any, t0: float) -> pd.DataFrame:
        import pandas as pd

        known = could_know(events, t0)
        crp = events[known & (events["what"] == "CRP") & (events["happened"] >= t0 - 48)]
        drawn = events[counted(events, t0) & (events["what"] == "culture")].groupby("person_id").size()
        table = pd.DataFrame({"highest_crp": crp.groupby("person_id")["value"].max(), "cultures": drawn}, index=people)
        return table.fillna({"cultures": none_drawn})

    return make_features


def known_by_then(events: pd.DataFrame, t0: float) -> Any:
    """Return which rows are known at time zero."""
    return events["known"] <= t0


reference_features = features_with(known_by_then, known_by_then)


def _said(answer: Any, column: str, t0: float = T0) -> list[float]:
    """Return what a function of exercise 2 says in one column, in the order of the people."""
    table = properties.call(answer, small_events(), list(PEOPLE), t0)
    return [float(value) for value in table[column].reindex(PEOPLE)]


def _column(column: str, rule: Rule) -> Callable[[Any], bool]:
    """Return the property that a column follows from the rows that this rule takes."""
    other = features_with(rule, rule)
    return lambda answer: properties.agrees(_said(answer, column), _said(other, column))


def _both(name: str, rule: Rule, crp: str, cultures: str) -> tuple[Mistake, Mistake]:
    return (
        Mistake(f"crp-{name}", _column("highest_crp", rule), crp),
        Mistake(f"cultures-{name}", _column("cultures", rule), cultures),
    )


def _without(answer: Any) -> float:
    return _said(answer, "cultures")[PEOPLE.index("P4")]


FEATURE_MISTAKES = (
    *_both(
        "by-happened",
        lambda events, t0: events["happened"] <= t0,
        "The CRP sees a result that came after t0. Blood was taken before, but who could read the number?",
        "A culture is counted before anybody could know it. Which of the two times tells when it is known?",
    ),
    *_both(
        "whole-record",
        lambda events, t0: events["known"] > 0,
        "The CRP uses the whole record, later results too. Keep what is known by t0.",
        "Cultures of the whole record are counted, later ones too. Count up to t0.",
    ),
    *_both(
        "strictly-before",
        lambda events, t0: events["known"] < t0,
        "A CRP that is known exactly at t0 counts too. Which sign says so?",
        "A culture that is known exactly at t0 counts too. Which sign says so?",
    ),
    *_both(
        "after",
        lambda events, t0: events["known"] > t0,
        "The CRP uses what is known only after t0: the sign looks into the future.",
        "The cultures after t0 are counted: the sign looks into the future.",
    ),
    *_both(
        "from-t0-on",
        lambda events, t0: events["known"] >= t0,
        "The CRP uses what is known from t0 on: the sign looks into the future.",
        "The cultures from t0 on are counted: the sign looks into the future.",
    ),
    *_both(
        "only-at-t0",
        lambda events, t0: events["known"] == t0,
        "Only what is known in the very hour of t0 is kept. Earlier results are known too.",
        "Only cultures of the very hour of t0 are counted. Earlier ones are known too.",
    ),
    Mistake(
        "cultures-of-two-days",
        _column("cultures", lambda events, t0: events["known"].between(t0 - 48, t0)),
        "Only cultures of the last 48 hours are counted. All cultures up to t0 belong to the number.",
    ),
    Mistake(
        "none-missing",
        lambda answer: _without(answer) != _without(answer),
        "Somebody without a culture has a missing number. No culture by then is a number: which?",
    ),
    Mistake(
        "none-is-not-zero",
        lambda answer: _without(answer) != 0,
        "Somebody without a culture gets a number of cultures that is not right. How many did they have?",
    ),
    Mistake(
        "fixed-t0",
        lambda answer: properties.agrees(_said(answer, "highest_crp", 50.0), _said(answer, "highest_crp")),
        "The result is the same for every t0. Compare with the name t0, not with a number.",
    ),
)


def _is_right_table(answer: Any) -> bool:
    return all(
        properties.agrees(_said(answer, name, t0), _said(reference_features, name, t0))
        for name in ("highest_crp", "cultures")
        for t0 in (T0, 50.0, 135.0)
    )


def _ask_table(answer: Any) -> str | None:
    table = properties.call(answer, small_events(), list(PEOPLE), T0)
    if not hasattr(table, "columns"):
        return f"make_features returns a {type(table).__name__}; it must return a table, as the last line does."
    lost = [name for name in ("highest_crp", "cultures") if name not in table.columns]
    if lost:
        return f"make_features returns a table without the column {lost[0]}."
    if sorted(table.index) != sorted(PEOPLE):
        return "make_features must return one row for each of people, also for those without any event."
    if table["cultures"].dtype == object:
        return "The column cultures holds text. Write a number without quotes."
    return None


def small_stays() -> pd.DataFrame:
    """Return nine people around the horizon from hour 100 to 148, three of them exactly at an end."""
    import pandas as pd

    nan = float("nan")
    infected = [nan, 120.0, 148.0, 100.0, 60.0, 160.0, nan, nan, 130.0]
    last_seen = [300.0, 300.0, 300.0, 300.0, 300.0, 300.0, 148.0, 140.0, 135.0]
    return pd.DataFrame({"infected": infected, "last_seen": last_seen}, index=list("ABCDEFGHI"))


def _watched(stays: pd.DataFrame, t0: float, end: float) -> Any:
    return stays["last_seen"] >= end


def _infected(stays: pd.DataFrame, t0: float, end: float) -> Any:
    return (stays["infected"] > t0) & (stays["infected"] <= end)


def _not_asked(stays: pd.DataFrame, t0: float, end: float) -> Any:
    return stays["infected"] <= t0


def label_with(watched: Any = _watched, infected: Any = _infected, not_asked: Any = _not_asked) -> Callable[..., Any]:
    """Return exercise 3 with these conditions in its gaps."""

    def label(stays: pd.DataFrame, t0: float, hours: float) -> Any:
        import pandas as pd

        given = (stays, t0, t0 + hours)
        asked = ~not_asked(*given)
        answer = pd.Series(float("nan"), index=stays.index).mask(watched(*given) & asked, 0.0)
        return answer.mask(infected(*given) & asked, 1.0)

    return label


reference_label = label_with()


def _labels(answer: Any, hours: float = HOURS) -> dict[str, float]:
    said = properties.call(answer, small_stays(), T0, hours)
    return {name: float(value) for name, value in zip(small_stays().index, said, strict=True)}


def _says(**values: float) -> Callable[[Any], bool]:
    """Return the property that people of the small table have these labels; -1 is missing."""

    def shows(answer: Any) -> bool:
        said = _labels(answer)
        return all((said[name] != said[name]) if value == -1 else said[name] == value for name, value in values.items())

    return shows


LABEL_MISTAKES = (
    Mistake("all-missing", _says(A=-1, B=-1, F=-1), "Every label is missing. Does a condition hold for nobody?"),
    Mistake("swapped", _says(A=1, B=0), "0 and 1 are the wrong way round: 1 is an infection in the horizon."),
    Mistake(
        "censored-as-well",
        _says(H=0),
        "Somebody who left before the end gets a 0. Nobody saw the rest: the label is missing.",
    ),
    Mistake(
        "last-seen-at-the-end",
        _says(G=-1),
        "Somebody who was seen exactly until the end was seen for the whole horizon: that is a 0.",
    ),
    Mistake(
        "infected-and-left",
        _says(B=1, I=-1),
        "Somebody was infected in the horizon and left after it. The infection was seen: that is a 1.",
    ),
    Mistake(
        "later-counted",
        _says(F=1),
        "An infection after the end of the horizon gets a 1. It must lie between t0 and the end.",
    ),
    Mistake(
        "asked-turned-round",
        _says(B=-1, C=-1, E=0),
        "People infected after t0 have no label, and those infected before have one. Turn the third condition round.",
    ),
    Mistake(
        "later-missing",
        _says(A=0, F=-1),
        "An infection after the end was no infection in the horizon: that is a 0, if the person was seen so long.",
    ),
    Mistake("before-counted", _says(E=1), "An infection before t0 gets a 1. This person is not asked any more."),
    Mistake("at-t0-counted", _says(D=1), "An infection exactly at t0 has happened already. This label is missing."),
    Mistake(
        "before-as-zero",
        _says(E=0),
        "Somebody infected before t0 gets a 0, as if still well. This person is not asked: missing.",
    ),
    Mistake(
        "at-t0-as-zero",
        _says(D=0),
        "Somebody infected exactly at t0 gets a 0. This person is not asked: missing.",
    ),
    Mistake(
        "last-hour-left-out",
        _says(B=1, C=0),
        "An infection exactly at the end of the horizon counts: the last hour belongs to it.",
    ),
    Mistake(
        "infection-unseen", _says(B=0), "An infection between t0 and the end gets a 0. Look at your second condition."
    ),
    Mistake(
        "well-missing",
        _says(A=-1),
        "Somebody without an infection, seen long after the end, has no label. That is a 0.",
    ),
    Mistake(
        "hours-unused",
        lambda answer: properties.agrees(list(_labels(answer, 10.0).values()), list(_labels(answer).values())),
        "The labels are the same for every number of hours. Compare with the name end.",
    ),
)


def _is_right_label(answer: Any) -> bool:
    return all(
        properties.agrees(list(_labels(answer, hours).values()), list(_labels(reference_label, hours).values()))
        for hours in (HOURS, 10.0, 60.0)
    )


def _ask_labels(answer: Any) -> str | None:
    said = properties.call(answer, small_stays(), T0, HOURS)
    if not hasattr(said, "__len__") or isinstance(said, str):
        return f"label returns a {type(said).__name__}; it must return one label for each row of stays."
    if len(said) != len(small_stays()):
        return f"label returns {len(said)} labels for {len(small_stays())} rows; return one for each row."
    known = {float(value) for value in said if value == value}
    return None if known <= {0.0, 1.0} else "label returns other numbers than 0 and 1."


FAIR = ("day", "temperature", "heart_rate", "anc", "crp")
LEAKS = ("antibiotic_today", "cultures_of_stay", "sepsis_code")
MORNINGS = """
    SELECT d.person_id, day, temperature, heart_rate, anc, crp, antibiotic_on AS antibiotic_today,
           coalesce(sets, 0) AS cultures_of_stay, coded AS sepsis_code, bsi_next_48h AS infected
    FROM days d JOIN encounter e USING (person_id)
    LEFT JOIN (SELECT encounter_id, count(DISTINCT set_id) AS sets FROM micro GROUP BY 1) USING (encounter_id)
    JOIN (SELECT encounter_id, bool_or(icd10 IN ('A41.9', 'A49.9')) AS coded FROM diagnosis GROUP BY 1)
        USING (encounter_id)
    WHERE d.site = $site ORDER BY d.person_id, day
"""


@cache
def _read_mornings(site: str) -> pd.DataFrame:
    import numpy as np

    from rounds.data import load

    with load("bsi").connect() as database:
        rows = database.execute(MORNINGS, {"site": site}).df()
    rows = rows.astype({"antibiotic_today": float, "sepsis_code": float})
    return rows.assign(row=np.arange(len(rows)))


def shown_mornings() -> pd.DataFrame:
    """Return the mornings of site B, as the learner sees them."""
    return _read_mornings("B").copy()


def split(rows: pd.DataFrame, together: str, seed: int) -> dict[str, pd.DataFrame]:
    """Divide the rows as the lesson does."""
    import numpy as np

    groups = rows[together].unique()
    chosen = rows[together].isin(np.random.default_rng(seed).choice(groups, len(groups) // 3, replace=False))
    return {"train": rows[~chosen], "test": rows[chosen], "all": rows}


def score(parts: Mapping[str, pd.DataFrame], columns: list[str], usual: Any) -> dict[str, Any]:
    """Train and test as the lesson does."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    train, test = parts["train"], parts["test"]
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(train[columns].fillna(usual), train["infected"])
    auroc = roc_auc_score(test["infected"], model.predict_proba(test[columns].fillna(usual))[:, 1])
    people = {name: parts[name]["person_id"].unique().tolist() for name in ("train", "test")}
    return {"auroc": float(auroc), "usual": usual.to_dict(), **people}


def fair_with(
    columns: tuple[str, ...] = FAIR, together: str = "person_id", usual_from: str = "train"
) -> Callable[..., dict[str, Any]]:
    """Return exercise 4 with these in its gaps."""

    def fair_score(rows: pd.DataFrame, seed: int) -> dict[str, Any]:
        parts = split(rows, together, seed)
        return score(parts, list(columns), parts[usual_from][list(columns)].median())

    return fair_score


@cache
def honest_band() -> tuple[float, float]:
    """Return between which scores a fair pipeline lies on the shown mornings: that of all fair columns, 0.02 around."""
    fair = fair_with()(shown_mornings(), 1)["auroc"]
    return fair - 0.02, fair + 0.02


Report = Mapping[str, Any]


def _run(answer: Any) -> Report:
    """Return what a pipeline says to the shown mornings: it is asked once, and each mistake is looked for in that."""
    said = properties.call(answer, shown_mornings(), 1)
    if not isinstance(said, Mapping) or not {"auroc", "usual", "train", "test"} <= set(said):
        raise NotYet("fair_score must return what score gives back: keep the last line as it was.")
    return said


def _uses(column: str) -> Callable[[Report], bool]:
    return lambda report: column in report["usual"]


def _shares_people(report: Report) -> bool:
    return bool(set(report["train"]) & set(report["test"]))


def _say_shared(report: Report) -> str:
    both = len(set(report["train"]) & set(report["test"]))
    return f"{both:,} people stand on both sides of the split. Keep together what belongs to one person."


def _medians_of(part: str) -> Callable[[Report], bool]:
    """Return the property that the medians are those of a part, and not those of the people of the training."""

    def shows(report: Report) -> bool:
        rows, names = _read_mornings("B"), list(report["usual"])
        mine = rows if part == "all" else rows[rows["person_id"].isin(report[part])]
        train = rows[rows["person_id"].isin(report["train"])]
        values = [report["usual"][name] for name in names]
        own, other = ([*table[names].median()] for table in (mine, train))
        return properties.agrees(values, own) and not properties.agrees(values, other)

    return shows


def _left_out(report: Report) -> list[str]:
    """Return what is known at 9:00 and not given to the model.

    All are asked for: without `crp` the medians of all rows are those of the training, so nobody sees whose they are.
    """
    return [name for name in FAIR if name not in report["usual"]]


def _say_left_out(report: Report) -> str:
    return f"{_left_out(report)[0]} is known at 9:00, and the model does not see it. Give it all that is known by then."


REPAIR_MISTAKES = (
    Mistake(
        "label-in-disguise",
        _uses("sepsis_code"),
        "The model still sees sepsis_code: the coder writes it after discharge. It is the label in disguise.",
    ),
    Mistake(
        "whole-record",
        _uses("cultures_of_stay"),
        "The model still sees cultures_of_stay: a count of the whole record, with cultures of later days.",
    ),
    Mistake(
        "future-value",
        _uses("antibiotic_today"),
        "The model still sees antibiotic_today: it is ordered after 9:00, when the doctor suspects an infection.",
    ),
    Mistake("label-itself", _uses("infected"), "The model sees the column infected: that is the label itself."),
    Mistake("row-as-column", _uses("row"), "row is the place of a row in the table; it says nothing about a patient."),
    Mistake("same-person", _shares_people, _say_shared),
    Mistake(
        "medians-of-all",
        _medians_of("all"),
        "The medians come from all rows, those of the test too. Prepare with what the model may learn from.",
    ),
    Mistake(
        "medians-of-test",
        _medians_of("test"),
        "The medians come from the test rows. In real life those are patients of the future.",
    ),
    Mistake("known-left-out", lambda report: bool(_left_out(report)), _say_left_out),
    Mistake(
        "too-low",
        lambda report: report["auroc"] < honest_band()[0],
        "The score is lower than a fair one can be. Keep the last line of the box as it was.",
    ),
    Mistake(
        "still-too-high",
        lambda report: report["auroc"] > honest_band()[1],
        "The score is still higher than a fair one can be. What else does the model learn from the future?",
    ),
)

FAULTS = recognise("values", *REPAIR_MISTAKES)

E1 = Exercise(
    id="e1",
    title="Known, or not known yet?",
    reads="sorted_columns",
    points=2,
    visible=is_sorting("sorted_columns", COLUMNS, GROUPS),
    hint="Ask for each column: at 9:00, is the last thing that it needs already written down?",
    worked_line='"weight this morning": "known", because it is measured at 7:00 and the column takes that row only',
)
E2 = Exercise(
    id="e2",
    title="A table of features that cannot see the future",
    reads="make_features",
    points=2,
    visible=(
        is_function("make_features", "make_features(events, people, t0)"),
        Rung("shape", _ask_table),
        recognise(
            "values",
            *FEATURE_MISTAKES,
            right=_is_right_table,
            otherwise="The table is not right yet. Take one person, and ask of each row: known by t0, or later?",
        ),
    ),
    hint="A result counts from the hour at which somebody could read it. Exactly at t0 is still in time.",
    worked_line='old_enough = people["admitted"] <= t0 - 24  # a whole day before, or more',
)
E3 = Exercise(
    id="e3",
    title="A label that admits what nobody saw",
    reads="label",
    points=2,
    visible=(
        is_function("label", "label(stays, t0, hours)"),
        Rung("shape", _ask_labels),
        recognise(
            "values",
            *LABEL_MISTAKES,
            right=_is_right_label,
            otherwise="The labels are not right yet. Draw t0 and end on paper, and put each kind of person on it.",
        ),
    ),
    hint="The horizon begins after t0 and holds its last hour. Without an infection, a person must be seen to its end.",
    worked_line='in_january = (days["day"] >= 1) & (days["day"] <= 31)  # both ends count here',
)
E4 = Exercise(
    id="e4",
    title="Repair a pipeline",
    reads="fair_score",
    points=2,
    visible=(
        is_function("fair_score", "fair_score(rows, seed)"),
        Rung("values", lambda answer: FAULTS.ask(_run(answer)), REPAIR_MISTAKES),
    ),
    hint="Go through the five kinds of leakage, one after the other. Which of your three choices answers which kind?",
    worked_line='In another lesson: columns, together = ["age", "height"], "mother_id"',
)
F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="horizon_end",
    visible=(is_number("horizon_end", "81"),),
    hint="Day 4 begins at hour 96. Add the hours of the evening, then the hours of the horizon.",
    worked_line="Day 2 at 6:00 is 2 * 24 + 6, hour 54; 12 hours later is hour 66",
)

S1 = Question(
    "s1",
    "Blood was taken at 8:00, and the laboratory gave the result at 10:00. Who can use the result at 9:00?",
    ("The doctor", "The model", "Nobody"),
)
S2 = Question(
    "s2",
    "Two days of one patient are two rows. One is used to train, one to test. What is this?",
    ("Twice as much data", "The same person on both sides", "A larger test"),
)
Q1 = Question(
    "q1",
    "Why did the score fall when the horizon moved from today to the next 48 hours?",
    (
        "The model became worse",
        "The fever of this morning no longer gives the answer away",
        "There are fewer infections in 48 hours",
    ),
)
Q2 = Question(
    "q2",
    "One more column raises the AUROC by a lot. What do you do first?",
    ("Keep it: the score counts", "Ask when it is written", "Drop it: it is too good", "Train once more"),
)

TITLE = "Define the prediction: time zero, windows, leakage"
EXERCISES = (E1, E2, E3, E4, F1)
QUESTIONS = (S1, S2, Q1, Q2)
