"""The sections of the event file, each with its model."""

from __future__ import annotations

from rounds.event.hosting import Hosting
from rounds.event.learning import Learning
from rounds.event.model import About, Challenge, Limits, Phase, Policy, Team
from rounds.event.section import Section

SECTIONS: dict[str, type[Section]] = {
    "event": About,
    "policy": Policy,
    "hosting": Hosting,
    "learning": Learning,
    "limits": Limits,
    "phase": Phase,
    "challenge": Challenge,
    "team": Team,
}
