"""When data open, from the applied event: told to the rooms in a file, and to people in words."""

from __future__ import annotations

from datetime import datetime

from rounds.data.package import RESTRICTED
from rounds.data.shelf.opening import Opening, PhaseOpening, write_opening
from rounds.data.shelf.sizes import Opens, Size
from rounds.event import Event
from rounds.store.folders import Folders, make_folder


def opening_of(event: Event) -> Opening:
    """Return when each phase opens what, and which dataset each team's challenge has."""
    phases = tuple(PhaseOpening(phase.id, event.opens_at(phase), Opens(phase.data)) for phase in event.phase)
    challenges = event.challenge_by_id
    return Opening(phases, {team.id: challenges[team.challenge].dataset for team in event.team})


def apply_opening(event: Event, folders: Folders) -> None:
    """Write the opening to where the rooms read it."""
    write_opening(make_folder(folders.data), opening_of(event))


def opens_later(event: Event, kind: str, now: datetime) -> str:
    """Return when teams open the features of a hold-out, in words; empty when they can now.

    Those of a real hold-out open with the full data; public and synthetic ones are open in every phase.
    """
    opening = opening_of(event)
    if kind != RESTRICTED or opening.opens_now(now) is Opens.FULL:
        return ""
    coming = opening.next_with(Size.FULL, now)
    return coming.says() if coming else "when a phase opens the full data"
