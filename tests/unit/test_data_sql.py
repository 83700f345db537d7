"""SQL cells: what they answer, what they refuse, and that every mistake is one sentence."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from tests.made import sample

from rounds.data.dataset import Dataset, open_dataset
from rounds.data.sql_frames import Frames
from rounds.data.sql_magic import parse_line
from rounds.data.sql_session import SqlSession
from rounds.errors import DataError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two datasets."""
    root = tmp_path_factory.mktemp("sql")
    for name in ("covid", "bsi"):
        (root / name).symlink_to(sample(name).path)
    return root


@pytest.fixture
def covid(folder: Path) -> Dataset:
    """Return one dataset."""
    return open_dataset(folder / "covid")


@pytest.fixture
def session(covid: Dataset) -> SqlSession:
    """Return a session with small limits."""
    return SqlSession(covid, row_limit=50, time_limit_s=5)


def test_an_answer_is_what_the_table_holds(session: SqlSession, covid: Dataset) -> None:
    answer = session.ask("SELECT site, count(*) AS n FROM encounter GROUP BY site ORDER BY site")
    assert (
        dict(zip(answer.frame.site, answer.frame.n, strict=True))
        == covid.frame("encounter").site.value_counts().to_dict()
    )
    assert not answer.cut


def test_more_rows_than_the_limit_are_cut_and_said(session: SqlSession) -> None:
    answer = session.ask("SELECT value_num FROM lab WHERE value_num > 0 ORDER BY value_num DESC")
    assert (len(answer.frame), answer.cut) == (50, True)
    assert answer.frame.value_num.is_monotonic_decreasing
    assert not session.ask("SELECT * FROM lab LIMIT 50").cut


READS = (
    "FROM stays LIMIT 1",
    "WITH x AS (SELECT 1 AS a) SELECT * FROM x",
    "DESCRIBE lab",
    "SUMMARIZE death",
    "SHOW TABLES",
    "EXPLAIN SELECT count(*) FROM lab",
    "PIVOT (SELECT site, disch_to FROM encounter) ON disch_to USING count(*)",
    "-- a comment\nSELECT count(*) FROM vital;",
)


@pytest.mark.parametrize("sql", READS)
def test_queries_that_read_run(session: SqlSession, sql: str) -> None:
    assert len(session.ask(sql).frame) > 0


OTHERS = (
    # files of the machine
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM parquet_metadata('{bsi}')",
    # another dataset
    "SELECT * FROM '{bsi}'",
    "SELECT * FROM read_parquet('{bsi}')",
    "SELECT * FROM read_parquet(['{covid}', '{bsi}'])",
    "SELECT * FROM query('SELECT * FROM ''{bsi}''')",
    # writing
    "COPY lab TO '{out}'",
    "COPY (SELECT 1) TO '{covid}'",
    "EXPORT DATABASE '{out}'",
    "CREATE TABLE t AS SELECT 1",
    "CREATE OR REPLACE VIEW lab AS SELECT 1",
    "DROP VIEW lab",
    "INSERT INTO lab SELECT * FROM lab",
    "EXPLAIN ANALYZE DROP VIEW lab",
    "EXPLAIN ANALYZE COPY lab TO '{out}'",
    "SELECT 1; DROP VIEW lab",
    # reaching out
    "ATTACH '{out}'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SELECT * FROM 'https://127.0.0.1/x.parquet'",
    # widening
    "SET allowed_paths = ['/etc']",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA enable_profiling",
    "SELECT getenv('HOME')",
    "CALL pragma_version()",
    # Python's own variables
    "SELECT * FROM secret",
)


