"""The template process: it has imported everything, waits at a socket, and forks one process for each order.

    python -m rounds.warm.template --socket-descriptor N --modules a,b,c

It has one thread and keeps none of its children's descriptors.  Each client stays connected: it is told the number of
its process at once, with a pidfd, says that it heard, and is told the exit code at the end.  A client that went before
it heard has started its process in another way: it gets none, or what it got is ended.  A client may only ask for its
own account, root for any.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from setproctitle import getproctitle

from rounds.errors import WarmError
from rounds.warm.admission import Freshness, check_can_fork, peer_of
from rounds.warm.askers import Askers
from rounds.warm.forking import Given, Means, fork
from rounds.warm.guard import BUSY, STALE, UNFIT, die_with_keeper, guard
from rounds.warm.light import lighten_kernels
from rounds.warm.line import Heard, Unheard, has_gone, open_pidfd, receive, tell
from rounds.warm.order import decode_order
from rounds.warm.overlay import OverriddenError
from rounds.warm.preload import count_threads, find_pools, freeze, import_all
from rounds.warm.rehearse import rehearse
from rounds.warm.seal.calls import control
from rounds.warm.seal.system import of_the_machine
from rounds.warm.seal.trying import find_machine
from rounds.warm.standby import AFTER_S, NEEDED, Standby, serves

HELLO = "hello"
LOOK_EVERY_S = 5.0
PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Template:
    """What the template knows between two orders."""

    listener: socket.socket
    freshness: Freshness
    askers: Askers
    means: Means = field(default_factory=Means)
    idle_s: float = 0
    children: dict[int, socket.socket] = field(default_factory=dict)
    is_open: bool = True
    used_at: float = field(default_factory=time.monotonic)
    standby: Standby | None = None
    keeps_standby: bool = False
    seals: bool = False  # as the last order of a kernel was: the next one waits in namespaces already, or does not


def main(arguments: Sequence[str] | None = None) -> int:
    """Import, then serve until the packages change or nobody has asked for a while."""
    given = _parse(arguments)
    os.chdir("/")
    getproctitle()  # it finds the command line beside the environment, for as long as nobody has changed that
    die_with_keeper()
    sys.path[:] = [path for path in sys.path if path not in ("", given.started_in)]
    machine = find_machine(os.environ)
    of_the_machine()
    left_out = import_all(given.modules.split(","))
    for name, why in left_out.items():
        sys.stderr.write(f"rounds.warm: {name} is not imported before the fork ({why})\n")
    if not given.plain and (why := rehearse()):
        sys.stderr.write(f"rounds.warm: no exercise was rehearsed before the fork: {why}\n")
    if (threads := count_threads()) > 1:
        which = "imports; one may be there before a fork" if given.plain else "rehearsal; the next time without it"
        sys.stderr.write(f"rounds.warm: {threads} threads after the {which}\n")
        return UNFIT if given.plain else BUSY
    listener = socket.socket(fileno=given.socket_descriptor)
    askers = Askers(given.owner, given.session, given.notes)
    template = Template(listener, Freshness(), askers, Means(find_pools(), machine), given.idle_s)
    template.keeps_standby = not given.plain and NEEDED in sys.modules
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the keeper's; a forked process hears it again
    lighten_kernels()
    freeze()
    return guard(lambda lifeline: serve(template, lifeline))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rounds.warm.template")
    parser.add_argument("--socket-descriptor", type=int, required=True)
    parser.add_argument("--modules", required=True)
    parser.add_argument("--started-in", default=os.getcwd())
    parser.add_argument("--idle-s", type=float, default=0)
    parser.add_argument("--plain", action="store_true")
    for name in ("--owner", "--session", "--notes"):
        parser.add_argument(name, type=int, required=True)
    return parser.parse_args(arguments)


def serve(template: Template, lifeline: socket.socket) -> None:
    """Answer orders until this template is stale or idle or its guard has gone; then wait for the last child."""
    control(PR_SET_CHILD_SUBREAPER, 1)  # the process between this one and a sealed one ends at once
    wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    selector = selectors.DefaultSelector()
    template.listener.setblocking(False)
    selector.register(template.listener, selectors.EVENT_READ, "listener")
    selector.register(wake_read, selectors.EVENT_READ, "wake")
    selector.register(lifeline, selectors.EVENT_READ, "lifeline")
    while template.is_open or template.children:
        for key, _ in selector.select(timeout=_until_standby(template)):
            if key.data == "wake":
                with contextlib.suppress(BlockingIOError):
                    os.read(wake_read, 4096)
                _reap(template, selector)
            elif key.data == "lifeline":
                _close(template, selector, lifeline)
            elif key.data == "listener":
                _accept(template, selector)
            elif isinstance(key.data, Unheard):
                _confirm(template, selector, key.data)
            elif isinstance(key.data, Heard):
                _end_with_client(template, selector, key.data)
            else:
                _answer(template, selector, key.data)
        if template.is_open and (template.freshness.stale or _is_idle(template)):
            lifeline.sendall(str(STALE if template.freshness.stale else 0).encode())
            _close(template, selector, lifeline)
        if _until_standby(template) == 0:
            template.standby = Standby(template.means, template.seals)


def _close(template: Template, selector: selectors.BaseSelector, lifeline: socket.socket) -> None:
    """Take no more orders: another template has the socket, or nobody has."""
    selector.unregister(lifeline)
    if template.is_open:
        selector.unregister(template.listener)
        template.listener.close()
        template.is_open = False
    if template.standby is not None:
        template.standby.dismiss()
        template.standby = None


def _until_standby(template: Template) -> float:
    """Return the seconds until a process is to be forked ahead, 0 when it is time, many when none is wanted."""
    if template.standby is not None or not template.is_open or not template.keeps_standby:
        return LOOK_EVERY_S
    return max(0.0, template.used_at + AFTER_S - time.monotonic())


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
        message, descriptors = receive(client)
    except OSError:
        client.close()
        return
    try:
        _carry_out(template, selector, client, message, descriptors)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _carry_out(
    template: Template,
    selector: selectors.BaseSelector,
    client: socket.socket,
    message: bytes,
    streams: tuple[int, ...],
) -> None:
    if not message or has_gone(client):
        client.close()
        return
    if message == HELLO.encode():
        tell(client, {"hello": os.getpid(), "modules": len(sys.modules)})
        client.close()
        return
    try:
        order = decode_order(message)
        check_can_fork(template.freshness, template.askers, order, peer_of(client), streams)
    except (WarmError, ValueError, KeyError, TypeError) as why:
        tell(client, {"refused": str(why), "overridden": isinstance(why, OverriddenError)})
        client.close()
        return
    watch = open_pidfd(peer_of(client).pid) if order.ends_with_client else -1
    given = Given(order, (streams[0], streams[1], streams[2]), watch)
    try:
        pid = _start(template, message, given)
        template.askers.note(pid, order)
        _introduce(template, selector, Unheard(client, pid, order.seal is not None and order.ends_with_client))
    finally:
        if watch >= 0:
            os.close(watch)


def _start(template: Template, message: bytes, given: Given) -> int:
    """Return the number of the process for an order: the one that waits, where it fits, or a new one."""
    standby = template.standby
    if serves(given.order.module):
        template.seals = given.order.seal is not None
    if standby is not None and standby.fits(given):
        template.standby = None
        if number := standby.take(message, given):
            return number
    return fork(given, template.means)


def _introduce(template: Template, selector: selectors.BaseSelector, unheard: Unheard) -> None:
    """Tell the client its process, and wait for its word that it heard."""
    template.used_at = time.monotonic()
    template.children[unheard.pid] = unheard.client
    selector.register(unheard.client, selectors.EVENT_READ, unheard)
    pidfd = os.pidfd_open(unheard.pid)
    try:
        tell(unheard.client, {"pid": unheard.pid}, pidfd)
    finally:
        os.close(pidfd)


def _confirm(template: Template, selector: selectors.BaseSelector, unheard: Unheard) -> None:
    """Leave the process to its client, or end it when the client went before it knew of it.

    A process that ended in the same turn was told to its client already, and its line is closed.
    """
    if template.children.get(unheard.pid) is not unheard.client:
        return
    selector.unregister(unheard.client)
    try:
        heard = unheard.client.recv(16)
    except OSError:
        heard = b""
    if not heard:
        sys.stderr.write(f"rounds.warm: the client of process {unheard.pid} did not wait for it; it is ended\n")
        os.kill(unheard.pid, signal.SIGKILL)
    elif unheard.ends_with_client:
        selector.register(unheard.client, selectors.EVENT_READ, Heard(unheard.client, unheard.pid))


def _end_with_client(template: Template, selector: selectors.BaseSelector, heard: Heard) -> None:
    """End a process whose client has closed its line."""
    selector.unregister(heard.client)
    if template.children.get(heard.pid) is heard.client:
        os.kill(heard.pid, signal.SIGKILL)


def _reap(template: Template, selector: selectors.BaseSelector) -> None:
    """Tell each client the exit code of its process."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        client = template.children.pop(pid, None)
        if template.standby is not None and pid == template.standby.pid:
            template.standby, template.used_at = None, time.monotonic()
            template.keeps_standby = os.waitstatus_to_exitcode(status) != UNFIT
        if client is not None:
            template.used_at = time.monotonic()
            tell(client, {"exit": os.waitstatus_to_exitcode(status)})
            with contextlib.suppress(KeyError):
                selector.unregister(client)  # it ended before its client said that it heard
            client.close()


if __name__ == "__main__":
    sys.exit(main())
