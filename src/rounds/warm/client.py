"""Ask a template for a process; what comes back behaves like `subprocess.Popen`.

Standard library only: whoever starts a program can afford to import this.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from rounds.errors import WarmError
from rounds.warm.order import ForkOrder, KernelLimits, read_command
from rounds.warm.overlay import OverriddenError
from rounds.warm.seal.value import Seal

SOCKET = "ROUNDS_WARM_SOCKET"
ANSWER_WITHIN_S = 15.0
HEARD = b"heard"
TRIES = 3
LONGEST_FOLDER = 80  # bytes; a socket's path has at most 107
UNKNOWN_EXIT = 255  # the template ended first and took the exit code along


class NobodyListensError(WarmError):
    """No template listens where it should: it was never started, or it has ended."""


class ForkedProcess:
    """A process that a template forked for this one: the part of `subprocess.Popen` that Jupyter uses."""

    stdin: IO[bytes] | None = None
    stdout: IO[bytes] | None = None
    stderr: IO[bytes] | None = None

    seal: Seal | None = None

    def __init__(self, pid: int, pidfd: int, line: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._pidfd = pidfd
        self._line = line

    def __enter__(self) -> ForkedProcess:
        """Return this process, as `Popen` does."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for the end, as `Popen` does."""
        self.wait()

    def poll(self) -> int | None:
        """Return the exit code, None while the process runs."""
        if self.returncode is None and self._has_ended(0):
            self.returncode = self._read_code()
            self._close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code; raise `subprocess.TimeoutExpired` as `Popen` does."""
        if self.returncode is None:
            if not self._has_ended(timeout):
                raise subprocess.TimeoutExpired(["forked", str(self.pid)], timeout or 0)
            self.poll()
        return UNKNOWN_EXIT if self.returncode is None else self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, to this process and never to another one that has got its number."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)

    def _has_ended(self, within_s: float | None) -> bool:
        """Return whether the process has ended, waiting at most so long; `select` knows no descriptor over 1023."""
        watch = select.poll()
        watch.register(self._pidfd, select.POLLIN)
        return bool(watch.poll(None if within_s is None else math.ceil(within_s * 1000)))

    def _read_code(self) -> int:
        """Return the exit code that the template tells once it has reaped the process.

        A template that closed the line before it read that this client heard leaves an error before its last word.
        """
        self._line.settimeout(2)
        with contextlib.suppress(OSError, ValueError, KeyError):
            try:
                said = self._line.recv(4096)
            except ConnectionResetError:
                said = self._line.recv(4096)
            return int(json.loads(said)["exit"])
        return UNKNOWN_EXIT

    def _close(self) -> None:
        self._line.close()
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1

    def __del__(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            self._close()


def fork(order: ForkOrder, path: Path, streams: Sequence[int] = (0, 1, 2)) -> ForkedProcess:
    """Return a process forked by the template at `path`; raise `WarmError` with the reason when it is refused.

    A template that ends before it answers is replaced by its keeper: the order is given again.
    """
    message = order.encode()
    for _ in range(TRIES):
        forked = _ask(message, path, streams)
        if forked is not None:
            forked.seal = order.seal
            return forked
    raise WarmError(f"The template at {path} ended {TRIES} times before it answered.")


def _ask(message: bytes, path: Path, streams: Sequence[int]) -> ForkedProcess | None:
    """Return the process, None when the template ended before it answered."""
    line = _connect(path)
    try:
        socket.send_fds(line, [message], list(streams))
        answer, descriptors, _, _ = socket.recv_fds(line, 65536, 1)
    except (BrokenPipeError, ConnectionResetError):
        answer, descriptors = b"", []
    except OSError as error:
        line.close()
        raise WarmError(f"The template at {path} did not answer: {error}.") from None
    said = json.loads(answer) if answer else {}
    if "pid" in said and descriptors:
        with contextlib.suppress(OSError):  # it has ended already
            line.send(HEARD)
        return ForkedProcess(int(said["pid"]), descriptors[0], line)
    line.close()
    if not said:
        return None
    raise (OverriddenError if said.get("overridden") else WarmError)(str(said.get("refused", "no process")))


def check_private(folder: Path) -> None:
    """Raise `WarmError` unless only this account, or root, may put a socket into the folder."""
    try:
        found = folder.stat()
    except OSError as error:
        raise NobodyListensError(f"No template listens in {folder}: {error.strerror}.") from None
    if found.st_uid not in (0, os.geteuid()) or found.st_mode & 0o022:
        raise WarmError(f"{folder} is open to other accounts, so the template in it is not asked.")


def _connect(path: Path) -> socket.socket:
    check_private(path.parent)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line.settimeout(ANSWER_WITHIN_S)
    try:
        line.connect(str(path))
    except OSError as error:
        line.close()
        why = error.strerror or str(error)
        raise NobodyListensError(f"No template listens at {path}: {why}.") from None
    return line


def is_up(path: Path, within_s: float = 0) -> bool:
    """Return whether a template answers at `path`, waiting for it at most `within_s` seconds."""
    deadline = time.monotonic() + within_s
    while True:
        with contextlib.suppress(WarmError, OSError, ValueError):
            line = _connect(path)
            with line:
                line.settimeout(max(0.2, deadline - time.monotonic()))
                line.send(b"hello")
                return "hello" in json.loads(line.recv(4096))
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)


def socket_of(environ: Mapping[str, str], python: str = sys.executable) -> Path:
    """Return where the template of an interpreter listens.

    ``ROUNDS_WARM_SOCKET`` names the socket of the common one; without it, each account has its own beside its temporary
    files.  An interpreter that needs a template of its own has its socket in the same folder.
    """
    said, mine, theirs = environ.get(SOCKET), _short(sys.executable), _short(python)
    common = Path(said) if said else _private_folder(environ) / f"{mine}.sock"
    return common if mine == theirs else common.with_name(f"{theirs}.sock")


def _private_folder(environ: Mapping[str, str]) -> Path:
    """Return a folder for this account alone: where the system keeps such things, if that is ours and not too deep."""
    own, name = environ.get("XDG_RUNTIME_DIR", ""), f"rounds-warm-{os.geteuid()}"
    usable = own and os.access(own, os.W_OK | os.X_OK) and len(os.fsencode(own)) + len(name) <= LONGEST_FOLDER
    return Path(own if usable else "/tmp") / name  # noqa: S108  the keeper makes the folder for its owner alone


def _short(python: str) -> str:
    """Return what tells environments apart; the names of one interpreter, python and python3.11, are one."""
    prefix = os.path.realpath(os.path.dirname(os.path.dirname(os.path.abspath(python))))
    return hashlib.sha256(f"{prefix}\n{sys.version}".encode()).hexdigest()[:16]


def start_keeper(path: Path, python: str = sys.executable, idle_s: float = 3600) -> None:
    """Start a keeper for `python` at `path` that outlives this process; the first to come serves, any other ends."""
    command = [python, "-m", "rounds.warm.keeper", "--socket", str(path), "--idle-s", str(idle_s), "--detach"]
    command += ["--session", str(os.getsid(0))]
    nowhere = subprocess.DEVNULL
    subprocess.run(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True, cwd="/", check=False)


def start_warm(
    command: Sequence[str],
    environ: Mapping[str, str],
    path: Path,
    *,
    cwd: str | None = None,
    limits: KernelLimits | None = None,
    streams: Sequence[int] = (0, 1, 2),
    **more: Any,
) -> ForkedProcess:
    """Start ``[python, "-m", module, ...]`` from the template at `path`."""
    order = read_command(command, environ, cwd)
    return fork(replace(order, limits=limits or KernelLimits(), **more), path, streams)
