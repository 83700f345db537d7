"""Keep one template running: start it at a socket, start it again when it was killed or its packages have changed.

    python -m rounds.warm.keeper --socket PATH [--modules a,b,c] [--idle-s 3600] [--detach]

The keeper holds the socket, so that an order given while a template starts waits a moment and is not lost.  It passes
the template an environment of its own with nothing but what an interpreter needs: no token, no secret.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from rounds.warm.askers import Askers, open_notes
from rounds.warm.client import check_private
from rounds.warm.guard import BUSY, STALE, UNFIT
from rounds.warm.preload import KERNEL, ONE_THREAD, needed
from rounds.warm.seal.machine import WITHOUT

PRIVATE = 0o700
PLAIN = "ROUNDS_WARM_PLAIN"  # when set, a template imports and does nothing else before it forks
BACKLOG = 512
EARLY_S, TRIES = 10.0, 5
PASSED_ON = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "HOME",
    "TMPDIR",
    "PYTHONPATH",
    "PYTHONNOUSERSITE",
    "MPLCONFIGDIR",
    WITHOUT,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Keep a template at the socket until a signal, or until it was idle for long."""
    given = _parse(arguments)
    owner, session = os.getppid(), given.session or os.getsid(os.getppid())
    if given.detach and os.fork() > 0:
        return 0
    path: Path = given.socket
    path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    check_private(path.parent)
    lock = (path.with_suffix(".lock")).open("wb")
    if not hold(lock):
        return 0
    listener = listen(path)
    try:
        askers = Askers(0 if given.detach else owner, session, open_notes())
        return keep(listener, tuple(given.modules.split(",")), path.with_suffix(".log"), given.idle_s, askers)
    finally:
        path.unlink(missing_ok=True)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rounds.warm.keeper")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--modules", default=",".join(needed(os.environ, KERNEL)))
    parser.add_argument("--detach", action="store_true")
    parser.add_argument("--idle-s", type=float, default=0)
    parser.add_argument("--session", type=int, default=0)
    return parser.parse_args(arguments)


def hold(lock: BinaryIO) -> bool:
    """Return whether this process is now the only keeper of its socket."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def listen(path: Path) -> socket.socket:
    """Return a socket at `path` that its owner alone may connect to."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(BACKLOG)
    return listener


def keep(listener: socket.socket, modules: Sequence[str], log: Path, idle_s: float, askers: Askers) -> int:
    """Run templates one after another; return when one was idle, cannot be forked from, or ends again and again."""
    quick_ends, more = 0, ("--plain",) if PLAIN in os.environ else ()
    while True:
        began = time.monotonic()
        with log.open("ab") as output:
            template = start_template(listener, modules, ("--idle-s", str(idle_s), *more), output, askers)
        code = _wait(template)
        if code in (0, UNFIT):
            return code
        if code == BUSY:
            more = ("--plain",)
        early = code not in (STALE, BUSY) and time.monotonic() - began < EARLY_S
        quick_ends = quick_ends + 1 if early else 0
        if quick_ends >= TRIES:
            return code


def _wait(template: subprocess.Popen[bytes]) -> int:
    """Wait for the template; end it when this process is told to end."""

    def stop(signum: int, _frame: FrameType | None) -> None:
        template.terminate()
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    return template.wait()


def start_template(
    listener: socket.socket, modules: Sequence[str], more: Sequence[str], output: BinaryIO, askers: Askers
) -> subprocess.Popen[bytes]:
    """Start a template process at `listener`."""
    descriptor = listener.fileno()
    command = [sys.executable, "-m", "rounds.warm.template", "--socket-descriptor", str(descriptor)]
    command += ["--modules", ",".join(modules), *more]
    command += ["--owner", str(askers.owner), "--session", str(askers.session), "--notes", str(askers.notes)]
    return subprocess.Popen(
        command,
        env=bare_environment(os.environ),
        pass_fds=(descriptor, askers.notes),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
    )


def bare_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what a template needs of an environment: its children can read it for ever in /proc."""
    return {name: environ[name] for name in PASSED_ON if name in environ} | ONE_THREAD


if __name__ == "__main__":
    sys.exit(main())
