"""What the road for real tables says first: totals, codes, mixed dates, national ids, the outcome, what to fill in."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from rounds.cli.app import app
from rounds.custody.intake.draft.file import draft_decisions
from rounds.custody.intake.first_looks import find_first_looks
from rounds.custody.intake.import_table import import_table
from rounds.custody.intake.sources.reading import MOST_ROWS
from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.plan.plan_file import load_plan
from rounds.custody.signs.column_names import kind_of_name
from rounds.custody.signs.finding import Severity
from rounds.data.dataset import Dataset, open_dataset
from rounds.errors import DataError
from rounds.event import store_event
from rounds.store.folders import Folders

PATIENTS = [[1000 + i, round(8 + i % 7 * 0.9, 1), i % 5 + 1] for i in range(40)]
SUMS = [round(sum(row[1] for row in PATIENTS), 1), sum(row[2] for row in PATIENTS)]
MEANS = [round(SUMS[0] / 40, 1), SUMS[1] / 40]


def sheet(path: Path, *below: list[object]) -> Path:
    """Write a workbook of forty patients with other rows below."""
    book = Workbook()
    for row in (["patient_id", "hb", "units"], *PATIENTS, *below):
        book.active.append(row)
    book.save(path)
    return path


def looks_at(path: Path, kind: str = "") -> tuple[list[str], Path]:
    """Return what a draft says first, and the draft."""
    draft = path.parent / f"{path.name}.toml"
    draft.unlink(missing_ok=True)
    return find_first_looks(draft_decisions(path, draft, 2026, kind)), draft


def changed(draft: Path, **replaced: str) -> Path:
    """Return the draft with some of its text replaced, each once."""
    text = draft.read_text(encoding="utf-8")
    for old, new in replaced.items():
        assert text.count(f"\n{old}\n") == 1, old
        text = text.replace(f"\n{old}\n", f"\n{new}\n")
    draft.write_text(text, encoding="utf-8")
    return draft


# ---- rows of totals


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["Total", *SUMS], '"Total" stands in it'),
        (["Grand total:", None, SUMS[1]], '"Grand total" stands in it'),
        (["Mean", *MEANS], '"Mean" stands in it'),
        (["Average", 3, 4], '"Average" stands in it'),
        (["N=40", None, None], '"N" stands in it'),
        (['סה"כ', *SUMS], '"סה"כ" stands in it'),
        ([None, *SUMS], "it has no key, and its numbers are the sums of the rows above"),
    ],
)
def test_a_row_of_totals_is_named_and_left_out_by_the_draft(tmp_path: Path, row: list[object], why: str) -> None:
    path = sheet(tmp_path / "t.xlsx", row)
    looks, draft = looks_at(path)
    assert any("row 42 seems to be a total, and no row of the table: " + why in said for said in looks)
    assert "\nleave_out = [42]\n" in draft.read_text(encoding="utf-8")
    frame = import_table(path, "t", tmp_path / "out", decisions=draft).frame()
    assert len(frame) == 40
    assert frame.patient_id.dtype == "int64"


def test_a_person_may_keep_the_row_or_name_another_one(tmp_path: Path) -> None:
    path = sheet(tmp_path / "t.xlsx", [None, *SUMS])
    _, draft = looks_at(path)
    kept = import_table(
        path, "kept", tmp_path / "out", decisions=changed(draft, **{"leave_out = [42]": "leave_out = []"})
    )
    assert len(kept.frame()) == 41
    changed(draft, **{"leave_out = []": "leave_out = [42, 77]"})
    with pytest.raises(DataError, match=r"leave_out = \[42, 77\] .* names line 77, where no row of the table is"):
        import_table(path, "lost", tmp_path / "out", decisions=draft)
    changed(draft, **{"leave_out = [42, 77]": 'leave_out = ["last"]'})
    with pytest.raises(DataError, match=r"takes numbers of lines, such as leave_out = \[42\]"):
        import_table(path, "lost", tmp_path / "out", decisions=draft)
    assert not (tmp_path / "out" / "lost").exists()


def test_totals_and_means_below_each_other_are_both_found_in_a_text_file(tmp_path: Path) -> None:
    rows = [*PATIENTS, ["Total", *SUMS], ["Mean", *MEANS]]
    path = tmp_path / "t.csv"
    path.write_text("patient_id,hb,units\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows))
    looks, draft = looks_at(path)
    assert [said.split(" seems")[0] for said in looks[:2]] == ["t.csv: line 42", "t.csv: line 43"]
    assert "leave_out = [42, 43]" in draft.read_text(encoding="utf-8")


def test_a_total_that_stands_alone_in_the_last_piece_of_a_large_file_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("mrn,x\n" + "".join(f"{i},{i % 7}\n" for i in range(MOST_ROWS)) + "Total,\n")
    _, draft = looks_at(path)
    assert f"leave_out = [{MOST_ROWS + 2}]" in draft.read_text(encoding="utf-8")
    assert len(import_table(path, "t", tmp_path / "out", decisions=draft).frame()) == MOST_ROWS


@pytest.mark.parametrize(
    "below",
    [
        [[None, 9.9, 2]],  # a patient whose key is missing
        [[1050, *SUMS]],  # a key stands there
        [["Totalis", *SUMS]],  # another word
        [[None, SUMS[0], SUMS[1] + 1]],  # one of its numbers is no sum
    ],
)
def test_an_ordinary_last_row_is_no_total(tmp_path: Path, below: list[list[object]]) -> None:
    looks, draft = looks_at(sheet(tmp_path / "t.xlsx", *below))
    assert not [said for said in looks if "total" in said]
    assert "\nleave_out" not in draft.read_text(encoding="utf-8")


def test_a_level_called_total_is_no_total(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("part,bilirubin\n" + "".join(f"{('direct', 'total')[i % 2]},{i}.5\n" for i in range(40)))
    assert not looks_at(path)[0]


def test_without_decisions_the_row_comes_in_and_is_named(tmp_path: Path, state: Path) -> None:
    there = ("--challenge", "covid", "--kind", "restricted", "--state", state)
    said = run("import", sheet(tmp_path / "t.xlsx", ["Total", *SUMS]), *there)
    assert "41 rows" in said
    assert "It came in as a row. To leave it out, write leave_out = [42] under [[file]] of the decisions" in said


# ---- codes for a missing value


def test_codes_for_missing_values_are_named_with_column_and_count(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [f"{999 if i % 9 == 0 else 20 + i % 50},{-1 if i == 5 else i % 4},{i % 30}" for i in range(60)]
    path.write_text("age,parity,crp\n" + "\n".join(rows) + "\n")
    looks, draft = looks_at(path)
    assert (
        "t.csv, age: 7 cells hold 999, far from all others: proposed as missing. Take it out if it is a measurement"
        in looks
    )
    rare = 't.csv, parity: 1 cell holds -1, which may be a code for a missing value. If so, write missing = ["-1"]'
    assert rare in looks
    assert not [said for said in looks if ", crp:" in said]
    head, parity = draft.read_text(encoding="utf-8").split('column = "parity"\n')
    draft.write_text(f'{head}column = "parity"\nmissing = ["-1"]\n{parity}', encoding="utf-8")
    frame = import_table(path, "t", tmp_path / "out", decisions=draft).frame()
    assert (frame.age.isna().sum(), frame.parity.isna().sum()) == (7, 1)


# ---- dates written in several ways


@pytest.mark.parametrize("answer", ["day-first", "month-first", "string"])
def test_each_answer_about_mixed_dates_is_accepted_as_it_is_advised(tmp_path: Path, answer: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text("seen\n" + "13.03.2024\n03/14/2024\n2024-03-15\n" * 5)
    _, draft = looks_at(path)
    with pytest.raises(DataError) as refused:
        import_table(path, "t", tmp_path / "out", decisions=draft)
    for text in (str(refused.value), draft.read_text(encoding="utf-8")):
        assert 'Write dates = "day-first" or "month-first", with the line beside = "seen_text"' in text
        assert 'Or, to keep all as text, write type = "string" in place of the type' in text
    if answer == "string":
        changed(draft, **{'type = "datetime"': 'type = "string"'})
    else:
        changed(draft, **{'dates = "ask"': f'dates = "{answer}"'})
    frame = import_table(path, "t", tmp_path / "out", decisions=draft).frame()
    assert len(frame) == 15
    assert answer == "string" or frame.seen.notna().sum() == frame.seen_text.isna().sum() == 10


def test_a_refused_date_names_what_each_column_needs_and_takes_it(tmp_path: Path) -> None:
    path, decisions = tmp_path / "t.csv", tmp_path / "d.toml"
    path.write_text("a,b\n13.03.2024,13.03.2024\n03/14/2024,03/14/2024\n")
    column = '[[column]]\ncolumn = "{0}"\ntype = "datetime"\ndates = "day-first"\n'
    decisions.write_text(column.format("a") + column.format("b"))
    with pytest.raises(DataError) as refused:
        import_table(path, "t", tmp_path / "out", decisions=decisions)
    lines = re.findall(r'of "(\w)" (beside = "\w+")', str(refused.value))
    assert [name for name, _ in lines] == ["a", "b"]
    decisions.write_text("".join(f"{column.format(name)}{line}\n" for name, line in lines))
    assert len(import_table(path, "t", tmp_path / "out", decisions=decisions).frame()) == 2


def test_a_key_that_stands_twice_is_said_so(tmp_path: Path) -> None:
    decisions = tmp_path / "d.toml"
    decisions.write_text('[[column]]\ncolumn = "a"\ntype = "datetime"\ntype = "string"\n')
    with pytest.raises(DataError, match="A key stands twice: change its first line"):
        import_table(sheet(tmp_path / "t.xlsx"), "t", tmp_path / "out", decisions=decisions)


# ---- bytes that are no text


@pytest.mark.parametrize("size", [200, 20_000])
def test_random_bytes_are_said_to_be_no_table_of_text(tmp_path: Path, size: int) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(np.random.default_rng(3).bytes(size))
    with pytest.raises(
        DataError, match=rf"this is no table of text: \d+ of its first {min(size, 4096):,} bytes are"
    ) as no:
        draft_decisions(path, tmp_path / "d.toml", 2026)
    assert "windows" not in str(no.value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8", "cp1255"])
def test_hebrew_text_is_still_text(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(("id,ward\n" + "".join(f"{i},פנימית {i}\n" for i in range(400))).encode(encoding))
    looks_at(path)


# ---- national id numbers


@pytest.mark.parametrize(
    "name",
    ["תעודת זהות", "מספר תעודת זהות", "מס' זהות", 'ת"ז', "ת.ז.", "Teudat Zehut", "teudat_zehut", "NHS number", "nhs_no",
     "SSN", "patient_ssn", "DNI", "Personnummer", "fødselsnummer", "Henkilötunnus", "codice fiscale", "PESEL", "CPR-nr",
     "national_identity_number", "passport no"],
)  # fmt: skip
def test_a_name_that_says_national_id_is_known(name: str) -> None:
    assert kind_of_name(name) == "G"


@pytest.mark.parametrize("name", ["cpr", "nif", "avs", "cnp", "nir_signal", "identity_score", "person_id", "zehava"])
def test_clinical_words_are_no_national_ids(name: str) -> None:
    assert kind_of_name(name) != "G"


def write_stays(path: Path, key: str) -> Path:
    """Write four hundred stays of two hundred people."""
    rows = [f"{30_000_000 + i // 2},{40 + i % 4 * 10},{'mf'[i % 2]},2024-0{1 + i % 9}-11,{i % 3}" for i in range(400)]
    path.write_text(f"{key},age,sex,seen,readmitted_30d\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def imported(folder: Path, key: str, **replaced: str) -> Dataset:
    path = write_stays(folder / "stays.csv", key)
    return import_table(path, "stays", folder / "out", decisions=changed(looks_at(path)[1], **replaced))


def test_a_national_id_is_dropped_by_the_draft_and_stops_the_check(tmp_path: Path) -> None:
    dataset = imported(tmp_path, "תעודת זהות")
    found = check_dataset(dataset, 11)
    assert [f.kind for f in found.stops if f.where == "stays.תעודת זהות"] == ["G"]
    step = draft_plan(dataset, found, "c", 11).step("stays", "תעודת זהות")
    assert step is not None
    assert step.action == "drop"


def test_random_ids_under_the_name_of_a_national_id_stop_the_check(tmp_path: Path) -> None:
    path = tmp_path / "stays.csv"
    ids = [f"r{i:016x}" for i in range(400)]
    pd.DataFrame({"SSN": ids, "age": [40, 50] * 200, "sex": ["m", "f"] * 200}).to_csv(path, index=False)
    found = check_dataset(import_table(path, "stays", tmp_path / "out"), 11)
    assert [f.kind for f in found.stops if f.where == "stays.SSN"] == ["title"]


def test_under_another_name_it_gets_random_ids(tmp_path: Path) -> None:
    named = {'column = "תעודת זהות"': 'column = "תעודת זהות"\nname = "person_id"'}
    dataset = imported(tmp_path, "תעודת זהות", **named)
    assert dataset.package.table.person == "person_id"
    step = draft_plan(dataset, check_dataset(dataset, 11), "c", 11).step("stays", "person_id")
    assert step is not None
    assert step.action == "random-id"


# ---- rows of people whom nobody knows


def test_rows_of_people_who_are_in_no_table_of_people_are_a_look(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    people = "".join(f"{i},{'mf'[i % 2]}\n" for i in range(100, 160))
    (tmp_path / "in" / "person.csv").write_text("person_id,sex\n" + people)
    rows = "".join(f"{9999 if i in (7, 8) else 100 + i % 60},{i}.5\n" for i in range(200))
    (tmp_path / "in" / "measurement.csv").write_text("person_id,value\n" + rows)
    found = check_dataset(import_table(tmp_path / "in", "d", tmp_path / "out"), 11).findings
    orphans = [f for f in found if f.kind == "orphan"]
    assert [(f.where, f.severity, f.count, f.total) for f in orphans] == [
        ("measurement.person_id", Severity.LOOK, 2, 200)
    ]
    assert "not in the table person" in orphans[0].what


# ---- the commands


@pytest.fixture
def state(tmp_path: Path, machine_event_file: Path) -> Path:
    """Return the state folder of an event whose deployment takes restricted data."""
    store_event(machine_event_file, Folders(tmp_path / "state").event)
    return tmp_path / "state"


def run(*words: object) -> str:
    done = CliRunner().invoke(app, ["data", *map(str, words)])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def refused(*words: object) -> str:
    return str(CliRunner().invoke(app, ["data", *map(str, words)]).exception)


def test_a_draft_gives_the_challenge_its_outcome(tmp_path: Path, state: Path) -> None:
    there = ("--challenge", "heart-failure", "--state", state)
    run("import", write_stays(tmp_path / "stays.csv", "mrn"), "--draft", tmp_path / "d.toml", *there)
    text = (tmp_path / "d.toml").read_text()
    assert '# role: the challenge predicts it\ntype = "integer"' in text.split('column = "readmitted_30d"')[1]
    run("import", tmp_path / "stays.csv", "--decisions", tmp_path / "d.toml", *there)
    table = open_dataset(state / "road" / "stays" / "raw" / "stays").package.table
    assert table.names("outcome") == ("readmitted_30d",)


def test_a_draft_says_when_no_column_is_the_outcome(tmp_path: Path, state: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("mrn,readmit_30d\n1,0\n2,1\n")
    said = run("import", path, "--draft", tmp_path / "d.toml", "--challenge", "heart-failure", "--state", state)
    assert 'the challenge predicts "readmitted_30d", and no column has this name. Is it readmit_30d?' in said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return two tables of which the second by name has the outcome of heart-failure."""
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "death.csv").write_text("person_id,died_on\n1,2020-01-02\n2,2020-01-03\n3,2020-01-05\n")
    write_stays(tmp_path / "tables" / "stays.csv", "person_id")
    return tmp_path / "tables"


