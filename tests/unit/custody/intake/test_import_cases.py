"""Small tables that hospitals bring, and that were refused, changed or let through: each comes in with its values."""

# ruff: noqa: E501 - one line of a table for each kind

from __future__ import annotations

import gzip
import tomllib
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from tests.sas7bdat import Variable, write_sas7bdat

from rounds.custody.intake.draft.file import draft_decisions
from rounds.custody.intake.first_looks import find_first_looks
from rounds.custody.intake.import_table import import_asking, import_table
from rounds.custody.privacy.check import check_dataset
from rounds.custody.signs.finding import Severity
from rounds.data.dataset import Dataset


class Road:
    """A table, its draft, and what comes of the draft as it was written."""

    def __init__(self, folder: Path, content: str | bytes, name: str = "t.csv") -> None:
        self.path, self.toml = folder / name, folder / "d.toml"
        self.path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.found = draft_decisions(self.path, self.toml, 2026)

    @property
    def text(self) -> str:
        return self.toml.read_text(encoding="utf-8")

    @property
    def looks(self) -> str:
        return "\n".join(find_first_looks(self.found))

    def column(self, name: str) -> dict[str, object]:
        return next(c for c in tomllib.loads(self.text)["column"] if c["column"] == name)

    def apply(self, **changed: str) -> Dataset:
        for old, new in changed.items():
            assert old in self.text
            self.toml.write_text(self.text.replace(old, new), encoding="utf-8")
        return import_table(self.path, "t", self.toml.parent / "out", decisions=self.toml)

    def stops(self, column: str) -> set[str]:
        return {f.kind for f in check_dataset(self.apply(), 11).stops if f.where == f"t.{column}"}


def rows(header: str, cells: list[str]) -> str:
    return f"{header}\n" + "".join(f"{cell}\n" for cell in cells)


# ---- dates in every form


JANUARY = [datetime(2024, 1, day, 7, day) for day in range(1, 29)]


@pytest.mark.parametrize(
    ("cells", "dates", "first"),
    [
        ([f"{d.day:02d}-JAN-24" for d in JANUARY], "iso", "2024-01-01"),
        ([f"{d.day:02d}JAN2024:07:{d.day:02d}:00" for d in JANUARY], "iso", "2024-01-01 07:01"),
        (["01/2024"] * 20, "month", "2024-01-01"),
        (["2024-01", "2024-02", "2024-03"], "month", "2024-01-01"),
        (["01.2024", "12.2024", "11.2023"], "month", "2024-01-01"),
        ([f"{d:%Y%m%d %H:%M}" for d in JANUARY], "iso", "2024-01-01 07:01"),
        ([f"{d:%Y%m%d%H%M}" for d in JANUARY], "yyyymmdd", "2024-01-01 07:01"),
        ([f"{d:%Y%m%d%H%M%S}" for d in JANUARY], "yyyymmdd", "2024-01-01 07:01"),
        ([f"{d:%y%m%d}" for d in JANUARY], "yyyymmdd", "2024-01-01"),
        ([str(1_704_092_460 + 86_400 * n) for n in range(20)], "unix-s", "2024-01-01 07:01"),
        ([str(1_704_092_460_000 + 86_400_000 * n) for n in range(20)], "unix-ms", "2024-01-01 07:01"),
        # month words in the languages of hospitals
        ([f"{d.day} בינואר 2024" for d in JANUARY], "iso", "2024-01-01"),
        ([f"{d.day} يناير 2024" for d in JANUARY], "iso", "2024-01-01"),
        ([f"{d.day} كانون الثاني 2024" for d in JANUARY], "iso", "2024-01-01"),
        ([f"{d.day}. Januar 2024" for d in JANUARY], "iso", "2024-01-01"),
        ([f"{d.day}. Jänner 2024" for d in JANUARY], "iso", "2024-01-01"),
        ([f"{d.day} janvier 2024" for d in JANUARY], "iso", "2024-01-01"),
        ([f"{d.day} января 2024 г." for d in JANUARY], "iso", "2024-01-01"),
        ([f"{d.day} de enero de 2024" for d in JANUARY], "iso", "2024-01-01"),
        ([f"Monday, January {d.day}, 2024 7:0{d.day % 10} PM" for d in JANUARY], "iso", "2024-01-01 19:01"),
        # years to come, days that end at 24:00
        ([f"21{80 + d.day}-05-01 07:30:00" for d in JANUARY[:15]], "iso", "2181-05-01 07:30"),
        (["2024-01-01 24:00", "2024-12-31 24:00:00", "2024-05-05 03:00"], "iso", "2024-01-02"),
    ],
)
def test_every_form_of_a_date_is_read_under_a_neutral_name(
    tmp_path: Path, cells: list[str], dates: str, first: str
) -> None:
    road = Road(tmp_path, rows("x;sex", [f"{cell};f" for cell in cells]))
    assert road.column("x")["dates"] == dates
    assert road.apply().frame().x[0] == pd.Timestamp(first)
    assert "C" in road.stops("x") or set(cells) <= {"01/2024", "2024-01-01"}


