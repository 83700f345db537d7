"""Run one command so that nothing it starts outlives it.

    python -m rounds.room.tether -- COMMAND ARGUMENT ...

The tether adopts every orphan among the command's descendants (`PR_SET_CHILD_SUBREAPER`), dies with its own parent
(`PR_SET_PDEATHSIG`), and ends them all when the command ends, however it ends.  Linux only; elsewhere the command
runs as it is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import BinaryIO

import psutil

from rounds.warm.seal.calls import control

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
GRACE_S = 10.0


def die_with_parent(signum: int = signal.SIGTERM) -> None:
    """Ask the kernel to send `signum` to this process when its parent ends."""
    _prctl(_PR_SET_PDEATHSIG, signum)


def _start_mortal() -> None:
    """Die with the parent, and hear SIGINT: a shell's ``&`` ignores it, and every descendant would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    die_with_parent()


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        control(option, value)


def end_descendants(grace_s: float = GRACE_S) -> int:
    """End every descendant of this process, kindly first; return how many were left."""
    left = psutil.Process().children(recursive=True)
    for process in left:
        _send(process.terminate)
    _, stubborn = psutil.wait_procs(left, timeout=grace_s)
    while stubborn:
        for process in stubborn:
            _send(process.kill)
        psutil.wait_procs(stubborn, timeout=5)
        stubborn = psutil.Process().children(recursive=True)
    return len(left)


def _send(act: Callable[[], None]) -> None:
    try:
        act()
    except (psutil.NoSuchProcess, ProcessLookupError):
        return


def run_tethered(
    command: Sequence[str],
    environ: dict[str, str] | None = None,
    cwd: Path | None = None,
    output: BinaryIO | None = None,
    grace_s: float = GRACE_S,
) -> int:
    """Run `command` to its end, end what it left behind, and return its exit code.

    SIGTERM, SIGINT and SIGHUP are handed to the command, which has `grace_s` seconds to end by itself.
    """
    adopt_orphans()
    process = subprocess.Popen(
        list(command),
        env=environ,
        cwd=cwd,
        stdout=output,
        stderr=output,
        preexec_fn=_start_mortal,
        start_new_session=True,
    )

    def hand_on(signum: int, _frame: FrameType | None) -> None:
        if process.returncode is not None:  # ended and reaped: its number may be another's by now
            return
        _send(lambda: os.kill(process.pid, signal.SIGTERM))
        signal.signal(signal.SIGALRM, lambda *_: _send(lambda: os.kill(process.pid, signal.SIGKILL)))
        signal.alarm(int(grace_s) + 1)

    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, hand_on)
    try:
        return _wait_and_reap(process)
    finally:
        signal.alarm(0)
        end_descendants(grace_s / 2)


def _wait_and_reap(process: subprocess.Popen[bytes]) -> int:
    """Wait for `process`; an adopted orphan that ends meanwhile is reaped, or it would stay as a zombie."""
    while process.returncode is None:
        try:
            pid, status = os.wait()
        except (ChildProcessError, KeyboardInterrupt):  # ended and reaped elsewhere, or asked to stop while waiting
            return process.poll() or 0
        if pid == process.pid:
            process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode


def main(arguments: Sequence[str] = ()) -> int:
    """Run the command after ``--`` and return its exit code."""
    given = list(arguments or sys.argv[1:])
    die_with_parent()
    return run_tethered(given[given.index("--") + 1 :])


if __name__ == "__main__":
    sys.exit(main())
