"""Tables for lessons that are cut from the records by SQL; the challenges' analysis tables are in ``ehr.analysis``."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from rounds.data.dataset import Dataset
from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

TABLES = {"covid_labs": "covid"}


def derive(table: str, dataset: Dataset, persons: int | None = None) -> pd.DataFrame:
    """Return a lesson's table from a cohort, of this many persons (chosen by pseudonym) if a number is given."""
    if table not in TABLES:
        raise DataError(f'There is no lesson table "{table}".{suggest(table, TABLES)}')
    if dataset.name != TABLES[table]:
        raise DataError(f'Table "{table}" is derived from "{TABLES[table]}", not from "{dataset.name}".')
    connection = dataset.connect()
    choose_persons(connection, persons)
    return connection.execute(read_sql(table)).df()


def read_sql(table: str) -> str:
    """Return the SQL of a table; it reads the records and the list ``chosen`` of persons."""
    return files("rounds.synthetic.ehr.flat").joinpath(f"{table}.sql").read_text(encoding="utf-8")


def choose_persons(connection: duckdb.DuckDBPyConnection, persons: int | None) -> None:
    """Make the list ``chosen`` of the persons whose rows are wanted."""
    limit = "" if persons is None else f" LIMIT {int(persons)}"
    connection.execute(f"CREATE TEMP TABLE chosen AS FROM (SELECT person_id FROM person ORDER BY person_id{limit})")  # noqa: S608
