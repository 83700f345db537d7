"""What a draft says first: guessed encodings, dates in several forms, free text, an age beside a birth, the kind."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rounds.counted import counted
from rounds.custody.intake.draft.file import draft_decisions
from rounds.custody.intake.first_looks import find_first_looks, propose_kind
from rounds.custody.intake.import_table import import_table
from rounds.custody.intake.proposals.text_sample import MOST, TextSample
from rounds.data.units import unit_in_name
from rounds.errors import DataError

WARDS = ("פנימית", "כירורגית", "יולדות", "טיפול נמרץ", "אורתופדיה", "ילדים")


def draft(folder: Path, content: str | bytes, name: str = "t.csv") -> tuple[list[str], dict[str, Any], str]:
    """Return what to look at first, the draft as a document, and as text."""
    path, out = folder / name, folder / "d.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = draft_decisions(path, out, 2026)
    text = out.read_text(encoding="utf-8")
    return find_first_looks(found), tomllib.loads(text), text


def lines_of(*parts: tuple[str, str]) -> bytes:
    return b"".join(f"{text}\n".encode(encoding) for text, encoding in parts)


# ---- encodings


@pytest.mark.parametrize("more", [0, 7])
def test_a_file_in_two_encodings_is_refused_with_its_lines(tmp_path: Path, more: int) -> None:
    good = [(f"{i},{WARDS[i % 6]}", "utf-8") for i in range(more)]
    content = lines_of(("id,ward", "utf-8"), ("1,פנימית", "utf-8"), ("2,כירורגית", "cp1255"), *good)
    with pytest.raises(DataError) as refused:
        draft(tmp_path, content)
    said = str(refused.value)
    assert "holds two encodings. Not UTF-8: line 3, perhaps windows-1255." in said
    assert f"UTF-8: {counted(1 + more, 'line')}, first line 2." in said
    assert not (tmp_path / "d.toml").exists()
    with pytest.raises(DataError, match="two encodings"):
        import_table(tmp_path / "t.csv", "t", tmp_path / "out")


def test_the_first_lines_are_named_and_the_others_counted(tmp_path: Path) -> None:
    good = [(f"{i},{WARDS[i % 6]}", "utf-8") for i in range(20)]
    bad = [(f"{i},{WARDS[i % 6]}", "cp1255") for i in range(8)]
    with pytest.raises(DataError, match=r"Not UTF-8: line 22, 23, 24, 25, 26 and 3 more"):
        draft(tmp_path, lines_of(("id,ward", "utf-8"), *good, *bad))


def test_a_line_of_utf8_in_an_old_encoding_is_refused_until_a_person_says_that_it_has_one(tmp_path: Path) -> None:
    old = [(f"{i},{('Gynäkologie', 'Chirurgie für Kinder')[i % 2]}", "cp1252") for i in range(60)]
    with pytest.raises(DataError, match=r'UTF-8: 1 line, first line 2.*write encoding = "windows-1252" under'):
        draft(tmp_path, lines_of(("id,ward", "utf-8"), ("0,Süd", "utf-8"), *old))
    (tmp_path / "d.toml").write_text('[[file]]\nsource = "t.csv"\nencoding = "windows-1252"\n')
    frame = import_table(tmp_path / "t.csv", "t", tmp_path / "out", decisions=tmp_path / "d.toml").frame()
    assert frame.ward.tolist()[:2] == ["SÃ¼d", "Gynäkologie"]


def test_a_few_utf8_lines_that_the_old_encoding_cannot_read_are_refused(tmp_path: Path) -> None:
    old = [(f"{i},{WARDS[i % 3]}", "cp1255") for i in range(60)]
    with pytest.raises(DataError, match=r"two encodings. Not UTF-8: line 3, .* UTF-8: 1 line, first line 2"):
        draft(tmp_path, lines_of(("id,ward", "utf-8"), ("0,ילדים", "utf-8"), *old))


def test_a_guessed_encoding_stands_first_with_words_and_the_next_ones(tmp_path: Path) -> None:
    rows = [(f"{i},{WARDS[i % 3]}", "cp1255") for i in range(90)]
    looks, entry, text = draft(tmp_path, lines_of(("id,ward", "utf-8"), *rows))
    assert entry["file"][0]["encoding"] == "windows-1255"
    assert looks[0].startswith("t.csv: encoding windows-1255 is a good guess, from ")
    assert "words read so: " in looks[0]
    assert "פנימית" in looks[0]
    assert "windows-1252 (" in looks[0].split("next likely: ")[1]
    assert f"# {looks[0]}" in text.splitlines()


def test_a_certain_encoding_is_no_question(tmp_path: Path) -> None:
    looks, _, text = draft(tmp_path, "seen,ward\n2024-03-01,פנימית\n")
    assert looks == []
    assert "Look at these first" not in text


def test_few_letters_make_a_weak_guess(tmp_path: Path) -> None:
    assert "a weak guess, from 2 letters beyond ASCII" in draft(tmp_path, "a,b\n1,Größe\n".encode("cp1252"))[0][0]


# ---- dates in several forms


MIXED = ("2024-03-01", "01/02/2024", "20240301", "3 Mar 2024", "2024-03-02", "")


def test_every_form_of_a_date_is_named_with_its_count_and_line(tmp_path: Path) -> None:
    looks, entry, text = draft(tmp_path, "seen,x\n" + "".join(f"{day},a\n" for day in MIXED))
    forms = (
        "4 ways to write dates in one column: YYYY-MM-DD 2 (first in line 2), NN/NN/YYYY 1 (first in line 3), "
        "YYYYMMDD 1 (first in line 4), D Mon YYYY 1 (first in line 5)"
    )
    assert f"t.csv, seen: {forms}" in looks
    assert any("day and month cannot be told apart" in look for look in looks)
    assert f"# {forms}" in text
    assert not any(day in text for day in MIXED[:-1])
    column = entry["column"][0]
    assert (column["dates"], "beside" in column) == ("ask", False)


def test_dates_in_several_forms_are_read_as_the_draft_says(tmp_path: Path) -> None:
    draft(tmp_path, "seen,x\n" + "".join(f"{day},a\n" for day in MIXED))
    text = (tmp_path / "d.toml").read_text().replace('dates = "ask"', 'dates = "day-first"')
    (tmp_path / "d.toml").write_text(text)
    frame = import_table(tmp_path / "t.csv", "t", tmp_path / "out", decisions=tmp_path / "d.toml").frame()
    read = ["2024-03-01", "2024-02-01", "2024-03-01", "2024-03-03", "2024-03-02"]
    assert frame.seen.dropna().tolist() == [pd.Timestamp(day) for day in read]


def test_one_form_is_nothing_to_look_at_and_whole_numbers_alone_are_no_dates(tmp_path: Path) -> None:
    looks, entry, _ = draft(tmp_path, "seen,code\n2024-03-01 10:30,20240301\n2024-03-02,20240302\n")
    assert looks == []
    assert [c["type"] for c in entry["column"]] == ["datetime", "integer"]


def test_marks_between_the_parts_make_forms_of_their_own(tmp_path: Path) -> None:
    looks, _, _ = draft(tmp_path, "seen,x\n31.01.2024,a\n30/01/2024,a\n29.01.2024,a\n")
    assert (
        "2 ways to write dates in one column: NN.NN.YYYY 2 (first in line 2), NN/NN/YYYY 1 (first in line 3)"
        in (looks[1])
    )


# ---- free text


TEXTS = [f"Seen on the ward; pain in the chest since day {i}" for i in range(8)]


def test_free_text_is_named_as_what_it_is(tmp_path: Path) -> None:
    looks, _, text = draft(tmp_path, "crp,finding\n" + "".join(f"{i},{t}\n" for i, t in enumerate(TEXTS)))
    assert len(looks) == 1
    assert looks[0].startswith("t.csv, finding: free text: whole sentences can say anything about a person. deidentify")
    assert "# free text: whole sentences" in text.split('column = "finding"')[1]
    assert "chest" not in text


def test_a_few_sentences_are_enough_where_the_name_says_text(tmp_path: Path) -> None:
    assert any("free text" in look for look in draft(tmp_path, f"a,note\n1,{TEXTS[0]}\n2,{TEXTS[1]}\n")[0])


def test_labels_and_dates_with_words_are_no_free_text(tmp_path: Path) -> None:
    rows = "".join(f"{w},{i} March 2021,ward {i}\n" for i, w in enumerate(("icu", "er", "a b", "c", "d", "e"), 1))
    assert draft(tmp_path, f"place,seen,room\n{rows}")[0] == []


def test_a_sample_of_texts_is_bounded() -> None:
    import numpy as np
    import pyarrow as pa

    sample = TextSample()
    for piece in range(40):
        sample.add(pa.array([f"{piece} {i}" for i in range(3000)]), np.ones(3000, dtype=bool))
    assert MOST <= len(sample.seen) <= MOST + 500


# ---- an age beside a birth


@pytest.mark.parametrize("birth", ["birth_date", "birth_year"])
def test_an_age_beside_a_birth_is_said_and_the_age_is_kept(tmp_path: Path, birth: str) -> None:
    value = "1950-02-03" if birth == "birth_date" else "1950"
    looks, _, _ = draft(tmp_path, f"age_at_admission,{birth},crp\n71,{value},5\n72,{value},6\n")
    assert f"t.csv: age_at_admission and {birth} follow from each other" in looks[0]
    assert (
        f"Keep age_at_admission: it is the age at the time of the row. The draft of deidentify drops {birth}"
        in looks[0]
    )


def test_an_age_and_a_birth_in_two_tables_are_said_and_the_age_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "ward"
    folder.mkdir()
    (folder / "person.csv").write_text("patient_id,birth_year\n5,1950\n9,1960\n")
    (folder / "stay.csv").write_text("patient_id,age\n5,71\n9,62\n")
    looks = find_first_looks(draft_decisions(folder, tmp_path / "d.toml", 2026))
    assert len(looks) == 1
    assert looks[0].startswith("stay.csv, age and person.csv, birth_year follow from each other")
    assert "Keep age: the draft of deidentify drops birth_year where the two tables are of the same people" in looks[0]
    assert 'write action = "birth-year" for birth_year in the plan, and action = "drop" for age' in looks[0]


def test_a_birth_alone_is_kept_as_a_year(tmp_path: Path) -> None:
    assert not any("follow from" in look for look in draft(tmp_path, "birth_date,crp\n1950-02-03,5\n1951-02-03,5\n")[0])


# ---- the kind


PEOPLE = ["Cohen", "Levi", "Mizrahi", "Peretz", "Biton", "Dahan", "Katz", "Azulay"]


@pytest.mark.parametrize(
    ("header", "cells", "why"),
    [
        ("patient_id", ["1", "2", "3", "4"], "patient_id (a key of a person, a visit or a row)"),  # counts the rows too
        ("encounter_id", ["7", "9", "4", "2"], "encounter_id (a key of a person, a visit or a row)"),
        ("phone", ["054-1234567", "054-7654321"], "phone (telephone numbers)"),
        ("x", ["054-1234567", "054-7654321"], "x (telephone numbers)"),  # by its values alone
        ("x", [f"a{i}@b.org" for i in range(3)], "x (e-mail addresses)"),
        ("who", PEOPLE, "who (names)"),
        ("dob", ["1950-02-03", "1961-04-05"], "dob (dates of birth)"),
        ("finding", TEXTS, "finding (free text)"),
    ],
)
def test_what_points_at_a_person_makes_the_proposed_kind_restricted(
    tmp_path: Path, header: str, cells: list[str], why: str
) -> None:
    _, entry, text = draft(tmp_path, f"crp,{header}\n" + "".join(f"{i % 3},{cell}\n" for i, cell in enumerate(cells)))
    assert entry["table"]["kind"] == "restricted"
    assert f"# kind: {why} point at persons" in text


def test_many_names_are_seen_although_no_list_of_them_is_kept(tmp_path: Path) -> None:
    names = [f"{PEOPLE[i % 8]} {PEOPLE[i % 7]} {'abcdefghij'[i % 10] * (1 + i // 10 % 300)}" for i in range(3000)]
    _, entry, _ = draft(tmp_path, "crp,who\n" + "".join(f"{i % 3},{name}\n" for i, name in enumerate(names)))
    assert entry["table"]["kind"] == "restricted"


def test_a_folder_of_the_cdm_is_restricted(tmp_path: Path) -> None:
    folder = tmp_path / "cdm"
    folder.mkdir()
    person = "person_id,gender_concept_id,year_of_birth,race_concept_id,ethnicity_concept_id"
    (folder / "person.csv").write_text(f"{person}\n1,8507,1950,0,0\n2,8532,1960,0,0\n")
    period = "observation_period_id,person_id,observation_period_start_date,observation_period_end_date"
    (folder / "observation_period.csv").write_text(
        f"{period},period_type_concept_id\n1,1,2020-01-01,2021-01-01,0\n2,2,2020-01-01,2021-01-01,0\n"
    )
    found = draft_decisions(folder, tmp_path / "d.toml", 2026)
    assert propose_kind(found) == ("restricted", "this is the OMOP CDM 5.4: records of patients")
    assert 'kind = "restricted"' in (tmp_path / "d.toml").read_text()


def test_nothing_of_a_person_leaves_the_kind_public_and_says_so(tmp_path: Path) -> None:
    _, entry, text = draft(tmp_path, "row,weight_kg,sex\n1,70,f\n2,80,m\n3,90,f\n")
    assert entry["table"]["kind"] == "public"
    assert "Write restricted when it comes from a hospital" in text


def test_the_kind_that_was_said_is_written(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("patient_id,crp\n5,1\n9,2\n")
    draft_decisions(tmp_path / "t.csv", tmp_path / "d.toml", 2026, "synthetic")
    assert tomllib.loads((tmp_path / "d.toml").read_text())["table"]["kind"] == "synthetic"


# ---- words


@pytest.mark.parametrize(
    ("name", "unit"),
    [("birth_year", None), ("admission_year", None), ("visits_per_year", None), ("mg_per_dl", None), ("age_year", "a"),
     ("age_years", "a"), ("Age (years)", "a"), ("followup_years", "a")],
)  # fmt: skip
def test_a_year_of_the_calendar_has_no_unit(name: str, unit: str | None) -> None:
    assert unit_in_name(name) == unit


def test_a_key_is_no_column_of_codes(tmp_path: Path) -> None:
    _, entry, _ = draft(tmp_path, "encounter_id,crp\n" + "".join(f"E{i:06d},{i % 3}\n" for i in range(30)))
    assert "code_system" not in entry["column"][0]
