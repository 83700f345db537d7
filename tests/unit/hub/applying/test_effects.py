"""Which changed key holds from when on: every key is decided, and apply says what waits for a later start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sections import SECTIONS

from rounds.event import Event, load_event
from rounds.hub.applying.effects import EFFECTS, note_started, say_later
from rounds.store.folders import Folders, make_folder

OF_OTHER_FILES = ("people", "terms", "consent")


@pytest.fixture
def event(demo_event_file: Path) -> Event:
    """Return the demo's event."""
    return load_event(demo_event_file)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Return the folders of an event that was never started."""
    make_folder(tmp_path / "hub")
    return Folders(tmp_path)


def keys_of_the_file() -> Iterator[str]:
    for section in Event.model_fields:
        if section not in OF_OTHER_FILES:
            yield from [section] if section in EFFECTS else (f"{section}.{k}" for k in SECTIONS[section].model_fields)


def test_every_key_of_the_event_file_is_decided_and_no_other() -> None:
    assert sorted(keys_of_the_file()) == sorted(EFFECTS)


def with_policy(event: Event, **policy: float) -> Event:
    return event.model_copy(update={"policy": event.policy.model_copy(update=policy)})


def test_the_idle_time_waits_for_the_hubs_next_start_and_says_so(event: Event, folders: Folders) -> None:
    assert say_later(folders, event, with_policy(event, idle_server_min=7)) == (
        "From the hub's next start: policy.idle_server_min."
    )


def test_what_a_server_reads_once_waits_for_its_next_start(event: Event, folders: Folders) -> None:
    changed = with_policy(event, min_cell_count=11, rounding_base=10)
    limits = tuple(item.model_copy(update={"cpu_h": 9}) for item in changed.limits)
    said = say_later(folders, event, changed.model_copy(update={"limits": limits}))
    wanted = "policy.min_cell_count, policy.rounding_base, limits.cpu_h"
    assert said == f"From each server's next start: {wanted}."


def test_what_holds_at_once_is_not_worth_a_word(event: Event, folders: Folders) -> None:
    assert say_later(folders, event, with_policy(event, pass_mark=0.5)) == ""
    assert say_later(folders, event, event) == ""


def test_what_waits_since_an_apply_before_is_said_again_until_the_hub_started(event: Event, folders: Folders) -> None:
    note_started(folders, event)
    changed = with_policy(event, idle_server_min=7)
    assert say_later(folders, changed, changed) == "From the hub's next start: policy.idle_server_min."
    note_started(folders, changed)
    assert say_later(folders, changed, changed) == ""
