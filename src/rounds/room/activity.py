"""What counts as activity of a room: somebody types or does something, or a kernel computes, also when nobody watches.

An open page asks for kernels, sessions and terminals every few seconds and writes its layout; that is no activity.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from datetime import UTC, datetime
from typing import Any, Protocol

LOOK_EVERY_S = 10
RUNNING, TYPING = "rounds_running_kernel", "rounds_typing"  # entries of jupyter_server's table of times

LOOKS = ("GET", "HEAD", "OPTIONS")
LAYOUT = "/lab/api/workspaces/"  # an open page writes down its layout every ten seconds, changed or not


class Kernel(Protocol):
    """What is used of a kernel manager."""

    execution_state: str


def note_running_kernels(kernels: Iterable[Kernel], times: MutableMapping[str, datetime]) -> bool:
    """Set this moment as activity in `times` when a kernel computes; return whether one does."""
    running = any(getattr(kernel, "execution_state", "") == "busy" for kernel in kernels)
    if running:
        times[RUNNING] = datetime.now(UTC)
    return running


def count_acts_only(handler_class: Any) -> None:
    """Let requests count as activity only when they change something; a page that looks is no activity.

    `handler_class` is jupyter_server's `APIHandler`, which all handlers of the interface inherit from.
    """
    counted = handler_class.update_api_activity

    def update_api_activity(self: Any) -> None:
        if self.request.method not in LOOKS and LAYOUT not in self.request.path:
            counted(self)

    handler_class.update_api_activity = update_api_activity
