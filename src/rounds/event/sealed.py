"""What this machine's seal holds and what it does not: asked once at a start, told to the organiser and to the desk."""

from __future__ import annotations

import json
from dataclasses import asdict

from rounds.errors import StartError
from rounds.event.model import Event
from rounds.store.folders import Folders, make_folder
from rounds.store.whole import write_whole
from rounds.warm.seal.machine import Machine

FILE = "machine"
CLOSED = (
    "Code in the rooms is closed in: it reads its own room and what the event opens for it, writes its work, and "
    "reaches no other room, no file of Rounds and, unless the phase says so, no network."
)


def check_seal(event: Event, machine: Machine) -> None:
    """Raise `StartError` when the event demands a seal that this machine cannot make whole.

    On a network the whole is always demanded: there, other people's browsers can be led to what code in a room opens.
    """
    if machine.whole:
        return
    why = machine.open_ends[0]
    if event.policy.seal == "required":
        raise StartError(
            f'policy.seal = "required": this machine cannot close code in the rooms in as a whole. {why} Start it on '
            'another machine or, on this one, with: seal = "possible"'
        )
    if not event.hosting.is_local:
        raise StartError(
            f"hosting.listen = {event.hosting.listen!r}: on a network code in the rooms must be closed in as a whole, "
            f'and this machine cannot do it. {why} For this machine alone: listen = "127.0.0.1"'
        )


def say_seal(machine: Machine) -> str:
    """Return what holds on this machine for code in the rooms, in a few lines."""
    if not machine.open_ends:
        return CLOSED
    return "\n".join([f"{CLOSED} What does not hold on this machine:", *(f"  - {end}" for end in machine.open_ends)])


def write_machine(folders: Folders, machine: Machine) -> None:
    """Note what was found, for the desk."""
    write_whole(make_folder(folders.seals) / FILE, json.dumps(asdict(machine)))


def read_machine(folders: Folders) -> Machine:
    """Return what the last start found; a machine that can do nothing when there was none."""
    try:
        return Machine(**json.loads((folders.seals / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Machine(why="it was not tried yet")
