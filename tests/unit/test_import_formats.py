"""Everything a hospital brings: Excel, SAS, Stata, Parquet, and folders of several tables."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from tests.sas7bdat import Variable, write_sas7bdat

from rounds.custody.intake.draft.file import draft_decisions
from rounds.custody.intake.import_table import confirm, import_table
from rounds.custody.intake.sources.as_text import as_text
from rounds.errors import DataError


def write_book(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


PATIENTS = [["id", "born", "weight", "alive"], [1, date(1950, 2, 3), 70.5, True], [2, date(1961, 4, 5), 80, False]]
LABS = [
    ["id", "taken", "crp"],
    [1, datetime(2021, 3, 4, 10, 30), 5],
    [2, datetime(2021, 3, 5), "<0.5"],
    [2, None, 7.25],
]


def test_a_sheet_keeps_numbers_days_moments_and_truths(tmp_path: Path) -> None:
    frame = import_table(write_book(tmp_path / "p.xlsx", any=PATIENTS), "p", tmp_path / "out").frame()
    assert frame.to_dict("list") == {
        "id": [1, 2],
        "born": [pd.Timestamp("1950-02-03"), pd.Timestamp("1961-04-05")],
        "weight": [70.5, 80.0],
        "alive": [True, False],
    }


def test_a_workbook_of_several_sheets_becomes_a_package_of_tables(tmp_path: Path) -> None:
    path = write_book(tmp_path / "ward.xlsx", Patients=PATIENTS, **{"Lab results": LABS}, Empty=[])
    dataset = import_table(path, "ward", tmp_path / "out")
    assert [t.name for t in dataset.package.tables] == ["patients", "lab_results"]
    assert dataset.frame("lab_results").crp.tolist() == ["5", "<0.5", "7.25"]
    draft_decisions(path, tmp_path / "d.toml", 2026)
    entry = tomllib.loads((tmp_path / "d.toml").read_text())
    assert [f["source"] for f in entry["file"]] == ["ward.xlsx#Patients", "ward.xlsx#Lab results"]
    whole = import_table(path, "ward", tmp_path / "whole", decisions=tmp_path / "d.toml")
    assert whole.frame("lab_results").crp.tolist()[::2] == [5.0, 7.25]
    assert whole.frame("lab_results").crp_text.dropna().tolist() == ["<0.5"]


def test_one_sheet_alone_is_taken_when_the_decisions_name_it(tmp_path: Path) -> None:
    path = write_book(tmp_path / "ward.xlsx", Patients=PATIENTS, Labs=LABS)
    (tmp_path / "d.toml").write_text('[[file]]\nsource = "ward.xlsx#Labs"\n')
    assert len(import_table(path, "ward", tmp_path / "out", decisions=tmp_path / "d.toml").frame()) == 3
    (tmp_path / "d.toml").write_text('[[file]]\nsource = "ward.xlsx#Lab"\n')
    with pytest.raises(DataError, match='there is no sheet "Lab"'):
        import_table(path, "ward", tmp_path / "other", decisions=tmp_path / "d.toml")


def test_a_header_below_titles_of_a_sheet_is_proposed_and_used(tmp_path: Path) -> None:
    path = write_book(tmp_path / "p.xlsx", any=[["Ward report", None], [None, None], *PATIENTS])
    draft_decisions(path, tmp_path / "d.toml", 2026)
    assert tomllib.loads((tmp_path / "d.toml").read_text())["file"][0]["header_line"] == 3
    assert import_table(path, "p", tmp_path / "out", decisions=tmp_path / "d.toml").frame().id.tolist() == [1, 2]


STATA = pd.DataFrame(
    {
        "id": np.array([1, 2, 3], dtype="int32"),
        "sex": np.array([1, 2, 1], dtype="int8"),
        "crp": [0.1, np.nan, 3.5],
        "seen": pd.to_datetime(["2021-03-04", "2021-03-05", None]),
        "place": ["ירושלים", "b", ""],
    }
)


def test_stata_keeps_values_labels_and_the_words_of_codes(tmp_path: Path) -> None:
    path = tmp_path / "s.dta"
    STATA.to_stata(
        path,
        write_index=False,
        version=118,
        convert_dates={"seen": "td"},
        variable_labels={"crp": "C-reactive protein"},
        value_labels={"sex": {1: "female", 2: "male"}},
    )
    plain = import_table(path, "s", tmp_path / "plain")
    assert plain.frame().sex.tolist() == [1, 2, 1]
    assert plain.frame().crp.tolist()[::2] == [0.1, 3.5]
    assert plain.frame().seen.tolist()[:2] == [pd.Timestamp("2021-03-04"), pd.Timestamp("2021-03-05")]
    assert plain.frame().place.tolist()[:2] == ["ירושלים", "b"]
    assert plain.package.table.column("crp").definition_clinical == "C-reactive protein"
    draft_decisions(path, tmp_path / "d.toml", 2026)
    worded = import_table(path, "s", tmp_path / "worded", decisions=tmp_path / "d.toml")
    assert worded.frame().sex.tolist() == ["female", "male", "female"]


def test_a_sas_transport_file_keeps_values_labels_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "s.xpt"
    frame = pd.DataFrame({"ID": [1.0, 2.0], "CRP": [0.1, 250.25], "WARD": ["icu", "er"], "SEEN": [22343.0, 22344.0]})
    pyreadstat.write_xport(
        frame,
        str(path),
        column_labels=["", "C-reactive protein", "", ""],
        variable_format={"SEEN": "DATE9."},
        file_format_version=5,
    )
    dataset = import_table(path, "s", tmp_path / "out")
    assert dataset.frame().ID.tolist() == [1, 2]
    assert dataset.frame().CRP.tolist() == [0.1, 250.25]
    assert dataset.frame().WARD.tolist() == ["icu", "er"]
    assert dataset.frame().SEEN.tolist() == [pd.Timestamp("2021-03-04"), pd.Timestamp("2021-03-05")]
    assert dataset.package.table.column("CRP").definition_clinical == "C-reactive protein"


def test_parquet_of_every_plain_type_keeps_its_values(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "whole": pd.array([1, None, 3], dtype="Int64"),
            "real": [0.1, np.nan, 1e300],
            "single": np.array([0.1, 2, 3], dtype="float32"),
            "word": ["a", None, "b, c"],
            "kind": pd.Categorical(["x", "y", "x"]),
            "at": pd.to_datetime(["2021-03-04 10:11:12.345678", None, "2021-03-05"], format="ISO8601"),
            "day": [date(2021, 3, 4), None, date(1950, 1, 1)],
            "truth": [True, False, True],
        }
    )
    frame.to_parquet(tmp_path / "in.parquet", index=False)
    read = import_table(tmp_path / "in.parquet", "t", tmp_path / "out").frame()
    assert read.whole.tolist()[::2] == [1, 3]
    assert read.real.tolist()[::2] == [0.1, 1e300]
    assert read.single.tolist() == frame.single.astype("float64").tolist()
    assert read.word.fillna("").tolist() == ["a", "", "b, c"]
    assert read.kind.tolist() == ["x", "y", "x"]
    assert read["at"].tolist()[::2] == frame["at"].tolist()[::2]
    assert read.day.dropna().tolist() == [pd.Timestamp("2021-03-04"), pd.Timestamp("1950-01-01")]
    assert read.truth.tolist() == [True, False, True]


def test_any_float_reads_back_as_it_was() -> None:
    import pyarrow as pa

    values = [0.1 + 0.2, 1e-300, -5.0, 123456789.123, 2.0**60, 1e15, float("nan"), None]
    texts = as_text(pa.array(values, pa.float64())).to_pylist()
    assert [None if t is None else float(t) for t in texts] == [*values[:6], None, None]


def write_folder(folder: Path) -> Path:
    folder.mkdir()
    (folder / "Patients.csv").write_text("patient_id;born\n1;1950-02-03\n2;1961-04-05\n")
    pd.DataFrame({"patient_id": [1, 1, 2], "crp": [1.5, 2.5, 3.5]}).to_parquet(folder / "lab.parquet")
    (folder / "README.txt").write_text("about this export\n")
    (folder / "scan.pdf").write_text("%PDF")
    return folder


def test_a_folder_of_files_becomes_one_package(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "in")
    dataset = import_table(folder, "ward", tmp_path / "out")
    assert {t.name: len(dataset.frame(t.name)) for t in dataset.package.tables} == {"lab": 3, "patients": 2}
    draft_decisions(folder, tmp_path / "d.toml", 2026)
    text = (tmp_path / "d.toml").read_text()
    assert "# Not read: README.txt, scan.pdf" in text
    whole = import_table(folder, "ward", tmp_path / "whole", decisions=tmp_path / "d.toml")
    assert [t.person for t in whole.package.tables] == ["patient_id", "patient_id"]


def test_a_decision_says_of_which_table_it_speaks(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "in")
    (tmp_path / "d.toml").write_text('[[column]]\ncolumn = "crp"\nunit = "mg/L"\n')
    with pytest.raises(DataError, match='"crp": say of which table, such as table = "patients"'):
        import_table(folder, "ward", tmp_path / "out", decisions=tmp_path / "d.toml")
    (tmp_path / "d.toml").write_text('[[column]]\ntable = "lab"\ncolumn = "crp"\nunit = "mg/L"\nname = "crp_mg_l"\n')
    dataset = import_table(folder, "ward", tmp_path / "out", decisions=tmp_path / "d.toml")
    assert dataset.table("lab").column("crp_mg_l").unit == "mg/L"


def test_a_column_of_a_second_table_is_confirmed_by_its_whole_name(tmp_path: Path) -> None:
    import_table(write_folder(tmp_path / "in"), "ward", tmp_path / "out")
    dataset = confirm(tmp_path / "out" / "ward", "patients.patient_id", role="identifier")
    assert dataset.table("patients").column("patient_id").role == "identifier"
    assert dataset.frame("lab").crp.tolist() == [1.5, 2.5, 3.5]
    with pytest.raises(DataError, match='Table "patients" has no column "patient"'):
        confirm(tmp_path / "out" / "ward", "patients.patient", role="identifier")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1255"])
def test_a_sas_file_keeps_values_labels_dates_and_its_encoding(tmp_path: Path, encoding: str) -> None:
    variables = [
        Variable("ID"),
        Variable("CRP", label="C-reactive protein"),
        Variable("WARD", width=24),
        Variable("SEEN", format="DATE"),
        Variable("TAKEN", format="DATETIME"),
    ]
    rows = [(1, 0.1, "פנימית", 22343, 1930473000), (2, None, "", None, None), (3, 250.25, "icu", 22344, 1930473060)]
    path = write_sas7bdat(tmp_path / "s.sas7bdat", variables, rows, encoding)
    dataset = import_table(path, "s", tmp_path / "out")
    frame = dataset.frame()
    assert frame.ID.tolist() == [1, 2, 3]
    assert frame.CRP.tolist()[::2] == [0.1, 250.25]
    assert frame.CRP.isna().tolist() == [False, True, False]
    assert frame.WARD.tolist()[::2] == ["פנימית", "icu"]
    assert frame.SEEN.tolist()[::2] == [pd.Timestamp("2021-03-04"), pd.Timestamp("2021-03-05")]
    assert frame.TAKEN.tolist()[::2] == [pd.Timestamp("2021-03-04 10:30"), pd.Timestamp("2021-03-04 10:31")]
    assert dataset.package.table.column("CRP").definition_clinical == "C-reactive protein"
