"""Round trips of small kernel messages through the real hub and proxy: Rounds against JupyterHub as it comes.

    python benchmarks/wire.py [--rounds 3] [--trips 100]

Two trips are measured, back to back, in rounds A B A B after a warm-up.  A *comm* trip is a widget's: one small message
to the kernel, three small ones back, until the kernel is idle again.  A *cell* trip executes `0` until it is idle.  The
named results are of the comm trip.  Client and proxy acknowledge as the operating system decides (see client.py): where
a server lets small messages wait for the acknowledgement of the one before, each trip takes some 45 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import harness
from client import Kernel, Server, new_client
from doors import Visit, ask_for_server, open_lab
from hubs import Hub, rounds_hub, stock_hub

from rounds.event import load_event

WITHIN_S = 600.0
ANSWERS = 3
TARGET = f"""
def answer_each(comm, opened):
    @comm.on_msg
    def answer(message):
        for number in range({ANSWERS}):
            comm.send({{"echo": message["content"]["data"], "number": number}})

get_ipython().kernel.comm_manager.register_target("wire", answer_each)
print("ready")
"""


async def comm_trip(kernel: Kernel, comm: str) -> float:
    """Return the seconds of one widget message and its answers."""
    began = time.perf_counter()
    asked = await kernel.ask("comm_msg", {"comm_id": comm, "data": {"value": 17}})
    kinds = [message["msg_type"] async for message in kernel.replies(asked)]
    seconds = time.perf_counter() - began
    if kinds.count("comm_msg") != ANSWERS:
        raise RuntimeError(f"A comm trip came back with {kinds}")
    return seconds


async def cell_trip(kernel: Kernel) -> float:
    """Return the seconds of one cell that does nothing."""
    began = time.perf_counter()
    kinds = [message["msg_type"] async for message in kernel.replies(await kernel.execute("0"))]
    seconds = time.perf_counter() - began
    if "execute_result" not in kinds:
        raise RuntimeError(f"A cell came back with {kinds}")
    return seconds


async def open_comm(kernel: Kernel) -> str:
    """Open a comm that answers and return its id."""
    await kernel.output(TARGET)
    comm = uuid.uuid4().hex
    asked = await kernel.ask("comm_open", {"comm_id": comm, "target_name": "wire", "data": {}})
    async for _ in kernel.replies(asked):
        pass
    return comm


@contextlib.asynccontextmanager
async def at_work(hub: Hub, person: str) -> AsyncIterator[Kernel]:
    """Bring a person to work on a learning server of a hub: a kernel behind its proxy."""
    visit = Visit(person, person, extra=False, token=hub.token_of(person))
    async with new_client() as client:
        await ask_for_server(client, hub, visit)
        server: Server = await open_lab(client, hub, visit)
        async with server.kernel() as kernel:
            yield kernel


async def measure(hubs: dict[str, Hub], people: dict[str, str], rounds: int, trips: int) -> dict[str, list[float]]:
    """Return the milliseconds of each side's trips, sides in turn."""
    found: dict[str, list[float]] = {f"{side} {kind}": [] for kind in ("comm", "cell") for side in hubs}
    async with contextlib.AsyncExitStack() as stack, asyncio.timeout(WITHIN_S):
        kernels = {side: await stack.enter_async_context(at_work(hub, people[side])) for side, hub in hubs.items()}
        comms = {side: await open_comm(kernel) for side, kernel in kernels.items()}
        for number in range(rounds + 1):
            for side, kernel in kernels.items():
                comm = [await comm_trip(kernel, comms[side]) * 1000 for _ in range(trips if number else 10)]
                cell = [await cell_trip(kernel) * 1000 for _ in range(trips if number else 10)]
                if number:
                    found[f"{side} comm"] += comm
                    found[f"{side} cell"] += cell
    return found


def summarise(found: dict[str, Sequence[float]]) -> dict[str, float]:
    """Return the results: ratios are of medians, stock's over ours."""
    results: dict[str, float] = {}
    for kind, prefix in (("comm", ""), ("cell", "cell_")):
        ours, stock = found[f"ours {kind}"], found[f"stock {kind}"]
        results[f"{prefix}roundtrip_ratio"] = harness.median(stock) / harness.median(ours)
        results[f"{prefix}p95_ms"] = harness.quantile(ours, 0.95)
        results[f"{prefix}median_ms"] = harness.median(ours)
        results[f"{prefix}stock_median_ms"] = harness.median(stock)
        results[f"{prefix}stock_p95_ms"] = harness.quantile(stock, 0.95)
    return {name: harness.rounded(value) for name, value in results.items()}


def main() -> None:
    """Run both hubs, measure, print a table, and last one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--trips", type=int, default=100)
    asked = parser.parse_args()
    harness.end_on_signals()
    load, event = os.getloadavg()[0], load_event(harness.ROOT / "events" / "demo" / "event.toml")
    people = {"stock": "learner", "ours": event.members(event.team[0].id)[0].username}
    with contextlib.ExitStack() as stack:
        folders = {
            side: Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wire-", ignore_cleanup_errors=True)))
            for side in people
        }
        stock = stack.enter_context(stock_hub(folders["stock"], [people["stock"]]))
        hubs = {"stock": stock, "ours": stack.enter_context(rounds_hub(folders["ours"]))}
        found = asyncio.run(measure(hubs, people, asked.rounds, asked.trips))
    harness.print_table("Round trip, ms", found)
    harness.report("wire", summarise(found), load)


if __name__ == "__main__":
    main()
