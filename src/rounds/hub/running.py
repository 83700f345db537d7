"""How the parts of one running event find each other: its ports in a file, its secrets in another that is private."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from rounds.errors import StartError
from rounds.hub.machine_checks import free_ports
from rounds.hub.running_event import Ports
from rounds.store.folders import Folders, make_folder
from rounds.store.whole import write_whole


@contextmanager
def hold_state(folders: Folders, port: int) -> Iterator[None]:
    """Be the only one who runs the event of this state folder; raise `StartError` when somebody does already."""
    path = make_folder(folders.hub) / "running"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise StartError(
                f"The event in {folders.root} runs already ({file.read().strip()}). "
                "Stop it first, or name another folder: --state FOLDER"
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, http://127.0.0.1:{port}")
        file.flush()
        yield


def find_running(folders: Folders) -> int:
    """Return the process that runs the event of this state folder; raise `StartError` when none does."""
    path = make_folder(folders.hub) / "running"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            return int(file.read().split()[1].rstrip(","))
    raise StartError(f"No event runs with the folder {folders.root}. Run: make demo")


def load_secrets(folders: Folders) -> dict[str, str]:
    """Return the event's secrets, made once and readable by their owner only."""
    path = make_folder(folders.hub) / "secrets.json"
    if not path.exists():
        made = {name: secrets.token_hex(32) for name in ("apply", "proxy")}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def choose_ports(public: int, gate: bool = False, rooms: tuple[int, ...] = ()) -> Ports:
    """Return the ports of a start: the public one as asked, the others free ones, and none of those of `rooms`."""
    hub, proxy_api, desk, proxy, grading = free_ports(5, rooms)
    return Ports(public, hub, proxy_api, desk, proxy if gate else public, grading)


def write_ports(folders: Folders, ports: Ports, url: str) -> None:
    """Tell other commands where the running event listens, and the address that people open."""
    write_whole(_ports_file(folders), json.dumps({**asdict(ports), "url": url}))


def read_ports(folders: Folders) -> Ports:
    """Return where the running event listens; raise `StartError` when none was started here."""
    found = _read_started(folders)
    return Ports(**{part.name: int(found.get(part.name) or found["public"]) for part in fields(Ports)})


def read_hub_url(folders: Folders) -> str:
    """Return the address that people open; raise `StartError` when no event was started here."""
    found = _read_started(folders)
    return str(found.get("url") or f"http://127.0.0.1:{found['public']}")


def read_api_url(folders: Folders) -> str:
    """Return where the hub's interface is asked on this machine, whatever the address that people open."""
    return f"http://127.0.0.1:{read_ports(folders).hub}/hub/api"


def _read_started(folders: Folders) -> dict[str, Any]:
    """Return what the last start wrote; an older Rounds wrote neither `proxy` nor `url`."""
    try:
        found: dict[str, Any] = json.loads(_ports_file(folders).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StartError(f"No event was started with the folder {folders.root}. Run: make demo") from None
    return found


def was_started(folders: Folders) -> bool:
    """Return whether an event was ever started with this folder."""
    return _ports_file(folders).exists()


def _ports_file(folders: Folders) -> Path:
    return make_folder(folders.hub) / "ports.json"


def hub_environment(folders: Folders, source: Path, ports: Ports, environ: dict[str, str]) -> dict[str, str]:
    """Return the environment in which `jupyterhub` starts."""
    secret = load_secrets(folders)
    own = {f"ROUNDS_PORT_{name.upper()}": str(port) for name, port in asdict(ports).items()}
    return {
        **environ,
        **own,
        "ROUNDS_STATE": str(folders.root),
        "ROUNDS_SOURCE": str(source),
        "ROUNDS_SECRET_APPLY": secret["apply"],
        "CONFIGPROXY_AUTH_TOKEN": secret["proxy"],
        "OMP_NUM_THREADS": environ.get("OMP_NUM_THREADS", "2"),
    }
