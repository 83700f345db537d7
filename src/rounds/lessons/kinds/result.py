"""Results of SQL: an answer is the text of one query, and what it returns is compared, never how it is written.

A text is data, so it leaves the learner's process as it is and is run by the check: read only, on a locked connection,
with limits of rows and seconds (`rounds.data.sql_session`), on the record that the learner sees and on tables that
nobody saw.  A table of pandas could be compared on the first only.  The ladder is that of ehrQL: a text?  does it run,
is it empty?  the columns?  which persons are missing or too many?  which values?  and then: does it hold elsewhere?
The order of rows and of columns is free, and so is every way of writing the query.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from rounds.counted import counted
from rounds.data.sql_session import SqlSession
from rounds.errors import DataError, suggest
from rounds.lessons.ladder import UNRECOGNISED, Diagnosis, Rung

if TYPE_CHECKING:
    import pandas as pd

LONGEST, GAP = 4_000, "..."
MOST_ROWS, WITHIN_S = 50_000, 5.0  # of a result that is compared; 10 times what a query of a lesson takes
SHOWN = 3  # persons who are named in one sentence
TOLERANCE = 1e-6
MOST_KEPT = 64  # results that are kept of one record: a learner presses the button again with the same text
Open = Callable[[], SqlSession]


@dataclass(frozen=True)
class Wanted:
    """What is asked of a result: the answer's name, its columns in small letters, and the column that names a row.

    Without a `key` the result is one row.  `noun` is what a row is about, as in "stay".
    """

    name: str
    columns: tuple[str, ...]
    key: str = ""
    noun: str = "person"
    nouns: str = ""

    def many(self, number: int) -> str:
        """Return a number of rows in words."""
        return counted(number, self.noun, self.nouns)


@dataclass(frozen=True)
class Elsewhere:
    """Tables that the learner has not seen, and the sentence when a query is not right on them."""

    record: Open
    says: str
    name: str = field(default="elsewhere")


def open_record(dataset: Any, row_limit: int = MOST_ROWS, time_limit_s: float = WITHIN_S) -> SqlSession:
    """Return a locked session over a dataset or over `Frames`, with the limits of a check."""
    return SqlSession(dataset, row_limit, time_limit_s)


def is_query(wanted: Wanted) -> Rung:
    """Ask for one text with a query in it, without gaps."""

    def ask(answer: Any) -> str | None:
        if not isinstance(answer, str):
            return _say_kind(wanted.name, answer)
        if not answer.strip():
            return f"{wanted.name} is an empty text. Write the query between the quotation marks."
        if GAP in answer:
            left = counted(answer.count(GAP), "gap")
            return Diagnosis(f"{wanted.name} still has {left} of three dots: fill each, then run the box.", "gap")
        long = f"{wanted.name} is longer than {LONGEST:,} signs. A shorter query does it."
        return None if len(answer) <= LONGEST else long

    return Rung("type", ask)


def _say_kind(name: str, answer: Any) -> str:
    if hasattr(answer, "columns"):
        return f"{name} is a table. Keep the text of the query: SELECT ... between three quotation marks."
    return f"{name} is of type {type(answer).__name__}; write the query as a text between three quotation marks."


def has_columns(wanted: Wanted, record: Open) -> Rung:
    """Run the query on the record; ask for rows and for the columns by name, whatever the row is about."""

    def ask(answer: str) -> str | None:
        given = run(record, answer)
        if isinstance(given, str):
            return Diagnosis(given, "query")
        names = [str(name) for name in given.columns]
        missing = [name for name in wanted.columns if name not in names]
        if missing:
            return Diagnosis(_say_missing(missing[0], names), "column-missing")
        strange = [name for name in names if name not in wanted.columns]
        if strange:
            asked = ", ".join(wanted.columns)
            return Diagnosis(f"The column {strange[0]} is too many. Select these only: {asked}.", "column-too-many")
        return None if len(given) else Diagnosis("The result has no rows. Which condition lets nobody in?", "empty")

    return Rung("shape", ask)


def _say_missing(name: str, there: Sequence[str]) -> str:
    named = [other for other in there if other.isidentifier()]  # without AS a column bears all of its SQL as its name
    return f'The result has no column {name}.{suggest(name, named)} A column gets its name with AS: "... AS {name}".'


def has_rows(wanted: Wanted, right: str, record: Open) -> Rung:
    """Ask for one row for each that the right query has, and for no other; the sentence names who is concerned."""

    def ask(answer: str) -> str | None:
        given, ours = _both(record, answer, right)
        if not wanted.key:
            return None if len(given) == len(ours) else _one_row(len(given))
        keys, wanted_keys = given[wanted.key], ours[wanted.key]
        if empty := int(keys.isna().sum()):
            return Diagnosis(f"{wanted.key} is NULL in {counted(empty, 'row')}: from which table is it?", "key-null")
        twice = keys[keys.duplicated()]
        if len(twice):
            return Diagnosis(_say_twice(wanted, twice), "twice")
        return _compare(wanted, set(wanted_keys) - set(keys), set(keys) - set(wanted_keys))

    return Rung("patients", ask)


def _one_row(there: int) -> Diagnosis:
    return Diagnosis(f"The result has {counted(there, 'row')}; one row of counts is asked for.", "rows")


def _say_twice(wanted: Wanted, twice: pd.Series[Any]) -> str:
    who = sorted(set(map(str, twice)))
    return (
        f"{wanted.many(len(who))} stand in more than one row, such as {who[0]}: "
        f"one row for each {wanted.noun} is asked for."
    )


def _compare(wanted: Wanted, missing: set[Any], too_many: set[Any]) -> Diagnosis | None:
    """Return who is missing, or too many; both by name, and how many."""
    if missing:
        also = f" {wanted.many(len(too_many))} too many." if too_many else ""
        said = f"Missing: {wanted.many(len(missing))}, such as {_name_some(missing)}.{also}"
        return Diagnosis(said, UNRECOGNISED)
    if too_many:
        return Diagnosis(f"Too many: {wanted.many(len(too_many))}, such as {_name_some(too_many)}.", UNRECOGNISED)
    return None


def _name_some(keys: set[Any]) -> str:
    return ", ".join(sorted(map(str, keys))[:SHOWN])


def has_values(wanted: Wanted, right: str, record: Open) -> Rung:
    """Ask for the right values in each row; the sentence names a column and whose value it is, never the value."""

    def ask(answer: str) -> str | None:
        given, ours = plain_rows(wanted, record, answer), plain_rows(wanted, record, right)
        for column in wanted.columns:
            wrong = _differ(given[column], ours[column])
            if wrong.any():
                return Diagnosis(_say_values(wanted, column, given[wrong]), UNRECOGNISED)
        return None

    return Rung("values", ask)


def _say_values(wanted: Wanted, column: str, wrong: pd.DataFrame) -> str:
    if not wanted.key:
        given = wrong[column].iloc[0]
        shown = f"{given:,.10g}" if isinstance(given, float) else given
        return f"{column} is not right yet: your query gives {shown}. What does it count?"
    some = _name_some(set(wrong[wanted.key].head(SHOWN)))
    return f"{column} is not right yet for {wanted.many(len(wrong))}, such as {some}."


def holds_on(wanted: Wanted, right: str, *others: Elsewhere) -> tuple[Rung, ...]:
    """Ask for the right result on tables that nobody saw; each has its own sentence."""

    def make(other: Elsewhere) -> Rung:
        def ask(answer: str) -> str | None:
            return None if same_result(wanted, answer, right, other.record) else Diagnosis(other.says, other.name)

        return Rung("meaning", ask)

    return tuple(make(other) for other in others)


def gives(wanted: Wanted, record: Open, *queries: str) -> Callable[[str], bool]:
    """Return the property that an answer says what one of these (wrong) queries says, however it is written."""
    return lambda answer: any(same_result(wanted, answer, query, record) for query in queries)


def same_result(wanted: Wanted, answer: str, other: str, record: Open) -> bool:
    """Return whether two queries give the same rows on a record, in any order of rows and columns."""
    both = run(record, answer), run(record, other)
    if any(isinstance(one, str) or not {*wanted.columns} <= {*map(str, one.columns)} for one in both):
        return False
    if len(both[0]) != len(both[1]):
        return False
    given, ours = plain_rows(wanted, record, answer), plain_rows(wanted, record, other)
    return not any(_differ(given[column], ours[column]).any() for column in wanted.columns)


def run(record: Open, sql: str) -> pd.DataFrame | str:
    """Return what a query gives on a record, or the one sentence that says why it cannot run."""
    return _kept(record)(sql)


@cache
def _kept(record: Open) -> Callable[[str], pd.DataFrame | str]:
    """Return how a record is asked; the last results are kept, and never changed by whoever reads them."""
    known: dict[str, pd.DataFrame | str] = {}

    def ask(sql: str) -> pd.DataFrame | str:
        if sql not in known:
            if len(known) >= MOST_KEPT:
                known.pop(next(iter(known)))
            known[sql] = _ask(record(), sql)
        return known[sql]

    return ask


def _ask(session: SqlSession, sql: str) -> pd.DataFrame | str:
    try:
        answer = session.ask(sql)
    except DataError as error:
        return str(error)
    too_many = f"The result has more than {session.row_limit:,} rows: a join multiplied them, or a WHERE is missing."
    return too_many if answer.cut else answer.frame.rename(columns=str.lower)  # to SQL, Person_ID is person_id


def _both(record: Open, answer: str, right: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    return _run_well(record, answer), _run_well(record, right)


def _run_well(record: Open, sql: str) -> pd.DataFrame:
    result = run(record, sql)
    if isinstance(result, str):
        raise TypeError(f"A query cannot be run: {result}")
    return result


@lru_cache(maxsize=4 * MOST_KEPT)
def plain_rows(wanted: Wanted, record: Open, sql: str) -> pd.DataFrame:
    """Return the columns that are asked for as plain values, and the rows in an order of their own: the key first."""
    import pandas as pd

    result = _run_well(record, sql)
    table = pd.DataFrame({name: _plain(result[name]) for name in wanted.columns})
    by = dict.fromkeys([wanted.key, *wanted.columns] if wanted.key else wanted.columns)
    return table.sort_values([*by], ignore_index=True)


def _plain(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return truth values and numbers as numbers, times as microseconds, anything else as text."""
    import pandas as pd

    there = values.dropna()
    if values.dtype.kind == "M" or (len(there) and there.map(lambda value: isinstance(value, date)).all()):
        whole = pd.to_datetime(values).astype("datetime64[us]")
        return whole.astype("int64").astype(float).where(whole.notna())
    if there.map(lambda value: isinstance(value, str)).any() or values.dtype.kind == "m":
        return values.astype(str).where(values.notna())
    return pd.to_numeric(values, errors="coerce").astype(float)


def _differ(given: pd.Series[Any], ours: pd.Series[Any]) -> pd.Series[bool]:
    """Return which plain values differ: missing is like missing only, numbers agree within 1e-6."""
    gone, away = given.isna(), ours.isna()
    number, also = given.dtype.kind == "f", ours.dtype.kind == "f"
    unlike: pd.Series[bool] = (given - ours).abs() > TOLERANCE if number and also else given.astype(str) != ours
    return (gone != away) | (~gone & ~away & (unlike | (number != also)))
