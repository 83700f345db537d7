"""One process forked ahead for the next kernel: it has rehearsed a kernel's start, and waits for its order.

What a kernel writes on at its start (5,000 pages, each copied at the first write) is its own already, and its first
lines have run before.  It has no order, no stream and no socket of the template; it ends with the template.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
from typing import NoReturn

from rounds.warm.forking import LONGEST, Given, Means, Telling, live, read_number
from rounds.warm.order import KERNELS, LARGEST, decode_order
from rounds.warm.own import close_others
from rounds.warm.preload import count_threads
from rounds.warm.rehearse import rehearse_kernel
from rounds.warm.seal.entering import enter_ahead

NEEDED = "ipykernel.kernelapp"
AFTER_S = 0.7  # how long nobody has asked before the next one is forked: it must not slow down whoever starts now
UNFIT = 70
TAKEN, TAKEN_WITHIN_S = b"1", 1.0
SEALED_WITHIN_S = 30.0


class Standby:
    """The template's side of the process that waits."""

    def __init__(self, means: Means, is_sealed: bool = False) -> None:
        self.is_sealed = is_sealed and means.machine.namespaces
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            wait_for_order(theirs, means, self.is_sealed)
        theirs.close()
        if self.is_sealed:  # the process that waits is a grandchild, in namespaces of its own
            self._line.settimeout(SEALED_WITHIN_S)
            self.pid = read_number(lambda: self._line.recv(LONGEST), self.pid)

    def fits(self, given: Given) -> bool:
        """Return whether an order may have this process: one in namespaces is for a sealed kernel only."""
        return serves(given.order.module) and (given.order.seal is not None or not self.is_sealed)

    def take(self, message: bytes, given: Given) -> int:
        """Hand an order over; return the number of the process that carries it out, 0 when it has not taken it."""
        try:
            self._line.settimeout(TAKEN_WITHIN_S)
            socket.send_fds(self._line, [message], list(given.descriptors))
            if self._line.recv(1) == TAKEN:
                return self._number(given)
        except OSError:
            pass
        finally:
            self._line.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)  # it must not wake up later and be a second kernel
        return 0

    def _number(self, given: Given) -> int:
        """Return the number of the process that has the order: a sealed one tells it once it is in its namespaces."""
        if given.order.seal is None or self.is_sealed:
            return self.pid
        self._line.settimeout(SEALED_WITHIN_S)
        return read_number(lambda: self._line.recv(LONGEST), self.pid)

    def dismiss(self) -> None:
        """Let the process end: no order will come."""
        self._line.close()


def serves(program: str) -> bool:
    """Return whether a standby is what an order for this program needs."""
    return program in KERNELS and NEEDED in sys.modules


def wait_for_order(line: socket.socket, means: Means, is_sealed: bool = False) -> NoReturn:
    """Rehearse, wait, and become what is asked for; end when the template ends or lets go.

    One that will be sealed is in its namespaces before it rehearses: what it writes then is nobody else's page, and no
    later fork copies it.
    """
    try:
        close_others((line.fileno(),))
        if is_sealed:
            enter_ahead(Telling(line.fileno()).tell)
        rehearse_kernel()
        gc.collect()
        if count_threads() > 1:
            os._exit(UNFIT)
        message, descriptors, _, _ = socket.recv_fds(line, LARGEST + 1, 4)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.write(2, f"rounds.warm: no standby: {type(error).__name__}: {error}\n".encode())
        os._exit(UNFIT)
    if not message:
        os._exit(0)
    line.sendall(TAKEN)
    watch = descriptors[3] if len(descriptors) > 3 else -1
    given = Given(decode_order(message), (descriptors[0], descriptors[1], descriptors[2]), watch)
    tells = given.order.seal is not None and not is_sealed
    live(given, means, Telling(line.detach()) if tells else None)
