"""Two questions about earlier lessons stand on the desk when they are due, and are answered once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from tests.desk import Visitor, build_app

from rounds.instrument.reviewed import load_reviewed
from rounds.instrument.reviews import next_review
from rounds.progress.model import BoardExercise, BoardLesson, EventMarks, Mark, State
from rounds.progress.work import Work
from rounds.store.folders import Folders

LESSONS = tuple(
    BoardLesson(f"{n}-topic", f"Lesson {n.upper()}", "T", (BoardExercise("e1", "Task", 2),)) for n in ("a0", "a3")
)
PAGE = "lessons/reviews"
AtDesk = Callable[..., Visitor]


@pytest.fixture
def at_desk(folders: Folders) -> AtDesk:
    def visit(username: str, hours_ago: float = 5, passed: tuple[str, ...] = ("a0", "a3")) -> Visitor:
        work = Work(1, 0, 60, True, datetime.now(UTC) - timedelta(hours=hours_ago))
        marks = {f"{name}-topic": {"e1": Mark(State.CHECKED, work=work)} for name in passed}
        return Visitor(build_app(folders.root, lambda _: EventMarks(LESSONS, {username: marks})), username)

    return visit


def test_two_questions_are_due_some_hours_later_and_are_told_at_once(at_desk: AtDesk, engine: Engine) -> None:
    noa = at_desk("noa")
    assert "2 short questions from earlier lessons" in noa.text("")
    shown = {name: next_review("noa", name, []) for name in ("a0", "a3")}
    assert [field.legend.text for field in noa.soup(PAGE).select("fieldset") if field.legend] == [
        one.item.text for one in shown.values()
    ]
    form = {
        f"a0-{shown['a0'].seed}": str(shown["a0"].item.options.index(shown["a0"].item.right)),
        f"a3-{shown['a3'].seed}": "",
    }
    reply = noa.post(PAGE, **form)
    assert "1 of 2 right" in reply.text
    assert "Explained in <a href" in reply.text
    assert [(one.lesson, one.right) for one in load_reviewed(engine, "noa")] == [("a0", True), ("a3", False)]
    assert noa.post(PAGE, **form).status_code == 303  # sent again: nothing is due, nothing changes
    assert len(load_reviewed(engine, "noa")) == 2
    assert "short question" not in noa.text("")
    assert "Nothing is due now" in noa.text(PAGE)


def test_nothing_is_due_right_after_a_lesson_nor_for_who_passed_nothing(at_desk: AtDesk) -> None:
    for visitor in (at_desk("noa", hours_ago=1), at_desk("noa", passed=())):
        assert "Nothing is due now" in visitor.text(PAGE)
        assert "short question" not in visitor.text("")


@pytest.mark.parametrize("name", ["dana", "rivka", "orna"])
def test_only_participants_are_asked(at_desk: AtDesk, name: str) -> None:
    assert at_desk(name).get(PAGE).status_code == 403
    assert "short question" not in at_desk(name).text("")
