"""A lesson, its exercises and its questions, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from rounds.errors import LessonError, suggest
from rounds.lessons.ladder import Rung

Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Exercise:
    """One exercise: which name it reads, what it asks, what helps."""

    id: str
    title: str
    reads: str
    visible: tuple[Rung, ...]
    hint: str
    worked_line: str
    points: int = 0

    @property
    def label(self) -> str:
        """Return what the button of this exercise is called."""
        return f"Check exercise {self.id.lstrip('ef')}" if self.points else "Check the gaps"


@dataclass(frozen=True)
class Question:
    """A question with at most four options; which is right stands in its `Key`."""

    id: str
    text: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Key:
    """The right option of a question, in its words, and the reply to whoever chooses each; it is in no room."""

    right: str
    replies: tuple[str, ...]

    def reply(self, question: Question, chosen: object) -> tuple[bool, str]:
        """Return whether the option of this number, from 0, is the right one, and what is said to it."""
        if type(chosen) is not int or not 0 <= chosen < len(question.options):
            return False, "Choose one option first, then press again."
        return question.options[chosen] == self.right, self.replies[chosen]


@dataclass(frozen=True)
class Lesson:
    """A tutorial's exercises and questions; ``assignment`` is its name in nbgrader."""

    id: str
    title: str
    assignment: str
    exercises: tuple[Exercise, ...]
    questions: tuple[Question, ...]

    def exercise(self, exercise_id: str) -> Exercise:
        """Return an exercise by its id."""
        known = {exercise.id: exercise for exercise in self.exercises}
        return _choose(known, exercise_id, f'Lesson "{self.id}" has no exercise')

    def question(self, question_id: str) -> Question:
        """Return a question by its id."""
        known = {question.id: question for question in self.questions}
        return _choose(known, question_id, f'Lesson "{self.id}" has no question')


def _choose(known: dict[str, Choice], wanted: str, problem: str) -> Choice:
    if wanted not in known:
        raise LessonError(f'{problem} "{wanted}".{suggest(wanted, known)}')
    return known[wanted]
