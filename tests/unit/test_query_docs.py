"""The code of docs/explanation/query.md runs, on DuckDB and on another backend; every study compiles for large ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from datafusion_backend import IBIS_ASKS_PANDAS, open_datafusion
from tests.made import sample

from rounds.data.dataset import Dataset
from rounds.errors import DataError
from rounds.query import events
from rounds.query.events import Events
from rounds.synthetic.ehr.analysis import COHORTS, build_study

TEXT = (Path(__file__).parents[2] / "docs/explanation/query.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder() -> Path:
    """Return a folder with a small cohort of each challenge."""
    (folder,) = {sample(name).path.parent for name in COHORTS}
    return folder


@pytest.fixture
def covid(folder: Path) -> Dataset:
    """Return the Covid-19 cohort."""
    from rounds.data.dataset import open_dataset

    return open_dataset(folder / "covid")


@pytest.mark.filterwarnings(IBIS_ASKS_PANDAS)
def test_the_code_of_the_page_runs_and_both_backends_agree(
    covid: Dataset, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUNDS_DATA", str(folder))
    known: dict[str, Any] = {"connection": open_datafusion(covid)}
    blocks = re.findall(r"(?ms)^```python\n(.*?)^```", TEXT)
    assert len(blocks) == 3
    for block in blocks:
        exec(block, known)
    here, there = known["study"].frame(), known["elsewhere"].frame()
    assert len(here) > 80
    pd.testing.assert_frame_equal(here, there, check_dtype=False)


def test_a_cell_of_a_study_has_at_most_twelve_lines() -> None:
    for block in re.findall(r"(?ms)^```python\n(.*?)^```", TEXT):
        assert len([line for line in block.splitlines() if line and not line.startswith(("import", "from"))]) <= 12


@pytest.mark.parametrize("name", COHORTS)
@pytest.mark.parametrize("dialect", ["duckdb", "trino", "bigquery", "snowflake", "postgres"])
def test_every_study_compiles_for_large_backends(name: str, dialect: str, folder: Path) -> None:
    from rounds.data.dataset import open_dataset

    assert build_study(name, open_dataset(folder / name)).sql(dialect).startswith(("SELECT", "WITH"))


def test_the_page_says_for_every_selector_what_it_describes_and_when_it_is_known() -> None:
    named = {
        "lab": events.lab("crp"),
        "vital": events.vital("spo2"),
        "culture": events.culture(),
        "observation": events.observation("x"),
        "diagnosis": events.diagnosis("I10"),
        "procedure": events.procedure("x"),
        "medication": events.medication("J01"),
        "given": events.given("J01"),
    }
    for name, found in named.items():
        assert isinstance(found, Events)
        happened = f"`{found.happened}`" + (f" to `{found.ended}`" if found.ended else "")
        assert f"| `{name}` | {happened} | `{found.known}` |" in TEXT


def test_a_dataset_gives_ibis_tables_beside_frames(covid: Dataset) -> None:
    lab, encounter = covid.tables.lab, covid.tables["encounter"]
    both = lab.inner_join(encounter, "encounter_id").group_by("site").aggregate(n=lambda t: t.count())
    counts = both.to_pyarrow().to_pandas().set_index("site").n.to_dict()
    frame = covid.frame("lab").merge(covid.frame("encounter"), on="encounter_id")
    assert counts == frame.site.value_counts().to_dict()
    assert set(covid.tables) == {table.name for table in covid.package.tables}
    assert "lab" in dir(covid.tables)
    with pytest.raises(DataError, match=r'Dataset "covid" has no table "labb"\. Did you mean "lab"'):
        _ = covid.tables.labb
