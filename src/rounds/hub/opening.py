"""Tell the rooms when data open: the phases' times and each team's dataset, from the applied event."""

from __future__ import annotations

from rounds.data.opening import Opening, Phase, write_opening
from rounds.data.sizes import Opens
from rounds.event import Event
from rounds.store.folders import Folders, make_folder


def opening_of(event: Event) -> Opening:
    """Return when each phase opens what, and which dataset each team's challenge has."""
    phases = tuple(Phase(phase.id, event.opens_at(phase), Opens(phase.data)) for phase in event.phase)
    challenges = event.challenge_by_id
    return Opening(phases, {team.id: challenges[team.challenge].dataset for team in event.team})


def apply_opening(event: Event, folders: Folders) -> None:
    """Write the opening to where the rooms read it."""
    write_opening(make_folder(folders.data), opening_of(event))
