"""SQL on one dataset or on tables in memory, read only: these tables, nothing else of the machine, some rows, seconds.

DuckDB is locked after the views are made: no other file, no network, no extension, no setting can be reached from SQL.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Timer
from typing import TYPE_CHECKING, Any

from rounds.counted import counted
from rounds.data.dataset import Dataset
from rounds.data.sql_frames import Frames
from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

MEMORY = "2GB"
LOCK = (
    "SET enable_external_access = false",
    "SET autoload_known_extensions = false",
    "SET autoinstall_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET python_enable_replacements = false",
    f"SET memory_limit = '{MEMORY}'",
    "SET lock_configuration = true",
)
READS = ("SELECT", "EXPLAIN", "MULTI")  # MULTI is a PIVOT
EXPLAIN = re.compile(r"\s*explain(\s+analyze)?\s", re.IGNORECASE)
WORD = re.compile(r'(?:(?P<function>Function) with name|column named|column|name) "?(?P<name>\w+)', re.IGNORECASE)
QUOTED = re.compile(r'Referenced column "(?P<name>[^"]+)" not found')
MISSES = ("not found", "does not exist", "does not have")
VALUE = re.compile(r"string '.*?'(?= to )", re.DOTALL)
GAP, STILL_OPEN = "...", "The query still holds three dots: fill each gap, then run it again."
NO_FILE = "file system operations are disabled"
LINE = re.compile(r"LINE (\d+):")


@dataclass(frozen=True)
class SqlAnswer:
    """The rows of a query, and whether there were more."""

    frame: pd.DataFrame
    cut: bool


@dataclass(frozen=True)
class SqlSession:
    """A locked connection over the tables of one dataset, or over tables in memory."""

    dataset: Dataset | Frames
    row_limit: int = 1000
    time_limit_s: float = 30.0
    connection: duckdb.DuckDBPyConnection = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the views and lock the connection."""
        object.__setattr__(self, "connection", connect_locked(self.dataset))

    def ask(self, sql: str) -> SqlAnswer:
        """Run one query that reads; a mistake is one sentence, and so is a query that takes too long."""
        import duckdb

        try:
            statement = self._check(sql)
            with self._time_limit():
                frame = self._run(statement)
        except duckdb.InterruptException:
            raise DataError(
                f"The query took more than {self.time_limit_s:g} seconds and was stopped. "
                f"Read fewer rows first: a WHERE on encounter_id, or a join on a key."
            ) from None
        except duckdb.OutOfMemoryException:
            raise DataError(
                f"The query needs more than {MEMORY} of memory and was stopped. Read fewer rows or columns first."
            ) from None
        except duckdb.Error as error:
            raise DataError(STILL_OPEN if GAP in sql else self._explain(str(error), sql)) from None
        return SqlAnswer(frame.head(self.row_limit), len(frame) > self.row_limit)

    def show(self, sql: str, rows: int = 5) -> pd.DataFrame | None:
        """Print how many rows a query gives and return the first ones; a gap or a mistake is one printed sentence."""
        try:
            answer = self.ask(sql)
        except DataError as error:
            sys.stdout.write(f"{error}\n")
            return None
        sys.stdout.write(f"{'More than ' if answer.cut else ''}{counted(len(answer.frame), 'row')}\n")
        return answer.frame.head(rows)

    def _check(self, sql: str) -> Any:
        """Return the one statement of a text; refuse what does more than read."""
        statements = self.connection.extract_statements(sql)
        if len(statements) != 1:
            raise DataError(f"Write one query in a cell; this one has {len(statements)}.")
        if statements[0].type.name == "EXPLAIN":
            self._check(EXPLAIN.sub("", sql, count=1))
        if statements[0].type.name not in READS:
            raise DataError(f"This connection only reads: {statements[0].type.name} is not allowed. Begin with SELECT.")
        return statements[0]

    def _run(self, statement: Any) -> pd.DataFrame:
        """Return the rows, at most one more than the limit."""
        if statement.type.name == "SELECT":
            frame: pd.DataFrame = self.connection.sql(statement.query).limit(self.row_limit + 1).df()
        else:
            frame = self.connection.execute(statement).df()
        return frame

    @contextmanager
    def _time_limit(self) -> Iterator[None]:
        timer = Timer(self.time_limit_s, self.connection.interrupt)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _explain(self, message: str, sql: str) -> str:
        """Return DuckDB's message as one sentence without a value, with the line and the nearest name."""
        if NO_FILE in message:
            return f"SQL here reads the tables of {self.dataset.name} only, no files. SHOW TABLES names them."
        column = QUOTED.search(message)
        if column and f'"{column["name"]}"' in sql:
            return f"Double quotes mean a column. For a text write single quotes: '{column['name']}'."
        first = message.split("\n")[0].split("Did you mean")[0].split("Candidate bindings")[0].strip()
        kind, _, what = first.partition(": ")
        sentence = VALUE.sub("a text", what or kind).rstrip("!. ")
        line = LINE.search(message) if "syntax error" in first else None
        return f"{sentence}{f' (line {line[1]})' if line else ''}.{self._nearest(first)}"

    def _nearest(self, message: str) -> str:
        """Name the table, column or function that is nearest to the one that a message misses."""
        word = WORD.search(message)
        if word is None or not any(words in message for words in MISSES):
            return ""
        known = self._functions() if word["function"] else self._names()
        near = suggest(word["name"], known - {word["name"]})  # a table's name where a column stands is no help
        if near.startswith(" Did you mean"):
            return near
        first = next(iter(self.dataset.columns()))
        return f" SHOW TABLES names the tables, DESCRIBE {first} the columns of that one."

    def _functions(self) -> set[str]:
        found = self.connection.execute("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()
        return {name for (name,) in found}

    def _names(self) -> set[str]:
        known = self.dataset.columns()
        return {*known, *(name for names in known.values() for name in names)}


def connect_locked(dataset: Dataset | Frames) -> duckdb.DuckDBPyConnection:
    """Return a connection over the dataset's tables that nothing in SQL can widen."""
    connection = dataset.connect()
    paths = [str(path).replace("'", "''") for path in dataset.files()]
    connection.execute("SET allowed_paths = [{}]".format(", ".join(f"'{path}'" for path in paths)))
    connection.execute("SET temp_directory = ''")
    for setting in LOCK:
        connection.execute(setting)
    return connection
