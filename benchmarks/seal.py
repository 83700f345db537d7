"""Kernels sealed and not: start to first pandas result, the time of a cell, and what the seal itself takes.

    python benchmarks/seal.py [--rounds 15]

Each side has a template of its own, whose standby serves it, as in a hub.  Kernels are timed in rounds A B A B, one at
a time, from the call that starts the kernel to the output of its first cell.  In the
same kernels a cell is timed that works: tables, files, small processes; both kernels are there, and take turns.
``seal_ms`` is how much later a program that does nothing ends when it is sealed, forked without a standby.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import harness
from jupyter_client.manager import KernelManager
from kernels import _keeper

from rounds.warm.client import ForkedProcess, start_warm
from rounds.warm.seal import Seal
from rounds.warm.seal.plan import VARIABLE, Plan, Timed
from rounds.warm.seal.system import interpreter

SIDES = ("open", "sealed")
FIRST = "import pandas; print(pandas.DataFrame({'a': [1, 2]})['a'].mean())"
CELL = """
import pandas, numpy, subprocess, time
began = time.perf_counter()
numbers = numpy.random.default_rng(1)
table = pandas.DataFrame(numbers.normal(size=(200_000, 6)), columns=list("abcdef"))
table["s"] = numbers.integers(0, 99, 200_000)
for _ in range(6):
    table.groupby("s").agg(["mean", "std"]); table.sort_values("a").merge(table[["s"]].drop_duplicates(), on="s")
for n in range(30):
    table.head(500).to_csv("t.csv"); pandas.read_csv("t.csv")
for _ in range(4):
    subprocess.run(["true"])
print(time.perf_counter() - began)
"""


def write_plan(folder: Path) -> tuple[Path, Seal]:
    """Write the plan of a room in a folder; return it, and its seal."""
    for name in ("work", "tmp", "sockets", "ipython", "matplotlib"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    own = {n: str(folder / n) for n in ("work", "tmp", "sockets", "ipython", "matplotlib")}
    seal = Seal(reads=interpreter(), writes=tuple(own.values()), tmp=own["tmp"])
    environ = {"HOME": own["work"], "IPYTHONDIR": own["ipython"], "MPLCONFIGDIR": own["matplotlib"]}
    plan = Plan(
        (Timed(datetime(2020, 1, 1, tzinfo=UTC), seal),), environ, ("JPY_",), own["sockets"], str(folder / "log")
    )
    (folder / "plan.json").write_text(plan.encode(), encoding="utf-8")
    return folder / "plan.json", seal


class Kernel:
    """A kernel of this process, forked from the template."""

    def __init__(self, plan: Path | None, cwd: str) -> None:
        os.environ.pop(VARIABLE, None)
        if plan is not None:
            os.environ[VARIABLE] = str(plan)
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(cwd=cwd)
        if not isinstance(self.manager.provisioner.process, ForkedProcess):
            raise RuntimeError("The kernel was not forked from the template")
        self.client = self.manager.client()
        self.client.start_channels()

    def output(self, code: str) -> str:
        """Return what a cell prints; raise on an error."""
        said: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            if message["msg_type"] == "error":
                raise RuntimeError("\n".join(message["content"]["traceback"]))
            if message["msg_type"] == "stream":
                said.append(message["content"]["text"])

        self.client.execute_interactive(code, output_hook=hear, timeout=120)
        return "".join(said)

    def end(self) -> None:
        """End it."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


def time_pair(folder: Path, plans: dict[str, Path | None]) -> dict[str, tuple[float, list[float]]]:
    """Return each side's seconds from a kernel's start to its first result, and those of the cell that works."""
    kernels, first, cells = {}, {}, {side: [] for side in plans}
    for side, plan in plans.items():
        os.environ["ROUNDS_WARM_SOCKET"] = str(folder / side / "t.sock")
        time.sleep(1.5)  # until the next one waits in the template
        began = time.perf_counter()
        kernels[side] = Kernel(plan, str(folder / "r" / "work"))
        kernels[side].output(FIRST)
        first[side] = time.perf_counter() - began
    for _ in range(5):
        for side, kernel in kernels.items():
            cells[side].append(float(kernel.output(CELL)))
    for kernel in kernels.values():
        kernel.end()
    return {side: (first[side], cells[side]) for side in plans}


def time_fork(folder: Path, seal: Seal | None) -> float:
    """Return the milliseconds from an order to the end of a program that does nothing."""
    command = [sys.executable, "-m", "rounds.warm.seal.shell", "true"]
    began = time.perf_counter()
    with open(os.devnull, "r+b") as nowhere:
        streams = (nowhere.fileno(),) * 3
        environ = {"PATH": os.environ["PATH"]}
        start_warm(
            command,
            environ,
            Path(os.environ["ROUNDS_WARM_SOCKET"]),
            cwd=str(folder / "r/work"),
            streams=streams,
            seal=seal,
        ).wait()
    return (time.perf_counter() - began) * 1000


def measure(folder: Path, rounds: int) -> dict[str, float]:
    """Time both sides, round by round, and return the figures."""
    first: dict[str, list[float]] = {side: [] for side in SIDES}
    cell: dict[str, list[float]] = {side: [] for side in SIDES}
    forks: dict[str, list[float]] = {side: [] for side in SIDES}
    plan, seal = write_plan(folder / "r")
    environ = harness.clean_environment(folder)
    os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "rounds-warm"
    for side in SIDES:
        (folder / side).mkdir(mode=0o700)
    with _keeper(folder / "open" / "t.sock", environ), _keeper(folder / "sealed" / "t.sock", environ):
        for number in range(rounds + 1):
            order = SIDES if number % 2 else SIDES[::-1]
            timed = time_pair(folder, {side: plan if side == "sealed" else None for side in order})
            for side in order if number else ():  # the first of each side warms caches
                first[side].append(timed[side][0])
                cell[side] += timed[side][1]
                os.environ["ROUNDS_WARM_SOCKET"] = str(folder / side / "t.sock")
                forks[side] += [time_fork(folder, seal if side == "sealed" else None) for _ in range(5)]
    for title, rows in (("start to first result, s", first), ("a cell, s", cell), ("a fork, ms", forks)):
        harness.print_table(title, rows)
    ratio = {
        name: harness.median(rows["sealed"]) / harness.median(rows["open"])
        for name, rows in (("kernel", first), ("cell", cell))
    }
    return {
        "kernel_ratio": harness.rounded(ratio["kernel"]),
        "cell_ratio": harness.rounded(ratio["cell"]),
        "seal_ms": harness.rounded(harness.median(forks["sealed"]) - harness.median(forks["open"])),
        "open_s": harness.rounded(harness.median(first["open"])),
        "sealed_s": harness.rounded(harness.median(first["sealed"])),
    }


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    harness.end_on_signals()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="rounds-seal-") as folder:
        results = measure(Path(folder), given.rounds)
    harness.report("seal", results, load)


if __name__ == "__main__":
    main()
