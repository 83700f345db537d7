"""Hand-ins graded whole: feedback, comments, late ones, grading again, the CSV file, and one's trouble alone."""

from __future__ import annotations

import csv
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from tests.courses import FOLDERS, cell_of, hand_in, make_course, solved
from tests.integration.people import CHROMIUM_ARGUMENTS

from rounds.errors import GradingError
from rounds.event import load_event
from rounds.grading.course import Course, course_of, learner_settings
from rounds.grading.export import export_marks
from rounds.grading.feedback import render_feedback, write_feedback
from rounds.grading.grade import grade_submission
from rounds.grading.judge.bench import close_judges
from rounds.grading.marks import read_grades
from rounds.grading.regrade import Moved, regrade
from rounds.grading.release import nbgrader_api, release_lessons
from rounds.grading.run import grade_all, run_grading
from rounds.grading.workers import Submission, open_workers
from rounds.lessons.folder import LessonFolder
from rounds.meter import silent
from rounds.store.folders import Folders

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader 0.9.6 on SQLAlchemy 2.1
LESSON = "j1-same-word"
WRONG = "clear = {'a': 2, 'b': 3, 'c': 1, 'd': 1}"  # three of four: the button is content, the hand-in is not


@pytest.fixture(scope="module", autouse=True)
def _path() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # nbgrader calls alembic
        yield
    close_judges()


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course with J1."""
    return make_course(tmp_path, ["j1"])


def marks(course: Course, who: str) -> dict[str, float | None]:
    return {grade.cell.removesuffix("-test"): grade.points for grade in read_grades(course, LESSON, who)}


def test_a_hand_in_is_marked_and_marked_again_the_same(course: Course) -> None:
    hand_in(course, "j1", "noa", solved("j1", e3=WRONG))
    first = grade_submission(course, LESSON, "noa")
    assert marks(course, "noa") == {"e1": 2, "e2": 2, "e3": 0, "e4": 2}
    assert not first.verdicts["e3"].passed
    assert grade_submission(course, LESSON, "noa") == first
    assert len(read_grades(course)) == 4


def test_the_page_of_feedback_says_what_is_done_and_shows_no_test(course: Course) -> None:
    notebook = solved("j1", e3=WRONG, e1="pairs = (")
    notebook.cells.append(notebook.cells[-1].copy())
    notebook.cells.append(cell_of(notebook, "e4-test").copy())
    hand_in(course, "j1", "noa", notebook)
    grade_submission(course, LESSON, "noa")
    page = (course.root / "feedback" / "noa" / LESSON / "j1_same_word.html").read_text(encoding="utf-8")
    assert page == render_feedback(course, LESSON, "noa")
    assert '<html lang="en">' in page
    assert "<h1>Feedback: Same word, two meanings</h1>" in page
    assert "<strong>4 of 8 points</strong>" in page
    assert "The box above stopped in line 1 with SyntaxError; mend that first." in page
    assert "In sentence d, bias still has three meanings" in page
    assert "e4-test was there more than once; one of them counts." in page
    for inner in ("grade_hidden", "HIDDEN", "open_lesson", "Traceback", "checks.py"):
        assert inner not in page


def test_the_page_of_feedback_is_accessible(course: Course, tmp_path: Path) -> None:
    hand_in(course, "j1", "noa", solved("j1", e3=WRONG))
    grade_submission(course, LESSON, "noa")
    page_file = write_feedback(course, LESSON, "noa")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM_ARGUMENTS))
        for scheme in ("light", "dark"):
            page = browser.new_page(color_scheme=scheme, viewport={"width": 400, "height": 700})
            page.goto(page_file.as_uri())
            found = Axe().run(page).response["violations"]
            assert [violation["id"] for violation in found] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 400
        browser.close()


def test_a_name_or_an_answer_brings_no_markup_onto_the_page(course: Course) -> None:
    hand_in(
        course,
        "j1",
        "noa",
        solved("j1", e2="speakers = {1: '<script>alert(1)</script>'} | dict.fromkeys(range(2, 9), 'x')"),
    )
    grade_submission(course, LESSON, "noa")
    page = render_feedback(course, LESSON, "noa")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_nbgraders_own_feedback_command_makes_this_page(course: Course) -> None:
    hand_in(course, "j1", "noa", solved("j1"))
    grade_submission(course, LESSON, "noa")
    shutil.rmtree(course.root / "feedback")
    assert nbgrader_api(course).generate_feedback(LESSON, "noa")["success"]
    page = course.root / "feedback" / "noa" / LESSON / "j1_same_word.html"
    assert page.read_text(encoding="utf-8") == render_feedback(course, LESSON, "noa")


def test_a_mentors_comment_and_mark_outlive_a_second_grading(course: Course) -> None:
    hand_in(course, "j1", "noa", solved("j1", e3=WRONG))
    grade_submission(course, LESSON, "noa")
    with nbgrader_api(course).gradebook as gradebook:
        gradebook.find_comment("e3-answer", "j1_same_word", LESSON, "noa").manual_comment = "Nearly: look at d."
        gradebook.find_grade("e3-test", "j1_same_word", LESSON, "noa").manual_score = 1
        gradebook.db.commit()
    grade_submission(course, LESSON, "noa")
    assert marks(course, "noa")["e3"] == 1
    page = render_feedback(course, LESSON, "noa")
    assert "Nearly: look at d." in page
    assert "1 of 2 points" in page


def test_a_late_hand_in_is_treated_by_nbgraders_plugin(course: Course) -> None:
    (course.root / "nbgrader_config.py").write_text(
        'c = get_config()\nc.LateSubmissionPlugin.penalty_method = "zero"\n', encoding="utf-8"
    )
    with nbgrader_api(course).gradebook as gradebook:
        gradebook.update_or_create_assignment(LESSON, duedate="2027-02-21 09:00:30 UTC")
    hand_in(course, "j1", "noa", solved("j1"), second=10)
    hand_in(course, "j1", "late", solved("j1"), second=50)
    for who in ("noa", "late"):
        grade_submission(course, LESSON, who)
    with nbgrader_api(course).gradebook as gradebook:
        found = {who: gradebook.find_submission(LESSON, who) for who in ("noa", "late")}
        penalties = {who: submission.late_submission_penalty for who, submission in found.items()}
    assert penalties == {"noa": 0, "late": 8}
    assert "8 taken off for a late hand-in" in render_feedback(course, LESSON, "late")


def test_grading_again_says_which_marks_a_mended_check_moved(course: Course, tmp_path: Path) -> None:
    for who, notebook in (("noa", solved("j1")), ("tal", solved("j1", e3=WRONG))):
        hand_in(course, "j1", who, notebook)
        grade_submission(course, LESSON, who)
    assert regrade(course, LESSON, silent).moved == ()
    folder = Path(shutil.copytree(FOLDERS["j1"].parts[0], tmp_path / "mended" / "j1_same_word"))
    checks = folder / "hidden.py"
    checks.write_text(
        checks.read_text(encoding="utf-8").replace('"c": 1, "d": 2}', '"c": 1, "d": 1}'), encoding="utf-8"
    )
    release_lessons(course, [LessonFolder("j1_same_word", "together", folder, folder)], silent)
    done = regrade(course, LESSON, silent)
    assert done.graded == 2
    assert set(done.moved) == {Moved("noa", "e3-test", 2, 0), Moved("tal", "e3-test", 0, 2)}
    with pytest.raises(GradingError, match='Nobody has handed in "zz"'):
        regrade(course, "zz", silent)


def test_the_csv_file_is_nbgraders(course: Course, tmp_path: Path) -> None:
    hand_in(course, "j1", "noa", solved("j1", e3=WRONG))
    grade_submission(course, LESSON, "noa")
    assert export_marks(course, tmp_path / "grades.csv") == 1
    with (tmp_path / "grades.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["assignment"], row["student_id"], row["score"], row["max_score"]) == (LESSON, "noa", "6.0", "8.0")
    with pytest.raises(GradingError, match="is no folder"):
        export_marks(course, tmp_path / "nowhere" / "grades.csv")
    with pytest.raises(GradingError, match="no marks"):
        export_marks(Course("y", tmp_path / "none", tmp_path), tmp_path / "grades.csv")


def test_ones_trouble_keeps_nobody_elses_feedback_back(course: Course) -> None:
    for who in ("broken", "noa", "nosecret", "tal"):
        hand_in(course, "j1", who, solved("j1"))
    (course.root / "submitted" / "broken" / LESSON / "j1_same_word.ipynb").write_text("{", encoding="utf-8")
    (course.root / "submitted" / "nosecret" / LESSON / "submission_secret.txt").unlink()
    with open_workers(course, 2) as workers:
        done = grade_all(workers, [Submission(who, LESSON) for who in ("broken", "noa", "nosecret", "tal")], silent)
    assert done.graded == (("noa", LESSON), ("tal", LESSON))
    assert [who for who, _, _ in done.failed] == ["broken", "nosecret"]
    assert len(list((course.exchange / course.id / "feedback").glob("*.html"))) == 2
    assert marks(course, "nosecret")["e1"] == 2


def test_what_failed_is_tried_again_and_what_was_done_is_not(course: Course) -> None:
    hand_in(course, "j1", "noa", solved("j1"))
    hand_in(course, "j1", "nosecret", solved("j1"))
    secret = course.root / "submitted" / "nosecret" / LESSON / "submission_secret.txt"
    secret.unlink()
    assert [who for who, _, _ in run_grading(course, silent).failed] == ["nosecret"]
    secret.write_text("found again", encoding="utf-8")
    assert run_grading(course, silent).graded == (("nosecret", LESSON),)
    assert run_grading(course, silent).graded == ()


def test_a_link_in_a_hand_in_is_not_followed(course: Course) -> None:
    lesson = hand_in(course, "j1", "noa", solved("j1"))
    (course.root / "submitted" / "noa" / lesson / "look.txt").symlink_to(course.root / "gradebook.db")
    (course.root / "submitted" / "noa" / lesson / "folder").symlink_to(course.root)
    grade_submission(course, lesson, "noa")
    copied = {path.name for path in (course.root / "autograded" / "noa" / lesson).rglob("*")}
    assert not copied & {"look.txt", "folder", "gradebook.db"}


def test_one_limit_holds_for_validate_and_for_grading(tmp_path: Path, demo_event_file: Path) -> None:
    event = load_event(demo_event_file)
    policy = event.policy.model_copy(update={"cell_s": 45.0})
    course = course_of(event.model_copy(update={"policy": policy}), Folders(tmp_path))
    assert course.cell_s == 45
    assert learner_settings(course, "noa", Path("/work"))["Execute"]["timeout"] == 45
