"""Run a module as the program of a forked process, and end as an interpreter ends."""

from __future__ import annotations

import atexit
import faulthandler
import os
import runpy
import signal
import sys
import threading
import types
from collections.abc import Mapping
from typing import NoReturn

from rounds.warm.order import ForkOrder
from rounds.warm.overlay import find_overlay, put_in_front


def run(order: ForkOrder) -> NoReturn:
    """Run the order's module as ``python -m`` would, and end the process with its exit code."""
    code = 1
    try:
        _prepare_interpreter(order)
        runpy._run_module_as_main(order.module)  # type: ignore[attr-defined]  # what python -m itself calls
        code = 0
    except SystemExit as stop:
        code = _code_of(stop.code)
    except KeyboardInterrupt:
        code = 128 + signal.SIGINT
    except BaseException:
        sys.excepthook(*sys.exc_info())
    _end(code)


def _prepare_interpreter(order: ForkOrder) -> None:
    overlay = find_overlay(order.python)
    if overlay is not None:
        put_in_front(overlay)
    sys.argv = [order.module, *order.arguments]
    sys.orig_argv[:] = [order.python, "-m", order.module, *order.arguments]
    given = [p for p in order.environ.get("PYTHONPATH", "").split(os.pathsep) if p]
    here = [] if order.environ.get("PYTHONSAFEPATH") else [order.cwd]
    sys.path[:0] = [*here, *(path for path in given if path not in sys.path)]
    _obey(order.environ)
    main = types.ModuleType("__main__")
    main.__builtins__ = sys.modules["builtins"]  # type: ignore[attr-defined]
    sys.modules["__main__"] = main


def _obey(environ: Mapping[str, str]) -> None:
    """Obey the variables that are read at an interpreter's start and can be obeyed later too."""
    sys.dont_write_bytecode = bool(environ.get("PYTHONDONTWRITEBYTECODE"))
    sys.pycache_prefix = environ.get("PYTHONPYCACHEPREFIX") or None
    if environ.get("PYTHONFAULTHANDLER"):
        faulthandler.enable()
    digits = environ.get("PYTHONINTMAXSTRDIGITS", "")
    if digits.isdigit():
        sys.set_int_max_str_digits(int(digits))


def _code_of(said: object) -> int:
    if said is None:
        return 0
    if isinstance(said, int):
        return said & 0xFF
    sys.stderr.write(f"{said}\n")
    return 1


def _end(code: int) -> NoReturn:
    """End as an interpreter does, without taking its hundred thousand objects apart one by one."""
    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                continue
        os._exit(code)
