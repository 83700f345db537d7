"""A kernel provisioner that forks kernels from the template, and starts them in the ordinary way where it cannot.

Chosen by ``JUPYTER_DEFAULT_PROVISIONER_NAME=rounds-warm``, by a kernelspec's ``metadata.kernel_provisioner``, or by the
server extension ``rounds.warm.extension``.  ipykernel's own kernelspec stays as it is.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool

from rounds.errors import WarmError
from rounds.warm.client import SOCKET, ForkedProcess, NobodyListensError, fork, socket_of, start_keeper
from rounds.warm.forking import FAILED
from rounds.warm.order import KERNELS, ForkOrder, KernelLimits, read_command
from rounds.warm.overlay import OverriddenError
from rounds.warm.own import set_limits
from rounds.warm.ports import ClaimedPort, claim_port
from rounds.warm.seal.kernels import (
    LOOK_EVERY_S,
    PARENT,
    cool,
    find_plan,
    has_ended,
    last_words,
    open_log,
    place,
    seal_command,
    seal_order,
)
from rounds.warm.seal.plan import Plan
from rounds.warm.seal.value import Seal

NAME = "rounds-warm"
LIMITS = "ROUNDS_KERNEL_LIMITS"
# Often, because a client that connects too early tries again only after 100 ms (docs/explanation/warm-start.md).
BOUND_WITHIN_S, LOOK_AGAIN_S = 2.0, 0.003
PORTS = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")
CHANNELS = ("shell_port", "control_port", "iopub_port", "hb_port")  # the heartbeat is bound last
INLINE = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}  # ipykernel's own default, set too late for a fork
_said: set[str] = set()


def is_new_tcp(manager: Any, has_ports: bool) -> bool:
    """Return whether a kernel needs ports that nobody chose yet."""
    return manager.transport == "tcp" and manager.cache_ports and not has_ports and sys.platform == "linux"


class WarmProvisioner(LocalProvisioner):
    """Local kernels, forked from a process that has imported their libraries already."""

    own_keeper = Bool(True, help="Start a template where none listens; the kernel at hand starts in the ordinary way.")

    _ports: tuple[ClaimedPort, ...] = ()
    _ending: asyncio.Task[None] | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose where the kernel listens, then prepare as `LocalProvisioner` does.

        A sealed kernel has sockets in its room's own folder; another has ports that no connection takes before.
        """
        manager, plan = self.parent, find_plan(os.environ)
        if manager and plan:
            place(manager, plan)
        if manager and is_new_tcp(manager, self.ports_cached):
            self._ports = tuple(claim_port(manager.ip) for _ in PORTS)
            for name, port in zip(PORTS, self._ports, strict=True):
                setattr(manager, name, port.number)
            self.ports_cached = True
        return await super().pre_launch(**kwargs)

    async def cleanup(self, restart: bool = False) -> None:
        """Forget a kernel that has ended; its ports are anybody's then, unless it starts again."""
        await super().cleanup(restart)
        if self._ending is not None:
            self._ending.cancel()
        if not restart:
            for port in self._ports:
                port.release()

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel, or start it as `LocalProvisioner` does."""
        plan = find_plan(os.environ)
        if plan:
            kwargs["cwd"] = kwargs.get("cwd") or plan.environ.get("HOME")  # the server works elsewhere
        try:
            forked = await asyncio.get_running_loop().run_in_executor(None, self._fork, cmd, kwargs, plan)
        except WarmError as why:
            self._say_once(str(why))
            command = seal_command(cmd, os.environ) if plan else cmd
            return await super().launch_kernel(command, **with_limits(kwargs, read_limits(os.environ)))
        self.process: Any = forked  # as much of a Popen as Jupyter uses
        self.pid = self.pgid = forked.pid  # a forked process leads its own session and group
        self.cwd = kwargs.get("cwd", Path.cwd())
        if forked.seal is not None:
            self._ending = asyncio.create_task(self._end_with_its_seal(forked.seal, forked))
        await wait_until_bound(self.connection_info, lambda: forked.poll() is not None)
        if plan and forked.poll() == FAILED:
            raise RuntimeError(last_words(plan))  # what JupyterLab shows of a kernel that did not start
        return self.connection_info

    async def _end_with_its_seal(self, seal: Seal, forked: ForkedProcess) -> None:
        """End the kernel once its phase has ended; its server starts it again, under the seal that holds then."""
        while forked.poll() is None:
            if has_ended(seal, os.environ):
                self.log.warning("The kernel %s ends with its phase, and starts again under the next one", forked.pid)
                forked.kill()
                return
            await asyncio.sleep(LOOK_EVERY_S)

    def _fork(self, cmd: list[str], kwargs: Mapping[str, Any], plan: Plan | None) -> ForkedProcess:
        if sys.platform != "linux":
            raise WarmError("Warm starts need Linux.")
        if kwargs.get("preexec_fn") is not None:
            raise WarmError("A kernel with a function to run before it is started in the ordinary way.")
        environ = {**INLINE, **kwargs.get("env", os.environ), "JPY_PARENT_PID": str(os.getpid())}
        order = read_command(cmd, environ, kwargs.get("cwd"))
        order = replace(order, ends_with_client=True, limits=read_limits(os.environ))
        if order.module in KERNELS:  # ipykernel reads JPY_PARENT_PID when it is imported: before the fork
            order = replace(order, arguments=(*order.arguments, f"{PARENT}{os.getpid()}"))
        with open_log(plan) if plan else nullcontext() as log:
            streams = Streams({**kwargs, "stdout": log, "stderr": log} if plan else kwargs)
            try:
                forked = self._ask_any(seal_order(order, plan) if plan else order, cmd[0], streams.descriptors)
            finally:
                streams.close()
        for name, end in streams.ends.items():
            setattr(forked, name, end)
        return forked

    def _ask_any(self, order: ForkOrder, python: str, streams: tuple[int, int, int]) -> ForkedProcess:
        """Fork from the common template, or from the one of an environment that overrides common packages."""
        try:
            return self._ask(order, socket_of(os.environ), sys.executable, streams)
        except OverriddenError:
            if order.seal is not None:  # a template that this server started would be bound by this server's own seal
                return self._ask(cool(order), socket_of(os.environ), sys.executable, streams)
            return self._ask(order, socket_of(os.environ, python), python, streams)

    def _ask(self, order: ForkOrder, path: Path, python: str, streams: tuple[int, int, int]) -> ForkedProcess:
        """Fork from the template at `path`; start that template for the next kernel where none listens."""
        try:
            return fork(order, path, streams)
        except NobodyListensError:
            if not self.own_keeper or (SOCKET in os.environ and python == sys.executable):
                raise  # whoever named the socket keeps its template
            start_keeper(path, python)
            raise WarmError(f"A template of {python} starts now.") from None

    def _say_once(self, why: str) -> None:
        if why not in _said:
            _said.add(why)
            self.log.info("Kernel started in the ordinary way: %s", why)


def with_limits(given: Mapping[str, Any], limits: KernelLimits) -> dict[str, Any]:
    """Return arguments of an ordinary start that set the same limits as a fork has."""
    before = given.get("preexec_fn")
    if limits == KernelLimits():
        return dict(given)

    def limit() -> None:
        set_limits(limits)
        if before is not None:
            before()

    return {**given, "preexec_fn": limit}


class Streams:
    """The descriptors that `subprocess.Popen` would make of stdin, stdout and stderr, and this side's ends of pipes.

    Close it once the process has its own copies.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.ends: dict[str, IO[bytes]] = {}
        self._mine: list[int] = []
        first = self._descriptor("stdin", given.get("stdin") or subprocess.DEVNULL)
        output = self._descriptor("stdout", given.get("stdout"), 1)
        merged = given.get("stderr") == subprocess.STDOUT
        self.descriptors = (first, output, output if merged else self._descriptor("stderr", given.get("stderr"), 2))

    def _descriptor(self, name: str, value: Any, ordinary: int = 0) -> int:
        if value is None:
            return ordinary
        if value == subprocess.DEVNULL:
            return self._keep(os.open(os.devnull, os.O_RDWR))
        if value != subprocess.PIPE:
            return value if isinstance(value, int) else int(value.fileno())
        reads, writes = os.pipe()
        theirs, mine = (reads, writes) if name == "stdin" else (writes, reads)
        self.ends[name] = os.fdopen(mine, "wb" if name == "stdin" else "rb", buffering=0)
        return self._keep(theirs)

    def _keep(self, descriptor: int) -> int:
        self._mine.append(descriptor)
        return descriptor

    def close(self) -> None:
        """Close what the process has copies of."""
        for descriptor in self._mine:
            os.close(descriptor)


