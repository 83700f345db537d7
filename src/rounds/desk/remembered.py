"""A value that is worth keeping for a few seconds, computed once however many ask for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """Keep the newest value of a slow question for `seconds`, as long as its key is the same."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._kept: tuple[object, float, T] | None = None

    async def get(self, key: object, ask: Callable[[], Awaitable[T]]) -> T:
        """Return the kept value of `key`, or ask again when it is another key or too old."""
        async with self._lock:
            now = time.monotonic()
            if self._kept and self._kept[0] == key and now - self._kept[1] < self._seconds:
                return self._kept[2]
            value = await ask()
            self._kept = (key, time.monotonic(), value)
            return value
