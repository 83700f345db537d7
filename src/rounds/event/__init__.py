"""The one configuration: the event file, read once, checked as a whole."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rounds.event.applied import AppliedEvent, applied_file, store_event
    from rounds.event.load import find_notes, load_event, read_event
    from rounds.event.model import Challenge, Deployment, Event, Person, Phase, Policy, Team
    from rounds.event.problems import Problem

__all__ = [
    "AppliedEvent",
    "Challenge",
    "Deployment",
    "Event",
    "Person",
    "Phase",
    "Policy",
    "Problem",
    "Team",
    "applied_file",
    "find_notes",
    "load_event",
    "read_event",
    "store_event",
]
_HOMES = {
    "applied": ("AppliedEvent", "applied_file", "store_event"),
    "load": ("find_notes", "load_event", "read_event"),
    "problems": ("Problem",),
}


def __getattr__(name: str) -> Any:
    """Import a name on first use: a kernel that asks for the numbers alone need not load the whole model."""
    if name not in __all__:
        raise AttributeError(f"module 'rounds.event' has no attribute {name!r}")
    home = next((home for home, names in _HOMES.items() if name in names), "model")
    return getattr(import_module(f"rounds.event.{home}"), name)
