"""A spawner that forks servers from the template process, and starts them in the ordinary way where it cannot."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import psutil
from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Any as AnyTrait
from traitlets import Bool, Unicode

from rounds.errors import WarmError
from rounds.room.sockets import warm_socket
from rounds.store.folders import Folders
from rounds.warm.client import SOCKET, ForkedProcess, start_warm
from rounds.warm.ports import ClaimedPort, claim_port
from rounds.warm.provisioner import NAME
from rounds.warm.seal import Seal


def use_template(folders: Folders) -> None:
    """Let the kernels that this process starts be forked from the running event's template, where there is one."""
    path = warm_socket(folders)
    if path.exists():
        os.environ[SOCKET], os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = str(path), NAME


def find_begin(pid: int) -> float:
    """Return when a process began, 0 when there is none: number and moment together are one process's alone."""
    try:
        return psutil.Process(pid).create_time()
    except (psutil.Error, ValueError):
        return 0.0


class WarmSpawner(SimpleLocalProcessSpawner):  # type: ignore[misc]
    """Servers of one machine account, forked from a process that has imported JupyterLab already."""

    proc = AnyTrait(None, allow_none=True, help="The server's process: a Popen, or one that a template forked.")
    starts_askers = Bool(False, help="Whether what the server starts may have kernels forked as well.").tag(config=True)
    warm_socket = Unicode(help="Where the template listens; nothing for ordinary starts.").tag(config=True)

    pid: int
    _port: ClaimedPort | None = None  # held while the server runs, so that no kernel is given it meanwhile

    def get_state(self) -> dict[str, Any]:
        """Return what the hub keeps of the server: its process, and when that began."""
        state: dict[str, Any] = super().get_state()
        return {**state, "began": find_begin(self.pid)} if self.pid else state

    def load_state(self, state: dict[str, Any]) -> None:
        """Take up a server that outlived the hub; a number that is another process's by now is nobody's server."""
        super().load_state(state)
        if self.pid and find_begin(self.pid) != state.get("began"):
            self.pid = 0

    async def start(self) -> Any:
        """Fork the server, or start it as a process of its own."""
        if self._port is not None:
            self._port.release()
        self._port = claim_port()
        port = self.port = self._port.number
        if not self.warm_socket:
            return await super().start()
        try:
            forked = await asyncio.get_running_loop().run_in_executor(None, self._fork)
        except WarmError as why:
            self.log.info("The server of %s starts in the ordinary way: %s", self.user.name, why)
            return await super().start()
        self.proc, self.pid = forked, forked.pid
        return (self.ip or "127.0.0.1", port)

    def make_seal(self) -> Seal | None:
        """Return what the server may reach, None for a server without a seal."""
        return None

    def _fork(self) -> ForkedProcess:
        command = [*self.cmd, *self.get_args()]
        with open(os.devnull, "rb") as nowhere:
            streams = (nowhere.fileno(), 1, 2)
            more = {"cwd": self.home_dir, "streams": streams, "starts_askers": self.starts_askers}
            more["seal"] = self.make_seal()
            return start_warm(command, self.get_env(), Path(self.warm_socket), **more)
