"""Bad input: each kind gets one clear sentence with the file, the place and what to do, and nothing is imported."""

# ruff: noqa: E501 - one line of a table for each kind

from __future__ import annotations

import gzip
import io
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from rounds.custody.intake.draft.file import draft_decisions
from rounds.custody.intake.import_table import import_table
from rounds.errors import DataError

DRAFT = "--draft decisions.toml"
NOBODY = 65534
PLAIN = "id,dob,crp\n1,2020-01-31,5\n2,2020-02-01,6\n"


def book(*sheets: list[list[object]], merge: str = "") -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = workbook.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
        if merge:
            sheet.merge_cells(merge)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", PLAIN)
    return file.getvalue()


def parquet(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_parquet(file, index=False)
    return file.getvalue()


def stata() -> bytes:
    file = io.BytesIO()
    pd.DataFrame({"a": range(50)}).to_stata(file, write_index=False)
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
LOCKED = OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
GOOD_BOOK = book([["a", "b"], [1, 2]])

FILES: list[tuple[str, str, bytes, str]] = [
    # what, the file's name, its bytes, what is said
    ("no byte", "t.csv", b"", "t.csv: the file is empty. Export the table again"),
    ("only line ends", "t.csv", b"\n \n\n", "t.csv: the file is empty"),
    ("only a header", "t.csv", b"a,b\n", "t.csv, line 1: there is a header and no row under it"),
    ("no header", "t.csv", b"1,2\n3,4\n", "line 1: there is no header, the first line holds numbers. Write the names"),
    ("years alone as names", "t.csv", b"2019,2020\n3,4\n", "line 1: there is no header"),
    ("only zero bytes", "t.csv", b"\0\0\0", "line 1: a zero byte"),
    ("a title with a comma", "t.csv", b"Lab, 2024\na,b,c\n1,2,3\n4,5,6\n", "seem to stand in line 2"),
    ("one odd letter", "t.csv", "Gr\xf6\xdfe,b\n1,2\n".encode("cp1252"), "line 1: byte 0xf6 is not UTF-8. This may be windows-1252"),
    ("a short row", "t.csv", b"a,b\n1,2\n3\n", "line 3: 1 cells, but the header has 2. Write the missing cells"),
    ("a long row", "t.csv", b"a;b\n1;2\n3;4;5\n", "line 3: 3 cells, but the header has 2. Put a cell that holds a semicolon"),
    ("an open quote", "t.csv", b'a,b\n1,"x\n', "line 2: unexpected end of data. A quote was opened and never closed"),
    ("a stray quote", "t.csv", b'a,b\n1,"x"y\n', 'line 2: .* A quote inside a cell is written twice. .*quoting = "none"'),
    ("a name that nobody knows", "t.xyz", b"x", '".xyz" cannot be imported. Save it as one of: .csv, .tsv'),
    ("lines of JSON", "t.ndjson", b'{"a": 1}\n', r'".ndjson" cannot be imported. In Python: pandas.read_json\(.*t.ndjson, lines=True\).to_parquet'),
    ("R", "t.rds", b"x", r"In R: write.csv\(readRDS"),
    ("a packed workbook", "t.xlsx.gz", gzip.compress(b"x"), "only text is read packed with gzip. Unpack it"),
    ("a packed table cut off", "t.csv.gz", gzip.compress(PLAIN.encode())[:-9], "no whole gzip archive. Pack it again"),
    ("no SPSS file", "t.sav", b"x" * 2000, "not a SPSS file that can be read; it may be cut off"),
    ("a formula without a value", "t.xlsx", book([["a", "b"], [1, "=A2*2"]]), 'sheet "Sheet1", cell B2: 1 formula has no value in the file. Open it in Excel, save it'),
    ("a huge cell", "t.csv", b'a,b\n1,"' + b"x" * 200_000 + b'"\n', "line 2: a cell has more than 131,072 characters"),
    ("a zero byte", "t.csv", b"a,b\n1,\x00\n", "line 2: a zero byte. Save the file as CSV in UTF-8"),
    ("title rows", "t.csv", b"Report of 2024\n\na,b,c\n1,2,3\n4,5,6\n", f"seem to stand in line 3.*{DRAFT}"),
    ("another encoding", "t.csv", "a,b\n1,Müller\n2,Schäfer\n".encode("cp1252"), "line 2: byte 0xfc is not UTF-8. This may be"),
    ("Hebrew of Windows", "t.csv", "a,b\n1,כירורגית\n2,פנימית\n".encode("cp1255"), f"may be windows-1255.*{DRAFT}"),
    ("UTF-16 without a mark", "t.csv", "a,b\n1,2\n".encode("utf-16-le"), f"zero byte. This may be utf-16-le.*{DRAFT}"),
    ("an impossible date", "t.csv", b"id,dob\n1,2021-02-28\n2,2021-02-31\n", '"dob": 1 cell is not a date of the calendar.*line 3'),
    ("gzip as CSV", "t.csv", gzip.compress(PLAIN.encode()), "a gzip archive. Unpack it"),
    ("zip as CSV", "t.csv", zipped(), "a zip archive or an Excel workbook. Unpack it"),
    ("a workbook as CSV", "t.csv", GOOD_BOOK, "give it the suffix .xlsx"),
    ("Parquet as CSV", "t.csv", parquet(pd.DataFrame({"a": [1]})), "a Parquet file. Give it the suffix .parquet"),
    ("a PDF as CSV", "t.csv", b"%PDF-1.7\n", "a PDF. Ask for the table itself"),
    ("a web page as CSV", "t.csv", b"<html><table></table>", "a web page or XML. Open it in Excel"),
    ("an unknown suffix", "t.docx", b"x", '".docx" cannot be imported. Copy its table into Excel'),
    ("old Excel", "t.xls", OLE, "the old Excel format .* save it as .xlsx"),
    ("old Excel as xlsx", "t.xlsx", OLE, "the old Excel format"),
    ("a password", "t.xlsx", LOCKED, "locked with a password. Open it in Excel, take the password away"),
    ("no workbook", "t.xlsx", b"a,b\n1,2\n", "this is no Excel workbook"),
    ("a workbook cut off", "t.xlsx", GOOD_BOOK[: len(GOOD_BOOK) // 2], "cannot be read; it may be cut off"),
    ("an empty workbook", "t.xlsx", book([]), "no sheet of this workbook holds a cell"),
    ("merged header cells", "t.xlsx", book([["a", "b", "c"], [1, 2, 3]], merge="A1:B1"), r"sheet \"Sheet1\", row 1: .*merged cells \(A1:B1\)"),
    ("merged cells below", "t.xlsx", book([["a", "b"], [1, 2], [3, 4]], merge="A2:A3"), r"the table has merged cells \(A2:A3\)"),
    ("title rows in a sheet", "t.xlsx", book([["Our report"], [], ["a", "b", "c"], [1, 2, 3]]), "seem to stand in row 3"),
    ("a cell beside the table", "t.xlsx", book([["a", "b"], [1, 2], [3, 4, None, "x"]]), "row 3: a cell stands outside the 2 columns"),
    ("an error of a formula", "t.xlsx", book([["a", "b"], [1, "#DIV/0!"]]), "row 2: a formula gives the error #DIV/0!"),
    ("Parquet cut off", "t.parquet", parquet(pd.DataFrame({"a": range(999)}))[:-40], "not a Parquet file that can be read; it may be cut off"),
    ("Parquet of lists", "t.parquet", parquet(pd.DataFrame({"a": [[1], [2]]})), 'the column "a" holds list<.*, not one value a cell'),
    ("Stata cut off", "t.dta", stata()[:300], "not a Stata file that can be read"),
    ("no SAS file", "t.sas7bdat", b"x" * 2000, "not a SAS file that can be read"),
    ("no transport file", "t.xpt", b"x" * 2000, "not a SAS file that can be read"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "says"), [f[1:] for f in FILES], ids=[f[0] for f in FILES])
def test_a_bad_file_gets_one_sentence_and_leaves_nothing(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=says) as caught:
        import_table(path, "t", tmp_path / "out")
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == [name]


def test_a_file_that_may_not_be_read() -> None:
    """Root may read everything: there, the effective account is another one for this moment."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_text(PLAIN)
        assert import_table(path, "t", Path(folder) / "out").name == "t"
        path.chmod(0o000)
        Path(folder).chmod(0o777)
        own = os.geteuid()
        if own == 0:
            os.seteuid(NOBODY)
        try:
            with pytest.raises(DataError, match="you may not read this file"):
                import_table(path, "t", Path(folder) / "again")
        finally:
            os.seteuid(own)


def test_a_missing_permission_is_said_whoever_runs_this(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.csv"
    path.write_text(PLAIN)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match="you may not read this file"):
        import_table(path, "t", tmp_path / "out")


MIXED = "id,crp,lab,dob,note,seen\n" + "".join(
    f'{i},"{i},5",{i}.5,0{i}/0{i}/2020,x,{i}.1.20\n' for i in range(1, 9)
) + '9,9.5,hemolysed,09/09/2020,x,9.1.20\n'  # fmt: skip

DECISIONS: list[tuple[str, str, str]] = [
    # what, the decisions about MIXED, what is said
    ("an unknown column", '[[column]]\ncolumn = "crpp"', 'no column "crpp". Did you mean "crp"'),
    ("an unknown key", '[[column]]\ncolumn = "crp"\nunti = "mg/L"', '"unti" is not known. Did you mean "unit"'),
    ("an unknown choice", '[[column]]\ncolumn = "dob"\ndates = "day_first"', 'dates = "day_first" is not known. Did you mean "day-first"'),
    ("an unknown type", '[[column]]\ncolumn = "crp"\ntype = "float"', 'type = "float" is not known'),
    ("an unknown file", '[[file]]\nsource = "lab.csv"', 'there is no "lab.csv" in it. '),
    ("an unknown table", '[[column]]\ntable = "lab"\ncolumn = "crp"', 'there is no table "lab"'),
    ("an unknown encoding", '[[file]]\nsource = "t.csv"\nencoding = "windows-1259"', '"windows-1259" is not known. Did you mean "windows-125'),
    ("an encoding that does not fit", '[[file]]\nsource = "t.csv"\nencoding = "utf-16"', "line 1: byte 0x69 does not exist in utf-16"),
    ("an unknown person", '[[file]]\nsource = "t.csv"\nperson = "pid"', 'person = "pid" is no column'),
    ("mixed decimal marks, unanswered", '[[column]]\ncolumn = "crp"\ntype = "number"\ndecimal = "ask"', 'decimal point and 8 a decimal comma .*Write decimal = "." or ","'),
    ("ambiguous dates, unanswered", '[[column]]\ncolumn = "dob"\ntype = "datetime"\ndates = "ask"', 'Write dates = "day-first" or "month-first"'),
    ("numbers that would be lost", '[[column]]\ncolumn = "crp"\ntype = "number"\ndecimal = "."', 'nothing was imported. "crp": 8 cells are not a number, the first at .*t.csv, line 2'),
    ("texts that would be lost", '[[column]]\ncolumn = "lab"\ntype = "number"', '"lab": 1 cell is not a number, the first at .*line 10. .* beside = "lab_text"'),
    ("parts of a whole that would be lost", '[[column]]\ncolumn = "lab"\ntype = "integer"\nmissing = ["hemolysed"]', '"lab": 8 cells are not a whole number'),
    ("two-digit years without a last year", '[[column]]\ncolumn = "seen"\ntype = "datetime"\ndates = "day-first"', '"seen": 9 cells are not a date written day-first'),
    ("two columns of one name", '[[column]]\ncolumn = "lab"\nname = "crp"', '"lab" cannot be called "crp": that column exists'),
    ("a column beside that exists", '[[column]]\ncolumn = "lab"\ntype = "number"\nbeside = "note"', '"lab" cannot be called "note": that column exists'),
    ("a value without a new word", '[[column]]\ncolumn = "note"\nvalues = { y = "yes" }', 'names no new value for "x"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), [d[1:] for d in DECISIONS], ids=[d[0] for d in DECISIONS])
def test_a_bad_decision_is_refused_with_the_count_and_imports_nothing(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "t.csv").write_text(MIXED)
    (tmp_path / "d.toml").write_text(text)
    with pytest.raises(DataError, match=says):
        import_table(tmp_path / "t.csv", "t", tmp_path / "out", decisions=tmp_path / "d.toml")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["d.toml", "t.csv"]


def two_of_a_name(folder: Path) -> None:
    (folder / "lab.csv").write_text(PLAIN)
    pd.DataFrame({"a": [1]}).to_parquet(folder / "Lab.parquet")


def one_is_broken(folder: Path) -> None:
    (folder / "a.csv").write_text(PLAIN)
    (folder / "b.csv").write_text("x,y\n1,2\n3\n")


def omop_with(column: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "PERSON.csv").write_text(f"person_id,gender_concept_id,year_of_birth,{column}\n1,8507,1950,x\n")
        (folder / "DEATH.csv").write_text("person_id,death_date\n1,2020-01-01\n")

    return write


FOLDERS: list[tuple[str, Callable[[Path], None], str]] = [
    ("no table", lambda folder: (folder / "a.docx").write_text("x"), "no file in this folder is a table"),  # type: ignore[list-item, return-value]
    ("two tables of a name", two_of_a_name, '"Lab.parquet" and "lab.csv" would both be the table "lab". Rename one'),
    ("one broken table", one_is_broken, "b.csv, line 3: 1 cells, but the header has 2"),
    ("an unknown OMOP column", omop_with("gendr_source_value"), 'the column "gendr_source_value" is not in the OMOP CDM 5.4. Did you mean "gender_source_value"'),
]  # fmt: skip


@pytest.mark.parametrize(("write", "says"), [f[1:] for f in FOLDERS], ids=[f[0] for f in FOLDERS])
def test_a_bad_folder_is_refused_whole(tmp_path: Path, write: Callable[[Path], None], says: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder)
    with pytest.raises(DataError, match=says):
        import_table(folder, "t", tmp_path / "out")
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize(
    "name", ["only zero bytes", "a huge cell", "years alone as names", "old Excel", "Parquet cut off"]
)
def test_a_draft_refuses_what_an_import_refuses_and_writes_nothing(tmp_path: Path, name: str) -> None:
    file, content, says = next(f[1:] for f in FILES if f[0] == name)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(DataError, match=says):
        draft_decisions(tmp_path / file, tmp_path / "d.toml", 2026)
    assert [p.name for p in tmp_path.iterdir()] == [file]


def test_an_empty_column_and_mixed_types_are_kept_and_said(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,c\n1,,x\n2,,7\n3,,y\n")
    table = import_table(tmp_path / "t.csv", "t", tmp_path / "out")
    assert table.frame().c.tolist() == ["x", "7", "y"]
    assert table.package.table.column("b").note == "Missing in 3 of 3 rows."
    draft_decisions(tmp_path / "t.csv", tmp_path / "d.toml", 2026)
    said = (tmp_path / "d.toml").read_text()
    assert "# no cell is filled" in said
    assert "# 1 number among texts: kept as text" in said


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    from rounds.custody.intake.sources.open import open_sources

    path = tmp_path / "t.csv"
    path.write_text(PLAIN)
    batches = open_sources(path)[0].batches()
    with path.open("a") as file:
        file.write("3,2020-02-02,7\n")
    os.utime(path, (1, 1))
    next(batches)
    os.utime(path, (2, 2))
    with pytest.raises(DataError, match="the file changed while it was read"):
        list(batches)


def test_the_line_is_right_after_cells_that_hold_line_breaks(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b'title\n\na,b,c\n1,"x\ny\r\nz",3\n2,"u",4\n3,v\n')
    (tmp_path / "d.toml").write_text('[[file]]\nsource = "t.csv"\nheader_line = 3\n')
    with pytest.raises(DataError, match="line 8: 2 cells, but the header has 3"):
        import_table(tmp_path / "t.csv", "t", tmp_path / "out", decisions=tmp_path / "d.toml")
