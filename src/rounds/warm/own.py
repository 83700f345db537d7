"""Make a forked process its own: session, descriptors, environment, folder, limits, account, randomness."""

from __future__ import annotations

import contextlib
import gc
import locale
import os
import resource
import shlex
import signal
import site
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from setproctitle import setproctitle

from rounds.warm.order import MODULE, ForkOrder, KernelLimits

GB = 1024**3
NAMED_AT_IMPORT = ("jupyter_server_ydoc.utils", "jupyter_server_ydoc.handlers")
ASCII, UTF8 = "ANSI_X3.4-1968", "C.UTF-8"
OOM_SCORE = "500"  # when memory ends, a forked process ends before the template and the hub


def become_own(order: ForkOrder, streams: tuple[int, int, int], keep: tuple[int, ...] = ()) -> None:
    """Apply everything of `order` that is not the program itself; `keep` are descriptors that stay open."""
    os.setsid()
    setproctitle(shlex.join([order.python, MODULE, order.module, *order.arguments]))
    _take_streams(streams, keep)
    _reset_signals()
    _raise_oom_score()
    take_bounds(order.bounds, order.nice)
    set_limits(order.limits)
    _become_account(order.uid, order.gid)
    os.umask(order.umask)
    _take_environment(order.environ)
    os.chdir(order.cwd)
    reseed()
    gc.enable()


def _take_streams(streams: tuple[int, int, int], keep: tuple[int, ...]) -> None:
    """Put the client's streams at 0, 1, 2 and close every other descriptor."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    close_others(keep)


def close_others(keep: tuple[int, ...]) -> None:
    """Close every descriptor but 0, 1, 2 and those of `keep`."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in keep:
            try:
                os.close(int(name))
            except OSError:  # the listing's own descriptor
                continue


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


def _raise_oom_score() -> None:
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write(OOM_SCORE)
    except OSError:
        return


def take_bounds(bounds: Mapping[str, Sequence[int]], nice: int) -> None:
    """Take the client's own resource limits and niceness, as a child of the client would; never more than allowed."""
    for name, (soft, hard) in bounds.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (soft, hard))
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, nice)


def set_limits(limits: KernelLimits) -> None:
    """Bind this process and what it starts."""
    wanted = {
        resource.RLIMIT_AS: int(limits.memory_gb * GB),
        resource.RLIMIT_CPU: limits.cpu_s,
        resource.RLIMIT_NOFILE: limits.open_files,
    }
    for kind, most in wanted.items():
        if most > 0:
            hard = resource.getrlimit(kind)[1]
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (bound, bound))


def _become_account(uid: int, gid: int) -> None:
    if gid >= 0:
        os.setgroups([])
        os.setgid(gid)
    if uid >= 0:
        os.setuid(uid)


def _take_environment(environ: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)
    tempfile.tempdir = None
    _tell_matplotlib(environ)
    if hasattr(time, "tzset"):
        time.tzset()
    site.USER_BASE = site.USER_SITE = None
    _take_locale()


def _take_locale() -> None:
    """Take the locale of the environment; the plain C locale means UTF-8, as at an interpreter's start (PEP 538)."""
    try:
        locale.setlocale(locale.LC_CTYPE, "")
    except locale.Error:
        locale.setlocale(locale.LC_CTYPE, UTF8)
        return
    if locale.nl_langinfo(locale.CODESET) == ASCII:
        locale.setlocale(locale.LC_CTYPE, UTF8)
        if "LC_ALL" not in os.environ:
            os.environ["LC_CTYPE"] = UTF8


def _tell_matplotlib(environ: Mapping[str, str]) -> None:
    """Let matplotlib draw where this process draws: it asked the template's environment when it was imported."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None and environ.get("MPLBACKEND"):
        matplotlib.rcParams["backend"] = environ["MPLBACKEND"]


def reseed() -> None:
    """Draw fresh randomness wherever a fork would inherit a state.

    `random` reseeds itself, and uuid, ssl and secrets ask the operating system.  The seed of string hashes is that of
    the template: it cannot be changed after an interpreter's start.
    """
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()
    renew_identity()
    process = sys.modules.get("multiprocessing.process")
    if process is not None:
        process.current_process().authkey = os.urandom(32)


def renew_identity() -> None:
    """Draw anew what names a process and was drawn at an import: a server that was started again is another one.

    By this name jupyter-collaboration tells whether a page has been with this very server before.
    """
    name = str(uuid.uuid4())
    for module in filter(None, map(sys.modules.get, NAMED_AT_IMPORT)):
        module.SERVER_SESSION = name  # type: ignore[attr-defined]


def use_cores(pools: Any, environ: Mapping[str, str]) -> None:
    """Let BLAS and OpenMP use as many threads as an ordinary start would: in the template they had one."""
    said = [environ.get(name, "") for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")]
    chosen = next((int(text) for text in said if text.isdigit() and int(text) > 0), len(os.sched_getaffinity(0)))
    if pools is not None and chosen > 1:
        pools.limit(limits=chosen)


def end_with(pidfd: int, end: Callable[[int], None] = os._exit) -> None:
    """End this process as soon as the one behind `pidfd` has ended.

    ipykernel has a thread for this, which asks for its parent's number: here that is the template, whose end is no
    reason to end.  Where it is, it waits for the right process; elsewhere a thread of ours does.
    """
    poller = sys.modules.get("ipykernel.parentpoller")
    if poller is not None:
        poller.ParentPollerUnix.run = lambda _thread: _wait_and_end(pidfd, end)
    else:
        threading.Thread(target=_wait_and_end, args=(pidfd, end), name="ends-with-client", daemon=True).start()


def _wait_and_end(pidfd: int, end: Callable[[int], None]) -> None:
    import select

    watch = select.poll()
    watch.register(pidfd, select.POLLIN)
    watch.poll()
    end(1)
