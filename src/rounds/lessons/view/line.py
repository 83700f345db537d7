"""The line from a lesson's page to its kernel: what the boxes say now, in a closed list of messages.

A page that shows another text than was run last has a box that changed since (`rounds.lessons.boxes`).
"""

from __future__ import annotations

from typing import Any

from rounds.lessons.boxes import note_present_source

TARGET = "rounds.lesson"
LONGEST = 100_000  # signs of one box
MOST_BOXES = 200
_heard: set[str] = set()


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
    if exercise in _heard or len(_heard) < MOST_BOXES:
        _heard.add(exercise)
        note_present_source(exercise, text)


def _content(message: Any) -> Any:
    return message.get("content", {}).get("data") if isinstance(message, dict) else None
