"""Start a process of grading: forked from the template of kernels, or in the ordinary way where there is none.

It speaks in frames over its standard input.  What it may reach is one value, `SealReach`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from rounds.errors import WarmError
from rounds.grading.frames import FrameSocket
from rounds.warm.client import SOCKET, ForkedProcess, NobodyListensError, is_up, socket_of, start_keeper, start_warm
from rounds.warm.order import KernelLimits
from rounds.warm.seal import Seal
from rounds.warm.seal.plan import Plan, Timed
from rounds.warm.seal.system import interpreter

TEMPLATE_WITHIN_S = 60.0
log = logging.getLogger(__name__)
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "PYTHONNOUSERSITE", "COVERAGE_PROCESS_START")


@dataclass(frozen=True)
class SealReach:
    """What a process of grading may read and write; it has no network, and sees no process but its own."""

    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()

    def seal(self, cwd: Path) -> Seal:
        """Return the seal of such a process that works in the folder `cwd`."""
        reads = (*interpreter(), str(cwd), *(str(path) for read in self.reads for path in _with_links(read)))
        return Seal(reads=reads, writes=tuple(map(str, self.writes)), shared_mb=512, processes=256, file_gb=1)


def _with_links(folder: Path) -> Iterator[Path]:
    """Yield a folder of the event's own and what the links in it point at: a dataset may lie elsewhere."""
    yield folder
    if folder.is_dir():
        yield from (path.resolve() for path in folder.iterdir() if path.is_symlink())


@dataclass(frozen=True)
class Program:
    """A module to run in a process of its own: where, with what around it, within which limits."""

    module: str
    cwd: Path
    environ: Mapping[str, str]
    reach: SealReach
    limits: KernelLimits = field(default_factory=KernelLimits)


@dataclass
class Started:
    """A process that was started, the line to it, and what it says on its standard error."""

    process: ForkedProcess | subprocess.Popen[bytes]
    line: FrameSocket
    said: IO[bytes]

    def end(self) -> int | None:
        """End the process, all that it started and what is left of the conversation; return its exit code."""
        started = _below(self.process.pid)
        self.process.kill()
        for child in started:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        self.line.close()
        code = self.process.wait(10)
        self.said.close()
        return code


def _below(pid: int) -> list[int]:
    """Return what a process has started, as the kernel lists it; what has left it on purpose is the seal's to end."""
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, listed.read_text(encoding="ascii").split()):
                found += [child, *_below(child)]
    return found


def start(program: Program) -> Started:
    """Start a program of ours; it finds the line at its standard input."""
    ours, theirs = socket.socketpair()
    said = tempfile.TemporaryFile()  # noqa: SIM115  closed with the process
    with theirs, open(os.devnull, "wb") as nowhere:
        process = _start(program, (theirs.fileno(), nowhere.fileno(), said.fileno()))
    return Started(process, FrameSocket(ours), said)


def wait_for_template() -> bool:
    """Wait while a template starts, for five minutes at most; return whether it answers.

    An order that is given while it still imports is not waited for, and its process is started in the ordinary way.
    """
    return is_up(socket_of(os.environ), 5 * TEMPLATE_WITHIN_S)


def bare_environment(environ: Mapping[str, str], **more: str) -> dict[str, str]:
    """Return what such a process needs of ours, without a token or a secret, and what is given with it."""
    kept = {name: environ[name] for name in PASSED_ON if name in environ}
    return {**kept, "MPLBACKEND": "module://matplotlib_inline.backend_inline", **more}


def _start(program: Program, streams: tuple[int, int, int]) -> ForkedProcess | subprocess.Popen[bytes]:
    command = [sys.executable, "-m", program.module]
    path = socket_of(os.environ)
    try:
        return _fork(program, command, path, streams)
    except WarmError as why:
        log.warning("%s is started in the ordinary way: %s", program.module, why)
        return _start_sealed(program, command, streams)


def _start_sealed(program: Program, command: list[str], streams: tuple[int, int, int]) -> subprocess.Popen[bytes]:
    """Return a process that was started in the ordinary way and sealed itself first; it takes seconds."""
    plan = Plan((Timed(datetime.fromtimestamp(0, UTC), program.reach.seal(program.cwd)),))
    with tempfile.TemporaryFile() as file:  # it has no name, and goes with whoever has it open
        file.write(plan.encode().encode())
        file.flush()
        named = f"/proc/self/fd/{file.fileno()}"
        return subprocess.Popen(
            [sys.executable, "-I", "-m", "rounds.warm.seal", "--plan", named, "--", *command],
            cwd=program.cwd,
            env=dict(program.environ),
            stdin=streams[0],
            stdout=streams[1],
            stderr=streams[2],
            pass_fds=(file.fileno(),),
        )


def _fork(program: Program, command: list[str], path: Path, streams: tuple[int, int, int]) -> ForkedProcess:
    """Return a process of the template; start a template first where none listens yet."""
    given = {"cwd": str(program.cwd), "limits": program.limits, "streams": streams, "ends_with_client": True}
    given["seal"] = program.reach.seal(program.cwd)
    try:
        return start_warm(command, program.environ, path, **given)  # type: ignore[arg-type]
    except NobodyListensError:
        if SOCKET not in os.environ:  # whoever named the socket keeps its template
            start_keeper(path)
        if not is_up(path, TEMPLATE_WITHIN_S):
            raise
        return start_warm(command, program.environ, path, **given)  # type: ignore[arg-type]
