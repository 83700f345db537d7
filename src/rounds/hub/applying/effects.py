"""From when on a changed key of the event file holds: at once, or from a later start, which applying an event says."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from rounds.event import Event
from rounds.event.hosting import Hosting
from rounds.event.learning import Learning
from rounds.store.folders import Folders
from rounds.store.whole import write_whole

FILE = "started-with.json"


class Effect(StrEnum):
    """From when on a key holds in a running event."""

    AT_ONCE = "at once"
    SERVER = "each server's next start"
    HUB = "the hub's next start"
    UNUSED = "never yet"


EFFECTS = {
    "event.id": Effect.SERVER,
    "event.title": Effect.HUB,
    "event.timezone": Effect.AT_ONCE,
    "event.deployment": Effect.HUB,
    "event.people": Effect.AT_ONCE,
    "event.terms": Effect.AT_ONCE,
    "event.lessons": Effect.AT_ONCE,
    "policy.min_cell_count": Effect.SERVER,
    "policy.rounding_base": Effect.SERVER,
    "policy.k_anonymity": Effect.AT_ONCE,
    "policy.output_checkers": Effect.UNUSED,
    "policy.outgoing_mb_per_person_per_day": Effect.UNUSED,
    "policy.pass_mark": Effect.AT_ONCE,
    "policy.cell_s": Effect.SERVER,  # grading takes it at once, a room's Validate at its next start
    "policy.invitation_valid_h": Effect.AT_ONCE,
    "policy.failed_sign_ins": Effect.AT_ONCE,
    "policy.lockout_min": Effect.AT_ONCE,
    # a server says that it is in use as often as this number asked for when it started; the culler counts by it
    "policy.idle_server_min": Effect.HUB,
    "policy.warm_before_min": Effect.AT_ONCE,
    "policy.warm_for_min": Effect.AT_ONCE,
    "policy.warm_learning_servers": Effect.AT_ONCE,
    "policy.seal": Effect.HUB,
    "policy.stuck_failures": Effect.AT_ONCE,
    "policy.stuck_min": Effect.AT_ONCE,
    **{f"hosting.{key}": Effect.HUB for key in Hosting.model_fields},
    **{f"learning.{key}": Effect.AT_ONCE for key in Learning.model_fields},
    "limits.room": Effect.SERVER,
    "limits.memory_gb": Effect.SERVER,
    "limits.cpu_h": Effect.SERVER,
    "limits.open_files": Effect.SERVER,
    "phase": Effect.AT_ONCE,
    "challenge": Effect.AT_ONCE,
    "team.id": Effect.AT_ONCE,  # a new team waits for the hub by its roles: rounds.hub.reconcile.find_missing_roles
    "team.challenge": Effect.SERVER,
    "team.clinician": Effect.AT_ONCE,
    "team.data_scientist": Effect.AT_ONCE,
    "team.cores": Effect.UNUSED,
    "team.memory_gb": Effect.UNUSED,
}


def note_started(folders: Folders, event: Event) -> None:
    """Keep what the hub starts with, so that a later apply knows what still waits."""
    write_whole(folders.hub / FILE, event.model_dump_json(exclude={"people", "terms", "consent"}))


def say_later(folders: Folders, before: Event | None, after: Event) -> str:
    """Return which keys hold only later, in a sentence or two; nothing when all hold."""
    started = _started_with(folders) or before
    hub = _find_changed(started, after, Effect.HUB) if started else []
    server = _find_changed(before, after, Effect.SERVER) if before else []
    said = ((hub, Effect.HUB), (server, Effect.SERVER))
    return " ".join(f"From {effect}: {', '.join(keys)}." for keys, effect in said if keys)


def _started_with(folders: Folders) -> Event | None:
    try:
        return Event.model_validate_json((folders.hub / FILE).read_bytes())
    except (OSError, ValidationError):  # started by a version of before, or never
        return None


def _find_changed(before: Event, after: Event, effect: Effect) -> list[str]:
    return [key for key, its in EFFECTS.items() if its is effect and _value(before, key) != _value(after, key)]


def _value(event: Event, key: str) -> Any:
    """Return a key's value; of a section that may stand several times, the value in each by its id."""
    section, _, name = key.partition(".")
    part = getattr(event, section)
    if not isinstance(part, tuple):
        return getattr(part, name)
    return {_id(item): getattr(item, name) for item in part}


def _id(item: Any) -> str:
    return str(getattr(item, "id", "") or item.room)