def test_a_parquet_moment_of_the_future_stays_one_and_is_said(tmp_path: Path) -> None:
    pd.DataFrame({"at": pd.date_range("2180-03-01", periods=9)}).to_parquet(tmp_path / "t.parquet")
    road = Road(tmp_path, (tmp_path / "t.parquet").read_bytes(), "t.parquet")
    assert "9 lie after 2099, as in research data whose dates were moved" in road.text
    assert road.apply().frame()["at"][0] == pd.Timestamp("2180-03-01")


@pytest.mark.parametrize(
    "cells",
    [
        [f"{day}. tammikuuta" for day in range(1, 29)]
        + [f"{d}. {m}" for d, m in zip(range(9), "abcdefghi", strict=True)],
        [f"{7 + day % 12}:{day:02d}" for day in range(1, 29)],  # a clock
        [f"{day}/{1 + day % 5}" for day in range(1, 29)],  # a day without a year
        [f"{2000 + day % 20}-W{day:02d}" for day in range(1, 29)],  # a week
        [f"{day} Wochentag {m} 2024" for day, m in zip(range(1, 9), "qwertzui", strict=True)],
        [f"{day:02d}012024" for day in range(1, 29)],  # the day first, in digits alone
        [f"seen {day} May 2024" for day in range(1, 29)],
    ],
)
def test_what_looks_like_a_date_and_is_not_read_stops_the_check(tmp_path: Path, cells: list[str]) -> None:
    assert "C" in Road(tmp_path, rows("x;sex", [f"{cell};f" for cell in cells])).stops("x")


@pytest.mark.parametrize(
    "cells",
    [
        ["120/80", "130/70", "118/64"], ["8/9", "9/9", "9/10", "7/8"], ["1:40", "1:80", "1:160", "1:20"],
        ["5 mg", "10 mg", "20 mg"], ["0-4", "5-9", "10-14", "15-19"], ["39+4", "40+1", "28+0"], ["1-0-1", "1-1-1"],
        ["HLA-A*02:01", "HLA-B*07:02", "A*24:02", "B*15:01"], ["2019/2020", "2020/2021"], ["E11.9", "A41.9", "O24.4"],
        ["week 12", "week 24"], ["3.1.12.4", "2.0.7.1", "10.4.1.9"],
    ],
)  # fmt: skip
def test_ratios_doses_titers_and_codes_are_no_dates(tmp_path: Path, cells: list[str]) -> None:
    road = Road(tmp_path, rows("x;sex", [f"{cell};f" for cell in cells * 10]))
    assert "C" not in road.stops("x")


# ---- numbers


def test_a_thousand_with_a_point_beside_decimal_commas_is_asked(tmp_path: Path) -> None:
    cells = [f"{i};{210 + i}.250;{i % 7},5" for i in range(20)]
    road = Road(tmp_path, rows("nr;plt;crp", cells))
    assert road.column("plt")["decimal"] == "ask"
    assert '20 cells such as "1.234" can be thousands or decimals (see line 2)' in road.looks
    assert road.apply(**{'decimal = "ask"': 'decimal = ","'}).frame().plt[0] == 210_250


def test_three_decimals_without_a_decimal_comma_anywhere_are_decimals(tmp_path: Path) -> None:
    road = Road(tmp_path, rows("nr,ratio", [f"{i},1.{100 + i}" for i in range(9)]))
    assert road.apply().frame().ratio[0] == 1.1


def test_invisible_marks_other_digits_and_a_true_minus_are_read_and_said(tmp_path: Path) -> None:
    cells = ["\u200f10.5,\u200e2024-03-01,\u22121.5", "\u0661\u0661\u066b\u0665,\u0662\u0660\u0662\u0664-03-02,2.5"]
    road = Road(tmp_path, rows("a,b,c", cells))
    frame = road.apply().frame()
    assert frame.a.tolist() == [10.5, 11.5]
    assert frame.b.tolist() == [pd.Timestamp("2024-03-01"), pd.Timestamp("2024-03-02")]
    assert frame.c.tolist() == [-1.5, 2.5]
    assert "2 cells hold invisible marks, or signs of another script: read as plain numbers and signs" in road.text


