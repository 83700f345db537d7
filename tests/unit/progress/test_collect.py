"""The board's marks: presses, hand-ins and nbgrader's marks put together, each person's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rounds.event import AppliedEvent, Event, Person, store_event
from rounds.lessons.log import VARIABLE, Pressed, record_check, record_opened
from rounds.lessons.placing import read_index
from rounds.pairs.joining import Pair
from rounds.progress.collect import Record, Summaries, collect_progress
from rounds.progress.model import EventMarks, State, visible_people, visible_teams
from rounds.store.folders import Folders
from rounds.store.versions import write_version

NINE = datetime(2027, 2, 21, 9, tzinfo=UTC)
LESSON = "a3-report-card"
INDEX = [
    {
        "id": "a3",
        "assignment": LESSON,
        "title": "The report card",
        "track": "Machine learning for clinicians",
        "exercises": [{"id": name, "title": name, "points": 2} for name in ("e1", "e2")],
    }
]


@dataclass(frozen=True)
class Mark:
    username: str
    lesson: str
    cell: str
    points: float | None
    max_points: float


@pytest.fixture
def folders(tmp_path: Path, demo_event_file: Path) -> Folders:
    folders = Folders(tmp_path / "state")
    store_event(demo_event_file, folders.event)
    with write_version(folders.lessons) as version:
        (version / "index.json").write_text(json.dumps(INDEX), encoding="utf-8")
    return folders


@pytest.fixture
def event(folders: Folders) -> Event:
    return AppliedEvent(folders.event).current()


def press(folders: Folders, exercise: str, passed: bool, minute: int = 0, lesson: str = "a3") -> None:
    environ = {VARIABLE: str(folders.checks("noa"))}
    record_check(Pressed(lesson, exercise, passed, 1), NINE + timedelta(minutes=minute), environ)


def collect(
    event: Event, folders: Folders, *marks: Mark, handed_in: int | None = None, pairs: tuple[Pair, ...] = ()
) -> EventMarks:
    submissions = {} if handed_in is None else {("noa", LESSON): NINE + timedelta(minutes=handed_in)}
    return collect_progress(event, folders, Record(submissions, marks, pairs), Summaries())


def test_an_index_of_before_says_that_no_lesson_is_for_two(folders: Folders) -> None:
    assert [lesson.for_two for lesson in read_index(folders.lessons)] == [False]


def test_presses_tell_how_far_a_person_is(event: Event, folders: Folders) -> None:
    record_opened(LESSON, NINE, {VARIABLE: str(folders.checks("noa"))})
    press(folders, "e1", False, 3)
    press(folders, "e1", True, 5)
    press(folders, "e2", False, 9)
    found = collect(event, folders)
    one, two = (found.mark("noa", LESSON, name) for name in ("e1", "e2"))
    assert (one.state, one.work.presses, one.work.seconds, one.is_passed) == (State.CHECKED, 2, 300.0, True)
    assert (two.state, two.work.presses, two.is_passed) == (State.TRIED, 1, False)
    assert (found.done("noa"), found.passed("noa"), found.passed("tal")) == (0, 1, 0)
    assert (found.sittings["noa"].lesson, found.sittings["noa"].exercise) == (LESSON, "e2")


def test_what_is_on_no_board_counts_for_nothing(event: Event, folders: Folders) -> None:
    press(folders, "e9", True)
    press(folders, "e1", True, lesson="zz")
    found = collect(event, folders)
    assert (found.marks, found.sittings) == ({}, {})


@pytest.mark.parametrize(
    ("points", "passed_at", "state"),
    [
        (2.0, 1, State.DONE),
        (0.0, 1, State.NOT_YET),
        (0.0, 20, State.CHECKED),  # mended after the hand-in: it waits for another one
        (None, 1, State.SUBMITTED),
    ],
)
def test_a_mark_decides_until_the_check_passes_after_it(
    event: Event, folders: Folders, points: float | None, passed_at: int, state: State
) -> None:
    press(folders, "e1", True, passed_at)
    found = collect(event, folders, Mark("noa", LESSON, "e1-test", points, 2.0), handed_in=10)
    mark = found.mark("noa", LESSON, "e1")
    assert (mark.state, mark.points) == (state, points)
    assert mark.is_passed == (state is not State.NOT_YET)


def test_what_one_of_a_pair_passed_is_passed_by_both(event: Event, folders: Folders) -> None:
    press(folders, "e1", True)
    record_check(Pressed("a3", "e2", False, 1), NINE, {VARIABLE: str(folders.checks("tal"))})
    found = collect(event, folders, pairs=(Pair(LESSON, "tal", "noa"),))
    assert (found.passed("noa"), found.passed("tal")) == (1, 1)
    assert found.mark("tal", LESSON, "e2").state is State.TRIED
    assert found.mark("noa", LESSON, "e2").state is State.NOT_STARTED
    alone = collect(event, folders)
    assert (alone.passed("noa"), alone.passed("tal")) == (1, 0)


def names(people: tuple[Person, ...]) -> set[str]:
    return {person.username for person in people}


def test_presses_and_minutes_are_for_the_person_the_teams_mentors_and_organisers(event: Event) -> None:
    stork = names(event.members("stork"))
    for username, sees in (
        ("noa", {"noa"}),
        ("orna", {"orna"}),
        ("amir", set()),  # a mentor without a team
        ("dana", stork),
        ("rivka", {p.username for p in event.people if p.role.value == "participant"}),
    ):
        assert names(visible_people(event, event.person_by_name[username])) == sees, username


def test_a_team_s_sum_is_for_its_members_all_mentors_jury_and_organisers(event: Event) -> None:
    every = [team.id for team in event.team]
    for username, sees in (("noa", ["stork"]), ("dana", every), ("amir", every), ("orna", every), ("rivka", every)):
        assert [team.id for team in visible_teams(event, event.person_by_name[username])] == sees, username
