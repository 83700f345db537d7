"""A kernel that shares the machine's network listens before it is sealed: afterwards it cannot listen any more.

The sockets wait, open and bound, until ZeroMQ would bind them; it takes them over (``ZMQ_USE_FD``).  So do those of a
kernel that is not forked: they come along through exec.

    python -m rounds.warm.seal.sockets -f CONNECTION_FILE ...       an IPython kernel that takes its sockets over
"""

from __future__ import annotations

import json
import os
import runpy
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from rounds.warm.seal.value import Seal

VARIABLE = "ROUNDS_SEALED_SOCKETS"
CHANNELS = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")
OUTPUT = "tcp://127.0.0.1:*"  # where ipykernel hears what forked children of a kernel print
_WAITING = 100


def find_connection_file(command: Sequence[str]) -> str:
    """Return the file that a command names as a kernel's, nothing when it is no kernel's."""
    return command[command.index("-f") + 1] if "-f" in command[:-1] and any("kernel" in w for w in command) else ""


def listen_ahead(seal: Seal, with_port: bool) -> Seal:
    """Listen where the kernel will; return the seal with the port of its children's output, where ports are bound."""
    info = json.loads(Path(seal.connection_file).read_text(encoding="utf-8"))
    bound: dict[str, int] = {}
    if info["transport"] == "ipc":
        paths = [f"{info['ip']}-{info[channel]}" for channel in CHANNELS]
        bound |= {f"ipc://{path}": _listen(socket.AF_UNIX, path) for path in paths}
    ports: tuple[int, ...] = ()
    if with_port:
        bound[OUTPUT] = _listen(socket.AF_INET, ("127.0.0.1", 0))
        with socket.socket(fileno=os.dup(bound[OUTPUT])) as output:
            ports = (output.getsockname()[1],)
    os.environ[VARIABLE] = json.dumps(bound)
    return replace(seal, own_ports=ports)


def _listen(family: int, address: Any) -> int:
    """Return the descriptor of a new socket that listens; it stays open through exec."""
    if isinstance(address, str):
        with suppress(FileNotFoundError):
            os.unlink(address)
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(_WAITING)
    listener.set_inheritable(True)
    return listener.detach()


def take_over() -> None:
    """Let ZeroMQ take the sockets that wait; without any, nothing is changed."""
    bound: dict[str, int] = json.loads(os.environ.pop(VARIABLE, "{}"))
    if not bound:
        return
    import zmq
    from ipykernel import debugger

    debugger._is_debugpy_available = False  # it listens at a port: JupyterLab shows no button for it then
    bind = zmq.Socket.bind

    def bind_or_take(self: Any, address: str) -> Any:
        waiting = bound.pop(address, -1)
        if waiting >= 0:
            self.setsockopt(zmq.USE_FD, waiting)
        return bind(self, address)

    zmq.Socket.bind = bind_or_take  # type: ignore[assignment,method-assign]


if __name__ == "__main__":
    take_over()
    sys.argv[0] = "ipykernel_launcher"
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)
