"""Every attempt is kept, whole or not at all, under the name of whoever handed it in."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rounds.errors import GradingError
from rounds.grading import attempts
from rounds.grading.attempts import find_attempt, find_attempts, record_attempt
from rounds.grading.course import Course
from rounds.grading.released_feedback import find_feedback

NOW = datetime(2027, 2, 21, 9, tzinfo=UTC)
NOTEBOOK = {"a3_report_card.ipynb": b"{}"}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course with one released lesson."""
    course = Course("demo", tmp_path / "course", tmp_path / "exchange")
    released = course.outbound / "a3-report-card"
    released.mkdir(parents=True)
    (released / "a3_report_card.ipynb").write_text("{}", encoding="utf-8")
    return course


def test_every_attempt_is_kept_the_oldest_first(course: Course) -> None:
    for minute in range(3):
        files = {"a3_report_card.ipynb": b"%d" % minute, "notes/plan.md": b"mine"}
        record_attempt(course, "noa", "a3-report-card", files, NOW + timedelta(minutes=minute))
    record_attempt(course, "tal", "a3-report-card", NOTEBOOK, NOW)
    kept = list(find_attempts(course, "noa"))
    assert [(attempt.folder / "a3_report_card.ipynb").read_bytes() for attempt in kept] == [b"0", b"1", b"2"]
    assert (kept[0].folder / "notes/plan.md").read_bytes() == b"mine"
    assert [attempt.username for attempt in find_attempts(course)].count("tal") == 1


def test_the_same_files_again_are_the_attempt_that_is_there(course: Course) -> None:
    first = record_attempt(course, "noa", "a3-report-card", NOTEBOOK, NOW)
    assert record_attempt(course, "noa", "a3-report-card", NOTEBOOK, NOW + timedelta(hours=1)) == first
    other = record_attempt(course, "noa", "a3-report-card", {"a3_report_card.ipynb": b"[]"}, NOW + timedelta(hours=2))
    again = record_attempt(course, "noa", "a3-report-card", NOTEBOOK, NOW + timedelta(hours=3))
    assert len({first.time, other.time, again.time}) == 3  # going back to an earlier answer is an attempt of its own


@pytest.mark.parametrize(
    "name",
    ["../a.ipynb", "/etc/passwd", "a/../../b", ".", "", "a//b", "./a", "timestamp.txt", "a\\b", "a\0b", "x" * 300],
)
def test_no_name_leads_out_of_the_lessons_folder(course: Course, name: str) -> None:
    with pytest.raises(GradingError, match="is no name of a file"):
        record_attempt(course, "noa", "a3-report-card", {**NOTEBOOK, name: b""}, NOW)
    assert not list(find_attempts(course))


@pytest.mark.parametrize(
    ("lesson", "files", "sentence"),
    [
        ("a3-report-cart", NOTEBOOK, 'no released lesson "a3-report-cart". Did you mean "a3-report-card"'),
        ("a3-report-card", {"other.ipynb": b""}, "a3_report_card.ipynb is missing in the folder a3-report-card"),
        ("a3-report-card", {**NOTEBOOK, "x": bytes(20_000_001)}, "At most 200 files and 20 MB"),
        ("a3-report-card", {**NOTEBOOK, **{f"{n}": b"" for n in range(200)}}, "At most 200 files and 20 MB"),
    ],
)
def test_what_cannot_be_handed_in_says_what_to_do(
    course: Course, lesson: str, files: dict[str, bytes], sentence: str
) -> None:
    with pytest.raises(GradingError, match=sentence):
        record_attempt(course, "noa", lesson, files, NOW)


def test_an_attempt_that_broke_off_is_none(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    written = attempts._write_file

    def full(path: Path, content: bytes) -> None:
        if path.name == attempts.SECRET:
            raise OSError(28, "No space left on device")
        written(path, content)

    monkeypatch.setattr(attempts, "_write_file", full)
    with pytest.raises(OSError, match="No space"):
        record_attempt(course, "noa", "a3-report-card", NOTEBOOK, NOW)
    assert not os.listdir(course.inbound)


def test_the_leavings_of_a_killed_hand_in_are_no_attempt(course: Course) -> None:
    (course.inbound / f"{attempts.STAGED}x").mkdir(parents=True)
    assert not list(find_attempts(course))


def test_feedback_is_found_where_nbgrader_releases_it(course: Course) -> None:
    from nbgrader.utils import notebook_hash

    attempt = record_attempt(course, "noa", "a3-report-card", NOTEBOOK, NOW)
    assert find_feedback(course, attempt) == {}
    name = notebook_hash(secret=attempt.secret, notebook_id="a3_report_card")
    page = course.exchange / "demo" / "feedback" / f"{name}.html"
    page.parent.mkdir()
    page.write_text("Well done", encoding="utf-8")
    assert find_feedback(course, attempt) == {"a3_report_card": page}


def test_an_attempt_that_nobody_made_is_not_found(course: Course) -> None:
    record_attempt(course, "noa", "a3-report-card", NOTEBOOK, NOW)
    with pytest.raises(GradingError, match="tal did not hand in"):
        find_attempt(course, "tal", "a3-report-card", next(find_attempts(course)).time)