def test_the_table_with_the_outcome_is_drafted_first_and_comes_in_first(
    tmp_path: Path, state: Path, folder: Path
) -> None:
    draft, there = tmp_path / "d.toml", ("--name", "two", "--challenge", "heart-failure", "--state", state)
    run("import", folder, "--draft", draft, *there)
    assert "first, as the table whose rows are predicted: it has readmitted_30d" in draft.read_text()
    run("import", folder, "--decisions", draft, *there)
    package = open_dataset(state / "road" / "two" / "raw" / "two").package
    assert [table.name for table in package.tables] == ["stays", "death"]


def test_an_outcome_in_another_than_the_first_table_is_told_with_what_to_write(
    tmp_path: Path, state: Path, folder: Path
) -> None:
    there = ("--challenge", "heart-failure", "--state", state)
    run("import", folder, "--kind", "restricted", "--name", "two", *there)
    said = run("deidentify", "two", "--draft", tmp_path / "plan.toml", *there)
    assert (
        'the first table, "death", has no column "readmitted_30d". Table "stays" has it: write its [[file]] before '
        "the others in the decisions, and import again"
    ) in " ".join(said.split())


@pytest.mark.parametrize(("key", "first"), [("patient_id", ["expert"]), ("SSN", ["repeats", "expert"])])
def test_a_plan_says_first_what_must_be_filled_in(tmp_path: Path, state: Path, key: str, first: list[str]) -> None:
    plan, there = tmp_path / "plan.toml", ("--challenge", "heart-failure", "--state", state)
    run("import", write_stays(tmp_path / "stays.csv", key), "--kind", "restricted", *there)
    said = run("deidentify", "stays", "--draft", plan, *there)
    lines = [line for line in said.splitlines() if line.startswith(f"First, or {plan} is refused: ")]
    assert [word in line for word, line in zip(first, lines, strict=True)] == [True] * len(first)
    assert said.splitlines()[-2] == "When that is done:"
    command = ("deidentify", "stays", "--plan", plan, "--key", tmp_path / "key", "--state", state)
    assert lines[-1].split(": ", 1)[1] in refused(*command)