@pytest.mark.parametrize("word", ["\\N", "(null)", "<NA>", "NaT", "[NULL]", "None"])
def test_what_a_database_writes_for_nothing_is_missing(tmp_path: Path, word: str) -> None:
    road = Road(tmp_path, rows("n,day,word", [f"{word},{word},{word}"] * 9 + ["3.5,2024-01-02,abc"]))
    frame = road.apply().frame()
    assert frame.n.notna().sum() == frame.day.notna().sum() == 1
    assert frame.word.isna().sum() == (0 if word == "None" else 9)  # a word of people is left to a person


def test_types_stay_where_cells_are_missing_and_lengths_of_time_have_their_unit(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "whole": pd.array([1, None, 3], dtype="Int64"),
            "truth": pd.array([True, None, False], dtype="boolean"),
            "span": pd.to_timedelta([0, 3600, 90], unit="s"),
            "exact": [__import__("decimal").Decimal("0.25"), None, __import__("decimal").Decimal("1E+3")],
        }
    )
    frame.to_parquet(tmp_path / "t.parquet")
    dataset = import_table(tmp_path / "t.parquet", "t", tmp_path / "out")
    types = {c.name: (c.type, c.unit) for c in dataset.package.table.columns}
    assert types == {
        "whole": ("integer", None), "truth": ("boolean", None), "span": ("integer", "s"), "exact": ("number", None),
    }  # fmt: skip
    assert dataset.frame().whole.isna().tolist() == [False, True, False]
    assert dataset.frame().truth.tolist() == [True, None, False]
    assert dataset.frame().span.tolist() == [0, 3600, 90]
    assert dataset.frame().exact.tolist()[::2] == [0.25, 1000.0]
    assert "Lengths of time: written in seconds." in dataset.package.table.column("span").note


# ---- rows and columns


def test_a_quotation_mark_inside_a_cell_is_read_as_a_letter_where_the_file_fits_only_so(tmp_path: Path) -> None:
    road = Road(tmp_path, 'id\tname\n1\t"Hot" abdomen\n2\tplain\n')
    assert 'quoting = "none"' in road.text
    assert road.apply().frame().name.tolist() == ['"Hot" abdomen', "plain"]


@pytest.mark.parametrize(
    ("content", "names", "said"),
    [
        (",id,hb\n7,1,5\n9,2,6\n", ["column_1", "id", "hb"], 'column 1 has no name in the header: it is called "column_1"'),
        ("id;hb;\n1;5;\n2;6;\n", ["id", "hb"], '"column_3" has neither a name nor a cell: the column is left out'),
        ("id,ok,a,ok\n1,y,5,n\n2,n,6,n\n", ["id", "ok", "a", "ok_2"], '"ok" stands in the header twice: column 4 is called'),
        ("Age,sex,age\n1,f,3\n2,m,4\n", ["Age", "sex", "age_2"], '"age" stands in the header twice: column 3 is called'),
        ("country,2019,2020\nIL,3,4\nDE,5,6\n", ["country", "2019", "2020"], ""),  # years are names
    ],
)  # fmt: skip
def test_a_header_gets_names_that_fit_and_says_so(tmp_path: Path, content: str, names: list[str], said: str) -> None:
    road = Road(tmp_path, content)
    assert list(road.apply().frame().columns) == names
    assert said in road.looks
    _, questions = import_asking(road.path, "t", tmp_path / "direct")
    assert said in "\n".join(q.what for q in questions if not q.column)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id;hb\n1;5\n2;6\n;\n;\n", "2 lines hold no cell at all, the first is line 4: left out"),
        ("id;hb\n1;5\n\n2;6\n\n", "2 lines hold no cell at all, the first is line 3: left out"),
    ],
)
def test_lines_of_nothing_are_left_out_and_counted(tmp_path: Path, content: str, said: str) -> None:
    road = Road(tmp_path, content)
    assert said in road.looks
    assert road.apply().frame().id.tolist() == [1, 2]


def test_a_row_without_a_cell_inside_a_table_stays_a_row(tmp_path: Path) -> None:
    assert len(Road(tmp_path, "id;hb\n1;5\n;\n2;6\n").apply().frame()) == 3


