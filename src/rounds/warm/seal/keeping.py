"""Keep a sealed command from an ordinary process: hand signals on, end it with this process and with its seal."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Sequence
from types import FrameType

from rounds.warm.seal.calls import control
from rounds.warm.seal.entering import Sealing
from rounds.warm.seal.shell import become, leave_terminal

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
HANDED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
LOOK_EVERY_S = 5.0
FAILED = 70
_LONGEST = 16


def keep(sealing: Sealing, command: Sequence[str], has_ended: Callable[[], bool]) -> int:
    """Run a command sealed and return its exit code; end it once ``has_ended`` says that its seal has.

    Where there are no namespaces the command takes this process's place, and nobody looks at its seal again.
    """
    sealing.check()
    if not sealing.walls.files:
        sealing.close()
        become(command)
    control(_PR_SET_PDEATHSIG, signal.SIGKILL)
    control(_PR_SET_CHILD_SUBREAPER, 1)  # the command's parent ends at once; it is this process's then
    leave_terminal()
    told, tells = os.pipe()
    lives, life = os.pipe()
    if os.fork() == 0:
        os.close(told)
        os.close(life)
        _become_sealed(sealing, command, tells, lives)
    os.close(tells)
    os.close(lives)
    said = os.read(told, _LONGEST)
    return _watch(int(said), life, has_ended) if said else FAILED


def _become_sealed(sealing: Sealing, command: Sequence[str], tells: int, lives: int) -> None:
    try:
        os.setsid()
        sealing.enter(lambda number: _tell(tells, number), lives)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        sealing.close()
    except BaseException as error:
        os.write(2, f"Not started: it could not be sealed ({error}).\n".encode())
        os._exit(FAILED)
    become(command)


def _tell(descriptor: int, number: int) -> None:
    os.write(descriptor, str(number).encode())


def _watch(program: int, life: int, has_ended: Callable[[], bool]) -> int:
    """Wait for the program's end; `life` closes with this process, and ends the room's first one."""

    def hand_on(number: int, _frame: FrameType | None) -> None:
        os.kill(program, number)

    pidfd = os.pidfd_open(program)
    for number in HANDED_ON:
        signal.signal(number, hand_on)
    watch = select.poll()
    watch.register(pidfd, select.POLLIN)
    while not watch.poll(LOOK_EVERY_S * 1000):
        if has_ended():
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
    os.close(life)
    return code if code >= 0 else 128 - code