@pytest.mark.parametrize("sql", OTHERS)
def test_nothing_else_can_be_reached_or_changed(session: SqlSession, folder: Path, tmp_path: Path, sql: str) -> None:
    secret = pd.DataFrame({"a": [1]})
    before = (folder / "covid" / "lab.parquet").read_bytes()
    places = {name: folder / name / "lab.parquet" for name in ("covid", "bsi")}
    with pytest.raises(DataError):
        session.ask(sql.format(**places, out=tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []
    assert (folder / "covid" / "lab.parquet").read_bytes() == before
    assert session.ask("SELECT count(*) AS n FROM lab").frame.n[0] > len(secret)


def test_the_lock_holds_without_the_check_of_statements(session: SqlSession, folder: Path, tmp_path: Path) -> None:
    import duckdb

    others = ("ATTACH '{out}'", "COPY lab TO '{out}'", "SET enable_external_access = true", "LOAD httpfs")
    for sql in (*OTHERS[:9], *others):
        text = sql.format(covid=folder / "covid/lab.parquet", bsi=folder / "bsi/lab.parquet", out=tmp_path / "out")
        with pytest.raises(duckdb.Error):
            session.connection.execute(text)


def test_a_query_that_takes_too_long_is_stopped_in_one_sentence(covid: Dataset) -> None:
    session = SqlSession(covid, time_limit_s=0.5)
    began = time.monotonic()
    with pytest.raises(DataError, match=r"took more than 0.5 seconds and was stopped"):
        session.ask("SELECT count(*) FROM vital a, vital b, vital c WHERE a.value_num * b.value_num > c.value_num")
    assert time.monotonic() - began < 5
    assert session.ask("SELECT 1 AS a").frame.a[0] == 1


MISTAKES = (
    ("SELECT vaule_num FROM lab", 'Did you mean "value_num"'),
    ("SELECT * FROM labb", 'Did you mean "lab"'),
    ("SELECT sqr(value_num) FROM lab", 'Did you mean "sqrt"'),
    ("SELECT * FROM encounter e JOIN lab l ON e.encounter_id = l.encounter_idd", 'Did you mean "encounter_id"'),
    ("SELEC 1", r"syntax error.*\(line 1\)"),
    ("SELECT 1\nFROM\nWHERE", r"syntax error.*\(line 3\)"),
    ("SELECT 1; SELECT 2", "one query in a cell; this one has 2"),
    ("", "one query in a cell; this one has 0"),
    ("SELECT * FROM '/etc/passwd.csv'", "reads the tables of covid only, no files"),
)


@pytest.mark.parametrize(("sql", "sentence"), MISTAKES)
def test_a_mistake_is_one_sentence_with_the_nearest_name(session: SqlSession, sql: str, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence) as caught:
        session.ask(sql)
    assert "\n" not in str(caught.value)


def test_no_value_of_a_patient_is_in_a_message(session: SqlSession) -> None:
    with pytest.raises(DataError, match="Could not convert a text to DOUBLE"):
        session.ask("SELECT CAST(organism AS DOUBLE) FROM (SELECT 'Mrs Example' AS organism) ")


# ---- the magic


class Notebook:
    """A notebook that keeps what it shows."""

    def __init__(self, shell: InteractiveShell, capsys: Any) -> None:
        self.shell, self.capsys = shell, capsys

    def run(self, cell: str) -> Any:
        """Run a cell and return its value."""
        return self.shell.run_cell(cell).result

    def said(self) -> str:
        """Return what was shown since the last time."""
        out, err = self.capsys.readouterr()
        return str(out + err)


@pytest.fixture
def notebook(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Iterator[Notebook]:
    """Return a notebook with the extension loaded."""
    monkeypatch.setenv("ROUNDS_DATA", str(folder))
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    shell.run_line_magic("load_ext", "rounds.data.sql_magic")
    yield Notebook(shell, capsys)
    InteractiveShell.clear_instance()


def test_a_cell_answers_with_a_frame_of_the_chosen_dataset(notebook: Notebook) -> None:
    notebook.run("%sql covid")
    assert "stays, person, encounter" in notebook.said()
    assert notebook.run("%%sql\nSELECT count(*) AS n FROM person").n[0] == 100
    assert notebook.run("%%sql bsi\nSELECT count(*) AS n FROM transplant").n[0] == 100
    assert notebook.run("%%sql\nSELECT count(*) AS n FROM days").n[0] > 100


def test_an_answer_is_kept_under_a_name(notebook: Notebook) -> None:
    assert notebook.run("%%sql covid sick <<\nSELECT person_id FROM stays WHERE died_28") is None
    assert list(notebook.run("sick")) == ["person_id"]


def test_a_cut_answer_says_so_in_words(notebook: Notebook) -> None:
    assert len(notebook.run("%%sql covid\nFROM lab")) == 1000
    assert "Only the first 1,000 rows are here; the query has more." in notebook.said()


def test_a_mistake_shows_no_traceback(notebook: Notebook) -> None:
    notebook.run("%%sql\nSELECT 1")
    assert "Write its name first, for example: %sql covid" in notebook.said()
    notebook.run("%%sql covid\nSELECT vaule_num FROM lab")
    said = notebook.said()
    assert 'Did you mean "value_num"?' in said
    assert "Traceback" not in said


def test_a_line_names_a_dataset_and_a_variable() -> None:
    assert parse_line("") == (None, None)
    assert parse_line("covid") == ("covid", None)
    assert parse_line("sick<<") == (None, "sick")
    assert parse_line("covid sick <<") == ("covid", "sick")
    for wrong in ("<<", "1a <<", "a << b", "covid bsi"):
        with pytest.raises(DataError):
            parse_line(wrong)


def two_stays() -> SqlSession:
    """Return a session over tables in memory."""
    stays = pd.DataFrame({"encounter_id": ["E2", "E1"], "admit_ts": pd.to_datetime(["2020-01-02", "2020-01-01"])})
    return SqlSession(Frames("two stays", {"encounter": stays}))


def test_tables_in_memory_are_read_in_their_order_and_never_changed() -> None:
    session = two_stays()
    assert [*session.ask("SELECT encounter_id FROM encounter").frame.encounter_id] == ["E2", "E1"]
    with pytest.raises(DataError, match="only reads"):
        session.ask("DELETE FROM encounter")
    with pytest.raises(DataError, match='Did you mean "encounter_id"'):  # encounter is there, but as a table
        session.ask("SELECT count(DISTINCT encounter) FROM encounter AS e")
    with pytest.raises(DataError, match='Did you mean "encounter_id"'):
        session.ask("SELECT encounter_i FROM encounter")


@pytest.mark.parametrize("sql", OTHERS)
def test_beside_tables_in_memory_nothing_can_be_reached(folder: Path, tmp_path: Path, sql: str) -> None:
    secret = pd.DataFrame({"a": [1]})
    places = {name: folder / name / "lab.parquet" for name in ("covid", "bsi")}
    with pytest.raises(DataError):
        two_stays().ask(sql.format(**places, out=tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []
    assert len(secret) == 1


def test_show_says_how_many_rows_and_a_mistake_in_one_printed_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    shown = two_stays().show("SELECT * FROM encounter", rows=1)
    assert shown is not None
    assert (len(shown), capsys.readouterr().out) == (1, "2 rows\n")
    assert two_stays().show("SELECT ... FROM encounter") is None
    assert "still holds three dots" in capsys.readouterr().out
    assert two_stays().show("SELECT count(*) AS n FROM encounter WHERE encounter_id <> '...'").n[0] == 2
    assert "1 row" in capsys.readouterr().out
    assert two_stays().show("SELECT now FROM encounter x") is None
    assert capsys.readouterr().out.count("\n") == 1


def test_a_text_in_double_quotes_is_named_as_such() -> None:
    with pytest.raises(DataError, match="For a text write single quotes: 'E1'"):
        two_stays().ask('SELECT admit_ts FROM encounter WHERE encounter_id = "E1"')
