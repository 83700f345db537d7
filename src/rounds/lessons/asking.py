"""Have an answer judged by the event's judge, through the server of the room; the room itself holds no key."""

from __future__ import annotations

import base64

from rounds.errors import UserError
from rounds.lessons.ladder import Diagnosis
from rounds.lessons.values.encode import encode_value
from rounds.own_room import ask_room


class NotJudgedError(UserError):
    """Nobody could say whether an answer is right; that is no failure of the learner's."""


def ask_judge(lesson_id: str, what: str, answer: object) -> tuple[bool, Diagnosis]:
    """Return whether an answer to an exercise or a question is right, and the sentence to it under its mistake's name.

    Raises
    ------
    NotJudgedError
        When the answer is no data, the room's server does not answer, or the judge broke off.
    """
    try:
        value = base64.b64encode(encode_value(answer)).decode()
        said = ask_room("judge", lesson=lesson_id, exercise=what, value=value)
    except UserError as error:
        raise NotJudgedError(str(error)) from None
    if said.get("fault"):
        raise NotJudgedError(str(said["sentence"]))
    return bool(said["passed"]), Diagnosis(str(said["sentence"]), str(said.get("mistake", "")))
