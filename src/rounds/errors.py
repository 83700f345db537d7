"""Every error that a user of Rounds can cause.

    UserError                     shown without a traceback, in a terminal and in a notebook
    +-- EventError                the event file or its people file
    +-- DataError                 a table, a data package, an import
    +-- LessonError               a lesson: its folder, its source, its parts
    +-- ChallengeError            a challenge's folder or its brief
    +-- SignInError               an invitation or a password
    +-- PublishError              a dashboard that cannot be published
    +-- GradingError              the course, its exchange, its marks
    +-- StartError                a port, a disk, a part of the machine that is missing
    +-- WarmError                 a program that cannot be forked and is started in the ordinary way

A bug stays an ordinary exception.  Nothing here touches disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class UserError(Exception):
    """Say what is wrong, where, and the line to paste; shown without a traceback."""

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


class StartError(UserError):
    """The machine lacks something that Rounds needs to start."""


class WarmError(UserError):
    """A program cannot be forked from the template; an ordinary start takes its place."""


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