def test_a_plan_that_lacks_nothing_is_ready_to_paste(tmp_path: Path, state: Path) -> None:
    path, there = tmp_path / "t.csv", ("--challenge", "heart-failure", "--state", state)
    path.write_text(
        "patient_id,age,sex\n" + "".join(f"{1000 + i},{40 + i % 4 * 10},{'mf'[i % 2]}\n" for i in range(400))
    )
    run("import", path, "--kind", "restricted", *there)
    said = run("deidentify", "t", "--draft", tmp_path / "plan.toml", *there)
    assert "First" not in said
    assert said.splitlines()[-2] == "Then:"
    words = shlex.split(said.splitlines()[-1])[2:]
    assert "De-identified" in run(*words[:-3], tmp_path / "key", *words[-2:])


def test_a_missing_plan_and_missing_decisions_say_how_a_draft_is_made(tmp_path: Path, state: Path) -> None:
    path, there = write_stays(tmp_path / "stays.csv", "mrn"), ("--state", state)
    run("import", path, "--kind", "restricted", "--challenge", "heart-failure", *there)
    plan = tmp_path / "no.toml"
    said = refused("deidentify", "stays", "--plan", plan, "--key", tmp_path / "key", *there)
    assert "there is no such plan" in said
    assert "Errno" not in said
    run(*shlex.split(re.search(r"rounds data (.*)", said)[1]))  # type: ignore[index]
    assert load_plan(plan).dataset == "stays"
    with pytest.raises(DataError, match=r"there is no such plan\. Make a draft: rounds data deidentify NAME"):
        load_plan(tmp_path / "other.toml")
    said = refused("import", path, "--decisions", tmp_path / "d.toml", "--challenge", "heart-failure", *there)
    assert "there is no such file. Make a draft of the decisions" in said
    assert "Errno" not in said


