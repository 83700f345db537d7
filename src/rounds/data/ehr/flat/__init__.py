"""Analysis tables derived from the records by SQL: what a learner gets when somebody has done the joins."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from rounds.data.dataset import Dataset
from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

TABLES = {
    "birthweight": "birthweight",
    "bsi_days": "bsi",
    "covid_labs": "covid",
    "covid_stays": "covid",
    "heart_failure_stays": "heart_failure",
}
SEEN = {"birthweight": "SELECT DISTINCT mother_id AS person_id FROM pregnancy"}


def derive(table: str, dataset: Dataset, persons: int | None = None) -> pd.DataFrame:
    """Return an analysis table of a cohort, of this many persons (chosen by pseudonym) if a number is given."""
    if table not in TABLES:
        raise DataError(f'There is no analysis table "{table}".{suggest(table, TABLES)}')
    if dataset.name != TABLES[table]:
        raise DataError(f'Table "{table}" is derived from "{TABLES[table]}", not from "{dataset.name}".')
    connection = dataset.connect()
    choose_persons(connection, table, persons)
    return connection.execute(read_sql(table)).df()


def read_sql(table: str) -> str:
    """Return the SQL of an analysis table; it reads the records and the list ``chosen`` of persons."""
    return files("rounds.data.ehr.flat").joinpath(f"{table}.sql").read_text(encoding="utf-8")


def choose_persons(connection: duckdb.DuckDBPyConnection, table: str, persons: int | None) -> None:
    """Make the list ``chosen`` of the persons whose rows are wanted."""
    everybody = SEEN.get(table, "SELECT person_id FROM person")
    limit = "" if persons is None else f" LIMIT {int(persons)}"
    connection.execute(f"CREATE TEMP TABLE chosen AS {everybody} ORDER BY person_id{limit}")
