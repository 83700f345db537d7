"""The line from a lesson's page to its kernel: what the boxes say now, in a closed list of messages.

A page that shows another text than was run last has a box that changed since; `present_source` says which text it is.
"""

from __future__ import annotations

from typing import Any

TARGET = "rounds.lesson"
LONGEST = 100_000  # signs of one box
MOST_BOXES = 200
_present: dict[str, str] = {}


def open_line() -> None:
    """Take a page's messages from now on."""
    from comm import get_comm_manager

    get_comm_manager().register_target(TARGET, lambda line, _: line.on_msg(lambda message: hear(_content(message))))


def hear(said: Any) -> None:
    """Take one message, ``{"kind": "source", "exercise": "e1", "text": "..."}``; anything else is passed over."""
    if not isinstance(said, dict) or set(said) != {"kind", "exercise", "text"} or said["kind"] != "source":
        return
    exercise, text = said["exercise"], said["text"]
    if not isinstance(exercise, str) or not isinstance(text, str) or len(text) > LONGEST or len(exercise) > 64:
        return
    if exercise in _present or len(_present) < MOST_BOXES:
        _present[exercise] = text


def present_source(exercise: str) -> str | None:
    """Return what the box of an exercise says on the page now; None where no page has told."""
    return _present.get(exercise)


def _content(message: Any) -> Any:
    return message.get("content", {}).get("data") if isinstance(message, dict) else None