def test_the_header_again_and_a_row_of_units_are_named_and_left_out_of_a_draft(tmp_path: Path) -> None:
    road = Road(tmp_path, "id,crp,alb\n-,mg/L,g/dL\n1,5,4\n2,6,3\nid,crp,alb\n3,7,4\n4,8,3\n")
    assert "line 2 seems to be a row of units, and no row of the table: it holds units and no values" in road.looks
    assert "line 5 seems to be the header again, and no row of the table" in road.looks
    assert road.apply().frame().crp.tolist() == [5, 6, 7, 8]


@pytest.mark.parametrize(
    "content",
    [
        rows("id,at", [f"{i},2024-01-{i:02d} {i % 25:02d}:00" for i in range(1, 29)]),  # 24:00
        rows("id,crp,crp_text", ["1,<5,a", "2,3,b", "3,4,c", "4,5,d"]),  # the column beside exists
        rows("id,at", ["1,2024-02-28", "2,2024-02-31", "3,2024-03-01"]),  # no day of the calendar
        rows("id,dx,dx_system", ["1,I50.9,a", "2,428.0,b", "3,E11.9,c", "4,250.01,d"]),  # the column of systems exists
        rows("id,n", ["1,12345678901234567", "2,3", "3,4", "4,5.5"]),  # a number that a float would change
    ],
)
def test_a_draft_as_written_imports(tmp_path: Path, content: str) -> None:
    dataset = Road(tmp_path, content).apply()
    assert len(dataset.frame()) == content.count("\n") - 1
    assert len(dataset.frame().columns) == len({name.casefold() for name in dataset.frame().columns})


def test_a_table_with_a_header_alone_comes_in_empty_beside_others(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "person.csv").write_text("person_id,sex\n5,f\n9,m\n")
    (folder / "death.csv").write_text("person_id,death_date\n")
    draft_decisions(folder, tmp_path / "d.toml", 2026)
    dataset = import_table(folder, "t", tmp_path / "out", decisions=tmp_path / "d.toml")
    assert dataset.rows("death") == 0
    assert dataset.rows("person") == 2


# ---- kinds of file


def test_cells_of_a_sheet_are_counted_and_not_believed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [["id", "hb", "sex"], *([n, n / 2, "f"] for n in range(30))]:
        book.active.append(row)
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as old, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as new:
        for item in old.namelist():
            content = old.read(item)
            new.writestr(item, content.replace(b'<dimension ref="A1:C31"', b'<dimension ref="A1:B9"'))
    assert import_table(tmp_path / "t.xlsx", "t", tmp_path / "out").frame().shape == (30, 3)


def test_hours_beyond_a_day_stay_what_the_cell_shows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [["id", "stay"], *([n, timedelta(hours=25 + n, minutes=30)] for n in range(3))]:
        book.active.append(row)
    for cell in book.active["B"][1:]:
        cell.number_format = "[h]:mm"
    book.save(tmp_path / "t.xlsx")
    assert import_table(tmp_path / "t.xlsx", "t", tmp_path / "out").frame().stay[0] == "25:30:00"


def test_a_packed_text_is_read_as_the_one_inside(tmp_path: Path) -> None:
    road = Road(tmp_path, gzip.compress(b"id;hb\n1;0,5\n2;1,5\n"), "lab.csv.gz")
    assert road.apply().frame().hb.tolist() == [0.5, 1.5]
    assert road.found[0].source.reading.table == "lab"


def test_an_spss_file_keeps_labels_words_dates_and_says_what_it_calls_missing(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "sex": [1.0, 2, 1],
            "seen": [pd.Timestamp("2021-03-04"), pd.NaT, pd.Timestamp("2021-03-05 07:30")],
            "n": [9, 1, 2],
        }
    )
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "t.sav"),
        column_labels={"n": "visits"},
        variable_value_labels={"sex": {1: "female", 2: "male"}},
        missing_ranges={"n": [9]},
    )
    road = Road(tmp_path, (tmp_path / "t.sav").read_bytes(), "t.sav")
    dataset = road.apply()
    assert dataset.frame().sex.tolist() == ["female", "male", "female"]
    assert dataset.frame().seen.tolist()[::2] == [pd.Timestamp("2021-03-04"), pd.Timestamp("2021-03-05 07:30")]
    assert dataset.package.table.column("n").definition_clinical == "visits"
    assert "the file calls 9 missing" in road.text


