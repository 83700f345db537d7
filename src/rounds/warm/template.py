"""The template process: it has imported everything, waits at a socket, and forks one process for each order.

    python -m rounds.warm.template --socket-descriptor N --modules a,b,c

It has one thread and keeps none of its children's descriptors.  Each client stays connected: it is told the number of
its process at once, with a pidfd, and the exit code at the end.  A client may only ask for its own account, root for
any.
"""

from __future__ import annotations

import argparse
import array
import contextlib
import json
import os
import selectors
import signal
import socket
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rounds.errors import WarmError
from rounds.warm.freshness import Stamp, package_folders, stamp_of, versions_in
from rounds.warm.light import lighten_kernels
from rounds.warm.order import LARGEST, Order, decode_order
from rounds.warm.overlay import OverriddenError, find_overlay, find_overridden
from rounds.warm.own import become_own, end_with, use_cores
from rounds.warm.preload import count_threads, find_pools, freeze, import_all, imported
from rounds.warm.program import run

STALE = 75  # the exit code that says: packages have changed, start me again
UNFIT = 70  # the exit code that says: nobody can fork from me
HELLO = "hello"
QUICK_S = 0.5


@dataclass(frozen=True)
class Peer:
    """Who asks: the process, its account, and a descriptor that says when it ends."""

    pid: int
    uid: int


@dataclass
class Template:
    """What the template knows between two orders."""

    listener: socket.socket
    folders: tuple[str, ...]
    versions: frozenset[str]
    stamp: Stamp
    pools: Any = None
    idle_s: float = 0
    children: dict[int, socket.socket] = field(default_factory=dict)
    stale: bool = False
    is_open: bool = True
    used_at: float = field(default_factory=time.monotonic)


def main(arguments: Sequence[str] | None = None) -> int:
    """Import, then serve until the packages change or nobody has asked for a while."""
    given = _parse(arguments)
    os.chdir("/")
    sys.path[:] = [path for path in sys.path if path not in ("", given.started_in)]
    left_out = import_all(given.modules.split(","))
    for name, why in left_out.items():
        sys.stderr.write(f"rounds.warm: {name} is not imported before the fork ({why})\n")
    threads = count_threads()
    if threads > 1:
        sys.stderr.write(f"rounds.warm: {threads} threads after the imports; only one may be there before a fork\n")
        return UNFIT
    folders = package_folders()
    listener = socket.socket(fileno=given.socket_descriptor)
    template = Template(listener, folders, versions_in(folders), stamp_of(folders), find_pools(), given.idle_s)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the keeper's; a forked process hears it again
    lighten_kernels()
    freeze()
    return guard(template)


def guard(template: Template) -> int:
    """Serve from a fork of this process, and from another one as soon as that is killed: no import is done twice.

    Returns when the fork says that it is stale or idle; it lives on until what it has forked has ended.
    """
    while True:
        began = time.monotonic()
        held, lifeline = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            held.close()
            serve(template, lifeline)
            os._exit(0)
        lifeline.close()
        said = _hear(held)
        if said:
            return int(said)
        status = os.waitpid(pid, 0)[1]
        sys.stderr.write(f"rounds.warm: the template ended ({os.waitstatus_to_exitcode(status)}); another one serves\n")
        if time.monotonic() - began < QUICK_S:
            time.sleep(QUICK_S)


def _hear(held: socket.socket) -> bytes:
    """Return the exit code that the serving process says, nothing when it ended without a word."""
    with held:
        try:
            return held.recv(16)
        except OSError:
            return b""


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rounds.warm.template")
    parser.add_argument("--socket-descriptor", type=int, required=True)
    parser.add_argument("--modules", required=True)
    parser.add_argument("--started-in", default=os.getcwd())
    parser.add_argument("--idle-s", type=float, default=0)
    return parser.parse_args(arguments)


def serve(template: Template, lifeline: socket.socket) -> None:
    """Answer orders until this template is stale or idle or its guard has gone; then wait for the last child."""
    wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    selector = selectors.DefaultSelector()
    template.listener.setblocking(False)
    selector.register(template.listener, selectors.EVENT_READ, "listener")
    selector.register(wake_read, selectors.EVENT_READ, "wake")
    selector.register(lifeline, selectors.EVENT_READ, "lifeline")
    while template.is_open or template.children:
        for key, _ in selector.select(timeout=5):
            if key.data == "wake":
                with contextlib.suppress(BlockingIOError):
                    os.read(wake_read, 4096)
                _reap(template)
            elif key.data == "lifeline":
                _close(template, selector, lifeline)
            elif key.data == "listener":
                _accept(template, selector)
            else:
                _answer(template, selector, key.data)
        if template.is_open and (template.stale or _is_idle(template)):
            lifeline.sendall(str(STALE if template.stale else 0).encode())
            _close(template, selector, lifeline)


