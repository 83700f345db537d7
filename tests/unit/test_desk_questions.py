"""Asking about a column, answering, and what is new to whom: every wording kept, nothing that points at a patient."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.desk import ASK, COLUMN, Desk, ask, words_of

from rounds.audit import find_broken_record
from rounds.data import describe
from rounds.data.answers import answers_file, read_answers
from rounds.data.dataset import open_dataset
from rounds.desk.data.question_store import Place
from rounds.desk.data.question_store import ask as put
from rounds.desk.data.wording import LONGEST
from rounds.event import Event
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.store.tables import AuditRecord, Question, Wording

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def test_answers_of_a_clinician_reach_both_teams_and_the_notebooks(desk: Desk, folders: Folders) -> None:
    number = ask(desk("noa"), "Is it the gain up to delivery?")
    assert "1 question waits for you" in desk("dana").text("")
    assert "Is it the gain up to delivery?" in desk("dana").text("questions")
    assert "1 question, not answered yet" in desk("noa").text("data/birthweight")
    assert desk("dana").post(f"questions/{number}/answer", text="Yes, <b>weighed</b> at delivery.").status_code == 303
    for username in ("noa", "tal", "dana", "ruth"):  # stork, cradle, and their clinicians
        text = desk(username).text("data/birthweight")
        assert "Yes, <b>weighed</b> at delivery." in text
        assert "1 question, answered" in text
        assert "by Dana Shalev" in text
        assert "by Team Stork" in text
    assert "question waits" not in desk("dana").text("")
    (answer,) = read_answers(folders.data, "birthweight")
    assert (answer.column, answer.by) == ("weight_gain_kg", "Dana Shalev")
    words = describe(open_dataset(folders.data / "birthweight"))
    assert "answered:  Yes, <b>weighed</b> at delivery. (Dana Shalev, " in str(words)
    assert "&lt;b&gt;weighed&lt;/b&gt;" in words._repr_html_()


def test_answers_are_found_from_a_dataset_of_another_size(
    desk: Desk, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUNDS_DATA", str(folders.data))  # as a room has it
    (folders.sized / "sample").mkdir(parents=True)
    (folders.sized / "sample" / "birthweight").symlink_to((folders.data / "birthweight").resolve())
    number = ask(desk("noa"), "Weighed when?")
    desk("dana").post(f"questions/{number}/answer", text="At delivery.")
    assert "At delivery." in str(describe(open_dataset(folders.sized / "sample" / "birthweight")))


def test_teams_of_another_challenge_see_no_question(desk: Desk) -> None:
    ask(desk("noa"), "Is it the gain up to delivery?")
    assert "up to delivery" not in desk("amira").text("data/birthweight")  # a lesson's dataset for marrow
    assert "Ask about this column" not in desk("amira").text("data/birthweight")
    assert "up to delivery" in desk("tal").text("data/birthweight")


def test_the_same_question_asked_twice_is_shown_and_not_stored_again(desk: Desk, folders: Folders) -> None:
    first = ask(desk("noa"), "Weighed when?")
    reply = desk("tal").post(ASK, **COLUMN, text="  weighed   WHEN? ")
    assert reply.headers["location"].endswith(f"again={first}#question-{first}")
    assert "This was asked before" in desk("tal").text(reply.headers["location"].partition("#")[0])
    with Session(open_database(folders.database_url)) as session:
        assert len(session.scalars(select(Question)).all()) == 1
        assert find_broken_record(session) is None


def test_many_who_ask_the_same_at_once_ask_one_question(folders: Folders, event: Event) -> None:
    engine, place = open_database(folders.database_url), Place("birthweight", "birthweight", "births", "bmi")
    noa = event.person_by_name["noa"]
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: put(engine, noa, place, "Measured or told?", NOW), range(16)))
    assert len({number for number, _ in asked}) == 1
    assert sum(is_new for _, is_new in asked) == 1
    with Session(engine) as session:
        assert len(session.scalars(select(Wording)).all()) == 1
        assert find_broken_record(session) is None
    engine.dispose()


# who may not: role, path, form
@pytest.mark.parametrize("username", ["dana", "orna", "rivka", "amira", "amir"])
def test_only_the_challenges_participants_ask(desk: Desk, folders: Folders, username: str) -> None:
    assert desk(username).post(ASK, **COLUMN, text="May I?").status_code == 403
    with Session(open_database(folders.database_url)) as session:
        assert session.scalars(select(Question)).all() == []


@pytest.mark.parametrize("username", ["noa", "omer", "yousef", "orna", "rivka", "amir"])
def test_only_the_challenges_clinicians_answer(desk: Desk, username: str) -> None:
    number = ask(desk("noa"), "Weighed when?")
    assert desk(username).post(f"questions/{number}/answer", text="At delivery.").status_code == 403
    assert "At delivery." not in desk("noa").text("data/birthweight")


# who reads the questions of which challenge: noa's question is about birthweight; yousef is a clinician of bsi
@pytest.mark.parametrize(
    ("username", "reads"),
    [
        ("noa", True),
        ("tal", True),
        ("dana", True),
        ("omer", True),
        ("rivka", True),
        ("amira", False),
        ("yousef", False),
    ],
)
def test_who_reads_the_dictionary_of_a_challenge_reads_its_questions(desk: Desk, username: str, reads: bool) -> None:
    ask(desk("noa"), "Weighed when?")
    page = desk(username).soup("questions")
    assert ("Weighed when?" in words_of(page)) == reads
    assert bool(page.main.find("form")) == (username == "dana")


@pytest.mark.parametrize("username", ["orna", "amir"])  # a juror, and a mentor without a team
def test_who_reads_no_dictionary_reads_no_question(desk: Desk, username: str) -> None:
    assert desk(username).get("questions").status_code == 403


def test_either_clinician_of_the_challenge_may_answer(desk: Desk) -> None:
    number = ask(desk("noa"), "Weighed when?")
    assert desk("ruth").post(f"questions/{number}/answer", text="At delivery.").status_code == 303


def test_every_wording_is_kept(desk: Desk, folders: Folders) -> None:
    number = ask(desk("noa"), "Weighed when?")
    desk("dana").post(f"questions/{number}/answer", text="At delivery.")
    desk("dana").post(f"questions/{number}/answer", text="At the last visit.")
    assert desk("hana").post(f"questions/{number}/question", text="When was she weighed?").status_code == 303
    assert desk("tal").post(f"questions/{number}/question", text="Mine now").status_code == 403
    text = desk("tal").text("data/birthweight")
    assert all(words in text for words in ("When was she weighed?", "At the last visit.", "2 older wordings"))
    with Session(open_database(folders.database_url)) as session:
        assert [w.by for w in session.scalars(select(Wording))] == ["noa", "dana", "dana", "hana"]
        acts = [(r.who, r.what, r.on) for r in session.scalars(select(AuditRecord).order_by(AuditRecord.number))]
        assert find_broken_record(session) is None
    where = "birthweight.births.weight_gain_kg"
    assert acts == [
        ("noa", "question asked", where),
        ("dana", "question answered", where),
        ("dana", "question answered", where),
        ("hana", "question reworded", where),
    ]
    (answer,) = read_answers(folders.data, "birthweight")
    assert (answer.question, answer.answer) == ("When was she weighed?", "At the last visit.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write your question first"),
        (" \n\u200b ", "Write your question first"),
        ("x" * (LONGEST["question"] + 1), "at most 600 fit"),
        ("The value of patient 123456782?", "a number that names a person"),
        ("Call 052-345 6789", "telephone numbers"),
        ("mail a.b@hospital.org", "e-mail addresses"),
        ("see MRN 44812", "medical record numbers"),
        ("Mrs Levi has no value, why?", "a person&#39;s name"),
        ("Why does Sarah Cohen smoke?", "a person&#39;s name"),
        ("Why does \u05d3\u05d5\u05d3 \u05db\u05d4\u05df smoke?", "a person&#39;s name"),
        ("born 03/04/1988, no value", "dates"),
        ("Is 1987 right for mother M001234?", "a number that names a person"),
    ],
)
def test_text_that_may_point_at_a_person_is_refused_and_kept_in_the_field(desk: Desk, text: str, said: str) -> None:
    reply = desk("noa").post(ASK, **COLUMN, text=text)
    assert reply.status_code == 422
    assert said in reply.text
    assert "No question waits for you" in desk("dana").text("questions")


@pytest.mark.parametrize(
    "text",
    [
        "Is code I50.9 counted?",
        "Is LOINC 2160-0 in mg/dL?",
        "Since Monday, or from week 12?",
        "Is C09AA05 in it?",
        "Is 2019-2021 the year of booking?",
    ],
)
def test_an_ordinary_question_is_taken(desk: Desk, text: str) -> None:
    assert desk("noa").post(ASK, **COLUMN, text=text).status_code < 400


def test_text_is_shown_as_text(desk: Desk) -> None:
    ask(desk("noa"), "<script>alert(1)</script> & <img src=x onerror=alert(1)>")
    for path in ("data/birthweight", f"{ASK}?table=births&column=weight_gain_kg"):
        page = desk("noa").get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "<script>alert" not in desk("dana").get("questions").text


@pytest.mark.parametrize("path", [ASK, "questions/1/answer", "questions/1/question"])
def test_a_form_of_another_page_asks_and_answers_nothing(desk: Desk, path: str) -> None:
    assert desk("noa").post(path, csrf="a guess", **COLUMN, text="Really?").status_code == 403


def test_a_column_that_is_not_there_is_refused(desk: Desk) -> None:
    assert desk("noa").post(ASK, table="births", column="none", text="What?").status_code == 403
    assert desk("dana").post("questions/99/answer", text="What?").status_code == 403


def test_answers_that_cannot_be_written_stay_on_the_page(desk: Desk, folders: Folders) -> None:
    number = ask(desk("noa"), "Weighed when?")
    answers_file(folders.data, "birthweight").mkdir()
    assert desk("dana").post(f"questions/{number}/answer", text="At delivery.").status_code == 303
    assert "At delivery." in desk("noa").text("data/birthweight")


@pytest.mark.parametrize("content", ["", "{}", "[1, null]", '[{"table": 1}]', '[{"table": "t"}]', "\x00"])
def test_a_broken_answers_file_does_not_break_a_notebook(tmp_path: Path, content: str) -> None:
    answers_file(tmp_path, "x").write_text(content, encoding="utf-8")
    assert read_answers(tmp_path, "x") == ()


def test_the_answers_file_holds_words_only(desk: Desk, folders: Folders) -> None:
    number = ask(desk("noa"), "Weighed when?")
    desk("dana").post(f"questions/{number}/answer", text="At delivery.")
    said = json.loads(answers_file(folders.data, "birthweight").read_text(encoding="utf-8"))
    assert set(said[0]) == {"table", "column", "question", "answer", "by", "at"}
    assert pd.Timestamp(said[0]["at"]).tzinfo is not None


def test_a_question_leads_to_its_column(desk: Desk) -> None:
    ask(desk("noa"), "Weighed when?")
    for username in ("noa", "dana"):
        (link,) = [a["href"] for a in desk(username).soup("questions").main.find_all("a") if "#" in a["href"]]
        assert link.endswith("data/birthweight#births.weight_gain_kg")
    assert desk("dana").soup("data/birthweight").find(id="births.weight_gain_kg")


PLACES = {"data/birthweight": "Data", f"{ASK}?table=births&column=bmi": "Data", "questions": "Questions"}


@pytest.mark.parametrize(("page", "label"), PLACES.items())
def test_the_navigation_says_where_a_page_below_it_lies(desk: Desk, page: str, label: str) -> None:
    marked = desk("noa").soup(page).nav.select("[aria-current=page]")
    assert [link.get_text() for link in marked] == [label]
