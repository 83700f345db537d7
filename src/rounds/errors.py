"""Every error that a user of Rounds can cause.

    UserError                     shown without a traceback, in a terminal and in a notebook
    +-- EventError                the event file or its people file
    +-- DataError                 a table, a data package, an import
    |   +-- ScorerError           the scoring process itself failed (custody.scoring.scorer)
    +-- LessonError               a lesson: its folder, its source, its parts
    +-- ChallengeError            a challenge's folder or its brief
    +-- SignInError               an invitation or a password
    +-- PublishError              a dashboard that cannot be published
    +-- GradingError              the course, its exchange, its marks
    +-- HelpError                 a request for help, or an answer to one, that cannot be taken
    +-- PairError                 a code that joins two people for a lesson, and does not
    +-- RoomError                 what code in a room asked its server for, and did not get
    +-- StartError                a port, a disk, a part of the machine that is missing
    +-- BackupError              a backup that cannot be written, or put back
    +-- WarmError                 a program that cannot be forked and is started in the ordinary way
        +-- NobodyListensError    no template listens (warm.client)
        +-- OverriddenError       the environment has another version than the template (warm.overlay)
    +-- SealError                 a process that cannot be sealed, and is not started

A bug stays an ordinary exception.  Nothing here touches disk.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, init=False)
class Command:
    """A command of Rounds to paste, as a part of an error: the command line shows it with its own state folder."""

    words: tuple[str, ...]

    def __init__(self, *words: object) -> None:
        """Take the words that follow ``rounds``; spaces in one of them are quoted."""
        object.__setattr__(self, "words", tuple(map(str, words)))

    def __str__(self) -> str:
        """Return the command as everybody may paste it who has one state folder."""
        return shlex.join(("rounds", *self.words))


class UserError(Exception):
    """Say what is wrong, where, and the line to paste; shown without a traceback.

    The parts are texts and commands, and make one sentence.

    Examples
    --------
    >>> str(UserError("There is no sample. Draw it: ", Command("data", "sample", "births")))
    'There is no sample. Draw it: rounds data sample births'
    """

    def say(self, show: Callable[[Command], str] = str) -> str:
        """Return the sentence, with each command as ``show`` writes it."""
        return "".join(show(part) if isinstance(part, Command) else str(part) for part in self.args)

    def __str__(self) -> str:
        """Return the sentence."""
        return self.say()

    def _render_traceback_(self) -> list[str]:
        """Return what IPython prints in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class EventError(UserError):
    """The event file or its people file cannot be used."""


class DataError(UserError):
    """A table or a data package cannot be used."""


class LessonError(UserError):
    """A tutorial's source cannot be built."""


class ChallengeError(UserError):
    """A challenge's folder or its brief cannot be used."""


class SignInError(UserError):
    """An invitation or a password was not accepted."""


class PublishError(UserError):
    """A dashboard cannot be published."""


class GradingError(UserError):
    """The course, its exchange or its marks cannot be used."""


class HelpError(UserError):
    """A request for help or an answer to one cannot be taken."""


class PairError(UserError):
    """Two people cannot be joined for a lesson."""


class RoomError(UserError):
    """The server of a room refused what code in the room asked for, or did not answer."""


class StartError(UserError):
    """The machine lacks something that Rounds needs to start."""


class BackupError(UserError):
    """A backup cannot be written, or put back."""


class WarmError(UserError):
    """A program cannot be forked from the template; an ordinary start takes its place."""


class SealError(UserError):
    """A process cannot be sealed as it must be, and is not started."""


def end_sentence(text: str) -> str:
    """Return a text with a full stop, unless it ends a sentence already.

    Examples
    --------
    >>> end_sentence("Nobody is held out"), end_sentence("Is it?")
    ('Nobody is held out.', 'Is it?')
    """
    return text if text.endswith((".", "?", "!")) else f"{text}."


def suggest(value: str, known: Iterable[str]) -> str:
    """Return `` Did you mean "x"?`` for the nearest known name, or the known names when none is near."""
    names = sorted(known)
    near = get_close_matches(value, names, n=1, cutoff=0.6)
    if near:
        return f' Did you mean "{near[0]}"?'
    return f" Known: {', '.join(names)}." if names else ""
