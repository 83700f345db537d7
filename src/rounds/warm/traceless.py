"""Run a rehearsal so that no later process sees a trace of it: what it set for the whole interpreter is set back.

What stays on purpose is what makes a second run quicker: rewritten bytecode, compiled patterns, filled look-ups.
"""

from __future__ import annotations

import asyncio
import atexit
import builtins
import contextlib
import functools
import gc
import logging
import os
import random
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from typing import Any

SYSTEM = ("argv", "displayhook", "excepthook", "stdin", "stdout", "stderr", "ps1", "ps2", "ps3", "last_traceback")
LISTS = ("path", "meta_path", "path_hooks")
ABSENT = object()


@contextlib.contextmanager
def no_trace() -> Iterator[None]:
    """Set back what the block changes of the process: see the functions below, each for one kind of thing."""
    with contextlib.ExitStack() as stack:
        for keep in KEEPERS:
            stack.callback(keep())
        yield


def _keep_system() -> Callable[[], None]:
    values = {name: getattr(sys, name, ABSENT) for name in SYSTEM}
    lists = {name: list(getattr(sys, name)) for name in LISTS}
    main, known = sys.modules.get("__main__"), dict(vars(builtins))

    def put_back() -> None:
        for name, value in values.items():
            if value is not ABSENT:
                setattr(sys, name, value)
            elif hasattr(sys, name):
                delattr(sys, name)
        for name, entries in lists.items():
            getattr(sys, name)[:] = entries
        if main is not None:
            sys.modules["__main__"] = main
        for name in set(vars(builtins)) - set(known):
            delattr(builtins, name)
        vars(builtins).update(known)

    return put_back


def _keep_place() -> Callable[[], None]:
    environ, folder, temporary = dict(os.environ), os.getcwd(), tempfile.tempdir

    def put_back() -> None:
        os.environ.clear()
        os.environ.update(environ)
        os.chdir(folder)
        tempfile.tempdir = temporary

    return put_back


def _keep_signals() -> Callable[[], None]:
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}

    def put_back() -> None:
        for number, handler in handlers.items():
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)

    return put_back


def _keep_atexit() -> Callable[[], None]:
    """Forget what is to be done at the end; `atexit` tells nobody what it knows, so it is asked on the way in."""
    register, added = atexit.register, []

    def note(function: Any, *arguments: Any, **named: Any) -> Any:
        added.append(function)
        return register(function, *arguments, **named)

    atexit.register = note  # type: ignore[assignment]

    def put_back() -> None:
        atexit.register = register
        for function in added:
            atexit.unregister(function)

    return put_back


def _keep_singletons() -> Callable[[], None]:
    """Forget the one application, the one shell, the one manager that traitlets keeps by class."""
    found = sys.modules.get("traitlets.config.configurable")
    if found is None:
        return lambda: None
    root: Any = found.SingletonConfigurable
    before = {cls: vars(cls).get("_instance", ABSENT) for cls in _descendants(root)}

    def put_back() -> None:
        for cls in _descendants(root):
            was = before.get(cls, ABSENT)
            if was is not ABSENT:
                cls._instance = was
            elif "_instance" in vars(cls):
                del cls._instance

    return put_back


def _descendants(root: Any) -> set[Any]:
    found, left = {root}, [root]
    while left:
        fresh = [cls for cls in left.pop().__subclasses__() if cls not in found]
        found.update(fresh)
        left.extend(fresh)
    return found


def _keep_classes() -> Callable[[], None]:
    """Set back what was hung on the classes of applications and of pages: notebook_shim gives a server more traits."""
    before = {cls: dict(vars(cls)) for cls in _kinds()}

    def put_back() -> None:
        for cls, was in before.items():
            for name, value in list(vars(cls).items()):
                if name.startswith("_") or was.get(name, ABSENT) is value:
                    continue
                if name in was:
                    setattr(cls, name, was[name])
                else:
                    delattr(cls, name)

    return put_back


