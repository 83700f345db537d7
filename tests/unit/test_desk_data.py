"""Who reads which data dictionary, asks about a column, and answers; and that no page holds a value of a patient."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.desk import Visitor, build_app, words_of

from rounds.audit import find_broken_record
from rounds.data import attach_dataset, describe, import_table
from rounds.data.answers import answers_file, read_answers
from rounds.data.dataset import open_dataset
from rounds.data.ehr.generate import write_cohort
from rounds.desk.asked import Place
from rounds.desk.asked import ask as put
from rounds.desk.datasets import find_datasets
from rounds.desk.wording import LONGEST
from rounds.event import AppliedEvent, Event, store_event
from rounds.roles import Role
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.store.tables import AuditRecord, Question, Wording

COLUMN = {"table": "births", "column": "weight_gain_kg"}
ASK = "data/birthweight/ask"
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
Desk = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two lesson datasets and an imported one that a challenge opens."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("birthweight", "bsi"):
        write_cohort(name, 60, 5, folder, folder / "truth")
    rows = "stay,ef,ward\n1,45.375,Lentil\n2,,Quark\n3,31,Lentil\n"
    (folder / "stays.csv").write_text(rows, encoding="utf-8")
    import_table(folder / "stays.csv", "stays", folder, kind="public")
    attach_dataset(folder, "heart_failure", "stays")
    return folder


@pytest.fixture
def folders(tmp_path: Path, datasets: Path, demo_event_file: Path) -> Folders:
    folders = Folders(tmp_path / "state")
    store_event(demo_event_file, folders.event)
    folders.data.mkdir()
    for path in [*datasets.glob("*/datapackage.json"), datasets / "attached.json"]:
        target = path.parent if path.name == "datapackage.json" else path
        (folders.data / target.name).symlink_to(target)
    return folders


@pytest.fixture
def app(folders: Folders) -> FastAPI:
    return build_app(folders.root)


@pytest.fixture
def desk(app: FastAPI) -> Desk:
    return lambda username: Visitor(app, username)


@pytest.fixture
def event(folders: Folders) -> Event:
    return AppliedEvent(folders.event).current()


def ask(visitor: Visitor, text: str, **column: str) -> str:
    """Ask, and return the number of the question that the desk then shows."""
    reply = visitor.post(ASK, **{**COLUMN, **column}, text=text)
    assert reply.status_code == 303, reply.text
    return reply.headers["location"].rpartition("#question-")[2]


# who may read which dictionary; noa: stork (birthweight), amira: marrow (bsi), shira: ventricle (heart failure)
LESSONS = {"birthweight", "bsi"}
READS = [
    ("noa", LESSONS),
    ("amira", LESSONS),
    ("shira", LESSONS | {"stays"}),
    ("dana", {"birthweight"}),  # mentor of stork
    ("yousef", {"bsi"}),
    ("avi", {"stays"}),
    ("amir", set()),  # a mentor without a team
    ("orna", set()),  # juror
    ("rivka", LESSONS | {"stays"}),  # organiser
]


@pytest.mark.parametrize(("username", "reads"), READS)
def test_each_role_reads_the_dictionaries_of_its_own_row(
    desk: Desk, folders: Folders, event: Event, username: str, reads: set[str]
) -> None:
    assert set(find_datasets(event, event.person_by_name[username], folders)) == reads
    for name in ("birthweight", "bsi", "stays"):
        reply = desk(username).get(f"data/{name}")
        assert reply.status_code == (200 if name in reads else 403)
        assert ("(for engineers)" in reply.text) == (name in reads)
        assert desk(username).get(f"{ASK.replace('birthweight', name)}?table={name}&column=x").status_code == 403


@pytest.mark.parametrize(("role", "reads"), [(Role.CUSTODIAN, 3), (Role.CHECKER, 0)])
def test_a_custodian_reads_all_and_a_checker_none(folders: Folders, event: Event, role: Role, reads: int) -> None:
    person = event.person_by_name["rivka"].model_copy(update={"role": role})
    assert len(find_datasets(event, person, folders)) == reads


def test_a_juror_sees_titles_and_questions_only(desk: Desk, event: Event) -> None:
    page = desk("orna").soup("data")
    for challenge in event.challenge:
        assert challenge.title in words_of(page)
        assert challenge.question in words_of(page)
    assert not page.main.find_all("a")


@pytest.mark.parametrize(("username", "count"), [("noa", 1), ("dana", 1), ("orna", 4), ("rivka", 4)])
def test_the_list_shows_the_challenges_of_the_own_teams(desk: Desk, event: Event, username: str, count: int) -> None:
    text = desk(username).text("data")
    assert sum(challenge.question in text for challenge in event.challenge) == count


def test_what_is_known_only_after_the_prediction_is_marked(desk: Desk) -> None:
    page = desk("noa").soup("data/birthweight")
    signs = {a["id"]: words for a in page.find_all("article") if (words := a.find(class_="badge").get_text())}
    assert signs["births.weight_gain_kg"] == "known only after the prediction"
    assert signs["births.birthweight_g"] == "the outcome itself"
    assert signs["births.bmi"] == "known by the prediction"


def test_search_filter_and_words_work_by_address_alone(desk: Desk) -> None:
    noa = desk("noa")
    found = noa.soup("data/birthweight?q=diabetes")
    assert {a["id"].split(".")[1] for a in found.find_all("article")} >= {"gestational_diabetes"}
    known = noa.soup("data/birthweight?known=true")
    assert not {"births.birthweight_g", "births.gestational_diabetes"} & {a["id"] for a in known.find_all("article")}
    assert "(for clinicians)" not in noa.text("data/birthweight?words=engineer")
    assert "Try a shorter word" in noa.text("data/birthweight?q=xyzzy")


def test_htmx_gets_the_columns_only(desk: Desk) -> None:
    reply = desk("noa").get("data/birthweight?q=weight", **{"HX-Request": "true"})
    assert "<html" not in reply.text
    assert 'id="births.birthweight_g"' in reply.text


def test_no_value_no_level_and_no_count_of_a_patient_is_on_a_page(desk: Desk, folders: Folders) -> None:
    note = open_dataset(folders.data / "stays").table().column("ef").note
    assert "Missing in 1 of 3 rows" in note  # the drafted description has it: a small count
    for path in ("data", "data/stays", "data/stays/ask?table=stays&column=ef", "data/stays?q=ward"):
        text = desk("shira").get(path).text
        assert not any(word in text for word in ("Missing in", "Lentil", "Quark", "45.375"))


def test_answers_of_a_clinician_reach_both_teams_and_the_notebooks(desk: Desk, folders: Folders) -> None:
    number = ask(desk("noa"), "Is it the gain up to delivery?")
    assert "1 question waits for you" in desk("dana").text("")
    assert "Is it the gain up to delivery?" in desk("dana").text("questions")
    assert desk("dana").post(f"questions/{number}/answer", text="Yes, <b>weighed</b> at delivery.").status_code == 303
    for username in ("noa", "tal", "dana", "ruth"):  # stork, cradle, and their clinicians
        text = desk(username).text("data/birthweight")
        assert "Yes, <b>weighed</b> at delivery." in text
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


def test_a_dataset_that_lies_in_one_size_only_has_its_dictionary(folders: Folders, event: Event) -> None:
    (folders.sized / "full").mkdir(parents=True)
    (folders.data / "stays").rename(folders.sized / "full" / "stays")
    assert "stays" in find_datasets(event, event.person_by_name["shira"], folders)


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
    if username != "yousef":  # a clinician of another challenge
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
    ["Is code I50.9 counted?", "Is LOINC 2160-0 in mg/dL?", "Since Monday, or from week 12?", "Is C09AA05 in it?"],
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
