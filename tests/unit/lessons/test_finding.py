"""Lessons are found by id wherever they lie, and a lesson that would tell its answers to every kernel is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from rounds.errors import LessonError
from rounds.installed import Installed
from rounds.lessons.finding import choose_lessons, find_lessons
from rounds.lessons.folder import LEARNER, STAFF

ALL = (*LEARNER, *STAFF)


def write(folder: Path, *names: str) -> Path:
    """Write empty files of a lesson."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text("", encoding="utf-8")
    return folder


def installed(folder: Path) -> Installed:
    """Return a lesson as an installed package offers it."""
    return Installed("x1", folder, "lesson-pack", tuple(str(path) for path in folder.rglob("*.py")))


def test_a_lesson_is_found_in_the_clone_and_in_the_events_own_folder(tmp_path: Path) -> None:
    write(tmp_path / "clone" / "together" / "a1_one", *ALL)
    write(tmp_path / "event" / "our_track" / "x1_two", *ALL)
    found = find_lessons([tmp_path / "clone", tmp_path / "event", tmp_path / "nowhere"], installed=())
    assert [(lesson.id, lesson.assignment) for lesson in found.values()] == [("a1", "a1-one"), ("x1", "x1-two")]
    assert [lesson.track_title for lesson in found.values()] == ["Together", "Our track"]


def test_what_is_no_lesson_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "together" / "pictures_of_all", "a.png")
    write(tmp_path / "together" / "Notes_2", *ALL)
    write(tmp_path / "together" / "a1_one" / "__pycache__", "checks.py")
    write(tmp_path / "together" / "a1_one", *ALL)
    assert list(find_lessons([tmp_path], installed=())) == ["a1"]


def test_two_lessons_of_one_id_are_refused_with_both_places(tmp_path: Path) -> None:
    write(tmp_path / "clone" / "together" / "a1_one", *ALL)
    write(tmp_path / "event" / "together" / "a1_one", *ALL)
    with pytest.raises(LessonError, match=r"clone/together/a1_one and .*event/.*a1_one are the same lesson twice"):
        find_lessons([tmp_path / "clone", tmp_path / "event"], installed=())


def test_two_topics_of_one_id_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "together" / "a1_one", *ALL)
    write(tmp_path / "together" / "a1_two", *ALL)
    with pytest.raises(LessonError, match="have one id"):
        find_lessons([tmp_path], installed=())


def test_an_installed_lesson_takes_its_staff_part_from_the_events_own_folder(tmp_path: Path) -> None:
    package = write(tmp_path / "site-packages" / "pack" / "x1_two", *LEARNER)
    write(tmp_path / "event" / "together" / "x1_two", *STAFF)
    found = find_lessons([tmp_path / "event"], installed=[installed(package)])
    lesson = choose_lessons(found, ["x1-two"])[0]
    assert lesson.file("checks.py") == package / "checks.py"
    assert lesson.file("hidden.py") == tmp_path / "event" / "together" / "x1_two" / "hidden.py"
    assert lesson.track == "together"


@pytest.mark.parametrize("name", ["lesson.py", "hidden.py", "answers.py"])
def test_an_installed_lesson_that_carries_what_only_the_staff_may_read_is_refused(tmp_path: Path, name: str) -> None:
    package = write(tmp_path / "pack" / "x1_two", *LEARNER, name)
    with pytest.raises(LessonError, match=rf"carries .*{name}: every kernel can read installed packages"):
        find_lessons([], installed=[installed(package)])


def test_a_hidden_part_elsewhere_in_the_same_distribution_is_found_too(tmp_path: Path) -> None:
    package = write(tmp_path / "pack" / "x1_two", *LEARNER)
    write(tmp_path / "pack" / "staff" / "x1_two", "hidden.py")
    item = Installed("x1", package, "lesson-pack", ("pack/x1_two/checks.py", "pack/staff/x1_two/hidden.py"))
    with pytest.raises(LessonError, match=r"carries pack/staff/x1_two/hidden\.py"):
        find_lessons([], installed=[item])


def test_a_misspelt_lesson_is_answered_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path / "together" / "a1_one", *ALL)
    with pytest.raises(LessonError, match=r'no lesson "a1-on".* Did you mean "a1-one"'):
        choose_lessons(find_lessons([tmp_path], installed=()), ["a1-on"])


def test_a_lesson_without_its_staff_part_cannot_be_released(tmp_path: Path) -> None:
    write(tmp_path / "together" / "a1_one", *LEARNER)
    with pytest.raises(LessonError, match=r'"a1-one" has no lesson.py in .*tutorials/<track>/a1_one/'):
        choose_lessons(find_lessons([tmp_path], installed=()), ["a1-one"])