def _close(template: Template, selector: selectors.BaseSelector, lifeline: socket.socket) -> None:
    """Take no more orders: another template has the socket, or nobody has."""
    selector.unregister(lifeline)
    if template.is_open:
        selector.unregister(template.listener)
        template.listener.close()
        template.is_open = False


def _is_idle(template: Template) -> bool:
    if not template.idle_s or template.children:
        return False
    return time.monotonic() - template.used_at > template.idle_s


def _accept(template: Template, selector: selectors.BaseSelector) -> None:
    try:
        client, _ = template.listener.accept()
    except OSError:
        return
    client.setblocking(False)
    selector.register(client, selectors.EVENT_READ, client)


def _answer(template: Template, selector: selectors.BaseSelector, client: socket.socket) -> None:
    """Read one order and fork for it; a client that has gone, or one that asks again, is let go."""
    selector.unregister(client)
    try:
        message, descriptors = _receive(client)
    except OSError:
        client.close()
        return
    try:
        _carry_out(template, client, message, descriptors)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _receive(client: socket.socket) -> tuple[bytes, tuple[int, ...]]:
    message, descriptors, _, _ = socket.recv_fds(client, LARGEST + 1, 3)
    return message, tuple(descriptors)


def _carry_out(template: Template, client: socket.socket, message: bytes, streams: tuple[int, ...]) -> None:
    if not message:
        client.close()
        return
    if message == HELLO.encode():
        _tell(client, {"hello": os.getpid(), "modules": len(sys.modules)})
        client.close()
        return
    try:
        order = decode_order(message)
        check_can_fork(template, order, peer_of(client), streams)
    except (WarmError, ValueError, KeyError, TypeError) as why:
        _tell(client, {"refused": str(why), "overridden": isinstance(why, OverriddenError)})
        client.close()
        return
    _fork(template, client, order, (streams[0], streams[1], streams[2]))


def check_can_fork(template: Template, order: Order, peer: Peer, streams: tuple[int, ...]) -> None:
    """Raise `WarmError` with the reason why this order cannot be carried out here."""
    if len(streams) != 3:
        raise WarmError("An order needs three streams.")
    if peer.uid not in (0, os.geteuid()) or (order.uid >= 0 and peer.uid not in (0, order.uid)):
        raise WarmError("This template serves its own account only.")
    if _is_stale(template):
        template.stale = True
        raise WarmError("Packages have changed since this template started; a new one is on its way.")
    overlay = find_overlay(order.python)
    overridden = find_overridden(overlay, imported()) if overlay else []
    if overridden:
        raise OverriddenError(f"The environment brings its own {', '.join(overridden[:3])}.")


def _is_stale(template: Template) -> bool:
    """Return whether a package was installed, upgraded or removed: a folder changed, and so did what it holds."""
    now = stamp_of(template.folders)
    if now == template.stamp:
        return False
    template.stamp = now
    return versions_in(template.folders) != template.versions


def peer_of(client: socket.socket) -> Peer:
    """Return who is at the other end, as the operating system says it."""
    data = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, uid, _ = struct.unpack("3i", data)
    return Peer(pid, uid)


def _fork(template: Template, client: socket.socket, order: Order, streams: tuple[int, int, int]) -> None:
    watch = _open_pidfd(peer_of(client).pid) if order.ends_with_client else -1
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _live(template, order, streams, watch)
    if watch >= 0:
        os.close(watch)
    template.used_at = time.monotonic()
    template.children[pid] = client
    pidfd = os.pidfd_open(pid)
    try:
        _tell(client, {"pid": pid}, pidfd)
    finally:
        os.close(pidfd)


def _open_pidfd(pid: int) -> int:
    try:
        return os.pidfd_open(pid)
    except OSError:
        return -1


def _live(template: Template, order: Order, streams: tuple[int, int, int], watch: int) -> None:
    """Be the process that was asked for; never return."""
    try:
        become_own(order, streams, (watch,) if watch >= 0 else ())
        use_cores(template.pools, order.environ)
        if watch >= 0:
            end_with(watch)
    except BaseException as error:
        os.write(2, f"rounds.warm: {type(error).__name__}: {error}\n".encode())
        os._exit(UNFIT)
    run(order)


def _tell(client: socket.socket, said: dict[str, object], *descriptors: int) -> None:
    ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
    with contextlib.suppress(OSError):
        client.sendmsg([json.dumps(said).encode()], ancillary)


def _reap(template: Template) -> None:
    """Tell each client the exit code of its process."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        client = template.children.pop(pid, None)
        template.used_at = time.monotonic()
        if client is not None:
            _tell(client, {"exit": os.waitstatus_to_exitcode(status)})
            client.close()


if __name__ == "__main__":
    sys.exit(main())
