"""A participant answers ten questions, sees a path through the lessons, and works along it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from tests.desk import Visitor, build_app
from tests.unit.desk.test_knowledge import move_phases

from rounds.desk.event.next_steps import FIND_PATH
from rounds.event import store_event
from rounds.instrument.answered import choose_track, load_answers, save_answers
from rounds.instrument.placement import Track, load_items
from rounds.progress.model import BoardExercise, BoardLesson, EventMarks, Mark, State
from rounds.store.folders import Folders

NAMES = ("a0", "a1", "a2", "a3", "b1", "b2", "j1", "j2", "j3")
LESSONS = tuple(
    BoardLesson(f"{name}-topic", f"Lesson {name.upper()}", "Track", (BoardExercise("e1", "Task", 2),), must_minutes=40)
    for name in NAMES
)
PAGE = "lessons/path"
AtDesk = Callable[..., Visitor]


@pytest.fixture
def at_desk(folders: Folders) -> AtDesk:
    def visit(username: str, **passed: State) -> Visitor:
        marks = {f"{name}-topic": {"e1": Mark(state)} for name, state in passed.items()}
        return Visitor(build_app(folders.root, lambda _: EventMarks(LESSONS, {username: marks})), username)

    return visit


def knowing(*known: str) -> dict[str, str]:
    """Return a form in which these are right, one is wrong, and the others are not sure yet."""
    return {item.lesson: str(item.options.index(item.right)) if item.lesson in known else "" for item in load_items()}


def test_the_questions_come_first_and_lead_to_a_path_with_its_minutes(at_desk: AtDesk) -> None:
    noa = at_desk("noa")
    assert noa.get(PAGE).headers["location"].endswith(f"{PAGE}/questions")
    page = noa.soup(f"{PAGE}/questions")
    assert [len(field.select("input[type=radio]")) for field in page.select("fieldset")] == [4] * 10
    assert all(field.select_one("input[checked]")["value"] == "" for field in page.select("fieldset"))  # type: ignore[index]
    assert noa.post(PAGE, **knowing("b1", "b2", "b3", "a1")).status_code == 303
    path = noa.soup(PAGE)
    shown = [link.text for link in path.select("section[aria-labelledby=before] ol a")]
    assert shown == ["Lesson A0", "Lesson A2", "Lesson A3", "Lesson J2"]
    said = noa.text(PAGE)
    assert "Before the event 2 h 40 min" in said
    assert "May be left out: Lesson A1 . Look in when you have time." in said
    assert "During the event 1 h 20 min" in said


def test_a_lesson_of_the_path_is_passed_with_its_musts_and_the_event_that_runs_is_not_before_itself(
    folders: Folders, demo_event_file: Path, tmp_path: Path
) -> None:
    exercises = (BoardExercise("e1", "Task", 2), BoardExercise("e2", "More", 2, "could"))
    lesson = replace(LESSONS[0], exercises=exercises)
    marks = {"noa": {lesson.id: {"e1": Mark(State.DONE)}}}
    noa = Visitor(build_app(folders.root, lambda _: EventMarks((lesson, *LESSONS[1:]), marks)), "noa")
    noa.post(PAGE, **knowing("b1", "b2", "b3"))
    assert "Lesson A0 40 min · ✓ passed" in noa.text(PAGE)
    assert "Before the event" in noa.text("")
    store_event(move_phases(demo_event_file, tmp_path, 5), folders.event)  # the whole data is open
    for page in ("", PAGE):
        assert "Before the event" not in noa.text(page)
        assert "During the event" not in noa.text(page)


def test_which_of_the_ten_were_right_is_not_said_before_the_first_test_of_knowledge_is_done_or_declined(
    at_desk: AtDesk,
) -> None:
    noa = at_desk("noa")
    noa.post(PAGE, **knowing("a1", "b1"))
    said = noa.text(PAGE)
    assert "✓ known" not in said
    assert "not yet" not in said
    assert noa.soup(PAGE).select_one("section[aria-labelledby=why] a[href$='lessons/knowledge']") is not None
    noa.post("lessons/knowledge/consent", part="no")
    said = noa.text(PAGE)
    assert said.count("✓ known") == 2
    assert "Known already: Lesson A1 . Leave out what you know, or look in." in said


def test_who_cannot_take_the_first_test_any_more_is_told_at_once(at_desk: AtDesk) -> None:
    at_desk("noa").post(PAGE, **knowing("a1"))
    assert "✓ known" in at_desk("noa", a0=State.DONE).text(PAGE)


def test_the_first_page_asks_for_the_questions_then_shows_the_path_and_its_next_lesson(at_desk: AtDesk) -> None:
    first = at_desk("noa").text("")
    assert first.index(FIND_PATH) < first.index("Next exercise")
    at_desk("noa").post(PAGE, **knowing("a0", "a1", "a2", "a3"))
    after = at_desk("noa").text("")
    assert FIND_PATH not in after
    assert "Next exercise: “Task” in the lesson “Lesson B1”" in after  # the board's first is A0
    assert "Your path Before the event 2 h Lesson B1 40 min Lesson B2 40 min" in after
    assert "Next exercise: “Task” in the lesson “Lesson B1”" in at_desk("noa").text("lessons")


def test_what_was_passed_is_marked_and_its_minutes_are_left_no_more(at_desk: AtDesk) -> None:
    at_desk("noa").post(PAGE, **knowing("a0", "a1", "a2", "a3"))
    said = at_desk("noa", b1=State.DONE, b2=State.TRIED).text(PAGE)
    assert "Before the event 1 h 20 min of 2 h left" in said
    assert "40 min · ✓ passed" in said
    assert "all passed" in at_desk("noa", b1=State.DONE, b2=State.DONE, j2=State.DONE).text(PAGE)


def test_who_has_passed_something_is_not_sent_to_the_questions_and_finds_them_still(at_desk: AtDesk) -> None:
    assert FIND_PATH not in at_desk("noa", a0=State.DONE).text("")
    assert "Find your path through the lessons" in at_desk("noa", a0=State.DONE).text("lessons")


def test_the_other_track_is_taken_and_new_answers_forget_it(at_desk: AtDesk) -> None:
    noa = at_desk("noa")
    noa.post(PAGE, **knowing("a0", "a1", "a2", "a3"))
    assert noa.post(f"{PAGE}/track", track="clinicians").status_code == 303
    assert "You begin with machine learning" in noa.text(PAGE)
    noa.post(PAGE, **knowing("a0", "a1", "a2", "a3"))
    assert "You begin with the clinic" in noa.text(PAGE)
    assert noa.post(f"{PAGE}/track", track="jurors").status_code == 404


def test_what_is_no_option_counts_as_not_sure(at_desk: AtDesk, engine: Engine) -> None:
    odd = dict(
        zip((item.lesson for item in load_items()), ["7", "-1", "x", "1e0", "²", "3", "", "0 ", "01"], strict=False)
    )
    at_desk("noa").post(PAGE, **odd)
    found = load_answers(engine, "noa")
    assert found is not None
    assert set(found[0].values()) == {None}


def test_only_the_person_sees_the_path_and_only_participants_have_one(at_desk: AtDesk) -> None:
    at_desk("noa").post(PAGE, **knowing("a0"))
    assert at_desk("roni").get(PAGE).headers["location"].endswith("questions")
    for role in ("dana", "rivka"):
        reply = at_desk(role).get(PAGE)
        assert reply.status_code == 403
        assert "Only participants have a path" in reply.text
        assert at_desk(role).post(PAGE, **knowing("a0")).status_code == 403
        assert "ten questions" not in at_desk(role).text("lessons")


def test_a_form_without_the_sessions_secret_keeps_nothing(at_desk: AtDesk, engine: Engine) -> None:
    assert at_desk("noa").post(PAGE, csrf="guessed", **knowing("a0")).status_code == 403
    assert load_answers(engine, "noa") is None


def test_the_newest_answers_count(engine: Engine) -> None:
    choose_track(engine, "noa", Track.CLINICIANS)  # nothing to choose against yet
    assert load_answers(engine, "noa") is None
    for answers in ({"a0": 1}, {"a0": None, "b1": 2}):
        save_answers(engine, "noa", answers, datetime.now(UTC))
    assert load_answers(engine, "noa") == ({"a0": None, "b1": 2}, None)
