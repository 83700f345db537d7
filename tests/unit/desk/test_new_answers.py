"""What is new to whom: each member of a challenge's teams hears of an answer until this person has read it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.desk import Desk, ask

from rounds.desk.data.new_answers import count_new, find_new, mark_seen
from rounds.desk.data.question_store import ANSWERED, Place, load_asked, say
from rounds.desk.data.question_store import ask as put
from rounds.event import Event
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.store.tables import AnswersSeen

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def answer(desk: Desk, number: str, text: str = "At delivery.") -> None:
    assert desk("dana").post(f"questions/{number}/answer", text=text).status_code == 303


@pytest.mark.parametrize("username", ["noa", "hana", "tal"])  # stork asked; tal is in cradle
def test_each_member_of_both_teams_hears_of_a_new_answer_until_it_was_read(desk: Desk, username: str) -> None:
    number = ask(desk("noa"), "Weighed when?")
    assert "new answer" not in desk(username).text("")
    answer(desk, number)
    for page in ("", "teams"):
        assert "1 new answer about" in desk(username).text(page)
    link = next(a for a in desk(username).soup("").main.find_all("a") if a.get_text() == "Read the answers")
    assert "1 new answer since you last looked here" in desk(username).text(link["href"])
    for page in ("", "teams", "questions"):
        assert "new answer" not in desk(username).text(page)


@pytest.mark.parametrize("username", ["dana", "omer", "orna", "rivka", "amira"])
def test_nobody_else_hears_of_it(desk: Desk, username: str) -> None:
    answer(desk, ask(desk("noa"), "Weighed when?"))
    assert "new answer" not in desk(username).text("")
    assert "new answer" not in desk(username).text("teams")


def test_who_read_it_reads_it_for_the_own_person_alone(desk: Desk) -> None:
    answer(desk, ask(desk("noa"), "Weighed when?"))
    desk("noa").get("questions")
    assert "new answer" not in desk("noa").text("")
    assert "1 new answer" in desk("hana").text("")


def test_a_new_answer_stands_open_and_an_old_one_is_folded(desk: Desk) -> None:
    number = ask(desk("noa"), "Weighed when?")
    answer(desk, number)
    places = ("data/birthweight", "questions")
    assert [is_open(desk, place, number) for place in places] == [True, True]
    assert [is_open(desk, place, number) for place in places] == [False, False]


def is_open(desk: Desk, place: str, number: str) -> bool:
    """Return whether tal reads an answer on a page without unfolding anything."""
    said = desk("tal").soup(place).find(id=f"question-{number}")
    folds = [fold for fold in said.find_parents("details") if not fold.has_attr("open")]
    assert bool(said.find(class_="badge", string="new")) == (not folds)
    return not folds


def test_another_wording_of_an_answer_is_new_again(desk: Desk) -> None:
    number = ask(desk("noa"), "Weighed when?")
    answer(desk, number)
    desk("noa").get("questions")
    answer(desk, number, "At the last visit.")
    assert "1 new answer" in desk("noa").text("")


def test_a_question_in_other_words_is_no_new_answer(desk: Desk) -> None:
    number = ask(desk("noa"), "Weighed when?")
    answer(desk, number)
    desk("tal").get("questions")
    desk("noa").post(f"questions/{number}/question", text="When was she weighed?")
    assert "new answer" not in desk("tal").text("")


def test_an_answer_that_comes_while_one_reads_stays_new(desk: Desk, folders: Folders, event: Event) -> None:
    engine, noa = open_database(folders.database_url), event.person_by_name["noa"]
    first, second = ask(desk("noa"), "Weighed when?"), ask(desk("noa"), "By whom?")
    answer(desk, first)
    on_the_page = load_asked(engine, event, ["birthweight"])
    answer(desk, second)
    mark_seen(engine, noa, on_the_page)
    assert find_new(engine, event, noa, load_asked(engine, event, ["birthweight"])) == {int(second)}
    mark_seen(engine, noa, load_asked(engine, event, ["birthweight"]))
    mark_seen(engine, noa, on_the_page)  # an older page that was slower: no mark goes back
    assert count_new(engine, event, noa) == 0
    engine.dispose()


def test_pages_of_one_person_that_open_at_once_leave_one_mark(desk: Desk, folders: Folders, event: Event) -> None:
    engine, noa = open_database(folders.database_url), event.person_by_name["noa"]
    answer(desk, ask(desk("noa"), "Weighed when?"))
    asked = load_asked(engine, event, ["birthweight"])
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: mark_seen(engine, noa, asked), range(16)))
    with Session(engine) as session:
        marks = [(row.username, row.challenge, row.wording) for row in session.scalars(select(AnswersSeen))]
    assert marks == [("noa", "birthweight", asked[0].answer_id)]
    engine.dispose()


def test_a_person_who_moves_to_another_challenge_has_read_nothing_there(
    desk: Desk, folders: Folders, event: Event
) -> None:
    engine, people = open_database(folders.database_url), event.person_by_name
    answer(desk, ask(desk("noa"), "Weighed when?"))
    number, _ = put(engine, people["amira"], Place("bsi", "bsi", "days", "crp"), "In mg/L?", NOW)
    say(engine, people["yousef"], number, ANSWERED, "Yes.", NOW)  # newer than the answer about birthweight
    assert "1 new answer" in desk("amira").text("questions")
    assert count_new(engine, event, people["amira"]) == 0
    assert count_new(engine, event, people["amira"].model_copy(update={"team": "stork"})) == 1
    engine.dispose()
