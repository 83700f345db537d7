"""The board's figures, who needs somebody now, and the next step, as each role finds them on the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.desk import Visitor, build_app

from rounds.desk.event.board import BoardChoice, BoardSource, build_board
from rounds.desk.event.needs import find_stuck_people
from rounds.desk.event.next_steps import FOR_TWO, find_next_exercise
from rounds.desk.event.sums import Figures, sum_marks
from rounds.desk.words import describe_phase
from rounds.event import Event, Phase
from rounds.progress.model import BoardExercise, BoardLesson, EventMarks, Mark, State
from rounds.progress.work import Sitting, Work
from rounds.store.folders import Folders

NOW = datetime.now(UTC)
EXERCISES = tuple(BoardExercise(f"e{number}", f"Task {number}", 2) for number in range(1, 5))
PAIR = BoardLesson("j1-same-word", "Same word", "Together", EXERCISES, for_two=True)
CARD = BoardLesson("a3-report-card", "The report card", "Machine learning for clinicians", EXERCISES)
PASSED = Mark(State.CHECKED, work=Work(2, 0, 240, False, NOW))


def marked(**states: Mark) -> EventMarks:
    """Return a board of two lessons on which Noa has these marks of the first; she passed all of the second."""
    done = dict.fromkeys(("e1", "e2", "e3", "e4"), Mark(State.SUBMITTED))
    return EventMarks((CARD, PAIR), {"noa": {CARD.id: states, PAIR.id: done}})


# what Noa has of the report card, and what comes next
@pytest.mark.parametrize(
    ("states", "says"),
    [
        ({}, "Next exercise: “Task 1”"),
        ({"e1": PASSED}, "Next exercise: “Task 2”"),
        ({"e1": PASSED, "e2": Mark(State.TRIED)}, "Next exercise: “Task 2”"),
        ({"e1": Mark(State.NOT_YET), "e2": PASSED}, "Next exercise: “Task 1”"),
        (dict.fromkeys(("e1", "e2", "e3", "e4"), PASSED), "Hand the lesson in: then it counts."),
        (dict.fromkeys(("e1", "e2", "e3", "e4"), Mark(State.DONE)), None),
    ],
)
def test_the_next_step_moves_on_with_what_was_passed(states: dict[str, Mark], says: str | None) -> None:
    step = find_next_exercise(marked(**states), "noa")
    assert says in step.text if says and step else step is says, step


def test_a_lesson_for_two_says_so_where_it_is_the_next_step() -> None:
    alone = find_next_exercise(EventMarks((PAIR,), {}), "noa")
    assert alone is not None
    assert alone.text.endswith(FOR_TWO)
    assert FOR_TWO not in str(find_next_exercise(EventMarks((CARD,), {}), "noa"))


MUSTS = ("must", "should", "must", "could")
MIXED = BoardLesson(
    "a1-mixed",
    "A lesson of all parts",
    "Track",
    tuple(BoardExercise(f"e{number}", f"Task {number}", 2, part) for number, part in enumerate(MUSTS, start=1)),
)


# what Noa passed of a lesson with all parts, and handed in or not; a second lesson has one more must
@pytest.mark.parametrize(
    ("states", "says"),
    [
        ({"e1": PASSED}, "Next exercise: “Task 3”"),
        ({"e1": PASSED, "e3": PASSED}, "What everybody does in “A lesson of all parts” passed. Hand the lesson in"),
        (dict.fromkeys(("e1", "e3"), Mark(State.SUBMITTED)), "Next exercise: “Task 1” in the lesson “The report card”"),
        (dict.fromkeys(("e1", "e2", "e3", "e4"), PASSED), "Every check of “A lesson of all parts” passed."),
    ],
)
def test_what_everybody_does_comes_before_what_should_or_could_be_done(states: dict[str, Mark], says: str) -> None:
    step = find_next_exercise(EventMarks((MIXED, CARD), {"noa": {MIXED.id: states}}), "noa")
    assert step is not None
    assert says in step.text


def test_what_should_be_done_comes_when_all_musts_are_behind_one() -> None:
    handed_in = dict.fromkeys(("e1", "e3"), Mark(State.SUBMITTED))
    behind = dict.fromkeys(("e1", "e2", "e3", "e4"), Mark(State.DONE))
    step = find_next_exercise(EventMarks((MIXED, CARD), {"noa": {MIXED.id: handed_in, CARD.id: behind}}), "noa")
    assert step is not None
    assert step.text.startswith("If you want to go on (should). Next exercise: “Task 2”")


@pytest.fixture
def at_desk(folders: Folders) -> Callable[[str, EventMarks], Visitor]:
    return lambda username, progress: Visitor(build_app(folders.root, lambda _: progress), username)


def test_home_sees_what_was_passed(at_desk: Callable[[str, EventMarks], Visitor]) -> None:
    text = at_desk("noa", marked(**dict.fromkeys(("e1", "e2", "e3", "e4"), PASSED))).text("")
    assert "4 of 8 exercises passed (0 marked done)" in text
    assert "Hand the lesson in" in text
    assert FOR_TWO in at_desk("noa", EventMarks((PAIR,), {})).text("")


@pytest.mark.parametrize("exports", ["open", "airlock", "shut"])
def test_no_page_promises_that_files_are_held_back(exports: str) -> None:
    said = describe_phase(Phase.model_validate({"id": "full", "opens": NOW, "exports": exports}))
    assert not {"file", "files", "leave", "leaves"} & set(said.split())


def test_figures_are_sums_of_a_person_and_medians_of_many() -> None:
    marks = [
        Mark(State.CHECKED, work=Work(1, 0, 60, True, NOW)),
        Mark(State.DONE, work=Work(5, 0, 600, False, NOW)),
        Mark(State.TRIED, work=Work(3, 3, 120)),
        Mark(),
    ]
    assert sum_marks(marks, one_person=True) == Figures(2, 4, 1, 3, 9, 13)
    assert sum_marks(marks, stuck=1) == Figures(2, 4, 1, 3, 3, 2, 1)
    assert sum_marks([Mark()]) == Figures(0, 1, 0, 0, None, None)


def stuck_board(event: Event) -> EventMarks:
    """Return a board on which Noa (stork) failed six times, Hana (stork) sits long, and Tal (cradle) failed too."""
    failed = {CARD.id: {"e2": Mark(State.TRIED, work=Work(6, 6, 300))}}
    now = datetime.now(UTC)
    ago = [now - timedelta(minutes=minutes) for minutes in range(60)]
    sittings = {
        "noa": Sitting(CARD.id, "e2", ago[5], ago[1]),
        "tal": Sitting(CARD.id, "e2", ago[5], ago[1]),
        "hana": Sitting(CARD.id, "", ago[20], ago[20]),
    }
    return EventMarks((CARD,), {"noa": failed, "tal": failed}, sittings)


def test_who_is_stuck_stands_first_on_the_page_of_the_teams_mentor(
    event: Event, at_desk: Callable[[str, EventMarks], Visitor]
) -> None:
    progress = stuck_board(event)
    needs = at_desk("dana", progress).soup("lessons").select_one("#board-needs")
    assert needs is not None
    lines = [" ".join(line.get_text(" ").split()) for line in needs.select("li")]
    assert [line.split()[0] for line in lines] == ["Hana", "Noa"]  # the longest first
    assert "20 min without a step" in lines[0]
    assert "The report card: Task 2" in lines[1]
    assert "6 presses in a row did not pass" in lines[1]
    first = at_desk("dana", progress).soup("lessons").select_one("main section")
    assert first is not None
    assert first["id"] == "board-needs"
    for username in ("noa", "orna"):
        assert "Stuck" not in at_desk(username, progress).text("lessons")
        assert not at_desk(username, progress).soup("lessons").select("#board-needs")


def test_the_mentors_board_has_tries_and_minutes(event: Event, at_desk: Callable[[str, EventMarks], Visitor]) -> None:
    rows = at_desk("dana", stuck_board(event)).soup("lessons").select("#board-people tr")
    noa = next(line for line in rows if "Noa" in line.get_text())
    cells = {cell["data-label"]: " ".join(cell.get_text().split()) for cell in noa.select("td")}
    assert cells == {
        "Passed": "0 of 4",
        "At the first press": "0 of 1",
        "Presses": "6",
        "Minutes": "5",
        "Now": "Stuck at Task 2: 6 presses in a row did not pass",
    }


def test_who_has_passed_all_of_a_lesson_is_not_stuck_in_it(event: Event) -> None:
    progress = stuck_board(event)
    progress.marks["hana"] = {CARD.id: dict.fromkeys(("e1", "e2", "e3", "e4"), PASSED)}
    found = find_stuck_people(event, progress, event.people, datetime.now(UTC))
    assert sorted(one.person.username for one in found) == ["noa", "tal"]


# who sees a team's figures, not only how much is passed: dana is attached to stork
@pytest.mark.parametrize(
    ("username", "with_figures"), [("noa", set()), ("dana", {"Team Stork"}), ("orna", set()), ("amir", set())]
)
def test_a_teams_figures_are_for_who_sees_its_people(event: Event, username: str, with_figures: set[str]) -> None:
    source = BoardSource(event, stuck_board(event), event.person_by_name[username], datetime.now(UTC))
    teams = build_board(source, BoardChoice()).teams
    assert {line.title for line in teams if line.figures} == with_figures
    assert all(line.exercises for line in teams)


def test_each_lesson_and_exercise_has_a_line_and_its_stuck(event: Event) -> None:
    source = BoardSource(event, stuck_board(event), event.person_by_name["rivka"], datetime.now(UTC))
    lines = build_board(source, BoardChoice(view="exercises")).by_lesson
    assert [line.title for line in lines] == ["The report card", "Task 1", "Task 2", "Task 3", "Task 4"]
    assert [line.figures.stuck for line in lines if line.figures] == [3, 0, 2, 0, 0]
