"""Data packages on disk: descriptor, catalogue, dictionary, leaks."""

from __future__ import annotations

import json
import os
import pkgutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rounds.data import Column, DataPackage, Table, describe, find_leaks, open_catalogue
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import parse_descriptor, render_descriptor
from rounds.errors import DataError
from rounds.store.staging import stage
from rounds.synthetic.ehr.generate import write_cohort
from rounds.synthetic.make import make_dataset


@pytest.fixture(scope="module")
def births(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("data")
    return write_cohort("birthweight", 300, 1, folder, folder)


@pytest.mark.parametrize("name", ["bsi_days", "covid_labs"])
def test_a_package_survives_writing_and_reading(name: str, tmp_path: Path) -> None:
    package = make_dataset(name, tmp_path).package
    text = json.dumps(render_descriptor(package))
    assert parse_descriptor(json.loads(text)) == package


@pytest.mark.parametrize("name", ["bsi_days", "covid_labs"])
def test_every_column_speaks_to_both_readers_and_says_when_it_is_known(name: str, tmp_path: Path) -> None:
    package = make_dataset(name, tmp_path).package
    for column in package.table.columns:
        assert column.definition_clinical.endswith("."), column.name
        assert column.definition_ml.endswith("."), column.name
        assert column.available in package.timeline, column.name


def test_the_catalogue_finds_packages_in_every_folder(tmp_path: Path) -> None:
    make_dataset("bsi_days", tmp_path / "one")
    make_dataset("covid_labs", tmp_path / "two")
    folders = os.pathsep.join([str(tmp_path / "one"), str(tmp_path / "two" / "covid_labs")])
    catalogue = open_catalogue({"ROUNDS_DATA": folders})
    assert catalogue.names() == ("bsi_days", "covid_labs")
    assert len(catalogue.load("bsi_days").frame()) > 3000


def test_an_unknown_dataset_names_the_nearest(births: Dataset) -> None:
    catalogue = open_catalogue({"ROUNDS_DATA": str(births.path.parent)})
    with pytest.raises(DataError, match=r'no dataset "birthwait"\. Did you mean "birthweight"'):
        catalogue.load("birthwait")


def test_the_truth_cannot_be_loaded(births: Dataset) -> None:
    catalogue = open_catalogue({"ROUNDS_DATA": str(births.path.parent)})
    assert (births.path.parent / "birthweight.truth.json").exists()
    assert catalogue.names() == ("birthweight",)


def test_duckdb_reads_the_same_rows_and_cannot_change_them(births: Dataset) -> None:
    import duckdb

    with births.connect() as connection:
        found = connection.execute("SELECT count(*) FROM births").fetchone()
        assert found == (len(births.frame()),)
        with pytest.raises(duckdb.Error):
            connection.execute("DELETE FROM births")


def test_columns_known_after_booking_leak(births: Dataset) -> None:
    package = births.package
    leaks = {leak.column for leak in find_leaks(package.table.names("feature"), package)}
    known = {"height_cm", "bmi", "smoking", "parity", "previous_birthweight_g"}
    late = {"gestational_diabetes", "pre_eclampsia", "weight_gain_kg", "gestation_days"}
    assert late <= leaks
    assert not known & leaks


def test_a_later_prediction_time_leaks_less_but_never_the_outcome(births: Dataset) -> None:
    names = ["gestational_diabetes", "gestation_days", "birthweight_g"]
    leaks = find_leaks(names, births.package, "late_pregnancy")
    assert [leak.column for leak in leaks] == ["gestation_days", "birthweight_g"]
    assert "after late pregnancy" in leaks[0].reason


def test_an_unknown_column_or_event_is_refused(births: Dataset) -> None:
    with pytest.raises(DataError, match='Did you mean "parity"'):
        find_leaks(["paritty"], births.package)
    with pytest.raises(DataError, match='Did you mean "booking"'):
        find_leaks(["parity"], births.package, "bookin")


def test_the_dictionary_is_text_and_html(births: Dataset) -> None:
    dictionary = describe(births)
    for column in births.package.table.columns:
        assert column.name in str(dictionary)
        assert f"<code>{column.name}</code>" in dictionary._repr_html_()


def test_html_of_the_dictionary_escapes_what_columns_say() -> None:
    column = Column("a", "string", definition_ml="<script>alert(1)</script>")
    package = DataPackage("x", "X", "public", (Table("x", "x.parquet", (column,)),))
    assert "<script>" not in describe(package)._repr_html_()


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(DataError, match='Did you mean "outcome"'):
        Column("a", "string", role="outcom")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": "x"}'])
def test_a_broken_descriptor_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.json").write_text(text)
    with pytest.raises(DataError, match="cannot be read"):
        open_dataset(tmp_path)


def test_a_path_out_of_the_package_is_refused(births: Dataset, tmp_path: Path) -> None:
    entry = render_descriptor(births.package)
    entry["resources"][0]["path"] = "../birthweight.truth.json"
    (tmp_path / "datapackage.json").write_text(json.dumps(entry))
    with pytest.raises(DataError, match="leads out of the package"):
        open_dataset(tmp_path)


def test_a_failed_write_leaves_the_old_folder_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "data"
    with stage(target) as folder:
        (folder / "old").write_text("kept")
    with pytest.raises(KeyError):
        _write_and_fail(target)
    assert [p.name for p in tmp_path.iterdir()] == ["data"]
    assert [p.name for p in target.iterdir()] == ["old"]


def _write_and_fail(target: Path) -> None:
    with stage(target) as folder:
        (folder / "new").write_text("lost")
        raise KeyError


def test_importing_the_package_imports_no_heavy_library() -> None:
    code = "import sys, rounds.data; print(sorted({'pandas', 'duckdb', 'pyarrow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_offered_name_is_a_module_that_would_hide_it() -> None:
    import rounds.data

    modules = {module.name for module in pkgutil.iter_modules(rounds.data.__path__)}
    assert set(rounds.data.__all__) & modules == set()
    assert all(callable(getattr(rounds.data, name)) for name in rounds.data.__all__ for _ in range(2))


def test_a_dataset_prints_as_a_few_lines_with_the_counts_of_its_files(births: Dataset) -> None:
    lines = repr(births).split("\n")
    assert lines[0].startswith('Dataset "birthweight": ')
    assert len(lines) == len(births.package.tables) + 2
    for line, table in zip(lines[1:], births.package.tables, strict=False):
        frame = births.frame(table.name)
        assert line.startswith(f"  {table.name}: {len(frame):,} rows, {len(frame.columns)} columns")
        assert table.row in line
    assert str(births) == repr(births)


def test_a_dataset_shows_one_row_for_each_table_in_a_notebook(births: Dataset) -> None:
    html = births._repr_html_()
    assert html.count("<tr>") == len(births.package.tables) + 1
    for table in births.package.tables:
        frame = births.frame(table.name)
        assert f"<code>{table.name}</code></th><td>{len(frame):,}</td><td>{len(frame.columns)}</td>" in html


def test_html_of_a_dataset_escapes_what_a_hospital_wrote(births: Dataset) -> None:
    bad = replace(births.package, title="<script>alert(1)</script>", notice="<b>no</b>")
    html = Dataset(births.path, bad)._repr_html_()
    assert "<script>" not in html
    assert "<b>" not in html


def test_a_name_is_described_and_a_leak_without_its_dataset_says_what_is_missing(
    births: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUNDS_DATA", str(births.path.parent))
    assert str(describe(births.name)) == str(describe(births))
    with pytest.raises(DataError, match=r'find_leaks\(columns, dataset, "booking"\)'):
        find_leaks(["parity"], "booking")
    names = births.package.table.names()
    assert find_leaks(names, births) == find_leaks(names, births.package)
