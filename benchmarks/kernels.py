"""Kernels warm and stock: start to first result, and memory, through one Jupyter server's REST and websocket interface.

    python benchmarks/kernels.py [--rounds 7] [--kernels 20]

The same server is started twice: with `local-provisioner` and without Rounds, and with `rounds-warm` beside a keeper.
First results are timed in rounds A B A B, one kernel at a time, from the request that starts the kernel to the output
of its first cell.  Memory is the proportional share (PSS) of 20 kernels, each side with no other side running.  A
second ratio adds the template's own share to the warm kernels, divided among them: half of it are pages of shared
libraries that only the template has touched, and it is the same for 20 kernels as for 100.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import harness
import psutil
from client import Kernel, Server, new_client
from hubs import STOCK_SERVER

from rounds.warm.client import is_up

SIDES = ("stock", "warm")
AT_ONCE = 4
WITHIN_S = 300.0
EXERCISE = """
import numpy, pandas, sklearn.ensemble, matplotlib.pyplot as plt
numbers = numpy.random.default_rng(1)
table = pandas.DataFrame(numbers.normal(size=(2000, 8)), columns=list("abcdefgh"))
ill = (table["a"] + table["b"] + numbers.normal(size=2000) > 0).astype(int)
forest = sklearn.ensemble.RandomForestClassifier(random_state=1).fit(table, ill)
figure, axes = plt.subplots()
axes.scatter(table["a"], forest.predict_proba(table)[:, 1])
figure.savefig(__import__("io").BytesIO())
print(table.groupby(ill).mean().shape)
"""


@dataclass(frozen=True)
class Bench:
    """One side that runs: its server's address and token, its process, and its template's keeper."""

    base: str
    token: str
    keeper: psutil.Process | None

    def template_mib(self, forked: list[int]) -> float:
        """Return the template's share of memory, 0 where there is none; raise when a kernel is not forked from it."""
        if self.keeper is None:
            return 0.0
        cold = [pid for pid in forked if not harness.is_forked(pid, self.keeper)]
        if cold:
            raise RuntimeError(f"{len(cold)} of {len(forked)} kernels were not forked from the template")
        return harness.template_mib(self.keeper, forked)


@contextlib.contextmanager
def side(name: str, folder: Path) -> Iterator[Bench]:
    """Run one side's server, and its keeper."""
    own = folder / name
    environ = harness.clean_environment(
        folder,
        JUPYTER_CONFIG_DIR=str(own / "config"),
        JUPYTER_DATA_DIR=str(own / "data"),
        JUPYTER_RUNTIME_DIR=str(own / "runtime"),
        IPYTHONDIR=str(own / "ipython"),
    )
    (own / "config").mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        keeper = None
        if name == "warm":
            path = own / "common.sock"
            environ |= {"ROUNDS_WARM_SOCKET": str(path), "JUPYTER_DEFAULT_PROVISIONER_NAME": "rounds-warm"}
            keeper = stack.enter_context(_keeper(path, environ))
        else:
            environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "local-provisioner"
            text = json.dumps(STOCK_SERVER)
            (own / "config" / "jupyter_server_config.json").write_text(text, encoding="utf-8")
        yield stack.enter_context(_server(own, environ, keeper))


@contextlib.contextmanager
def _keeper(path: Path, environ: dict[str, str]) -> Iterator[psutil.Process]:
    log = path.with_name("keeper.log")
    with harness.running([sys.executable, "-m", "rounds.warm.keeper", "--socket", str(path)], log, environ) as process:
        harness.wait_until(lambda: is_up(path, 1), process, log)
        yield process


@contextlib.contextmanager
def _server(own: Path, environ: dict[str, str], keeper: psutil.Process | None) -> Iterator[Bench]:
    port, token, log = harness.free_ports(1)[0], secrets.token_hex(16), own / "server.log"
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0"]
    command += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={own}"]
    command += ["--allow-root"] if os.geteuid() == 0 else []
    with harness.running(command, log, environ, cwd=own) as process:
        base = f"http://127.0.0.1:{port}"
        harness.wait_until(lambda: harness.answers(f"{base}/api"), process, log)
        yield Bench(base, token, keeper)


