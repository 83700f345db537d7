"""What an event demands of the machine's seal, and what is said of a part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rounds.errors import StartError
from rounds.event import Event, load_event
from rounds.event.sealed import check_seal, read_machine, say_seal, write_machine
from rounds.store.folders import Folders
from rounds.warm.seal.machine import Machine

WHOLE = Machine(landlock=7, seccomp=True, namespaces=True, groups=True)
PARTS = [replace(WHOLE, landlock=0), replace(WHOLE, landlock=4), replace(WHOLE, seccomp=False)]
PARTS += [replace(WHOLE, namespaces=False, why="refused")]


def demo(file: Path, **policy: str) -> Event:
    """Return the demo event with another policy."""
    event = load_event(file)
    return event.model_copy(update={"policy": event.policy.model_copy(update=policy)})


def on_network(event: Event) -> Event:
    """Return the event as one that listens on the network."""
    return event.model_copy(update={"hosting": event.hosting.model_copy(update={"listen": "0.0.0.0"})})


@pytest.mark.parametrize("machine", PARTS)
def test_what_demands_the_whole_does_not_start_on_a_part(demo_event_file: Path, machine: Machine) -> None:
    check_seal(demo(demo_event_file), machine)
    for event in (demo(demo_event_file, seal="required"), on_network(demo(demo_event_file))):
        with pytest.raises(StartError, match=r"closed? .*in as a whole"):
            check_seal(event, machine)
        check_seal(event, WHOLE)


@pytest.mark.parametrize("machine", PARTS)
def test_a_part_says_what_does_not_hold(machine: Machine) -> None:
    assert machine.open_ends
    assert all(end in say_seal(machine) for end in machine.open_ends)


def test_nothing_is_said_where_all_holds() -> None:
    assert "does not hold" not in say_seal(WHOLE)


def test_the_desk_reads_what_the_start_found(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    assert read_machine(folders).open_ends
    write_machine(folders, WHOLE)
    assert read_machine(folders) == WHOLE
