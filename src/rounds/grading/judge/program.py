"""The judge's process: it loads the checks of a lesson once, and climbs their rungs over the values that come.

    python -m rounds.grading.judge.program

Its standard input is a socket; the folder that it works in holds the lessons, each with `checks.py` and `hidden.py`.
"""

from __future__ import annotations

import functools
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rounds.errors import LessonError, suggest
from rounds.grading.frames import FrameSocket, LineEndedError
from rounds.grading.judge.proxy import StoppedError, make_remote
from rounds.grading.judge.verdict import FIRST, OUR_FAULT, Verdict
from rounds.lessons.exercise import Key, Lesson
from rounds.lessons.finding import find_lessons
from rounds.lessons.ladder import MISSING, Diagnosis, Rung, climb, find_undefined
from rounds.lessons.loading import load_hidden, load_keys, load_lesson
from rounds.lessons.values.decode import decode_value
from rounds.lessons.values.message import MessageError, Packet

LONGEST = 500  # letters of a sentence


def main() -> None:
    """Answer until the other side ends."""
    line = FrameSocket(socket.socket(fileno=0))
    while True:
        try:
            asked = line.receive()
            if "exercise" in asked.head:
                line.send({"say": "verdict", **vars(judge(asked, line))})
            else:
                line.send({"say": "exercises", "known": list_exercises(asked.head["assignment"])})
        except LineEndedError:
            return


def list_exercises(assignment: str) -> dict[str, Any]:
    """Return what is known of a lesson: its title, its exercises; nothing for an assignment that is no lesson."""
    lessons = find_lessons([Path.cwd()], installed=())
    lesson = lessons.get(assignment.partition("-")[0])
    if lesson is None or lesson.assignment != assignment:
        return {}
    known = _load(lesson.id)[0]
    reads = {exercise.id: exercise.reads for exercise in known.exercises}
    titles = {exercise.id: exercise.title for exercise in known.exercises}
    return {"lesson": lesson.id, "title": known.title, "reads": reads, "titles": titles}


def judge(asked: Packet, line: FrameSocket) -> Verdict:
    """Return the verdict on an answer: the head names lesson, exercise and stage, the part is the value, if any."""
    head = asked.head
    try:
        lesson, hidden = _load(head["lesson"])
        answer = decode_value(asked.parts[0], make_remote(line, head["stage"] == FIRST)) if asked.parts else MISSING
        question = next((question for question in lesson.questions if question.id == head["exercise"]), None)
        if question is not None:
            return Verdict(*_load_keys(lesson.id)[question.id].reply(question, answer))
        return _climb(lesson, hidden, (head["exercise"], head["stage"]), answer)
    except MessageError as error:
        return Verdict(False, f"This answer cannot be marked: {error}")
    except StoppedError as stopped:
        return Verdict(False, str(stopped)[:LONGEST])
    except LineEndedError:
        raise
    except Exception as error:
        where = f"{head.get('lesson')} {head.get('exercise')}"
        return Verdict(False, OUR_FAULT, fault=f"The check of {where} stops: {type(error).__name__}: {error}"[:LONGEST])


def _climb(lesson: Lesson, hidden: Mapping[str, tuple[Rung, ...]], what: tuple[str, str], answer: Any) -> Verdict:
    exercise, stage = lesson.exercise(what[0]), what[1]
    if stage == FIRST:
        said = find_undefined(exercise.reads, answer) or climb(exercise.visible, answer)
        if said or callable(answer):
            return Verdict(said is None, (said or "")[:LONGEST], unfinished=said is None, mistake=_name(said))
    said = climb(hidden.get(exercise.id, ()), answer)
    return Verdict(said is None, (said or "")[:LONGEST], said is not None and callable(answer), mistake=_name(said))


def _name(said: Diagnosis | None) -> str:
    return said.name if said is not None else ""


@functools.cache
def _load_keys(lesson_id: str) -> Mapping[str, Key]:
    return load_keys(find_lessons([Path.cwd()], installed=())[lesson_id])


@functools.cache
def _load(lesson_id: str) -> tuple[Lesson, Mapping[str, tuple[Rung, ...]]]:
    lessons = find_lessons([Path.cwd()], installed=())
    if lesson_id not in lessons:
        raise LessonError(f'There is no lesson "{lesson_id}" to be judged.{suggest(lesson_id, lessons)}')
    return load_lesson(lessons[lesson_id]), load_hidden(lessons[lesson_id])


if __name__ == "__main__":
    main()
