"""Ask the record: counts of people and of rows, the first row in time, the newest known result, a readmission."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.result import Wanted, has_columns, is_query, open_record
from rounds.lessons.kinds.sorting import is_sorting

if TYPE_CHECKING:
    from rounds.data.sql_session import SqlSession

COUNTS = Wanted("people_and_stays", ("people", "stays"))
FIRST = Wanted("first_stays", ("person_id", "encounter_id", "admit_ts"), "person_id")
LAST = Wanted("last_results", ("encounter_id", "creatinine"), "encounter_id", "stay")
RETURNS = Wanted("readmissions", ("encounter_id", "readmitted"), "encounter_id", "stay")
BY_SITE = Wanted("results_by_site", ("site", "people", "results"), "site", "site")
GROUPS = ("more rows", "as many rows", "fewer rows")
STEPS = (
    "stays JOIN their creatinine results",
    "stays JOIN the person whose stay it is",
    "persons LEFT JOIN their stays",
    "persons JOIN death",
    "persons LEFT JOIN death",
    "stays GROUP BY person_id",
)


@cache
def record() -> SqlSession:
    """Return the record that the learner sees, with the limits of a check."""
    from rounds.data import load

    return open_record(load("heart_failure"))


F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="results_by_site",
    visible=(is_query(BY_SITE), has_columns(BY_SITE, record)),
    hint="COUNT(*) counts rows, COUNT(DISTINCT ...) counts different values. One row for each site: group by it.",
    worked_line="SELECT p.sex, COUNT(DISTINCT e.encounter_id) AS visits  -- another column, another group",
)

E1 = Exercise(
    id="e1",
    title="People and stays",
    reads="people_and_stays",
    points=2,
    visible=(is_query(COUNTS), has_columns(COUNTS, record)),
    hint="A person has several rows here, so count each person_id once. To keep rows where nothing stands: IS NULL.",
    worked_line="WHERE class = 'emergency' AND disch_to IS NULL  -- other contacts, another column that may be empty",
)

E2 = Exercise(
    id="e2",
    title="The first stay for heart failure",
    reads="first_stays",
    points=2,
    visible=(is_query(FIRST), has_columns(FIRST, record)),
    hint="PARTITION BY says whose rows begin again with number 1. ORDER BY says which of them is number 1.",
    worked_line="ROW_NUMBER() OVER (PARTITION BY e.ward ORDER BY e.disch_ts) AS number  -- another first",
)

E3 = Exercise(
    id="e3",
    title="The newest creatinine that was known",
    reads="last_results",
    points=2,
    visible=(is_query(LAST), has_columns(LAST, record)),
    hint="Does a stay without a result keep its row? When does a doctor know a result? Which blood is the newest?",
    worked_line="LEFT JOIN note t ON t.encounter_id = e.encounter_id  -- another table: stays without a note stay too",
)

E4 = Exercise(
    id="e4",
    title="Back within 30 days",
    reads="readmissions",
    points=2,
    visible=(is_query(RETURNS), has_columns(RETURNS, record)),
    hint="Two questions: which later stays count as a return, and after which stays do we know all of the 30 days?",
    worked_line="AND n.admit_ts > i.admit_ts + INTERVAL 7 DAY  -- another window: what began more than a week later",
)

E5 = Exercise(
    id="e5",
    title="More rows, as many, or fewer?",
    reads="rows_after",
    points=2,
    visible=is_sorting("rows_after", STEPS, GROUPS),
    hint="For one row on the left ask: how many rows can match it? None, one, or many? And is it kept without a match?",
    worked_line='{"stays JOIN their ward": "as many rows"}',
)

S1 = Question(
    "s1",
    "A table has one row for each stay. Ruth had 3 stays. In how many rows does she stand?",
    ("1", "3", "It depends on the column"),
)
S2 = Question(
    "s2",
    "What does WHERE class = 'emergency' do to a table?",
    ("It keeps the rows of emergency visits", "It keeps the column class", "It sorts by class"),
)
Q1 = Question(
    "q1",
    "Try them in the builder: which join can never make more rows than there were?",
    (
        "Stays with their diagnosis codes",
        "Stays with the person whose stay it is",
        "Persons with their stays and visits",
    ),
)
Q2 = Question(
    "q2",
    "Three creatinine results of a patient are 1.0, NULL and 2.0. What is AVG of them in SQL?",
    ("1.0", "1.5", "NULL"),
)

TITLE = "Ask the record: SQL on EHR tables"
EXERCISES = (E1, E2, E3, E4, E5, F1)
QUESTIONS = (S1, S2, Q1, Q2)
