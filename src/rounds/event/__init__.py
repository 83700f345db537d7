"""The one configuration: the event file, read once, checked as a whole."""

from rounds.event.applied import AppliedEvent, applied_file, store_event
from rounds.event.load import load_event, read_event
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
    "load_event",
    "read_event",
    "store_event",
]
