"""How a server of a sealed room starts kernels: where they listen, what they are given, when they must end."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from rounds.errors import SealError
from rounds.warm.order import KERNELS, ForkOrder
from rounds.warm.seal.plan import VARIABLE, Plan, read_plan
from rounds.warm.seal.sockets import find_connection_file
from rounds.warm.seal.value import Seal

SHELL, WITH_SOCKETS = "rounds.warm.seal.shell", "rounds.warm.seal.sockets"
PARENT = "--IPKernelApp.parent_handle="
LOOK_EVERY_S = 5.0


def find_plan(environ: Mapping[str, str]) -> Plan | None:
    """Return the plan of the room whose server this is, None where its code is not sealed."""
    return read_plan(environ[VARIABLE]) if environ.get(VARIABLE) else None


def place(manager: Any, plan: Plan) -> None:
    """Let a kernel listen at sockets in the room's short folder (a path has at most 107 bytes), beside its file."""
    if not str(manager.ip).startswith(plan.sockets):
        name = os.path.join(plan.sockets, secrets.token_hex(4))
        manager.transport, manager.ip, manager.connection_file = "ipc", name, f"{name}.json"


def seal_order(order: ForkOrder, plan: Plan) -> ForkOrder:
    """Return the order of a kernel as the room's code may run now."""
    seal = replace(plan.seal(datetime.now(UTC)), connection_file=find_connection_file((order.module, *order.arguments)))
    return replace(order, seal=seal, environ=plan.dress(order.environ))


def cool(order: ForkOrder, python: str = sys.executable) -> ForkOrder:
    """Return the order for a kernel that cannot be a fork of the template: forked, sealed, then started anew."""
    module = WITH_SOCKETS if order.module in KERNELS else order.module
    given = (word for word in order.arguments if not word.startswith(PARENT))  # it has no parent in its own processes
    return replace(order, python=python, module=SHELL, arguments=(order.python, "-m", module, *given))


def seal_command(command: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """Return the command that seals itself first, for a start without a template."""
    words = list(command)
    if words[1:2] == ["-m"] and words[2] in KERNELS:
        words[2] = WITH_SOCKETS
    return [sys.executable, "-I", "-m", "rounds.warm.seal", "--plan", environ[VARIABLE], "--", *words]


@contextlib.contextmanager
def open_log(plan: Plan) -> Iterator[int]:
    """Yield the descriptor of the room's own log: a kernel that had its server's could empty it."""
    descriptor = os.open(plan.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def has_ended(seal: Seal, environ: Mapping[str, str]) -> bool:
    """Return whether what runs under a seal must end by now; a plan that cannot be read for a moment ends nothing."""
    now = datetime.now(UTC)
    try:
        plan = find_plan(environ)
    except SealError:
        return False
    ends = plan.ends_at(seal, now) if plan else None
    return ends is not None and ends <= now


def last_words(plan: Plan) -> str:
    """Return the last line of the room's log: why a kernel could not be sealed."""
    with contextlib.suppress(OSError), open(plan.log, "rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - 1000))
        return file.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
    return ""