async def wait_until_bound(info: Mapping[str, Any], has_ended: Callable[[], bool]) -> None:
    """Wait until a kernel listens at its ports, has ended, or is late.

    A client that connects before the kernel listens is refused, and ZeroMQ tries again only after 100 ms: a forked
    kernel is quicker than that.
    """
    deadline = time.monotonic() + BOUND_WITHIN_S
    for channel in CHANNELS:
        while not await _listens(info, channel):
            if has_ended() or time.monotonic() > deadline:
                return
            await asyncio.sleep(LOOK_AGAIN_S)


async def _listens(info: Mapping[str, Any], channel: str) -> bool:
    ip, port = info["ip"], int(info[channel])
    if info.get("transport", "tcp") != "tcp":
        return os.path.exists(f"{ip}-{port}")
    try:
        _, writer = await asyncio.open_connection("127.0.0.1" if ip in ("", "0.0.0.0", "*") else ip, port)  # noqa: S104
    except OSError:
        return False
    writer.close()
    return True


def read_limits(environ: Mapping[str, str]) -> KernelLimits:
    """Return the limits of kernels: ``ROUNDS_KERNEL_LIMITS="memory_gb=2 cpu_s=0 open_files=1024"``."""
    pairs = dict(part.partition("=")[::2] for part in environ.get(LIMITS, "").split())
    try:
        limits = KernelLimits(
            float(pairs.get("memory_gb", 0)), int(pairs.get("cpu_s", 0)), int(pairs.get("open_files", 0))
        )
    except ValueError:
        limits = KernelLimits(-1)
    if set(pairs) - {"memory_gb", "cpu_s", "open_files"} or min(limits.memory_gb, limits.cpu_s, limits.open_files) < 0:
        raise WarmError(f'{LIMITS}="{environ[LIMITS]}": write, for example, "memory_gb=4 cpu_s=0 open_files=1024".')
    return limits
