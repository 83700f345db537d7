"""How much memory each person and each team takes, shared pages counted once: proportional set size (PSS)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from rounds.hub.running import find_running
from rounds.slugs import DASHBOARDS_PREFIX, TEAM_PREFIX, dashboards_account, team_account
from rounds.store.folders import Folders

TEMPLATE = "rounds.warm.template"
SERVERS = ("jupyterhub.singleuser", "rounds.room.dashboards", "voila", "jupyter_server_proxy")
KERNEL = "ipykernel"


@dataclass(frozen=True)
class Use:
    """The memory of one account or part of the event, in bytes of PSS."""

    account: str
    kind: str
    servers: int
    kernels: int
    pss: int


def measure_use(folders: Folders) -> list[Use]:
    """Return the use of every account of the running event, the largest first; raise `StartError` when none runs."""
    found: dict[tuple[str, str], list[psutil.Process]] = defaultdict(list)
    for process in psutil.Process(find_running(folders)).children(recursive=True):
        found[owner_of(process, folders)].append(process)
    return sorted((_use(*owner, processes) for owner, processes in found.items()), key=lambda use: -use.pss)


def owner_of(process: psutil.Process, folders: Folders) -> tuple[str, str]:
    """Return the account that a process works for and its kind; by its folder, which a forked process has too."""
    words, cwd = _words(process), _cwd(process)
    if TEMPLATE in words:
        return "warm template", "event"
    rooms = {"person": folders.home(""), "team": folders.team(""), "dashboards": folders.published("")}
    for kind, folder in rooms.items():
        if cwd is not None and cwd.is_relative_to(folder) and cwd != folder:
            name = cwd.relative_to(folder).parts[0]
            return {"person": name, "team": team_account(name), "dashboards": dashboards_account(name)}[kind], kind
    if cwd is not None and cwd.is_relative_to(folders.room("")) and cwd != folders.room(""):
        return (account := cwd.relative_to(folders.room("")).parts[0]), kind_of(account)  # a server, in its own home
    return "hub, proxy and services", "event"


def kind_of(account: str) -> str:
    """Return whose an account is: a person's, a team's, or that of a team's dashboards."""
    if account.startswith(TEAM_PREFIX):
        return "team"
    return "dashboards" if account.startswith(DASHBOARDS_PREFIX) else "person"


def pss_of(pid: int) -> int:
    """Return the proportional set size of a process in bytes, 0 when it has gone or is somebody else's."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _use(account: str, kind: str, processes: Iterable[psutil.Process]) -> Use:
    words = [(_words(process), process.pid) for process in processes]
    pss = sum(pss_of(pid) for _, pid in words)
    if kind == "event":
        return Use(account, kind, 0, 0, pss)
    kernels = sum(KERNEL in said for said, _ in words)
    serves = any(name in said for said, _ in words for name in SERVERS)  # one server may be several processes
    return Use(account, kind, int(serves), kernels, pss)


def _words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _cwd(process: psutil.Process) -> Path | None:
    try:
        return Path(process.cwd())
    except (psutil.Error, OSError):
        return None