def _kinds() -> set[Any]:
    found: list[Any] = [sys.modules.get("traitlets.traitlets"), sys.modules.get("tornado.web")]
    roots = [getattr(found[0], "HasTraits", None), getattr(found[1], "RequestHandler", None)]
    return set().union(*(_descendants(root) for root in roots if root is not None))


def _keep_logging() -> Callable[[], None]:
    before = {logger: _look(logger) for logger in _loggers()}
    module: Any = logging
    known, listed, disabled = dict(module._handlers), list(module._handlerList), logging.root.manager.disable

    def put_back() -> None:
        for logger in _loggers():
            was = before.get(logger) or {**_look(logging.Logger("")), "parent": logger.parent}
            for name, value in was.items():
                setattr(logger, name, list(value) if isinstance(value, list) else value)
        module._handlers.clear()
        module._handlers.update(known)
        module._handlerList[:] = listed
        logging.disable(disabled)
        logging.root.manager._clear_cache()  # type: ignore[attr-defined]

    return put_back


def _loggers() -> list[logging.Logger]:
    known = logging.root.manager.loggerDict.values()
    return [logging.root, *(logger for logger in known if isinstance(logger, logging.Logger))]


def _look(logger: logging.Logger) -> dict[str, Any]:
    lists = {"handlers": list(logger.handlers), "filters": list(logger.filters)}
    names = ("level", "propagate", "disabled", "parent")
    return lists | {name: getattr(logger, name) for name in names}


def _keep_loop() -> Callable[[], None]:
    """Leave no event loop: a process finds none and makes its own."""
    before, own = getattr(asyncio.events, "_event_loop_policy", None), asyncio.DefaultEventLoopPolicy()
    asyncio.set_event_loop_policy(own)

    def put_back() -> None:
        loop = getattr(own._local, "_loop", None)  # type: ignore[attr-defined]
        if loop is not None:
            loop.close()
        asyncio.set_event_loop_policy(before)

    return put_back


def _keep_chance() -> Callable[[], None]:
    state = random.getstate()
    return lambda: random.setstate(state)


def _keep_warnings() -> Callable[[], None]:
    """Forget which warnings were shown, so that each process shows its own."""
    filters = list(warnings.filters)

    def put_back() -> None:
        warnings.filters[:] = filters  # type: ignore[index]
        for module in list(sys.modules.values()):
            registry = getattr(module, "__warningregistry__", None)
            if isinstance(registry, dict):
                registry.clear()

    return put_back


def _keep_caches() -> Callable[[], None]:
    """Empty what packages remember of their answers: an answer may hang on a folder or a variable of the rehearsal.

    The caches of the standard library hang on their arguments only, and stay.
    """
    before = {id(cache): cache.cache_info().currsize for cache in _caches()}

    def put_back() -> None:
        for cache in _caches():
            package = (cache.__module__ or "").partition(".")[0]
            if cache.cache_info().currsize > before.get(id(cache), 0) and package not in sys.stdlib_module_names:
                cache.cache_clear()

    return put_back


def _caches() -> list[Any]:
    kind: type = functools._lru_cache_wrapper
    return [found for found in gc.get_objects() if type(found) is kind]


def _keep_descriptors() -> Callable[[], None]:
    before = _descriptors()

    def put_back() -> None:
        gc.collect()  # what nobody holds closes itself
        for number in _descriptors() - before:
            with contextlib.suppress(OSError):
                os.close(number)

    return put_back


def _descriptors() -> set[int]:
    return {number for number in map(int, os.listdir("/proc/self/fd")) if _is_open(number)}


def _is_open(number: int) -> bool:
    """Return whether a descriptor is open: the listing's own is no longer."""
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


KEEPERS: tuple[Callable[[], Callable[[], None]], ...] = (  # the last one is set back first
    _keep_descriptors,
    _keep_caches,
    _keep_warnings,
    _keep_chance,
    _keep_place,
    _keep_signals,
    _keep_system,
    _keep_logging,
    _keep_singletons,
    _keep_classes,
    _keep_loop,
    _keep_atexit,
)
