"""Start an account's server as the room that it is: a learning server, a team server, or a team's dashboards."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyterhub.orm import APIToken
from sqlalchemy.orm import object_session
from traitlets import Any as AnyTrait

from rounds.challenges.folder import ChallengeFolder
from rounds.data.shelf.phases import apply_opening
from rounds.event import Team
from rounds.event.model import Limits
from rounds.grading.course import course_of, learner_settings
from rounds.grading.service.client import ADDRESS, HELP_ADDRESS
from rounds.hub.running_event import Ward
from rounds.hub.start_queue import StartQueue
from rounds.hub.starter_notebooks import place_starters
from rounds.hub.warm_spawner import WarmSpawner
from rounds.own_room import SOCKET as SERVICE
from rounds.room.configuration import Room, learning_config, page_config, team_config, write_room
from rounds.room.dashboards import share_folder
from rounds.room.environment import TeamKernel, make_environment
from rounds.room.seals import SealedRoom, server_seal, write_plan
from rounds.room.sockets import service_socket, warm_socket
from rounds.room.welcome import place_welcome
from rounds.slugs import DASHBOARDS_PREFIX, TEAM_PREFIX
from rounds.store.folders import Folders, make_folder
from rounds.store.versions import LINK
from rounds.warm.client import SOCKET
from rounds.warm.provisioner import LIMITS, NAME
from rounds.warm.seal import Seal, Serves
from rounds.warm.seal.plan import VARIABLE

QUEUE = StartQueue()
HELD_AT_MOST_S = 30


class RoomSpawner(WarmSpawner):
    """Processes of one machine account: for synthetic and public data only (DESIGN, `embedded`)."""

    ward = AnyTrait(help="The running event.").tag(config=True)
    will_resume = True  # an open page is still signed in after its server was restarted; the server's own token is not

    @property
    def running(self) -> Ward:
        """The running event, with its type."""
        ward: Ward = self.ward
        return ward

    @property
    def account(self) -> str:
        """The hub account whose server this is."""
        return str(self.user.name)

    async def start(self) -> Any:
        """Wait for this account's turn, prepare the room, start its server, and hold the turn until it answers."""
        async with QUEUE.turn(self.account):
            self._prepare()
            address = await super().start()
            await self._answers(*address)
            return address

    def run_post_stop_hook(self) -> Any:
        """Forget the token of the server that has ended: only what browsers hold outlives it."""
        database: Any = object_session(self.orm_spawner)
        token = APIToken.find(database, self.api_token)
        if token is not None:
            database.delete(token)
        return super().run_post_stop_hook()

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the place in line, then that the server starts."""
        while place := QUEUE.place(self.account):
            yield {"progress": max(5, 50 - 5 * place), "message": QUEUE.say(self.account)}
            await asyncio.sleep(1)
        yield {"progress": 60, "message": QUEUE.say(self.account)}

    async def _answers(self, ip: str, port: int) -> None:
        """Wait until the server takes connections, has ended, or is late; the hub itself decides what follows."""
        deadline = asyncio.get_running_loop().time() + HELD_AT_MOST_S
        while asyncio.get_running_loop().time() < deadline and await self.poll() is None:
            try:
                _, writer = await asyncio.open_connection(ip, port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return

    def _prepare(self) -> None:
        if self.account.startswith(TEAM_PREFIX):
            self._prepare_team(self._team(TEAM_PREFIX))
        elif self.account.startswith(DASHBOARDS_PREFIX):
            self._prepare_dashboards(self._team(DASHBOARDS_PREFIX))
        else:
            self._prepare_learning()

    def _team(self, prefix: str) -> Team:
        return self.running.event.team_by_id[self.account.removeprefix(prefix)]

    def _room(self, work: Path) -> Room:
        room = Room(
            account=self.account, work=make_folder(work), own=make_folder(self.running.folders.room(self.account))
        )
        self.home_dir = str(make_folder(room.server))
        self.warm_socket = str(warm_socket(self.running.folders))
        return room

    @property
    def _sealed(self) -> SealedRoom:
        return SealedRoom(self.account, self.running.event, self.running.folders)

    def make_seal(self) -> Seal | None:
        """Return the wider seal of a Jupyter server; the proxy of dashboards, Rounds' own code, seals Voila itself."""
        if self.account.startswith(DASHBOARDS_PREFIX):
            return None
        ports = self.running.ports
        return server_seal(self._sealed, Serves((self.port,), (ports.hub, ports.grading)))

    def _use(self, room: Room, kind: str, **more: str) -> None:
        apply_opening(self.running.event, self.running.folders)
        policy = self.running.event.policy
        plan = write_plan(self._sealed, server_seal(self._sealed, Serves()))
        self.environment = {
            **room.environment,
            "PATH": self._path(),
            "JUPYTERHUB_ACTIVITY_INTERVAL": str(_tell_activity_every_s(policy.idle_server_min)),
            SOCKET: str(warm_socket(self.running.folders)),
            SERVICE: str(service_socket(self.running.folders, self.account)),
            "JUPYTER_DEFAULT_PROVISIONER_NAME": NAME,
            VARIABLE: str(plan),
            LIMITS: _say_limits(self.running.event.limits_of(kind)),
            "ROUNDS_DATA": str(self.running.folders.data),
            "ROUNDS_SIZES": str(self.running.folders.sized),
            "ROUNDS_LESSONS": str(self.running.folders.lessons / LINK),
            "ROUNDS_CHALLENGES": str(self.running.folders.challenges / LINK),
            "ROUNDS_WIDGETS": str(self.running.folders.widgets / LINK),
            "ROUNDS_MIN_CELL_COUNT": str(policy.min_cell_count),
            "ROUNDS_ROUNDING_BASE": str(policy.rounding_base),
            **more,
        }

    def _desk(self, path: str = "") -> str:
        """Return the address of a page of the desk."""
        return f"{self.running.public_url}{self.running.desk_prefix}{path}"

    def _path(self) -> str:
        return f"{self.running.bin}{os.pathsep}{os.environ.get('PATH', '')}"

    def _prepare_learning(self) -> None:
        folders, event = self.running.folders, self.running.event
        room = self._room(folders.home(self.account))
        place_welcome(room.work, self._desk())
        course = course_of(event, folders)
        config = learning_config(room)
        config["ServerApp"]["tornado_settings"] = {"rounds_lessons": str(course.outbound)}
        write_room(
            room,
            config,
            page_config(team=False, start=self._desk("open/learning"), desk=self._desk("lessons")),
            learner_settings(course, self.account, room.work),
        )
        self.cmd = _singleuser()
        own = {"ROUNDS_CHECK_LOG": str(folders.checks(self.account)), ADDRESS: self.running.grading_url}
        own[HELP_ADDRESS] = self.running.grading_url
        self._use(room, "learning", ROUNDS_VIEW="learning", **own)

    def _prepare_team(self, team: Team) -> None:
        folders = self.running.folders
        room = self._room(folders.team(team.id))
        kernel = self._kernel(team)
        make_environment(kernel)
        make_folder(room.work / "dashboards")
        place_starters(_placed(folders, team.challenge), room.work)
        pages = page_config(team=True, start=self._desk(f"open/team/{team.id}"))
        write_room(room, team_config(room, kernel.name), pages)
        self.cmd = _singleuser()
        published = str(make_folder(folders.published(team.id)))
        own = {"ROUNDS_PUBLISHED": published, "ROUNDS_ROOM": str(room.work), "JUPYTER_PATH": str(kernel.jupyter_path)}
        own[HELP_ADDRESS] = self.running.grading_url
        self._use(room, "team", ROUNDS_VIEW="room", ROUNDS_TEAM=team.id, **own)

    def _prepare_dashboards(self, team: Team) -> None:
        folders = self.running.folders
        published = make_folder(folders.published(team.id))
        room = self._room(published)
        kernel = self._kernel(team)
        make_environment(kernel)
        write_room(room, {}, {})
        self.cmd = [sys.executable, "-m", "rounds.room.dashboards", str(published)]
        self.starts_askers = True  # Voila, behind its proxy
        places = os.pathsep.join((str(kernel.jupyter_path), str(share_folder())))
        self._use(room, "dashboards", ROUNDS_VIEW="published", ROUNDS_TEAM=team.id, JUPYTER_PATH=places)

    def _kernel(self, team: Team) -> TeamKernel:
        folders = self.running.folders
        return TeamKernel(team.id, team.title, folders.environment(team.id), folders.kernelspecs(team.id))


def _placed(folders: Folders, challenge_id: str) -> ChallengeFolder:
    """Return a challenge as it was laid out for rooms."""
    challenge = ChallengeFolder(challenge_id, folders.challenges)
    return replace(challenge, path=folders.challenges / LINK / challenge.name)


def _singleuser() -> list[str]:
    """Return the command of a Jupyter server; a demo may run as root, and says so when it starts."""
    root = ["--allow-root"] if os.geteuid() == 0 else []
    return [sys.executable, "-m", "jupyterhub.singleuser", *root]


def _say_limits(limits: Limits | None) -> str:
    """Return the limits of a room's kernels as the template's clients read them; nothing where there are none."""
    if limits is None:
        return ""
    return f"memory_gb={limits.memory_gb:g} cpu_s={round(limits.cpu_h * 3600)} open_files={limits.open_files}"


def _tell_activity_every_s(idle_server_min: float) -> int:
    """Return how often a server tells the hub that it is in use: often enough not to be culled meanwhile."""
    return max(5, min(300, round(idle_server_min * 60 / 4)))
