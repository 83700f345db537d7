"""What the template rehearses leaves no trace in the processes that it forks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LOOK = """
import asyncio, builtins, gc, json, logging, os, random, signal, sys, types, warnings
import atexit
registered, unregistered = [], []
atexit.register = lambda f, *a, _real=atexit.register, **k: registered.append(f) or _real(f, *a, **k)
atexit.unregister = lambda f, _real=atexit.unregister: unregistered.append(f) or _real(f)
from rounds.warm.preload import KERNEL, SERVER, count_threads, import_all
from rounds.warm.rehearse import rehearse
from traitlets.config import SingletonConfigurable

def below(cls):
    return [cls, *(found for sub in cls.__subclasses__() for found in below(sub))]

def look():
    gc.collect()
    known = {name: log for name, log in logging.root.manager.loggerDict.items() if isinstance(log, logging.Logger)}
    loggers = {name: (len(log.handlers), log.level, log.propagate) for name, log in known.items()}
    return {
        "threads": count_threads(),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "signals": [str(signal.getsignal(number)) for number in sorted(signal.valid_signals())],
        "singletons": sorted(cls.__name__ for cls in below(SingletonConfigurable) if cls.__dict__.get("_instance")),
        "loggers": {name: said for name, said in loggers.items() if said != (0, 0, True)},
        "root": (len(logging.root.handlers), logging.root.level, logging.root.manager.disable),
        "policy": str(asyncio.events._event_loop_policy),
        "builtins": sorted(vars(builtins)),
        "system": [sys.argv, sys.path, str(sys.displayhook), str(sys.excepthook), str(sys.stdout), hasattr(sys, "ps1")],
        "program": id(sys.modules["__main__"]),
        "chance": hash(random.getstate()),
        "filters": len(warnings.filters),
    }

def globals_of_modules():
    found = {}
    for name, module in list(sys.modules.items()):
        if name in ("__main__", "__mp_main__") or not isinstance(module, types.ModuleType):
            continue
        for key, value in list(vars(module).items()):
            if isinstance(value, type) and value.__module__ == name:
                found |= {f"{name}.{key}.{k}": id(v) for k, v in vars(value).items() if not k.startswith("_")}
            if not isinstance(value, types.ModuleType) and not key.startswith("__"):
                found[f"{name}.{key}"] = id(value)
    return found

left_out = import_all([*KERNEL, *SERVER])
rehearse()  # once: matplotlib and Pillow set themselves up, as an import does
known = set(sys.modules)
before, seen = look(), globals_of_modules()
registered.clear()
left_off = rehearse()
after, now = look(), globals_of_modules()
fresh = tuple(f"{name}." for name in set(sys.modules) - known)
bound = sorted(key for key in set(seen) | set(now) if seen.get(key) != now.get(key) and not key.startswith(fresh))
print(json.dumps({
    "left out": left_out, "left off": left_off, "bound": bound,
    "at the end": [str(f) for f in registered if f not in unregistered],
    "changed": {key: [before[key], after[key]] for key in before if before[key] != after[key]},
}))
"""
HARMLESS = {"tempfile._name_sequence"}  # the names of temporary files: each is drawn anew in each process


def _run(code: str, folder: Path) -> Any:
    environ = {**os.environ, "HOME": str(folder), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    environ |= {"JE_ARROW_MALLOC_CONF": "background_thread:false", "PYTHONWARNINGS": "ignore"}
    environ = {name: value for name, value in environ.items() if not name.startswith("JUPYTER")}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environ, cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return _run(LOOK, tmp_path_factory.mktemp("rehearsal"))


def test_an_exercise_is_rehearsed(found: Any) -> None:
    assert found["left out"] == {}
    assert found["left off"] == ""


def test_a_rehearsal_sets_nothing_of_the_process(found: Any) -> None:
    assert found["changed"] == {}
    assert found["at the end"] == []


def test_a_rehearsal_binds_no_name_of_a_module_anew(found: Any) -> None:
    assert set(found["bound"]) <= HARMLESS


def test_a_rehearsal_leaves_no_file(tmp_path: Path) -> None:
    _run(LOOK, tmp_path)
    left = [path for path in tmp_path.rglob("*") if path.is_file() and ".cache" not in path.parts]
    assert [path for path in left if ".config" not in path.parts] == []


def test_a_rehearsal_that_breaks_is_said_and_leaves_no_trace(tmp_path: Path) -> None:
    broken = "import pandas\ndef to_html(self, **_): raise OSError('a disk is full')\n"
    code = LOOK.replace("known = set", f"{broken}pandas.DataFrame.to_html = to_html\nknown = set")
    found = _run(code, tmp_path)
    assert found["left off"] == "OSError: a disk is full"
    assert found["changed"] == {}
