"""The words the pages use for the event's own terms."""

from __future__ import annotations

from datetime import datetime, timedelta

from rounds.event import Event, Person, Phase
from rounds.event.model import Background
from rounds.progress.model import State
from rounds.roles import Role

ROLES = {
    Role.PARTICIPANT: "participant",
    Role.MENTOR: "mentor",
    Role.JUROR: "member of the jury",
    Role.ORGANISER: "organiser",
    Role.CUSTODIAN: "data custodian",
    Role.CHECKER: "output checker",
}

BACKGROUNDS = {
    Background.BIOMED: "bio/med",
    Background.ENGINEERING: "engineering",
    Background.CLINICIAN: "clinician",
    Background.DATA_SCIENCE: "data scientist",
}

SYMBOLS = {
    State.NOT_STARTED: "○",
    State.TRIED: "◔",
    State.CHECKED: "◑",
    State.SUBMITTED: "◕",
    State.NOT_YET: "↻",
    State.DONE: "✓",
}

_DATA = {"none": "no data yet", "sample": "a sample of the data", "full": "the full data"}


def describe_role(person: Person) -> str:
    """Return a person's role in words, such as ``mentor (clinician)``."""
    word = ROLES[person.role]
    return f"{word} ({BACKGROUNDS[person.background]})" if person.role is Role.MENTOR else word


def describe_phase(phase: Phase) -> str:
    """Return what a phase opens and closes, in one line.

    What may leave (`exports`) is not said: no deployment holds a file back yet, and a page promises nothing else.
    """
    internet = "internet open" if phase.internet else "internet closed for code in the rooms, not for your own browser"
    return f"{internet}, {_DATA[phase.data]}"


def describe_moment(moment: datetime, event: Event) -> str:
    """Return a moment in the event's own time zone."""
    return moment.astimezone(event.zone).strftime("%A %-d %B %Y, %H:%M")


def describe_age(age: timedelta) -> str:
    """Return how long ago something was, in the largest fitting unit."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} days ago"
