"""A kernel that computes is activity, also when nobody watches it: its server is not culled."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from datetime import UTC, datetime
from typing import Protocol

LOOK_EVERY_S = 10


class Kernel(Protocol):
    """What is used of a kernel manager."""

    execution_state: str


def note_running_kernels(kernels: Iterable[Kernel], times: MutableMapping[str, datetime]) -> bool:
    """Set this moment as activity in `times` when a kernel computes; return whether one does."""
    running = any(getattr(kernel, "execution_state", "") == "busy" for kernel in kernels)
    if running:
        times["rounds_running_kernel"] = datetime.now(UTC)
    return running
