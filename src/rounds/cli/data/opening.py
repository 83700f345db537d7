"""When the notebooks of a challenge open what was attached, in words: the phase, from the event as it was applied."""

from __future__ import annotations

from datetime import datetime

from rounds.custody.publishing.scored import HOLD_OUT
from rounds.data.package import RESTRICTED
from rounds.data.shelf.opening import ENOUGH
from rounds.data.shelf.phases import opening_of
from rounds.data.shelf.sizes import Size
from rounds.event import Event


def say_when(event: Event, part: str, kind: str, now: datetime) -> str:
    """Return when a part of a dataset of this kind opens; the features of a real hold-out open with the full data."""
    if part == HOLD_OUT and kind != RESTRICTED:
        return "now: public and synthetic tables without sizes are open in every phase"
    size = Size.SAMPLE if part == Size.SAMPLE else Size.FULL
    opening = opening_of(event)
    phase = opening.current(now)
    if phase and phase.data in ENOUGH[size]:
        return f'now, in the phase "{phase.id}"'
    coming = opening.next_with(size, now)
    if coming is None:
        return f'in no phase of the event: write data = "{size}" in a [[phase]] of its file, and apply it'
    return f'with the phase "{coming.id}" (data = "{coming.data}"), on {coming.says()}'


def say_part(part: str, name: str) -> str:
    """Return what is opened, in words."""
    return {"full": f"the full data of {name}", HOLD_OUT: f"the hold-out's features, {name},"}.get(
        part, f"the {part} of {name}"
    )
