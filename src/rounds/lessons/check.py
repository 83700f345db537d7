"""The learner's side of a lesson: buttons, questions, and the verdict of a test cell."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.errors import LessonError, suggest
from rounds.lessons.exercise import Exercise, Lesson
from rounds.lessons.finding import find_lessons
from rounds.lessons.folder import NAME, LessonFolder
from rounds.lessons.ladder import MISSING, NotYet, Rung, climb, find_undefined
from rounds.lessons.loading import load_hidden, load_lesson
from rounds.lessons.log import record_check
from rounds.lessons.reply import Reply

if TYPE_CHECKING:
    import ipywidgets

HERE, STAFF = "ROUNDS_LESSONS", "ROUNDS_HIDDEN"  # folders of lessons: what a room may read, what the grader may
GRADED = "NBGRADER_EXECUTION"  # set by nbgrader where a notebook is graded
PASSED = "Visible checks passed; hidden checks run when you submit."
PRACTICE_PASSED = "Your gaps are filled well; this practice carries no points."
HINT_AFTER, WORKED_LINE_AFTER = 3, 5


class Check:
    """Check the exercises of one lesson against the names of one notebook."""

    def __init__(
        self,
        lesson: Lesson,
        names: Mapping[str, Any] | None = None,
        hidden: Mapping[str, tuple[Rung, ...]] | None = None,
    ) -> None:
        self.lesson = lesson
        self._hidden = hidden
        self._names = names
        self._failures: Counter[str] = Counter()

    def button(self, exercise_id: str) -> ipywidgets.VBox | None:
        """Show a button that reads the answer from the notebook and says one sentence; none while it is graded."""
        if os.environ.get(GRADED):
            return None
        from rounds.lessons.button import build_button

        exercise = self.lesson.exercise(exercise_id)
        return build_button(exercise.label, partial(self._read_and_reply, exercise))

    def ask(self, question_id: str) -> ipywidgets.VBox | None:
        """Show a question; each option has its own reply. While a notebook is graded nobody could answer."""
        if os.environ.get(GRADED):
            return None
        from rounds.lessons.button import build_question

        return build_question(self.lesson.question(question_id))

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

    def _read_and_reply(self, exercise: Exercise) -> Reply:
        names = notebook_names() if self._names is None else self._names
        return self._reply(exercise, names.get(exercise.reads, MISSING))

    def _reply(self, exercise: Exercise, answer: object) -> Reply:
        sentence = find_undefined(exercise.reads, answer) or climb(exercise.visible, answer)
        attempt = self._failures[exercise.id] + 1
        if sentence:
            self._failures[exercise.id] = attempt
        record_check(self.lesson.id, exercise.id, sentence is None, attempt)
        if sentence is None:
            return Reply(True, PASSED if exercise.points else PRACTICE_PASSED, attempt)
        return Reply(False, sentence, attempt, *_offer_help(exercise, attempt))


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
    hidden = load_hidden(folder) if folder.file("hidden.py") else None
    return Check(load_lesson(folder), names, hidden)


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
