"""Try a lesson before anybody learns from it: its form, and every answer that its `answers.py` knows.

A right answer must pass, the stub must not, and each wrong answer must meet the sentence written for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rounds.errors import UserError
from rounds.lessons.check import Check
from rounds.lessons.examples import Examples, Wrong
from rounds.lessons.exercise import Exercise, Key, Question
from rounds.lessons.folder import LessonFolder
from rounds.lessons.ladder import NotYet, Rung
from rounds.lessons.linting.lint import find_problems
from rounds.lessons.loading import load_answers, load_hidden, load_keys, load_lesson
from rounds.lessons.solution import find_solution_problems
from rounds.lessons.source import read_source

FEWEST_WRONG = 3
FEWEST_MISTAKES = 3
_SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.S)
SHORTEST_LINE = 8  # letters: a shorter line of a solution, like "y = 4", may stand anywhere


def find_lesson_problems(lesson: LessonFolder, widgets: Path | None = None) -> list[str]:
    """Return all problems of a lesson, each a sentence that begins with the file; its solution is run."""
    source, answers = lesson.file("lesson.py"), lesson.file("answers.py")
    if source is None or answers is None:
        return [f"{lesson.parts[0]}: there is no {'lesson.py' if source is None else 'answers.py'}."]
    try:
        problems = [f"{source}: {problem}" for problem in find_problems(read_source(source), lesson.learner)]
        problems += [f"{answers}: {problem}" for problem in find_answer_problems(lesson)]
        exercises = load_lesson(lesson).exercises
        problems += [
            f"{lesson.file('checks.py')}: {said}" for said in find_spoilers(exercises, source.read_text("utf-8"))
        ]
        return [*problems, *find_solution_problems(lesson, widgets)]
    except UserError as error:
        return [str(error)]


def find_answer_problems(lesson: LessonFolder) -> Iterator[str]:
    """Yield each exercise and answer that is not as `answers.py` says."""
    hidden, known = load_hidden(lesson), load_answers(lesson)
    check = Check(load_lesson(lesson), {}, hidden)
    yield from _find_key_problems(check.lesson.questions, load_keys(lesson))
    for exercise in check.lesson.exercises:
        if not exercise.points:
            continue
        if not hidden.get(exercise.id):
            yield f'{exercise.id}: hidden.py checks nothing; write HIDDEN = {{"{exercise.id}": (Rung(...),)}}.'
        elif exercise.id not in known:
            yield f"{exercise.id}: there are no answers to try."
        else:
            yield from _try(check, exercise.id, known[exercise.id])
            yield from _find_unnamed(exercise, hidden[exercise.id])


def find_spoilers(exercises: Iterable[Exercise], source: str) -> Iterator[str]:
    """Yield each hint and worked line that holds a line of a solution: they show another variant."""
    solved = [_bare(line) for part in _SOLUTION.findall(source) for line in part.splitlines()]
    for exercise in exercises:
        for what, text in (("hint", exercise.hint), ("worked line", exercise.worked_line)):
            if any(len(line) >= SHORTEST_LINE and line in _bare(text) for line in solved):
                yield f"{exercise.id}: the {what} holds a line of the solution. Show the line of another variant."


def _bare(line: str) -> str:
    return "".join(line.partition("#")[0].split())


def _find_unnamed(exercise: Exercise, hidden: Iterable[Rung]) -> Iterator[str]:
    named = {mistake.name for rung in (*exercise.visible, *hidden) for mistake in rung.mistakes}
    if len(named) < FEWEST_MISTAKES:
        yield (
            f"{exercise.id}: {len(named)} typical mistakes are named; wanted are {FEWEST_MISTAKES} or more, as in "
            f'recognise("values", Mistake("percent", lambda answer: answer > 1, "Write a share, not percent."), ...).'
        )


def _find_key_problems(questions: Iterable[Question], keys: Mapping[str, Key]) -> Iterator[str]:
    for question in questions:
        key = keys.get(question.id)
        if key is None or key.right not in question.options or len(key.replies) != len(question.options):
            yield (
                f"{question.id}: hidden.py needs its key: the right option in its words, and {len(question.options)} "
                f'replies, in KEYS = {{"{question.id}": Key("{question.options[0]}", (...))}}.'
            )


def _try(check: Check, exercise_id: str, shown: Examples) -> Iterator[str]:
    if len(shown.wrong) < FEWEST_WRONG:
        yield f"{exercise_id}: {len(shown.wrong)} wrong answers are known; wanted are {FEWEST_WRONG} or more."
    for number, answer in enumerate(shown.right, 1):
        if said := _visible(check, exercise_id, answer) or _hidden(check, exercise_id, answer):
            yield f"{exercise_id}: right answer {number} meets: {said}"
    if not _visible(check, exercise_id, shown.stub):
        yield f"{exercise_id}: the stub passes."
    for number, wrong in enumerate(shown.wrong, 1):
        yield from (f"{exercise_id}: wrong answer {number} {said}" for said in _missed(check, exercise_id, wrong))


def _missed(check: Check, exercise_id: str, wrong: Wrong) -> Iterator[str]:
    """Yield what a wrong answer meets instead of its sentence; nothing when it meets that."""
    said = _visible(check, exercise_id, wrong.answer)
    if wrong.hidden and said:
        yield f"should be found at hand-in only, and the button says: {said}"
        return
    said = said or (_hidden(check, exercise_id, wrong.answer) if wrong.hidden else "")
    if not said:
        yield "passes."
    elif wrong.says not in said:
        yield f'does not meet "{wrong.says}" but: {said}'


def _visible(check: Check, exercise_id: str, answer: object) -> str:
    """Return the sentence of the button; nothing when it says yes.  The button judges what is no function wholly."""
    try:
        check.grade(exercise_id, {check.lesson.exercise(exercise_id).reads: answer})
    except NotYet as not_yet:
        return str(not_yet)
    except Exception as error:  # what an author's check may do is anything
        return f"checks.py stops: {type(error).__name__}: {error}"
    return "" if callable(answer) else _hidden(check, exercise_id, answer)


def _hidden(check: Check, exercise_id: str, answer: object) -> str:
    """Return the sentence at hand-in; nothing when the answer passes."""
    try:
        check.grade_hidden(exercise_id, {check.lesson.exercise(exercise_id).reads: answer})
    except NotYet as not_yet:
        return str(not_yet)
    except Exception as error:  # what an author's check may do is anything
        return f"hidden.py stops: {type(error).__name__}: {error}"
    return ""
