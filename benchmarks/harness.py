"""What the benchmarks share: processes that end with them, memory read from the kernel, and tables.

Nothing here is a benchmark.  Everything listens on loopback, and every process runs under `rounds.room.tether`: it and
all that it starts end with the benchmark, however that ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[1]
IMPORTS = "import pandas, sklearn.ensemble, matplotlib.pyplot; print(1)"
READY_WITHIN_S = 180.0
MIB = 1024 * 1024


def machine() -> dict[str, Any]:
    """Return what a run ran on, and how busy that was when it was asked."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "machine": platform.machine(),
        "system": platform.release(),
        "python": platform.python_version(),
        "jupyterhub": version("jupyterhub"),
        "jupyter_server": version("jupyter_server"),
        "load": round(os.getloadavg()[0], 2),
    }


def report(bench: str, results: Mapping[str, Any], load_before: float) -> None:
    """Print the last line of a benchmark."""
    line = {"bench": bench, "machine": {**machine(), "load_before": round(load_before, 2)}, "results": dict(results)}
    print(json.dumps(line), flush=True)


def rounded(value: float) -> float:
    """Return a figure with three or more significant digits."""
    return round(value, 3 if abs(value) < 10 else 1)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed; NaN of nothing."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)] if ordered else float("nan")


def median(values: Sequence[float]) -> float:
    """Return the median, NaN of nothing."""
    return statistics.median(values) if values else float("nan")


def print_table(title: str, rows: Mapping[str, Sequence[float]]) -> None:
    """Print number, median, 95th percentile, least and most of each row's values."""
    width = max(map(len, rows), default=0)
    print(f"\n{title}\n  {'':{width}}     n    median       p95       min       max")
    for name, values in rows.items():
        if values:
            said = (median(values), quantile(values, 0.95), min(values), max(values))
            print(f"  {name:{width}}  {len(values):4}" + "".join(f"{value:10.3f}" for value in said), flush=True)


def free_ports(count: int) -> list[int]:
    """Return loopback ports that nothing uses now."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def pss_mib(pid: int) -> float:
    """Return a process's proportional share of memory: a page that n processes map counts 1/n for each."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise OSError(f"/proc/{pid}/smaps_rollup has no Pss")


def template_pids(keeper: psutil.Process, forked: Sequence[int] = ()) -> list[int]:
    """Return a keeper's template and its serving fork; `forked` are the processes that were asked of it.

    The keeper may be given as its tether: the eldest process below it that runs the template is the template itself.
    """
    below = keeper.children(recursive=True)
    template = next(child for child in below if "rounds.warm.template" in child.cmdline())
    return [template.pid, *(child.pid for child in template.children() if child.pid not in forked)]


def template_mib(keeper: psutil.Process, forked: Sequence[int] = ()) -> float:
    """Return the template's share of memory."""
    return sum(map(pss_mib, template_pids(keeper, forked)))


def is_forked(pid: int, keeper: psutil.Process) -> bool:
    """Return whether a process was forked from the template of a keeper."""
    return keeper.pid in (parent.pid for parent in psutil.Process(pid).parents())


def end_on_signals() -> None:
    """Turn SIGTERM and SIGHUP into an ordinary exit, so that what was started is ended."""

    def leave(signum: int, _frame: object) -> None:
        raise SystemExit(128 + signum)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def clean_environment(folder: Path, **more: str) -> dict[str, str]:
    """Return this environment without anything of Jupyter's or Rounds', with caches of its own in `folder`.

    Both sides may write and use compiled modules: without them an ordinary start would compile again each time.
    """
    dropped = ("JUPYTER", "ROUNDS", "JPY_", "IPYTHON", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "MPLCONFIGDIR": str(folder / "matplotlib"), "PYTHONNOUSERSITE": "1", **more}


@contextlib.contextmanager
def running(
    command: Sequence[str], log: Path, environ: Mapping[str, str], cwd: Path | None = None
) -> Iterator[psutil.Process]:
    """Run a command; end it and everything that it started when the block is left."""
    tether = [sys.executable, "-m", "rounds.room.tether", "--", *command]
    with log.open("ab") as output:
        streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
        process = subprocess.Popen(tether, env=dict(environ), cwd=cwd, **streams)
    known = psutil.Process(process.pid)
    try:
        yield known
    finally:
        process.terminate()
        try:
            process.wait(timeout=90)
        except subprocess.TimeoutExpired:
            for left in [*known.children(recursive=True), known]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    left.kill()
            process.wait()


def wait_until(is_so: Callable[[], bool], process: psutil.Process, log: Path, within_s: float = READY_WITHIN_S) -> None:
    """Wait until `is_so()`; raise with the end of the log when the process ends first or time runs out."""
    deadline = time.monotonic() + within_s
    while not is_so():
        if process.status() == psutil.STATUS_ZOMBIE or time.monotonic() > deadline:
            raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-3000:])
        time.sleep(0.2)


def answers(url: str) -> bool:
    """Return whether a web server answers at `url`."""
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(url, timeout=2, trust_env=False, follow_redirects=True).status_code == 200
    return False
