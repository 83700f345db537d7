"""Passwords are compared and hashed beside the hub's loop, a few at a time.

One argon2 hash takes a core for 0.1 to 0.2 s.  In the loop, 58 people at nine o'clock would stop every page and every
start of the hub for ten seconds.  argon2-cffi lets other threads run while it computes.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

AT_ONCE = max(1, min(4, len(os.sched_getaffinity(0)) - 1))  # each hash takes 64 MiB, and a core is left to the hub

Result = TypeVar("Result")


class PasswordThreads:
    """A few threads; one act of an account at a time, so that no two tries count as one."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._threads = ThreadPoolExecutor(at_once, "password")
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}

    async def run(self, account: str, act: Callable[[], Result]) -> Result:
        """Do `act` in a thread when it is this account's turn, and return what it returns."""
        async with self._turn(account):
            return await asyncio.get_running_loop().run_in_executor(self._threads, act)

    @asynccontextmanager
    async def _turn(self, account: str) -> AsyncIterator[None]:
        """Hold an account's lock, which is there as long as somebody waits for it."""
        lock, waiting = self._turns.get(account, (asyncio.Lock(), 0))
        self._turns[account] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            _, waiting = self._turns.pop(account)
            if waiting > 1:
                self._turns[account] = (lock, waiting - 1)
