"""Asking a mentor on the desk: who sees what, the moves of a request, and what an answer is shown as."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from tests.desk import Desk, build_app

from rounds.audit import find_broken_record
from rounds.desk.help.shown import HelpView
from rounds.errors import HelpError
from rounds.event import Event
from rounds.help.queue import TOO_MANY, ask, close, find_request
from rounds.help.requests import MOST_OPEN, Asker, HelpRequest, Wish, find_asker
from rounds.progress.model import BoardExercise, BoardLesson, EventMarks
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.store.tables import AuditRecord

NOW = datetime(2027, 2, 21, 9, tzinfo=UTC)
LESSON = BoardLesson("a3-report-card", "The report card", "Track", (BoardExercise("e2", "Bayes' rule", 2),))
CELL = "ppv = <b>sens</b>"


@pytest.fixture
def app(folders: Folders) -> FastAPI:
    return build_app(folders.root, lambda _: EventMarks((LESSON,), {}))


def asked(desk: Desk, username: str = "noa", words: str = "Why is it so low?", about: str = "a3-report-card/e2") -> int:
    reply = desk(username).post("help", words=words, about=about)
    assert reply.status_code == 303, reply.text
    return int(reply.headers["location"].rpartition("/")[2])


def with_cell(engine: Engine, account: str = "noa", team: str = "stork") -> int:
    """Ask as a room does, with the tick."""
    return ask(engine, Asker(account, team, account), Wish("Why?", "a3", "e2", CELL), NOW)


def test_a_request_goes_from_the_learner_to_the_mentor_and_the_answer_back(desk: Desk) -> None:
    number = asked(desk)
    assert "No answer yet. Nobody has taken it." in desk("noa").text(f"help/{number}")
    board = desk("dana").text("lessons")
    assert "Noa Levi" in board.partition("How it stands")[0]
    assert "The report card: Bayes' rule" in board
    assert "just asked" in board
    assert "1 request for help waits for an answer." in desk("dana").text("")
    assert desk("dana").post(f"help/{number}/claim").status_code == 303
    assert "Dana Shalev reads it." in desk("noa").text(f"help/{number}")
    assert desk("dana").post(f"help/{number}/answer", text="Look at <i>prev</i>.").status_code == 303
    assert "Look at <i>prev</i>." in desk("noa").text(f"help/{number}")
    assert "1 request for help answered." in desk("noa").text("")
    assert "asks for help" not in desk("dana").text("lessons").partition("How it stands")[0].replace("Nobody asks", "")
    assert desk("noa").post(f"help/{number}/close").status_code == 303
    assert "This request is closed." in desk("dana").text(f"help/{number}")
    assert "for help answered" not in desk("noa").text("")


# noa is in stork, which dana and omer mentor; tal is in cradle, which ruth mentors
WHO = ("noa", "hana", "tal", "dana", "ruth", "amir", "orna", "rivka")


@pytest.mark.parametrize("username", WHO)
def test_who_sees_answers_and_opens_a_request_is_the_tables(desk: Desk, engine: Engine, username: str) -> None:
    number = with_cell(engine)
    sees, answers, opens = {
        "noa": (True, False, True),
        "dana": (True, True, True),
        "rivka": (True, True, False),
    }.get(username, (False, False, False))
    reply = desk(username).get(f"help/{number}")
    assert reply.status_code == (200 if sees else 403)
    assert ("&lt;b&gt;sens&lt;/b&gt;" in reply.text) == opens
    assert "<b>sens" not in reply.text
    assert ("Why?" in desk(username).get("help").text) == sees
    for move in ("claim", "answer"):
        assert desk(username).post(f"help/{number}/{move}", text="So.").status_code == (303 if answers else 403)
    assert desk(username).post(f"help/{number}/close").status_code == (303 if sees else 403)


def test_without_the_tick_no_box_is_there(desk: Desk) -> None:
    assert "No box came with it." in desk("dana").text(f"help/{asked(desk)}")


def test_what_a_team_asked_from_its_room_is_its_members_own(desk: Desk, engine: Engine) -> None:
    number = with_cell(engine, "team-stork")
    for username, status in (("noa", 200), ("hana", 200), ("dana", 200), ("tal", 403), ("ruth", 403)):
        assert desk(username).get(f"help/{number}").status_code == status, username
    assert "Team Stork asks" in desk("dana").text(f"help/{number}")
    assert "from your team’s room" in desk("hana").text(f"help/{number}")


@pytest.mark.parametrize("username", ["dana", "orna", "rivka"])
def test_only_participants_ask(desk: Desk, username: str) -> None:
    reply = desk(username).post("help", words="Why?", about="a3-report-card/e2")
    assert reply.status_code == 403
    assert "Participants ask for help here" in reply.text


@pytest.mark.parametrize(
    ("words", "about", "says"),
    [
        ("  ", "a3-report-card/e2", "Write in a sentence what you want to know"),
        ("x" * 1001, "a3-report-card/e2", "1,001 characters; at most 1,000 fit"),
        ("Why?", "zz/e1", "Choose from the list"),
        ("Is stay 20231177 of Dana Shalev wrong?", "/", "never send a patient's value"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(
    desk: Desk, engine: Engine, words: str, about: str, says: str
) -> None:
    reply = desk("noa").post("help", words=words, about=about)
    assert reply.status_code == 422
    assert says in reply.text.replace("&#39;", "'")
    assert words.strip() in reply.text
    assert find_request(engine, 1) is None


def test_a_fourth_open_request_is_refused_also_when_all_come_at_once(engine: Engine, event: Event) -> None:
    def one(_: int) -> str:
        try:
            ask(engine, Asker("noa", "stork"), Wish("Why?", "a3"), NOW)
        except HelpError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(one, range(12)))
    assert (said.count(""), said.count(TOO_MANY)) == (MOST_OPEN, 12 - MOST_OPEN)
    ask(engine, Asker("tal", "cradle"), Wish("Why?", "a3"), NOW)
    close(engine, event.person_by_name["noa"], _found(engine, 1), NOW)
    assert one(0) == ""


def test_who_is_quicker_has_it(desk: Desk) -> None:
    number = asked(desk)
    assert desk("dana").post(f"help/{number}/claim").status_code == 303
    reply = desk("omer").post(f"help/{number}/claim")
    assert reply.status_code == 422
    assert "Somebody else was quicker: this request is claimed now." in reply.text
    assert desk("omer").post(f"help/{number}/answer", text="I happen to know.").status_code == 303
    desk("noa").post(f"help/{number}/close")
    late = desk("dana").post(f"help/{number}/answer", text="My long answer")
    assert late.status_code == 422
    assert "this request is closed now" in late.text


def test_each_act_is_on_record_without_the_words(desk: Desk, engine: Engine) -> None:
    number = asked(desk, words="Why so low")
    for move in ("claim", "answer", "close"):
        desk("dana").post(f"help/{number}/{move}", text="Look at prev")
    with Session(engine) as session:
        records = session.scalars(select(AuditRecord).order_by(AuditRecord.number)).all()
        assert [(one.who, one.what, one.on, one.why) for one in records] == [
            ("dana", f"help {what}", f"request {number}", "stork") for what in ("claimed", "answered", "closed")
        ]
        assert find_broken_record(session) is None


def test_a_request_is_there_after_another_start(engine: Engine, folders: Folders) -> None:
    number = with_cell(engine)
    again = open_database(folders.database_url)
    found = find_request(again, number)
    again.dispose()
    assert found is not None
    assert (found.wish.cell, found.asked_at, found.minutes(NOW)) == (CELL, NOW, 0)


# whose room, who is signed in there, and as whom the request counts; None: refused
@pytest.mark.parametrize(
    ("account", "member", "counts_as"),
    [
        ("noa", "", "noa"),
        ("noa", "noa", "noa"),
        ("noa", "hana", None),
        ("team-stork", "", "team-stork"),
        ("team-stork", "noa", "noa"),
        ("team-stork", "tal", None),  # of another team
        ("team-stork", "dana", None),  # a mentor
        ("team-none", "", None),
        ("dash-stork", "", None),
        ("dana", "", None),
        ("stranger", "", None),
    ],
)
def test_who_asks_is_the_account_of_the_room_or_its_member(
    event: Event, account: str, member: str, counts_as: str | None
) -> None:
    if counts_as is None:
        with pytest.raises(HelpError):
            find_asker(event, account, member)
    else:
        assert find_asker(event, account, member) == Asker(counts_as, "stork", account)


def test_what_the_board_does_not_know_is_called_as_the_room_called_it(event: Event, engine: Engine) -> None:
    view = HelpView(event, event.person_by_name["dana"], (LESSON,), NOW)

    def about(lesson: str, exercise: str) -> str:
        number = ask(engine, Asker("noa", "stork"), Wish("Why?", lesson, exercise), NOW)
        shown = view.show(_found(engine, number))
        close(engine, event.person_by_name["noa"], _found(engine, number), NOW)
        assert shown is not None
        return shown.about

    assert about("a3", "e2") == "The report card: Bayes' rule"
    assert about("a3-report-card", "") == "The report card"
    assert about("a3", "e9") == "The report card: e9"
    assert about("zz", "e1") == "zz e1"
    assert about("", "") == "the team’s own work"


def _found(engine: Engine, number: int) -> HelpRequest:
    found = find_request(engine, number)
    assert found is not None
    return found
