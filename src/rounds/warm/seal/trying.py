"""Ask this machine what it can enforce, by doing it in a process that then ends.

    python -I -m rounds.warm.seal.trying

prints what was found as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from rounds.errors import SealError
from rounds.warm.seal import landlock, seccomp
from rounds.warm.seal.bpf import assemble
from rounds.warm.seal.calls import numbers
from rounds.warm.seal.entering import Sealing
from rounds.warm.seal.machine import Machine
from rounds.warm.seal.value import Seal

_GROUPS = Path("/sys/fs/cgroup")
_WELL = b"well"


def find_machine(environ: Mapping[str, str]) -> Machine:
    """Return what works here, tried in children of this process, which has one thread."""
    try:
        machine = os.uname().machine
        numbers(machine)
    except SealError as unknown:
        return Machine(root=os.geteuid() == 0, why=str(unknown))
    filters = not _fails(lambda: seccomp.install(assemble({}, machine)))
    found = Machine(landlock.version(), filters, True, _are_groups_ours(), os.geteuid() == 0)
    why = _fails(lambda: _seal_whole(found))
    wanted = Machine(found.landlock, filters, not why, found.groups, found.root, why)
    return wanted.without(environ)


def ask_machine(environ: Mapping[str, str] = os.environ) -> Machine:
    """Return what works here, from a process that has threads; raise `SealError` when nothing can be learnt."""
    command = [sys.executable, "-I", "-m", "rounds.warm.seal.trying"]
    asked = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False, cwd="/")
    try:
        return Machine(**json.loads(asked.stdout))
    except (ValueError, TypeError):
        raise SealError(f"This machine could not be asked what it can seal: {asked.stderr.strip()[-200:]}") from None


def _seal_whole(machine: Machine) -> None:
    """Be a sealed process: raise where a part of it is refused."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(read)
        _live_sealed(machine, write)
    os.close(write)
    with os.fdopen(read, "rb") as file:
        said = file.read()
    os.wait()
    if said != _WELL:
        raise SealError(said.decode() or "it ended")


def _live_sealed(machine: Machine, write: int) -> None:
    """Enter and close a seal in this process's grandchild, and tell what came of it."""
    try:
        sealing = Sealing(Seal(), machine)
        os.chdir("/")
        sealing.enter(lambda _: None)
        sealing.close()
        os.write(write, _WELL)
    except BaseException as error:
        os.write(write, f"{error}".encode())
    finally:
        os._exit(0)


def _fails(attempt: Callable[[], None]) -> str:
    """Return why an attempt fails in a child of this process, empty where it does not."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        said = b""
        try:
            attempt()
        except BaseException as error:
            said = str(error).encode()
        os.write(write, said)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as file:
        said = file.read()
    os.waitpid(pid, 0)
    return said.decode()


def _are_groups_ours() -> bool:
    """Return whether this account may bound memory and processes of groups that it makes."""
    try:
        own = Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines()[-1].partition("::")[2]
        here = _GROUPS / own.lstrip("/")
        kinds = set((here / "cgroup.controllers").read_text(encoding="ascii").split())
    except (OSError, IndexError):
        return False
    return {"memory", "pids"} <= kinds and os.access(here / "cgroup.subtree_control", os.W_OK)


if __name__ == "__main__":
    print(json.dumps(asdict(find_machine(os.environ))))  # noqa: T201  its reader is `ask_machine`