async def first_result(bench: Bench) -> float:
    """Return the seconds from the request for a kernel to the output of its first cell."""
    async with new_client() as client, asyncio.timeout(WITHIN_S):
        began = time.perf_counter()
        async with Server(bench.base, bench.token, client).kernel() as kernel:
            await kernel.output(harness.IMPORTS, first_only=True)
            return time.perf_counter() - began


async def memory(bench: Bench, count: int) -> dict[str, float]:
    """Return MiB per kernel after the imports and after an exercise, and the template's MiB at both times."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with contextlib.AsyncExitStack() as stack, asyncio.timeout(WITHIN_S * 2):
        server = Server(bench.base, bench.token, await stack.enter_async_context(new_client()))

        async def begin() -> tuple[Kernel, int]:
            async with gate:
                kernel = await stack.enter_async_context(server.kernel())
                await kernel.output(harness.IMPORTS)
                return kernel, int(await kernel.output("import os; print(os.getpid())"))

        async def exercise(kernel: Kernel) -> None:
            async with gate:
                await kernel.output(EXERCISE)

        kernels = await asyncio.gather(*(begin() for _ in range(count)))
        found = await _shares(bench, [pid for _, pid in kernels], "import")
        await asyncio.gather(*(exercise(kernel) for kernel, _ in kernels))
        return found | await _shares(bench, [pid for _, pid in kernels], "exercise")


async def _shares(bench: Bench, pids: list[int], when: str) -> dict[str, float]:
    await asyncio.sleep(2)
    mean = sum(map(harness.pss_mib, pids)) / len(pids)
    return {f"{when}_mib": mean, f"{when}_template_mib": bench.template_mib(pids)}


def measure_times(rounds: int, folder: Path) -> dict[str, list[float]]:
    """Time both sides in turn, after a warm-up of each."""
    with contextlib.ExitStack() as stack:
        benches = {name: stack.enter_context(side(name, folder)) for name in SIDES}
        for bench in benches.values():
            asyncio.run(first_result(bench))
        found: dict[str, list[float]] = {name: [] for name in SIDES}
        for _ in range(rounds):
            for name, bench in benches.items():
                found[name].append(asyncio.run(first_result(bench)))
        return found


def measure_memory(count: int, folder: Path) -> dict[str, dict[str, float]]:
    """Measure the memory of each side's kernels, one side after the other."""
    found = {}
    for name in SIDES:
        with side(name, folder) as bench:
            found[name] = asyncio.run(memory(bench, count))
    return found


def summarise(times: dict[str, list[float]], shares: dict[str, dict[str, float]], count: int) -> dict[str, float]:
    """Return the results, stock's over ours."""
    stock, warm = harness.median(times["stock"]), harness.median(times["warm"])
    results = {"first_result_ratio": stock / warm, "stock_first_result_s": stock, "warm_first_result_s": warm}
    for when in ("import", "exercise"):
        cold, forked = shares["stock"][f"{when}_mib"], shares["warm"][f"{when}_mib"]
        template = shares["warm"][f"{when}_template_mib"]
        results |= {
            f"pss_{when}_ratio": cold / forked,
            f"pss_{when}_ratio_with_template": cold / (forked + template / count),
            f"stock_{when}_mib": cold,
            f"warm_{when}_mib": forked,
            f"template_{when}_mib": template,
        }
    return {name: harness.rounded(value) for name, value in results.items()} | {"kernels": count}


def main() -> None:
    """Measure, print tables, and last one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--kernels", type=int, default=20)
    asked = parser.parse_args()
    harness.end_on_signals()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="kernels-") as root:
        times = measure_times(asked.rounds, Path(root))
        harness.print_table("Start request to first result, s", times)
        shares = measure_memory(asked.kernels, Path(root))
    results = summarise(times, shares, asked.kernels)
    print("\n" + "\n".join(f"  {name:38}{value:>10,}" for name, value in results.items()))
    harness.report("kernels", results, load)


if __name__ == "__main__":
    main()
