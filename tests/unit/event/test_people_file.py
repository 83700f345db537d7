"""The people file as organisers have it: what means one thing is read, what does not is one sentence for one cause."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rounds.cli.app import app
from rounds.event import load_event
from rounds.event.people_file import PeopleFile, parse_people

HEADER = "name,email,role,background,team"
NOA = "Noa Levi,noa@example.org,participant,biomed,stork"
TAL = "Tal Bar,tal@example.org,participant,engineering,stork"


def read(*lines: str, encoding: str = "utf-8") -> PeopleFile:
    return parse_people("\n".join(lines).encode(encoding), "people.csv")


def names(found: PeopleFile) -> list[str]:
    assert [str(problem) for problem in found.problems] == []
    return [person.username for person in found.people]


@pytest.mark.parametrize(("mark", "said"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_read_and_named(mark: str, said: str) -> None:
    found = read(*(line.replace(",", mark) for line in (HEADER, NOA, TAL)))
    assert names(found) == ["noa", "tal"]
    assert found.notes == [f"people.csv has {said} between its columns, and is read so."]


def test_commas_are_not_worth_a_word() -> None:
    assert read(HEADER, NOA).notes == []


@pytest.mark.parametrize(
    "header",
    [
        "Name,E-Mail,ROLE,Background,Team",
        " name , email,role ,background, team",
        "\ufeffname,e mail,role,background,team",
    ],
    ids=["capitals", "blanks", "mark"],
)
def test_capitals_and_blanks_of_the_first_line_are_forgiven(header: str) -> None:
    assert names(read(header, NOA)) == ["noa"]


def test_capitals_and_blanks_of_known_words_are_forgiven() -> None:
    found = read(HEADER, "Dana,dana@example.org,Mentor,Data Science,", "Noa,noa@example.org,Participant ,BIOMED,Stork")
    names(found)
    assert [(p.role.value, p.background.value, p.team) for p in found.people] == [
        ("mentor", "data-science", ""),
        ("participant", "biomed", "stork"),
    ]


def test_blank_lines_and_what_a_spreadsheet_leaves_are_nobody() -> None:
    found = read("", HEADER + ",,", "", NOA + ",,", ",,,,,,", "   ", TAL, "")
    assert names(found) == ["noa", "tal"]
    assert found.lines == {"noa": 4, "tal": 7}


def test_what_nobody_sees_is_left_out_and_counted_and_half_joiners_stay() -> None:
    found = read(
        HEADER, NOA.replace("noa@", "\u200bnoa@").replace("Noa", "\u200fNoa"), TAL.replace("Tal", "می\u200cرا")
    )
    assert names(found) == ["noa", "tal"]
    assert [person.name for person in found.people] == ["Noa Levi", "می\u200cرا Bar"]
    assert found.notes == ["people.csv: 2 invisible characters left out."]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_encodings_of_spreadsheets_are_read(encoding: str) -> None:
    assert names(read(HEADER.replace(",", "\t"), NOA.replace(",", "\t"), encoding=encoding)) == ["noa"]


def test_an_empty_address_is_one_sentence() -> None:
    (problem,) = read(HEADER, "Noa Levi,,participant,biomed,stork").problems
    assert str(problem) == "people.csv:2: email: is empty; fill it"


def test_no_rule_is_printed_as_a_computer_writes_it() -> None:
    (problem,) = read(HEADER, "Noa Levi,noa at example,participant,biomed,stork").problems
    assert problem.message == '"noa at example" is no e-mail address; an example: noa@example.org'


def test_a_name_with_a_comma_is_told_the_quotation_marks_to_write() -> None:
    (problem,) = read(HEADER, "Levi, Noa,noa@example.org,participant,biomed,stork").problems
    assert problem.line == 2
    assert "'\"Levi, Noa\"'" in problem.message
    assert names(read(HEADER, '"Levi, Noa",noa@example.org,participant,biomed,stork')) == ["noa"]


@pytest.mark.parametrize(
    "line",
    [
        "P {n},,participant,biomed,stork",  # no addresses
        "P {n},p{n} at example.org,participant,biomed,stork",  # no addresses that are any
        "P {n},p{n}@example.org,participnt,biomed,stork",  # one word spelt wrong
        "P {n},p{n}@example.org,participant,biomed",  # a column less
        "P, {n},p{n}@example.org,participant,biomed,stork",  # a name with a comma
        "P {n},noa@example.org,participant,biomed,stork",  # one address for all
    ],
)
def test_one_cause_on_many_lines_is_one_problem(line: str) -> None:
    found = read(HEADER, *(line.format(n=n) for n in range(84)))
    (problem,) = found.problems
    assert "The same on line" in problem.message
    assert "more." in problem.message


def test_two_causes_are_two_problems() -> None:
    found = read(HEADER, "Noa,noa at x,participant,biomed,", "Tal,tal@example.org,participnt,biomed,")
    assert [(problem.line, problem.key) for problem in found.problems] == [(2, "email"), (3, "role")]


def test_columns_that_are_missing_are_one_problem() -> None:
    (problem,) = read("name,team", "Noa,stork").problems
    assert problem.message == 'the columns "email" and "role" and "background" are missing from the first line'


@pytest.mark.parametrize("lines", [("a,b,c", "1,2,3"), ("",), ("Noa Levi,noa@example.org,participant,biomed,",)])
def test_a_file_without_its_first_line_is_told_one(lines: tuple[str, ...]) -> None:
    (problem,) = read(*lines).problems
    assert HEADER in problem.message


def test_an_address_of_which_no_user_name_can_be_made_asks_for_one() -> None:
    (problem,) = read(HEADER, "נועה,נועה@example.org,participant,biomed,").problems
    assert "fill the column username" in problem.message
    assert problem.key == "username"


def test_two_of_one_name_are_asked_about_by_check(tmp_path: Path, demo_event_file: Path) -> None:
    shutil.copytree(demo_event_file.parent, tmp_path, dirs_exist_ok=True)
    people = tmp_path / "people.csv"
    text = people.read_text(encoding="utf-8") + "Noa Levi,noa.levi@example.org,participant,biomed,BSc,,stork\n"
    people.write_text(text, encoding="utf-8")
    said = CliRunner().invoke(app, ["event", "check", str(tmp_path / "event.toml")], catch_exceptions=False).output
    assert "noa and noa-levi are all called Noa Levi, on lines 27, 77." in said
    assert "If this is one person" in said
    assert len([p for p in load_event(tmp_path / "event.toml").people if p.name == "Noa Levi"]) == 2