def test_an_unknown_dataset_names_all_that_there_are(tmp_path: Path, state: Path) -> None:
    assert "and no other" in refused("check", "nosuch", "--state", state)
    for name in ("stays", "visits"):
        words = ("--name", name, "--kind", "restricted", "--challenge", "heart-failure", "--state", state)
        run("import", write_stays(tmp_path / "stays.csv", "mrn"), *words)
    said = refused("check", "visit", "--state", state)
    assert said.endswith('Did you mean "visits"? There are: stays, visits.')
    assert refused("check", "nosuch", "--state", state).endswith(
        f"in {os.path.realpath(state)}. There are: stays, visits."
    )


def test_deidentify_names_the_columns_that_say_nothing_any_more(tmp_path: Path, state: Path) -> None:
    there, plan = ("--challenge", "heart-failure", "--state", state), tmp_path / "plan.toml"
    ages = "\n".join(f"p{i:06d},{18 + i},{'mf'[i % 2]}" for i in range(60))
    (tmp_path / "few.csv").write_text(f"patient_id,age,sex\n{ages}\n", encoding="utf-8")
    run("import", tmp_path / "few.csv", "--kind", "restricted", *there)
    run("deidentify", "few", "--draft", plan, "--k", 40, *there)
    said = " ".join(
        run("deidentify", "few", "--plan", plan, "--key", tmp_path / "key", "--k", 40, "--state", state).split()
    )
    frame = open_dataset(state / "road" / "few" / "deidentified" / "few").frame("few")
    lost = [name for name in ("age", "sex") if set(frame[name]) == {"any"}]
    assert lost
    assert f"To hold k, {', '.join(f'few.{name}' for name in lost)} became" in said


def test_the_report_that_follows_is_of_the_folder_that_was_written(tmp_path: Path, state: Path) -> None:
    there, plan = ("--challenge", "heart-failure", "--state", state), tmp_path / "plan.toml"
    write_stays(tmp_path / "stays.csv", "patient_id")
    run("import", tmp_path / "stays.csv", "--kind", "restricted", *there)
    run("deidentify", "stays", "--draft", plan, *there)
    plan.write_text(plan.read_text().replace('action = "shift"', 'action = "year"'))
    out = tmp_path / "elsewhere"
    said = run("deidentify", "stays", "--plan", plan, "--key", tmp_path / "key", "--out", out, "--state", state)
    assert f"rounds data report {out} --before stays" in " ".join(said.split())
