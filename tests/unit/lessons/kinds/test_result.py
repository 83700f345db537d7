"""Results of SQL: any right query passes; of a wrong one is said who is concerned, never the answer."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from rounds.data.sql_frames import Frames
from rounds.data.sql_session import SqlSession
from rounds.lessons.kinds.result import (
    Elsewhere,
    Wanted,
    gives,
    has_columns,
    has_rows,
    has_values,
    holds_on,
    is_query,
    open_record,
)
from rounds.lessons.ladder import UNRECOGNISED, Mistake, climb, recognise

FIRST = Wanted("first_stays", ("person_id", "encounter_id", "admit_ts"), "person_id")
COUNTS = Wanted("people_and_stays", ("people", "stays"))
VALUES = Wanted("values", ("encounter_id", "value"), "encounter_id", "stay")
STAYS = pd.DataFrame(
    {
        "person_id": ["P1", "P1", "P2", "P3", "P3"],
        "encounter_id": ["E1", "E2", "E3", "E4", "E5"],
        "admit_ts": pd.to_datetime(["2020-01-01", "2020-03-01", "2020-02-01", "2020-05-01", "2020-06-01"]),
        "value": [1.0, None, 0.0, 2.5, 1.5],
    }
)
RIGHT = """
SELECT person_id, encounter_id, admit_ts FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY person_id ORDER BY admit_ts) AS number FROM encounter
) WHERE number = 1
"""
OTHER_WAYS = (
    "SELECT DISTINCT ON (person_id) admit_ts, person_id AS Person_ID, encounter_id "
    "FROM encounter ORDER BY person_id, admit_ts",
    "SELECT * EXCLUDE (value) FROM encounter QUALIFY RANK() OVER (PARTITION BY person_id ORDER BY admit_ts) = 1;",
    "SELECT person_id, arg_min(encounter_id, admit_ts) AS encounter_id, min(admit_ts) AS admit_ts "
    "FROM encounter GROUP BY ALL ORDER BY admit_ts DESC",
    "SELECT person_id, encounter_id, admit_ts FROM encounter e WHERE NOT EXISTS "
    "(SELECT 1 FROM encounter f WHERE f.person_id = e.person_id AND f.admit_ts < e.admit_ts)",
)
STORED = "SELECT person_id, first(encounter_id) AS encounter_id, first(admit_ts) AS admit_ts FROM encounter GROUP BY 1"
COUNT = "SELECT count(DISTINCT person_id) AS people, count(*) AS stays FROM encounter"
HALF = "SELECT encounter_id, value FROM encounter"


@cache
def seen() -> SqlSession:
    """Return the record that the learner sees: its rows happen to stand in the order of time."""
    return open_record(Frames("seen", {"encounter": STAYS}))


@cache
def shuffled() -> SqlSession:
    """Return the same rows in another order."""
    return open_record(Frames("shuffled", {"encounter": STAYS.iloc[::-1]}))


BY_STORAGE = Elsewhere(shuffled, "The rows were stored in another order, and the result changed.", "stored")


def ladder(wanted: Wanted, right: str) -> tuple:
    return (
        is_query(wanted),
        has_columns(wanted, seen),
        has_rows(wanted, right, seen),
        has_values(wanted, right, seen),
        *holds_on(wanted, right, BY_STORAGE),
    )


@pytest.mark.parametrize("answer", [RIGHT, *OTHER_WAYS])
def test_any_right_query_passes(answer: str) -> None:
    assert climb(ladder(FIRST, RIGHT), answer) is None


@pytest.mark.parametrize(
    ("answer", "name", "says"),
    [
        # a text?
        (STAYS, "type", "first_stays is a table"),
        (5, "type", "of type int"),
        ("  ", "type", "an empty text"),
        ("SELECT ... FROM encounter WHERE ...", "gap", "still has 2 gaps"),
        ("SELECT 1 -- " + "x" * 4_000, "type", "longer than 4,000 signs"),
        # does it run?
        ("SELEC person_id FROM encounter", "query", "syntax error"),
        ("SELECT person_i FROM encounter", "query", 'Did you mean "person_id"?'),
        ("SELECT 1; SELECT 2", "query", "one query"),
        ("DROP TABLE encounter", "query", "only reads"),
        ("SELECT * FROM read_text('/etc/passwd')", "query", "no files"),
        # columns, rows
        ("SELECT person_id, encounter_id FROM encounter", "column-missing", "no column admit_ts"),
        ("SELECT person_id, admit_ts, encounter_id AS encounter FROM encounter", "column-missing", '"encounter"'),
        ("SELECT person_id, admit_ts, lower(encounter_id) FROM encounter", "column-missing", "Known: admit_ts, p"),
        ("SELECT * FROM encounter", "column-too-many", "The column value is too many"),
        ("SELECT person_id, person_id, encounter_id, admit_ts FROM encounter", "column-too-many", "person_id_1"),
        (f"SELECT * FROM ({RIGHT}) WHERE person_id = 'nobody'", "empty", "no rows"),
        # who
        ("SELECT person_id, encounter_id, admit_ts FROM encounter", "twice", "2 persons stand in more than one row"),
        (f"SELECT * FROM ({RIGHT}) WHERE person_id <> 'P2'", UNRECOGNISED, "Missing: 1 person, such as P2."),
        (f"SELECT * FROM ({RIGHT}) UNION SELECT 'P9', 'E9', NULL", UNRECOGNISED, "Too many: 1 person, such as P9."),
        (f"SELECT NULL AS person_id, encounter_id, admit_ts FROM ({RIGHT})", "key-null", "NULL in 3 rows"),
        # values
        (RIGHT.replace("admit_ts)", "admit_ts DESC)"), UNRECOGNISED, "not right yet for 2 persons, such as P1, P3"),
        (RIGHT.replace("encounter_id, admit", "lower(encounter_id) AS encounter_id, admit"), UNRECOGNISED, "P1, P2"),
        # elsewhere
        (STORED, "stored", "stored in another order"),
    ],
)
def test_a_wrong_result_is_told_the_first_thing_that_does_not_hold(answer: object, name: str, says: str) -> None:
    said = climb(ladder(FIRST, RIGHT), answer)
    assert said is not None
    assert (said.name, says in said) == (name, True), said


def test_no_sentence_holds_a_value_of_the_right_result() -> None:
    said = climb(ladder(FIRST, RIGHT), RIGHT.replace("admit_ts)", "admit_ts DESC)"))
    assert not any(value in str(said) for value in ("E1", "E4", "2020"))


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (COUNT, ""),
        ("SELECT 5 AS stays, 3.0 AS people", ""),
        ("SELECT count(*) AS people, count(*) AS stays FROM encounter", "people is not right yet: your query gives 5"),
        ("SELECT person_id AS people, 1 AS stays FROM encounter", "5 rows; one row of counts"),
    ],
)
def test_a_result_of_one_row_has_no_key(answer: str, says: str) -> None:
    said = climb(ladder(COUNTS, COUNT), answer)
    assert (says in said) if said else not says


@pytest.mark.parametrize(
    ("answer", "is_right"),
    [
        (HALF, True),
        ("SELECT encounter_id, value::DECIMAL(6, 2) AS value FROM encounter", True),
        ("SELECT encounter_id, value + 1e-9 AS value FROM encounter", True),
        ("SELECT encounter_id, coalesce(value, 0) AS value FROM encounter", False),  # NULL is not 0
        ("SELECT encounter_id, nullif(value, 0) AS value FROM encounter", False),
        ("SELECT encounter_id, NULL AS value FROM encounter", False),
        ("SELECT encounter_id, value::VARCHAR AS value FROM encounter", False),
    ],
)
def test_numbers_of_any_kind_agree_and_missing_is_no_number(answer: str, is_right: bool) -> None:
    assert (climb(ladder(VALUES, HALF), answer) is None) is is_right


def test_truth_values_are_zero_and_one() -> None:
    flag = Wanted("flags", ("encounter_id", "late"), "encounter_id", "stay")
    right = "SELECT encounter_id, admit_ts > TIMESTAMP '2020-02-15' AS late FROM encounter"
    assert (
        climb(ladder(flag, right), right.replace("admit", "CASE WHEN admit").replace("' AS", "' THEN 1 ELSE 0 END AS"))
        is None
    )


def test_a_mistake_is_a_wrong_query_however_it_is_written() -> None:
    last = RIGHT.replace("admit_ts)", "admit_ts DESC)")
    rung = recognise("patients", Mistake("last-stay", gives(FIRST, seen, last), "This is the last stay."))
    other_way = "max(admit_ts) AS admit_ts, arg_max(encounter_id, admit_ts) AS encounter_id FROM encounter GROUP BY ALL"
    assert rung.ask(f"SELECT person_id, {other_way}") == "This is the last stay."
    assert rung.ask(RIGHT) is None
    assert rung.ask("SELECT broken") is None


def test_limits_hold_of_rows_and_of_seconds() -> None:
    few = open_record(Frames("seen", {"encounter": STAYS}), row_limit=4, time_limit_s=0.5)
    rung = has_columns(FIRST, lambda: few)
    assert "more than 4 rows" in str(rung.ask("SELECT * FROM encounter"))
    assert "more than 0.5 seconds" in str(rung.ask("SELECT count(*) FROM range(10000000) a, range(10000000) b"))
