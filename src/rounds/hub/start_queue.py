"""Starts wait in order: the machine starts as many servers at once as it has cores, and each other one knows its place.

A hub that starts everything at once starts nothing in time: fifty servers share two cores, and all of them time out.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

FIRST_GUESS_S = 2.0  # how long a start takes before one was seen
REMEMBERED = 20


class StartQueue:
    """First come, first served; at most `at_once` starts together."""

    def __init__(self, at_once: int | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self.at_once = at_once or len(os.sched_getaffinity(0))
        self._now = now
        self._waiting: dict[str, asyncio.Event] = {}
        self._starting: set[str] = set()
        self._took: deque[float] = deque(maxlen=REMEMBERED)
        self._promised: dict[str, float] = {}  # the moment that an account was told; it lives as long as the wait

    @asynccontextmanager
    async def turn(self, account: str) -> AsyncIterator[None]:
        """Wait for the account's turn, and hold its place among those that start."""
        await self._wait(account)
        began = self._now()
        try:
            yield
            self._took.append(self._now() - began)
        finally:
            self._starting.discard(account)
            self._call_next()

    def place(self, account: str) -> int:
        """Return the account's place among those that wait, from 1; 0 when it does not wait."""
        return next((n for n, name in enumerate(self._waiting, 1) if name == account), 0)

    def expected_s(self, account: str) -> float:
        """Return about how many seconds the account will still wait for its turn.

        A slower start of somebody else moves no promise back: it is kept until it has passed, and only then made anew.
        """
        if not self.place(account):
            return 0.0
        now = self._now()
        estimate, promised = now + self._estimate_s(account), self._promised.get(account, now)
        self._promised[account] = min(estimate, promised) if promised > now else estimate
        return self._promised[account] - now

    def _estimate_s(self, account: str) -> float:
        one = statistics.median(self._took) if self._took else FIRST_GUESS_S
        return self.place(account) * one / self.at_once

    def say(self, account: str) -> str:
        """Return how it stands with an account's start, in a sentence."""
        place = self.place(account)
        if not place:
            return "The server is starting."
        return f"You are {ordinal(place)} in line; about {max(1, round(self.expected_s(account)))} s."

    async def _wait(self, account: str) -> None:
        if len(self._starting) < self.at_once and not self._waiting:
            self._starting.add(account)
            return
        called = self._waiting.setdefault(account, asyncio.Event())
        try:
            await called.wait()
        except asyncio.CancelledError:
            self._waiting.pop(account, None)
            if account in self._starting:  # called and cancelled in the same moment
                self._starting.discard(account)
                self._call_next()
            raise
        finally:
            self._promised.pop(account, None)

    def _call_next(self) -> None:
        while self._waiting and len(self._starting) < self.at_once:
            account = next(iter(self._waiting))
            self._starting.add(account)
            self._waiting.pop(account).set()


def ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd, 4th.

    Examples
    --------
    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 112)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '21st', '112th']
    """
    last = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{last}"
