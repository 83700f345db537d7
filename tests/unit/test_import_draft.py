"""The draft of decisions: what is guessed, with which evidence, and that an edited draft is what happens."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rounds.custody.intake.draft.file import draft_decisions
from rounds.custody.intake.import_table import import_asking, import_table
from rounds.custody.intake.proposals.codes import icd_system, is_atc, is_loinc
from rounds.data.dataset import Dataset
from rounds.data.units import unit_in_name
from rounds.errors import DataError


class Draft:
    """A file, its draft, and what comes of it."""

    def __init__(self, folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> None:
        self.folder, self.path, self.toml = folder, folder / name, folder / "d.toml"
        self.path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        draft_decisions(self.path, self.toml, 2026)

    @property
    def text(self) -> str:
        return self.toml.read_text(encoding="utf-8")

    @property
    def entry(self) -> dict[str, Any]:
        return tomllib.loads(self.text)

    def column(self, name: str) -> dict[str, Any]:
        return next(c for c in self.entry["column"] if c["column"] == name)

    def apply(self, **changed: str) -> Dataset:
        text = self.text
        for old, new in changed.items():
            assert old in text
            text = text.replace(old, new)
        self.toml.write_text(text, encoding="utf-8")
        return import_table(self.path, "t", self.folder / "out", decisions=self.toml)


def column_of(cells: list[str], name: str = "x") -> str:
    return f"{name};other\n" + "".join(f"{cell};a\n" for cell in cells)


# ---- encodings


HEBREW = "מזהה,מחלקה,מין\n1,פנימית,זכר\n2,כירורגית,נקבה\n3,פנימית,נקבה\n4,יולדות,נקבה\n5,כירורגית,זכר\n"
RUSSIAN = "номер,отделение,пол\n1,терапия,муж\n2,хирургия,жен\n3,терапия,жен\n4,терапия,жен\n"
GREEK = "αριθμός,τμήμα,φύλο\n1,παθολογική,άνδρας\n2,χειρουργική,γυναίκα\n3,παθολογική,γυναίκα\n4,παθολογική,γυναίκα\n"
GERMAN = "Nr,Station,Größe\n1,Gynäkologie,groß\n2,Chirurgie für Kinder,groß\n3,Gynäkologie,groß\n4,Gynäkologie,groß\n"


@pytest.mark.parametrize(
    ("text", "encoding", "named", "word"),
    [
        (HEBREW, "cp1255", "windows-1255", "מחלקה"),
        (HEBREW, "iso8859_8", "windows-1255", "מחלקה"),  # the same letters at the same places
        (RUSSIAN, "cp1251", "windows-1251", "отделение"),
        (RUSSIAN, "cp866", "cp866", "отделение"),
        (GREEK, "cp1253", "windows-1253", "τμήμα"),
        (GERMAN, "cp1252", "windows-1252", "Größe"),
        (HEBREW, "utf-16", "utf-16", ""),
        (HEBREW, "utf-8-sig", "utf-8-sig", ""),
    ],
)
def test_an_encoding_is_named_with_words_and_read_as_the_draft_says(
    tmp_path: Path, text: str, encoding: str, named: str, word: str
) -> None:
    draft = Draft(tmp_path, "t.csv", text, encoding)
    assert draft.entry["file"][0]["encoding"] == named
    assert word in next((line for line in draft.text.splitlines() if "words read so" in line), "")
    frame = draft.apply().frame()
    assert list(frame.columns) == text.splitlines()[0].split(",")
    assert frame.iloc[0].astype(str).tolist() == text.splitlines()[1].split(",")


def test_another_encoding_may_be_written_into_the_draft(tmp_path: Path) -> None:
    draft = Draft(tmp_path, "t.csv", GERMAN, "cp1252")
    frame = draft.apply(**{'encoding = "windows-1252"': 'encoding = "windows-1250"'}).frame()
    assert frame["Größe"].tolist() == ["groß"] * 4


# ---- separators, marks, numbers


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_separator_is_found(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"a{mark}b{mark}c\n1{mark}x y{mark}2.5\n2{mark}z{mark}3\n")
    frame = import_table(path, "t", tmp_path / "out").frame()
    assert frame.to_dict("list") == {"a": [1, 2], "b": ["x y", "z"], "c": [2.5, 3.0]}


def test_a_header_below_titles_is_proposed_and_used(tmp_path: Path) -> None:
    draft = Draft(tmp_path, "t.csv", "Laboratory 2024\n\nid,crp\n1,5\n2,6\n")
    assert draft.entry["file"][0]["header_line"] == 3
    assert draft.apply().frame().crp.tolist() == [5, 6]


@pytest.mark.parametrize(
    ("cells", "values", "keys"),
    [
        (["0,5", "12,25", "3"], [0.5, 12.25, 3.0], {"decimal": ","}),
        (["1.234,5", "12.345.678,25", "3"], [1234.5, 12345678.25, 3.0], {"decimal": ",", "thousands": "."}),
        (["1,234.5", "12,345,678.25", "3"], [1234.5, 12345678.25, 3.0], {"decimal": ".", "thousands": ","}),
        (["1 234", "12 345 678", "3"], [1234, 12345678, 3], {"decimal": ".", "thousands": " "}),
        (["1 234,5", "1\u00a0234,25", "3"], [1234.5, 1234.25, 3], {"decimal": ",", "thousands": " "}),
        (["1e3", "-.5", "+7."], [1000.0, -0.5, 7.0], {"decimal": "."}),
        (["5", "NA", "haemolysed", "7", "8"], [5, None, None, 7, 8], {"missing": ["NA", "haemolysed"]}),
    ],
)  # fmt: skip
def test_numbers_are_read_with_their_marks(
    tmp_path: Path, cells: list[str], values: list[float | None], keys: dict[str, Any]
) -> None:
    draft = Draft(tmp_path, "t.csv", column_of(cells))
    column = draft.column("x")
    assert {key: column.get(key) for key in keys} == keys
    assert draft.apply().frame().x.astype(object).where(lambda s: s.notna(), None).tolist() == values


def test_mixed_decimal_marks_are_asked_and_not_guessed(tmp_path: Path) -> None:
    draft = Draft(tmp_path, "t.csv", column_of(["0,5", "1.5", "2.5"]))
    assert draft.column("x")["decimal"] == "ask"
    assert "2 cells have a decimal point and 1 a decimal comma" in draft.text
    with pytest.raises(DataError, match="Write decimal = "):
        draft.apply()


def test_a_comma_before_three_digits_is_asked(tmp_path: Path) -> None:
    draft = Draft(tmp_path, "t.csv", column_of(["1,234", "5,678"]))
    assert draft.column("x")["decimal"] == "ask"
    assert draft.apply(**{'decimal = "ask"': 'decimal = ","'}).frame().x.tolist() == [1.234, 5.678]


def test_limits_and_words_stay_as_text_beside_the_numbers(tmp_path: Path) -> None:
    draft = Draft(tmp_path, "t.csv", column_of(["0,5", "<0,1", "> 90", "positive", "7", "8", "9", "NA", ""]))
    frame = draft.apply().frame()
    assert frame.x.isna().tolist() == [False, True, True, True, False, False, False, True, True]
    assert frame.x_text.dropna().tolist() == ["<0,1", "> 90", "positive"]
    known = {'timeline = ["start", "later"]': 'timeline = ["morning", "later"]',
             'column = "x"': 'column = "x"\navailable = "morning"'}  # fmt: skip
    assert draft.apply(**known).package.table.column("x_text").available == "morning"
    assert "limits such as <0.1: 2, other texts: 1 (first in line 3)" in draft.text


def test_sentinels_are_proposed_and_taken_out_of_the_draft_by_hand(tmp_path: Path) -> None:
    cells = [str(i % 40 / 10) for i in range(100)] + ["-1"] * 4 + ["999"] * 5
    draft = Draft(tmp_path, "t.csv", column_of(cells))
    assert draft.column("x")["missing"] == ["-1", "999"]
    assert "9 cells hold -1 or 999, far from all others" in draft.text
    column = draft.apply(**{'missing = ["-1", "999"]': 'missing = ["999.0"]'})
    assert column.frame().x.min() == -1
    assert column.frame().x.isna().sum() == 5
    assert column.package.table.column("x").note == 'Missing in 5 of 109 rows. 5 of them were written as "999.0".'


def test_sentinels_are_seen_among_decimal_commas_too(tmp_path: Path) -> None:
    cells = [f'"{i % 40},{i % 10}"' for i in range(200)] + ["-1"] * 6
    draft = Draft(tmp_path, "t.csv", column_of(cells))
    assert draft.column("x")["decimal"] == ","
    assert draft.column("x")["missing"] == ["-1"]


def test_leading_zeros_and_very_long_numbers_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n007,12345678901234567\n042,12345678901234568\n")
    frame = import_table(path, "t", tmp_path / "out").frame()
    assert frame.a.tolist() == ["007", "042"]
    assert frame.b.tolist() == ["12345678901234567", "12345678901234568"]


# ---- dates


@pytest.mark.parametrize(
    ("cells", "order", "read"),
    [
        (["2021-02-03", "2021-02-04"], "iso", ["2021-02-03", "2021-02-04"]),
        (["2021/2/3 7:05", "2021.02.04 17:05:30"], "iso", ["2021-02-03 07:05", "2021-02-04 17:05:30"]),
        (["31.12.2020", "1.2.2021"], "day-first", ["2020-12-31", "2021-02-01"]),
        (["31/12/2020 23:59", "01/02/2021 00:00"], "day-first", ["2020-12-31 23:59", "2021-02-01"]),
        (["12/31/2020", "1/2/2021 1:05 PM"], "month-first", ["2020-12-31", "2021-01-02 13:05"]),
        (["31-12-99", "01-02-26", "01-02-27"], "day-first", ["1999-12-31", "2026-02-01", "1927-02-01"]),
        (["04-Mar-2021", "04MAR2021", "4 March 2021"], "iso", ["2021-03-04"] * 3),
        (["March 4, 2021", "2021-03-04"], "iso", ["2021-03-04"] * 2),
        (["44197", "44198.5"], "excel-serial", ["2021-01-01", "2021-01-02 12:00"]),
        (["20210304", "20211231"], "yyyymmdd", ["2021-03-04", "2021-12-31"]),
    ],
)
def test_dates_are_read_in_the_order_that_the_cells_prove(
    tmp_path: Path, cells: list[str], order: str, read: list[str]
) -> None:
    draft = Draft(tmp_path, "t.csv", column_of(cells, "admission_date"))
    assert draft.column("admission_date")["dates"] == order
    assert draft.apply().frame().admission_date.tolist() == [pd.Timestamp(day) for day in read]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["01/02/2021", "03/04/2021"], "day and month cannot be told apart (see line 2)"),
        (["13/02/2021", "03/14/2021"], "1 date can only have the day first, 1 only the month"),
    ],
)
def test_dates_that_can_be_read_in_two_ways_are_asked(tmp_path: Path, cells: list[str], said: str) -> None:
    draft = Draft(tmp_path, "t.csv", column_of(cells))
    assert draft.column("x")["dates"] == "ask"
    assert said in draft.text
    with pytest.raises(DataError, match='Write dates = "day-first" or "month-first"'):
        draft.apply()
    if "cannot be told" in said:
        assert draft.apply(**{'dates = "ask"': 'dates = "month-first"'}).frame().x[0] == pd.Timestamp("2021-01-02")
    else:
        frame = draft.apply(**{'dates = "ask"': 'dates = "day-first"'}).frame()
        assert (frame.x[0], frame.x_text[1]) == (pd.Timestamp("2021-02-13"), "03/14/2021")
        with pytest.raises(DataError, match='"x": 1 cell is not a date written day-first'):
            draft.apply(**{'beside = "x_text"': ""})


def test_without_decisions_such_dates_stay_text_and_are_asked(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(column_of(["01/02/2021", "03/04/2021"]))
    dataset, questions = import_asking(path, "t", tmp_path / "out")
    assert dataset.frame().x.tolist() == ["01/02/2021", "03/04/2021"]
    assert [(q.column, "told apart" in q.what) for q in questions] == [("x", True)]


def test_times_with_zones_become_utc_or_stay_local(tmp_path: Path) -> None:
    cells = ["2021-03-26 10:00+02:00", "2021-03-27T10:00:00+03:00", "2021-03-27T10:00:00Z"]
    draft = Draft(tmp_path, "t.csv", column_of(cells))
    assert "3 have a zone (+02:00, +03:00, Z): written as UTC" in draft.text
    assert draft.apply().frame().x.dt.hour.tolist() == [8, 7, 10]
    assert draft.apply(**{'zone = "utc"': 'zone = "local"'}).frame().x.dt.hour.tolist() == [10, 10, 10]


moments = st.lists(st.datetimes(pd.Timestamp("1900-01-01"), pd.Timestamp("2099-12-31")), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(moments, st.sampled_from(["%d.%m.%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d-%b-%Y %H:%M:%S"]))
def test_any_dates_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[Any], form: str
) -> None:
    draft = Draft(tmp_path_factory.mktemp("any"), "t.csv", column_of([m.strftime(form) for m in drawn]))
    order = (
        {"%d": "day-first", "%m": "month-first"}[form[:2]] if form[:2] in ("%d", "%m") and "b" not in form else "iso"
    )
    if draft.column("x")["dates"] == "ask":
        draft.toml.write_text(draft.text.replace('"ask"', f'"{order}"'))
    else:
        assert draft.column("x")["dates"] == order
    assert draft.apply().frame().x.tolist() == [pd.Timestamp(m).floor("s") for m in drawn]


# ---- codes and units


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("I50.9", "ICD-10"), ("E119", "ICD-10"), ("U07.1", "ICD-10"), ("C50.911", "ICD-10"),
        ("428.0", "ICD-9-CM"), ("042", "ICD-9-CM"), ("E880.1", "ICD-9-CM"), ("4280", "ICD-9-CM"),
        ("V10.1", "ICD-9-CM or ICD-10"), ("hello", ""), ("12", ""),
    ],
)  # fmt: skip
def test_a_diagnosis_code_names_its_system(code: str, system: str) -> None:
    assert icd_system(code) == system


def test_loinc_needs_its_check_digit_and_atc_its_form() -> None:
    assert [is_loinc(c) for c in ("2160-0", "1988-5", "2160-1", "718-7", "718-8")] == [True, True, False, True, False]
    assert [is_atc(c) for c in ("C09AA02", "B01AC06", "C09AA", "c09aa02")] == [True, True, False, False]


def test_columns_of_codes_are_recognised_and_mixed_ones_keep_the_system_of_each_row(tmp_path: Path) -> None:
    rows = [("I50.9", "428.0", "2160-0", "C09AA02", "mg/dL"), ("428.0", "250.01", "1988-5", "B01AC06", "mmol/L"),
            ("E11.9", "042", "777-3", "A10BA02", "U/L"), ("V10.1", "V45.81", "718-7", "C07AB02", "%")]  # fmt: skip
    text = "dx,icd,test,drug,unit\n" + "".join(",".join(row) + "\n" for row in rows)
    draft = Draft(tmp_path, "t.csv", text)
    systems = {c["column"]: c.get("code_system") for c in draft.entry["column"]}
    assert systems == {
        "dx": "ICD-9-CM, ICD-10", "icd": "ICD-9-CM", "test": "LOINC", "drug": "ATC", "unit": "UCUM",
    }  # fmt: skip
    assert "2 ICD-10, 1 ICD-9-CM, 1 of either" in draft.text
    dataset = draft.apply()
    assert dataset.frame().dx_system.tolist() == ["ICD-10", "ICD-9-CM", "ICD-10", "ICD-10"]
    assert dataset.frame().icd.tolist() == ["428.0", "250.01", "042", "V45.81"]
    assert dataset.package.table.column("test").code_system == "LOINC"


def test_numbers_are_no_diagnoses_unless_the_name_says_so(tmp_path: Path) -> None:
    draft = Draft(tmp_path, "t.csv", "pulse,icd9,platelets\n120,250,150\n080,401,220\n099,428,300\n")
    assert [c.get("code_system") for c in draft.entry["column"]] == [None, "ICD-9-CM", None]


@pytest.mark.parametrize(
    ("name", "unit"),
    [("CRP (mg/L)", "mg/L"), ("weight [kg]", "kg"), ("creatinine_mg_dl", "mg/dL"), ("sbp_mmhg", "mm[Hg]"),
     ("age_years", "a"), ("group_a", None), ("drug_g", None), ("crp", None), ("notes (old)", None)],
)  # fmt: skip
def test_a_unit_is_taken_from_a_name_only_where_it_is_certain(name: str, unit: str | None) -> None:
    assert unit_in_name(name) == unit


# ---- the draft as a file


def test_no_value_of_an_identifying_column_stands_in_a_draft(tmp_path: Path) -> None:
    names = ["Cohen", "Levi", "Mizrahi", "Peretz", "Biton", "Dahan"] * 4
    rows = [
        f"{100000 + i},{name},05{i:02d}-1234567,{1900 + i}-03-04,ward {i % 2},{'x' * 45} {name}\n"
        for i, name in enumerate(names)
    ]
    draft = Draft(tmp_path, "t.csv", "patient_id,who,phone,dob,ward,note\n" + "".join(rows))
    body = "\n".join(line for line in draft.text.splitlines() if "rounds data import" not in line)
    for value in ("Cohen", "Levi", "1234567", "100003", "1903-03-04", "xxxx"):
        assert value not in body
    assert '# levels: "ward 0" 12, "ward 1" 12' in body
    roles = {c["column"]: c["role"] for c in draft.entry["column"]}
    assert roles == {
        "patient_id": "identifier", "who": "identifier", "phone": "identifier", "dob": "quasi-identifier",
        "ward": "quasi-identifier", "note": "feature",
    }  # fmt: skip
    assert draft.entry["file"][0]["person"] == "patient_id"


def test_a_draft_is_the_same_again_and_never_written_over_a_file(tmp_path: Path) -> None:
    draft = Draft(tmp_path, "t.csv", column_of(["0,5", "1,5"]))
    draft_decisions(draft.path, tmp_path / "again.toml", 2026)
    assert (tmp_path / "again.toml").read_text() == draft.text
    with pytest.raises(DataError, match="never written over"):
        draft_decisions(draft.path, tmp_path / "again.toml", 2026)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again.toml", "d.toml", "t.csv"]
    with pytest.raises(DataError, match="cannot be written there"):
        draft_decisions(draft.path, tmp_path / "nowhere" / "d.toml", 2026)


odd = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n", exclude_categories=("Cs",)), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(odd, odd), min_size=1, max_size=12), odd.filter(lambda t: t.strip() and t[0].isalpha()))
def test_any_table_makes_a_draft_that_can_be_read_and_applied_without_loss(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], name: str
) -> None:
    import csv

    folder = tmp_path_factory.mktemp("any")
    with (folder / "t.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([(name, "zz"), *rows])
    last = max((at for at, row in enumerate(rows, 1) if any(cell.strip() for cell in row)), default=0)
    if not last:
        with pytest.raises(DataError, match="no row under it"):
            draft_decisions(folder / "t.csv", folder / "d.toml", 2026)
        return
    draft_decisions(folder / "t.csv", folder / "d.toml", 2026)
    text = (folder / "d.toml").read_text(encoding="utf-8").replace('decimal = "ask"', 'decimal = ","')
    (folder / "d.toml").write_text(text.replace('dates = "ask"', 'dates = "day-first"'), encoding="utf-8")
    dataset = import_table(folder / "t.csv", "t", folder / "out", decisions=folder / "d.toml")
    assert len(dataset.frame()) == last
