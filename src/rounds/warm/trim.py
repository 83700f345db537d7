"""An idle server gives back what it no longer uses: memory that was freed and that the allocator keeps for later."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable

LOOK_EVERY_S = 20.0
IDLE_CPU_S = 0.2  # a server that used less since the last look has nothing to do


class Trimmer:
    """Trims once when a process has become idle, and again only after it was busy."""

    def __init__(self, trim: Callable[[], object], cpu_s: Callable[[], float] = time.process_time) -> None:
        self._trim, self._cpu_s = trim, cpu_s
        self._seen = cpu_s()
        self._is_trimmed = False

    def look(self) -> None:
        """Give memory back when this process has become idle."""
        used, self._seen = self._cpu_s() - self._seen, self._cpu_s()
        if used > IDLE_CPU_S:
            self._is_trimmed = False
        elif not self._is_trimmed:
            self._trim()
            self._is_trimmed = True


def trim_allocator() -> bool:
    """Give freed memory back to the operating system; False where the C library cannot (musl, macOS)."""
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except AttributeError:
        return False


def trim_when_idle() -> None:
    """Look every few seconds, for as long as this process's event loop runs."""
    from tornado.ioloop import PeriodicCallback

    PeriodicCallback(Trimmer(trim_allocator).look, LOOK_EVERY_S * 1000).start()
