"""The judge finds in values that come as data what the checks find in the values themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.courses import TABLES

from rounds.data.dataset import Dataset
from rounds.grading.course import Course
from rounds.grading.judge.bench import close_judges, judge_answer
from rounds.grading.judge.judge import AnswerToJudge, Judge, judge_reach
from rounds.grading.judge.verdict import LAST, Verdict
from rounds.grading.runner.calling import call_here
from rounds.lessons.finding import find_lessons
from rounds.lessons.folder import LessonFolder
from rounds.lessons.ladder import MISSING
from rounds.lessons.loading import load_answers, load_lesson
from rounds.lessons.placing import place_hidden
from rounds.lessons.values.encode import encode_value

ROOT = Path(__file__).parents[4] / "tutorials"
FOLDERS = find_lessons([ROOT], installed=())


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, lesson: Callable[[str], Dataset]) -> Course:
    """Return a course with the lessons of the demo, and their tables."""
    root = tmp_path_factory.mktemp("course")
    data = tmp_path_factory.mktemp("data")
    for name in TABLES:
        (data / name).symlink_to(lesson(name).path)
    made = Course("x", root, root / "exchange", data=data)
    place_hidden(list(FOLDERS.values()), made.hidden)
    return made


@pytest.fixture(scope="module")
def judge(course: Course) -> Iterator[Judge]:
    judge = Judge(course)
    yield judge
    judge.close()


def ask(judge: Judge, lesson_id: str, exercise_id: str, answer: Any) -> Verdict:
    """Return the verdict on an answer that lives in this process; a function is called here."""
    value = None if answer is MISSING else encode_value(answer)
    verdict = judge.judge(AnswerToJudge(lesson_id, exercise_id, value), lambda said: call_here(answer, said.parts))
    if not verdict.unfinished:
        return verdict
    return judge.judge(AnswerToJudge(lesson_id, exercise_id, value, LAST), lambda said: call_here(answer, said.parts))


EXAMPLES = [(id_, exercise, shown) for id_ in FOLDERS for exercise, shown in load_answers(FOLDERS[id_]).items()]
WRONG = [(i, e, number, wrong) for i, e, shown in EXAMPLES for number, wrong in enumerate(shown.wrong)]


@pytest.mark.parametrize(("lesson_id", "exercise_id", "shown"), EXAMPLES, ids=[f"{i}-{e}" for i, e, _ in EXAMPLES])
def test_right_answers_hold_and_stubs_do_not(judge: Judge, lesson_id: str, exercise_id: str, shown: Any) -> None:
    for answer in shown.right:
        assert ask(judge, lesson_id, exercise_id, answer) == Verdict(True)
    said = ask(judge, lesson_id, exercise_id, shown.stub)
    assert (said.passed, said.hidden, said.fault) == (False, False, "")
    assert "There is no" in ask(judge, lesson_id, exercise_id, MISSING).sentence


@pytest.mark.parametrize(
    ("lesson_id", "exercise_id", "number", "wrong"), WRONG, ids=[f"{i}-{e}-{n}" for i, e, n, _ in WRONG]
)
def test_a_wrong_answer_meets_its_sentence(
    judge: Judge, lesson_id: str, exercise_id: str, number: int, wrong: Any
) -> None:
    said = ask(judge, lesson_id, exercise_id, wrong.answer)
    assert (said.passed, said.hidden, said.fault) == (False, wrong.hidden, "")
    assert wrong.says in said.sentence


def test_every_exercise_that_gives_points_was_tried() -> None:
    tried = {(lesson_id, exercise) for lesson_id, exercise, _ in EXAMPLES}
    assert tried == {(i, e.id) for i in FOLDERS for e in load_lesson(FOLDERS[i]).exercises if e.points}


def test_a_function_is_not_called_for_the_button(course: Course) -> None:
    said = judge_answer(course, "a3", "e2", encode_value(lambda sens, spec, prev: 0.5))
    assert not said.passed
    assert said.sentence == "A function is marked when you hand in."
    assert judge_answer(course, "a3", "e3", encode_value(0.105)) == Verdict(True)
    close_judges()


def test_many_ask_at_once(course: Course) -> None:
    found: list[Verdict] = []
    answers = [0.105, 0.2] * 8

    def press(answer: float) -> None:
        found.append(judge_answer(course, "a3", "e3", encode_value(answer)))

    threads = [threading.Thread(target=press, args=(answer,)) for answer in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(verdict.passed for verdict in found) == [False] * 8 + [True] * 8
    close_judges()


@pytest.mark.parametrize("data", [b"", b"x", b"\0\0\0\4null\xff\xff\xff\xff", encode_value(1)[:-1], b"\xff" * 40])
def test_bytes_that_are_no_value_are_no_answer(judge: Judge, data: bytes) -> None:
    said = judge.judge(AnswerToJudge("a3", "e3", data))
    assert not said.passed
    assert said.sentence.startswith("This answer cannot be marked: ")
    assert ask(judge, "a3", "e3", 0.105).passed


def test_an_unknown_lesson_is_a_fault_of_ours(judge: Judge) -> None:
    said = judge.judge(AnswerToJudge("zz", "e1", encode_value(1)))
    assert not said.passed
    assert 'There is no lesson "zz"' in said.fault


def test_a_judge_that_was_killed_is_started_again(course: Course) -> None:
    judge = Judge(course)
    assert ask(judge, "a3", "e3", 0.105).passed
    assert judge._started is not None
    judge._started.process.kill()
    judge._started.process.wait(10)
    assert ask(judge, "a3", "e3", 0.105).passed
    judge.close()


def test_changed_checks_are_the_ones_that_count(course: Course, tmp_path: Path) -> None:
    mine = Course("y", tmp_path, tmp_path / "exchange", data=course.data)
    place_hidden([FOLDERS["a3"]], mine.hidden)
    judge = Judge(mine)
    assert ask(judge, "a3", "e3", 0.105).passed
    assert FOLDERS["a3"].learner is not None
    folder = tmp_path / "new" / "a3_report_card"
    folder.mkdir(parents=True)
    for name in ("checks.py", "hidden.py"):
        text = (FOLDERS["a3"].learner / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace('"ppv": 0.189}', '"ppv": 0.5}'), encoding="utf-8")
    place_hidden([LessonFolder(folder.name, "", folder, folder)], mine.hidden)
    said = ask(judge, "a3", "e3", 0.105)
    assert (said.passed, said.hidden) == (False, False)
    judge.close()


def test_hidden_inputs_are_not_repeated(judge: Judge) -> None:
    """What a function says of the inputs of a hidden check does not reach the page of feedback."""

    def ppv(sens: float, spec: float, prev: float) -> float:
        if prev in (0, 1):
            raise type(f"Seen{str(sens).replace('.', '_')}", (ValueError,), {})(f"{sens} {spec} {prev}")
        return sens * prev / (sens * prev + (1 - spec) * (1 - prev))

    said = ask(judge, "a3", "e2", ppv)
    words = "ppv stopped with Exception; mend this line, then press again."
    assert said == Verdict(False, words, hidden=True, mistake="stopped")


def test_an_answer_that_lies_about_itself_is_taken_for_what_it_holds(judge: Judge) -> None:
    class Liar(float):
        def __eq__(self, other: object) -> bool:
            return True

        def __float__(self) -> float:
            return 0.105

        def __hash__(self) -> int:
            return 1

    assert not ask(judge, "a3", "e3", Liar(0.7)).passed
    assert ask(judge, "a3", "e3", Liar(0.105)).passed


def test_the_judge_reads_what_it_needs_and_writes_nothing(course: Course) -> None:
    assert judge_reach(course).writes == ()
    assert course.data in judge_reach(course).reads
