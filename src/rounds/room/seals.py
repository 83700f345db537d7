"""How the code of each room of an event is sealed: derived from the event, written where no room can write.

Kernels, terminals and dashboards read the installed packages, what the event lays out for rooms, the data that their
room may open, and their own folders.  They write their work; a team's environment too, while the phase has internet.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rounds.data.shelf.opened import find_described, find_open
from rounds.data.shelf.shelf import SIZES, TEAM, VIEW, open_shelf
from rounds.data.shelf.sizes import Opens
from rounds.errors import SealError
from rounds.event import Event, Phase
from rounds.grading.course import course_of
from rounds.room.configuration import write_kernel_config
from rounds.room.sockets import service_socket
from rounds.slugs import DASHBOARDS_PREFIX, TEAM_PREFIX
from rounds.store.folders import Folders, make_folder
from rounds.store.whole import write_whole
from rounds.warm.seal import Seal, Serves
from rounds.warm.seal.plan import Plan, Timed, read_plan
from rounds.warm.seal.system import interpreter

SECRETS = ("JUPYTERHUB_", "JPY_", "CONFIGPROXY_", "ROUNDS_SECRET", "ROUNDS_SEAL", "ROUNDS_WARM", "PYTHONSAFEPATH")
LONGEST_SOCKETS = 80  # bytes; a socket's path has at most 107
OWN = ("ipython", "matplotlib", "tmp", "log")


@dataclass(frozen=True)
class SealedRoom:
    """One account's room: whose it is, and where its folders lie."""

    account: str
    event: Event
    folders: Folders

    @property
    def team(self) -> str:
        """The team's id, empty for a person's learning room."""
        found = (p for p in (TEAM_PREFIX, DASHBOARDS_PREFIX) if self.account.startswith(p))
        return self.account.removeprefix(next(found, self.account))

    @property
    def is_page(self) -> bool:
        """Whether it serves a team's published dashboards."""
        return self.account.startswith(DASHBOARDS_PREFIX)

    @property
    def work(self) -> Path:
        """The folder that the room shows."""
        folders = self.folders
        if self.is_page:
            return folders.published(self.team)
        return folders.team(self.team) if self.team else folders.home(self.account)

    @property
    def own(self) -> Path:
        """The folder of what the room's server needs."""
        return self.folders.room(self.account)

    @property
    def sockets(self) -> Path:
        """A short folder of the room's own, for the sockets of its kernels."""
        path = self.own / "sockets"
        if len(os.fsencode(path)) <= LONGEST_SOCKETS:
            return path
        short = hashlib.sha256(os.fsencode(self.own)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"rounds-rooms-{os.geteuid()}" / short

    @property
    def plan_file(self) -> Path:
        """Where the plan lies: the hub writes it, the room's server reads it."""
        return self.folders.seals / f"{self.account}.json"


def seal_of(room: SealedRoom, phase: Phase) -> Seal:
    """Return what code in a room may reach while a phase holds."""
    folders = room.folders
    shelf = open_shelf(_shelf_environment(room))
    laid_out = (folders.data, folders.lessons, folders.challenges, folders.widgets)
    environment = [str(folders.environment(room.team))] if room.team else []
    opened = map(str, (*laid_out, *find_open(shelf, Opens(phase.data)), *find_described(shelf)))
    writes = [str(path) for path in (*(room.own / name for name in OWN[:3]), room.sockets)]
    if not room.is_page:
        writes.append(str(room.work))
    return Seal(
        reads=(*interpreter(), *environment, *opened, str(room.work), *_specs(room), *_service(room)),
        writes=(*writes, *(environment if phase.internet and not room.is_page else [])),
        lists=(str(folders.sized),),
        internet=phase.internet,
        tmp=str(room.own / "tmp"),
        whole=room.event.policy.seal == "required",
    )


def _service(room: SealedRoom) -> list[str]:
    """Return where the room's server takes messages (`rounds.room.service`), and what is released to be fetched.

    A published page asks for nothing.
    """
    if room.is_page:
        return []
    folder = str(service_socket(room.folders, room.account).parent)
    return [folder] if room.team else [folder, str(_released(room))]


def _released(room: SealedRoom) -> Path:
    return course_of(room.event, room.folders).outbound


def _specs(room: SealedRoom) -> list[str]:
    """Return the room's own configuration that its programs read: nbgrader's, and the kernels of its team."""
    own = [str(room.own / "config"), str(room.own / "data")]
    return [*own, str(room.folders.kernelspecs(room.team))] if room.team else own


def _shelf_environment(room: SealedRoom) -> dict[str, str]:
    view = "published" if room.is_page else "room"
    named = {TEAM: room.team, VIEW: view} if room.team else {}
    return {"ROUNDS_DATA": str(room.folders.data), SIZES: str(room.folders.sized), **named}


def plan_of(room: SealedRoom, server: Seal | None = None) -> Plan:
    """Return the plan of a room: its seals over the phases, and what its processes are given."""
    event = room.event
    phases = sorted(event.phase, key=event.opens_at)
    own = {
        "HOME": str(room.work),
        "IPYTHONDIR": str(room.own / "ipython"),
        "MPLCONFIGDIR": str(room.own / "matplotlib"),
        "JUPYTER_RUNTIME_DIR": str(room.own / "tmp"),
        "TMPDIR": str(room.own / "tmp"),
        "JUPYTER_DEFAULT_PROVISIONER_NAME": "local-provisioner",  # what is started in here is sealed already
    }
    if room.team:
        path = (str(room.folders.environment(room.team) / "bin"), os.environ.get("PATH", ""))
        own["PATH"] = os.pathsep.join(path)
    return Plan(
        tuple(Timed(event.opens_at(phase), seal_of(room, phase)) for phase in phases),
        environ=own,
        drops=SECRETS,
        sockets=str(room.sockets),
        log=str(room.own / "log" / "kernels.log"),
        server=server,
    )


def write_plan(room: SealedRoom, server: Seal | None = None) -> Path:
    """Write a room's plan, and make the folders that it names; a server's own seal stays when none is given."""
    service = service_socket(room.folders, room.account).parent
    for folder in (*(room.own / name for name in OWN), room.sockets, room.folders.seals, service):
        make_folder(folder)
    write_kernel_config(room.own / "ipython")
    if not room.team:
        make_folder(room.folders.checks(room.account).parent)
        room.folders.checks(room.account).touch(mode=0o600)
    if server is None and room.plan_file.exists():
        server = read_plan(room.plan_file).server
    text = plan_of(room, server).encode()
    if not room.plan_file.exists() or room.plan_file.read_text(encoding="utf-8") != text:
        write_whole(room.plan_file, text)
    return room.plan_file


def renew_plans(event: Event, folders: Folders) -> None:
    """Write the plans of all rooms that have one anew: the event was changed, or data were attached."""
    for path in sorted(folders.seals.glob("*.json")) if folders.seals.is_dir() else ():
        room = SealedRoom(path.stem, event, folders)
        if path.stem in event.accounts or room.team in event.team_by_id:
            try:
                write_plan(room)
            except (SealError, OSError):
                path.unlink(missing_ok=True)  # without a plan nothing starts; the next start of the room writes one


def server_seal(room: SealedRoom, serves: Serves) -> Seal:
    """Return the wider seal of a room's own server: its room, its sockets, what it writes for its code, its ports."""
    folders, reads = room.folders, [room.plan_file.parent]
    writes = [room.work, room.own, room.sockets, service_socket(folders, room.account).parent]
    if room.team:
        reads += [folders.environment(room.team), folders.kernelspecs(room.team)]
        writes.append(folders.published(room.team))
    else:
        reads.append(_released(room))
        writes.append(folders.checks(room.account))
    laid_out = (folders.data, folders.lessons, folders.challenges, folders.widgets)
    return Seal(
        reads=(*interpreter(), *map(str, (*reads, *laid_out))),
        writes=tuple(map(str, writes)),
        serves=serves,
        tmp=str(room.own / "server"),
        file_gb=100,
    )
