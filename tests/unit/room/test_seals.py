"""What code in each room of the demo event may reach, phase by phase."""

from __future__ import annotations

import dataclasses
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from tests.made import sample

from rounds.data.dataset import Dataset
from rounds.data.shelf.phases import apply_opening
from rounds.event import Event, load_event
from rounds.room.configuration import Room
from rounds.room.seals import SealedRoom, plan_of, renew_plans, seal_of, server_seal, write_plan
from rounds.store.folders import Folders
from rounds.warm.seal import Seal, Serves
from rounds.warm.seal.plan import read_plan

ROOMS = ("noa", "team-stork", "dash-stork")


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Return the folders of an event."""
    return Folders(tmp_path / "state")


@pytest.fixture
def demo(demo_event_file: Path) -> Event:
    """Return the demo event."""
    return load_event(demo_event_file)


def lay(folders: Folders, event: Event, dataset: Dataset) -> None:
    """Lay a dataset out as its sample and its full data."""
    for size in ("sample", "full"):
        shutil.copytree(dataset.path, folders.sized / size / "birthweight")
    folders.data.mkdir(parents=True)
    apply_opening(event, folders)


def seals(room: SealedRoom) -> dict[str, Seal]:
    """Return a room's seal in each phase."""
    return {phase.id: seal_of(room, phase) for phase in room.event.phase}


def test_a_phase_opens_its_data_to_its_team_only(folders: Folders, demo: Event) -> None:
    lay(folders, demo, sample("birthweight"))
    part, full = (str(folders.sized / size / "birthweight") for size in ("sample", "full"))
    own = demo.team_by_id["stork"]
    other = next(team for team in demo.team if team.challenge != own.challenge)
    found = {
        (account, phase): {path for path in (part, full) if path in seal.reads}
        for account in ("team-stork", "dash-stork", f"team-{other.id}", "noa")
        for phase, seal in seals(SealedRoom(account, demo, folders)).items()
    }
    opened = {key: paths for key, paths in found.items() if paths}
    assert opened == {
        ("team-stork", "sample"): {part},
        ("team-stork", "full"): {part, full},
        ("dash-stork", "sample"): {part},
        ("dash-stork", "full"): {part, full},
    }


def test_the_internet_follows_the_phase(folders: Folders, demo: Event) -> None:
    for account in ROOMS:
        found = seals(SealedRoom(account, demo, folders))
        assert {phase: seal.internet for phase, seal in found.items()} == {p.id: p.internet for p in demo.phase}


def test_a_team_installs_packages_while_there_is_internet_only(folders: Folders, demo: Event) -> None:
    environment = str(folders.environment("stork"))
    found = seals(SealedRoom("team-stork", demo, folders))
    assert {phase for phase, seal in found.items() if environment in seal.writes} == {"setup"}
    assert all(environment in seal.reads for seal in found.values())
    assert not any(environment in seal.writes for seal in seals(SealedRoom("dash-stork", demo, folders)).values())


@pytest.mark.parametrize("account", ROOMS)
def test_no_room_writes_what_unsealed_processes_read(folders: Folders, demo: Event, account: str) -> None:
    room = SealedRoom(account, demo, folders)
    own = Room(account, room.work, room.own)
    theirs = [room.plan_file, folders.kernelspecs("stork"), own.server, *map(Path, own.environment.values())]
    theirs += [folders.data, folders.lessons, folders.hub, folders.course, folders.exchange, folders.event]
    for seal in seals(room).values():
        for path in filter(Path.is_absolute, theirs):
            above = {str(path), *map(str, path.parents)}
            assert not above & set(seal.writes), path


@pytest.mark.parametrize("account", ROOMS)
def test_a_room_reaches_nothing_of_another_one_and_nothing_of_the_hub(
    folders: Folders, demo: Event, account: str
) -> None:
    others = [SealedRoom(other, demo, folders) for other in ("roni", "team-heron", "dash-heron")]
    closed = [path for other in others for path in (other.work, other.own)]
    closed += [folders.hub, folders.course, folders.truth, folders.custodian, folders.seals, folders.root]
    room = SealedRoom(account, demo, folders)
    for seal in (*seals(room).values(), server_seal(room, Serves())):
        assert not {str(path) for path in closed if path != folders.seals} & {*seal.reads, *seal.writes}


def test_a_plan_is_what_was_written_and_keeps_its_servers_seal(folders: Folders, demo: Event) -> None:
    room = SealedRoom("team-stork", demo, folders)
    server = server_seal(room, Serves((8001,), (8002,)))
    path = write_plan(room, server)
    assert read_plan(path) == plan_of(room, server)
    renew_plans(demo, folders)
    assert read_plan(path).server == server


def test_a_changed_event_changes_the_plans_of_its_rooms(folders: Folders, demo: Event) -> None:
    path = write_plan(SealedRoom("noa", demo, folders))
    open_now = dataclasses.replace(read_plan(path).seals[-1].seal, internet=True)
    phases = (*demo.phase[:-1], demo.phase[-1].model_copy(update={"internet": True}))
    renew_plans(demo.model_copy(update={"phase": phases}), folders)
    assert read_plan(path).seals[-1].seal == open_now


def test_what_closes_ends_and_what_opens_does_not(folders: Folders, demo: Event) -> None:
    plan = plan_of(SealedRoom("team-stork", demo, folders))
    setup, sample = plan.seals[0], plan.seals[1]
    assert plan.ends_at(setup.seal, setup.opens) == sample.opens
    assert plan.ends_at(sample.seal, sample.opens) is None
    assert plan.ends_at(setup.seal, sample.opens + timedelta(days=1)) is not None


def test_no_token_of_the_server_is_among_a_rooms_variables(folders: Folders, demo: Event) -> None:
    plan = plan_of(SealedRoom("team-stork", demo, folders))
    given = {"JUPYTERHUB_API_TOKEN": "x", "JPY_API_TOKEN": "x", "ROUNDS_WARM_SOCKET": "x", "LANG": "C", "HOME": "/root"}
    dressed = plan.dress(given)
    assert "x" not in dressed.values()
    assert (dressed["LANG"], dressed["HOME"]) == ("C", str(folders.team("stork")))


def test_the_sockets_of_a_room_fit_into_an_address(tmp_path: Path, demo: Event) -> None:
    deep = Folders(tmp_path / ("d" * 60) / ("e" * 60))
    assert len(os.fsencode(SealedRoom("noa", demo, deep).sockets)) < 90
