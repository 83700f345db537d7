"""nbgrader's exchange without a folder that people share: the classes that its `ExchangeFactory` is told to use.

In a room `nbgrader list`, `fetch`, `submit` and the Assignment List work as ever, and ask the grading service; who asks
is what the hub says, whatever ``--student`` says.  Instructors' classes write where no other account reads.
"""

from __future__ import annotations

from typing import Any

_ROOM = {
    "fetch_assignment": "room.RoomFetchAssignment",
    "fetch_feedback": "room.RoomFetchFeedback",
    "list": "room.RoomList",
    "submit": "room.RoomSubmit",
}
_STAFF = {
    "release_assignment": "staff.StaffReleaseAssignment",
    "release_feedback": "staff.StaffReleaseFeedback",
    "collect": "staff.StaffCollect",
}


def room_exchange() -> dict[str, Any]:
    """Return the configuration of `ExchangeFactory` in a room."""
    return {name: f"rounds.grading.exchange.{where}" for name, where in _ROOM.items()}


def staff_exchange() -> dict[str, Any]:
    """Return the configuration of `ExchangeFactory` for whoever releases, collects and grades."""
    return {name: f"rounds.grading.exchange.{where}" for name, where in _STAFF.items()}
