"""The learner's side of a lesson: buttons, questions, and the verdict of a test cell."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.errors import LessonError, suggest
from rounds.lessons.asking import NotJudgedError, ask_judge
from rounds.lessons.boxes import GRADED, find_box_problem, is_button_of, watch_boxes
from rounds.lessons.exercise import Exercise, Key, Lesson, Question
from rounds.lessons.finding import find_lessons
from rounds.lessons.folder import NAME, LessonFolder
from rounds.lessons.ladder import MISSING, Diagnosis, NotYet, Rung, climb, find_undefined
from rounds.lessons.loading import load_hidden, load_keys, load_lesson
from rounds.lessons.log import Pressed, report_check
from rounds.lessons.reply import Reply
from rounds.lessons.view.kept import kept_failures
from rounds.own_room import has_service

if TYPE_CHECKING:
    import ipywidgets

HERE, STAFF = "ROUNDS_LESSONS", "ROUNDS_HIDDEN"  # folders of lessons: what a room may read, what the grader may
PASSED = "Right, as far as this button sees. When you hand in, it is tried on other data, too."
RIGHT = "This is right. It counts when you hand in."
LATER = "Whether it is right is said when you hand in."
PRACTICE_PASSED = "Your gaps are filled well; this practice carries no points."
HINT_AFTER, WORKED_LINE_AFTER = 3, 5


class Check:
    """Check the exercises of one lesson against the names of one notebook.

    `hidden` and `keys` are what no room has: there an answer that is no function, and a choice, are judged by the
    event's judge (`rounds.grading.judge`).
    """

    def __init__(
        self,
        lesson: Lesson,
        names: Mapping[str, Any] | None = None,
        hidden: Mapping[str, tuple[Rung, ...]] | None = None,
        keys: Mapping[str, Key] | None = None,
    ) -> None:
        self.lesson = lesson
        self._hidden = hidden
        self._keys = keys
        self._names = names
        self._failures = kept_failures(lesson.id)

    def button(self, exercise_id: str) -> ipywidgets.VBox | None:
        """Show a button that reads the answer from the notebook and says one sentence; none while it is graded."""
        if os.environ.get(GRADED):
            return None
        from rounds.lessons.button import build_button

        exercise = self.lesson.exercise(exercise_id)
        return build_button(exercise.label, partial(self._read_and_reply, exercise, is_button_of(exercise_id)))

    def ask(self, question_id: str) -> ipywidgets.VBox | None:
        """Show a question; each option has its own reply. While a notebook is graded nobody could answer."""
        if os.environ.get(GRADED):
            return None
        from rounds.lessons.button import build_question

        question = self.lesson.question(question_id)
        return build_question(question, partial(self._answer_choice, question))

    def grade(self, exercise_id: str, names: Mapping[str, Any]) -> None:
        """Raise with one sentence unless the visible checks hold; for a test cell."""
        exercise = self.lesson.exercise(exercise_id)
        answer = names.get(exercise.reads, MISSING)
        _raise(find_undefined(exercise.reads, answer) or climb(exercise.visible, answer))

    def grade_hidden(self, exercise_id: str, names: Mapping[str, Any]) -> None:
        """Raise with one sentence unless the hidden properties hold; for a test cell."""
        exercise = self.lesson.exercise(exercise_id)
        if self._hidden is None:
            raise LessonError("What is checked at hand-in is in no room; your answer is checked when you hand it in.")
        _raise(climb(self._hidden[exercise.id], names.get(exercise.reads, MISSING)))

    def __getattr__(self, name: str) -> Callable[[object], Reply]:
        """Return the check of an exercise, so that ``check.e1(answer)`` works."""
        if name.startswith("_"):
            raise AttributeError(name)
        return partial(self._reply, self.lesson.exercise(name))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(exercise.id for exercise in self.lesson.exercises)]

    def _read_and_reply(self, exercise: Exercise, has_box: bool) -> Reply:
        """Judge the box as it stands: a box that stopped, or changed since, is named and no older value judged."""
        problem = find_box_problem(exercise.id) if has_box else None
        if problem is not None:
            attempt = self._failures[exercise.id] + 1
            report_check(Pressed(self.lesson.id, exercise.id, False, attempt, problem.name))
            return Reply(False, problem, attempt)
        names = notebook_names() if self._names is None else self._names
        return self._reply(exercise, names.get(exercise.reads, MISSING))

    def _reply(self, exercise: Exercise, answer: object) -> Reply:
        attempt = self._failures[exercise.id] + 1
        try:
            problem = self._find_problem(exercise, answer)
        except NotJudgedError as error:
            return Reply(False, str(error), attempt)
        if problem is not None:
            self._failures[exercise.id] = attempt
        report_check(Pressed(self.lesson.id, exercise.id, problem is None, attempt, problem.name if problem else ""))
        if problem is not None:
            return Reply(False, problem, attempt, *_offer_help(exercise, attempt))
        waits = callable(answer) or not self._is_judged
        return Reply(True, self._praise(exercise, answer), attempt, waits=waits and bool(exercise.points))

    @property
    def _is_judged(self) -> bool:
        """Whether an answer that is no function is judged whole when the button is pressed."""
        return self._hidden is not None or has_service()

    def _praise(self, exercise: Exercise, answer: object) -> str:
        if not exercise.points:
            return PRACTICE_PASSED
        if callable(answer):
            return PASSED
        return RIGHT if self._is_judged else LATER

    def _find_problem(self, exercise: Exercise, answer: object) -> Diagnosis | None:
        """Return what does not hold of an answer, as far as it can be known here."""
        problem = find_undefined(exercise.reads, answer) or climb(exercise.visible, answer)
        if problem or callable(answer):
            return problem
        if self._hidden is not None:
            return climb(self._hidden.get(exercise.id, ()), answer)
        passed, sentence = ask_judge(self.lesson.id, exercise.id, answer) if has_service() else (True, None)
        return None if passed else sentence

    def _answer_choice(self, question: Question, chosen: int | None) -> Reply:
        if chosen is None:
            return Reply(False, "Choose one option first, then press again.")
        if self._keys is not None:
            return Reply(*self._keys[question.id].reply(question, chosen))
        if not has_service():
            return Reply(True, LATER, waits=True)
        try:
            return Reply(*ask_judge(self.lesson.id, question.id, chosen))
        except NotJudgedError as error:
            return Reply(False, str(error))


def open_lesson(
    lesson_id: str, names: Mapping[str, Any] | None = None, environ: Mapping[str, str] = os.environ
) -> Check:
    """Open the checks of a lesson; without ``names`` they read the notebook they run in.

    Examples
    --------
    >>> check = open_lesson("a3")                        # doctest: +SKIP
    >>> check.e1(95)                                     # doctest: +SKIP
    Not yet. 95 is ...
    """
    folder = find_here(lesson_id, environ)
    watch_boxes()
    if folder.file("hidden.py") is None:
        return Check(load_lesson(folder), names)
    return Check(load_lesson(folder), names, load_hidden(folder), load_keys(folder))


def find_here(lesson_id: str, environ: Mapping[str, str] = os.environ) -> LessonFolder:
    """Return the lesson's folder: where the event laid it out, or else where the notebook itself stands.

    Raises
    ------
    LessonError
        When there is no lesson with this id.
    """
    places = list(dict.fromkeys(Path(environ[name]) for name in (HERE, STAFF) if environ.get(name)))
    here = Path.cwd()
    known = NAME.fullmatch(here.name)
    if not places and known and known[1] == lesson_id and (here / "checks.py").is_file():  # written or fetched here
        return LessonFolder(here.name, "", here, here)
    lessons = find_lessons(places, installed=())
    if lesson_id not in lessons:
        raise LessonError(f'There is no lesson "{lesson_id}" here.{suggest(lesson_id, lessons)}')
    return lessons[lesson_id]


def notebook_names() -> MutableMapping[str, Any]:
    """Return the names of the running notebook; none outside of IPython."""
    from IPython import get_ipython

    shell = get_ipython()
    return {} if shell is None else shell.user_ns


def _offer_help(exercise: Exercise, attempt: int) -> tuple[str, str]:
    if attempt >= WORKED_LINE_AFTER:
        return "Show the worked line", exercise.worked_line
    if attempt >= HINT_AFTER:
        return "Show a hint", exercise.hint
    return "", ""


def _raise(sentence: str | None) -> None:
    if sentence:
        raise NotYet(sentence) from None