def test_dates_out_of_range_stay_numbers_and_are_kept_beside(tmp_path: Path) -> None:
    frame = pd.DataFrame({"ID": [1.0, 2.0, 3.0], "SEEN": [22343.0, 22344.0, -1e15]})
    pyreadstat.write_xport(frame, str(tmp_path / "t.xpt"), variable_format={"SEEN": "DATE9."}, file_format_version=5)
    dataset = Road(tmp_path, (tmp_path / "t.xpt").read_bytes(), "t.xpt").apply()
    assert dataset.frame().SEEN[0] == pd.Timestamp("2021-03-04")
    assert dataset.frame().SEEN_text[2] == "-1000000000000000"


def test_special_missing_values_are_counted_by_their_letter(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1.0, "a", "b", "a"], "y": ["p", "q", "r", "s"]})
    pyreadstat.write_dta(frame, str(tmp_path / "t.dta"), missing_user_values={"x": ["a", "b"]})
    column = import_table(tmp_path / "t.dta", "t", tmp_path / "out").package.table.column("x")
    assert "3 cells have a special missing value (.a 2, .b 1): missing here, without its reason." in column.note


def test_special_missing_values_of_sas_are_told_by_their_bits(tmp_path: Path) -> None:
    from rounds.custody.intake.sources.sas import find_letters

    bits = [0x7FF8000000000000, 0xFFFFFE0000000000, 0xFFFFFD0000000000, 0xFFFFE40000000000, 0xFFFFBE0000000000]
    assert find_letters(np.array(bits, dtype="uint64").view("float64")) == ["a", "z", "a"]
    path = write_sas7bdat(tmp_path / "t.sas7bdat", [Variable("ID")], [(1,), (None,)], "utf-8")
    assert "special" not in import_table(path, "t", tmp_path / "out").package.table.column("ID").note


# ---- people


@pytest.mark.parametrize(
    "header",
    ["FIRST", "LAST", "MAIDEN", "SURNAME", "GIVEN", "Vorname", "Nachname", "Prénom", "Nom de famille", "Apellidos",
     "Nombre", "Фамилия", "Имя", "الاسم", "اسم العائلة", "שם פרטי", "שם משפחה"],
)  # fmt: skip
def test_a_column_of_names_is_known_by_its_header_in_any_language(tmp_path: Path, header: str) -> None:
    road = Road(tmp_path, rows(f"pid;{header}", [f"{i};q{i % 3}" for i in range(20)]))
    assert "A" in road.stops(header)


def test_names_are_known_by_their_content_digits_or_not(tmp_path: Path) -> None:
    names = ["Ivan", "Pedro", "Maria", "Anna", "Daniel", "Laura", "Liam", "Yael"]
    road = Road(tmp_path, rows("pid;x", [f"{i};{names[i % 8]}{300 + i}" for i in range(40)]))
    assert "A" in road.stops("x")


def test_object_identifiers_and_versions_are_no_addresses(tmp_path: Path) -> None:
    cells = [f"1.2.840.10008.5.1.4.1.1.{i % 9},{i % 4}.{i % 3}.1.{i % 5}" for i in range(40)]
    road = Road(tmp_path, rows("sop,version", cells))
    findings = [f for f in check_dataset(road.apply(), 11).findings if f.where in ("t.sop", "t.version")]
    assert [(f.kind, f.severity, "versions of a program" in f.what) for f in findings] == [("O", Severity.LOOK, True)]


def test_random_codes_are_no_israeli_numbers_and_padding_makes_no_sentence(tmp_path: Path) -> None:
    from uuid import UUID

    cells = [f"{UUID(int=i * 7**40 % 2**128)},{town}{' ' * 60}" for i, town in enumerate(["Haifa", "Akko"] * 20, 1)]
    road = Road(tmp_path, rows("code,town", cells))
    assert "G" not in road.stops("code")
    assert "text" not in road.stops("town")


@pytest.mark.parametrize("name", ["age at infection", "patient_age_years_at_infection", "alter bei Aufnahme"])
def test_ages_over_89_are_found_whatever_follows_the_word(tmp_path: Path, name: str) -> None:
    road = Road(tmp_path, rows(f"pid,{name}", [f"{i},{60 + i}" for i in range(40)]))
    assert "C" in road.stops(name)


def test_a_german_birth_in_words_is_a_birth(tmp_path: Path) -> None:
    road = Road(tmp_path, rows("geburtsdatum;crp", [f"{i}. Januar 1950;5" for i in range(1, 20)]))
    assert tomllib.loads(road.text)["table"]["kind"] == "restricted"
    assert road.column("geburtsdatum")["role"] == "quasi-identifier"
