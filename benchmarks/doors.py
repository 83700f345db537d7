"""Doors open: a whole class asks for its servers at once, on the demo event of Rounds and on JupyterHub as it comes.

    python benchmarks/doors.py [--learning 50] [--teams 8] [--within-s 10] [--side ours|stock] [--busy 3] [--rounds 21]

Each person asks the hub for a server, follows its progress as the pending page does, opens /lab, starts a kernel and
waits for the output of a first cell over the websocket.  Requests are spread evenly over ten seconds.  A team's kernel
runs in the team's environment with one package more, which the kernel must be able to import.  On the stock side
a gate lets three people in at a time, from the request to the answer of /lab: without it most starts fail.  Both sides
are warm: one person has been at work before.  ``--busy`` starts so many processes that burn a core each; with
``--rounds`` everybody leaves, all servers stop, and everybody comes again.  The last line is JSON; ratios are stock
over ours; with several rounds a side's figures are the medians of its rounds, its counts their sums.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import harness
import httpx
from client import Server, new_client
from hubs import Hub, rounds_hub, stock_hub

from rounds.event import Event, load_event
from rounds.room.environment import TeamKernel, make_environment
from rounds.slugs import team_account
from rounds.store.folders import Folders

AT_ONCE = 3
SIDE_WITHIN_S = 15 * 60.0
STOPPED_WITHIN_S = 180.0
EXTRA = "rounds_doors_extra"
WARM_UP = "warm-up"


@dataclass
class Visit:
    """One person's way in: what was reached after how many seconds, or where it ended."""

    account: str
    person: str
    extra: bool
    token: str = ""
    asked_s: float = 0.0
    lab_s: float = 0.0
    result_s: float = 0.0
    failed: str = "request"


@dataclass
class Side:
    """What one side came to."""

    visits: list[Visit]
    wall_s: float = 0.0
    hub_cpu_s: float = 0.0
    server_mib: list[float] = field(default_factory=list)
    kernel_mib: list[float] = field(default_factory=list)
    template_mib: float = 0.0
    warm: int = 0

    @property
    def arrived(self) -> list[Visit]:
        """The visits that came to a result."""
        return [visit for visit in self.visits if not visit.failed]


def choose_visits(event: Event, learning: int, teams: int, ours: bool) -> list[Visit]:
    """Return who comes, teams among the learners; a team's server is entered by one of its members."""
    names = [person.username for person in event.people if person.role.value == "participant"]
    names += [person.username for person in event.people if person.username not in names]
    visits = [Visit(name, name, extra=False) for name in names[:learning]]
    every = max(1, len(visits) // max(1, teams))
    for number, team in enumerate(event.team[:teams]):
        account = team_account(team.id)
        member = event.members(team.id)[0].username if ours else account
        visits.insert(number * (every + 1), Visit(account, member, extra=ours))
    return visits


async def ask_for_server(client: httpx.AsyncClient, hub: Hub, visit: Visit) -> None:
    """Ask for the server and follow its progress until it is ready, as the pending page does."""
    headers = {"Authorization": f"token {visit.token}"}
    path = f"{hub.base}/hub/api/users/{visit.account}/server"
    answer = await client.post(path, headers=headers)
    while answer.status_code == 429:
        await asyncio.sleep(2)
        answer = await client.post(path, headers=headers)
    answer.raise_for_status()
    visit.failed = "start"
    last: dict[str, Any] = {}
    async with client.stream("GET", f"{path}/progress", headers=headers, timeout=None) as lines:
        lines.raise_for_status()
        async for line in lines.aiter_lines():
            last = json.loads(line[5:]) if line.startswith("data:") else last
            if last.get("ready") or last.get("failed"):
                break
    if not last.get("ready"):
        raise RuntimeError(str(last.get("message", "no progress")))


async def open_lab(client: httpx.AsyncClient, hub: Hub, visit: Visit) -> Server:
    """Open JupyterLab's page."""
    visit.failed = "lab"
    server = Server(f"{hub.base}/user/{visit.account}", visit.token, client, hub.room_host(visit.account))
    page = await client.get(f"{server.base}/lab", headers=server.headers)
    if page.status_code != 200 or "jupyter-config-data" not in page.text:
        raise RuntimeError(f"/lab answers {page.status_code}")
    return server


async def visit_hub(hub: Hub, visit: Visit, gate: asyncio.Semaphore, began: float, stay: asyncio.Event) -> None:
    """Come in and get a first result; keep the kernel until `stay` is set."""
    async with new_client() as client, contextlib.AsyncExitStack() as stack:
        async with gate:
            await ask_for_server(client, hub, visit)
            server = await open_lab(client, hub, visit)
        visit.lab_s = time.monotonic() - began - visit.asked_s
        visit.failed = "kernel"
        names = (await client.get(f"{server.base}/api/kernelspecs", headers=server.headers)).json()
        kernel = await stack.enter_async_context(server.kernel(names["default"]))
        visit.failed = "result"
        await kernel.output(harness.IMPORTS, first_only=True)
        visit.result_s = time.monotonic() - began - visit.asked_s
        await kernel.output(f"import {EXTRA}" if visit.extra else "1")
        visit.failed = ""
        await stay.wait()


async def come(hub: Hub, visits: Sequence[Visit], within_s: float, at_once: int) -> Side:
    """Let everybody come, measure, and let everybody go."""
    gate, stay, side = asyncio.Semaphore(at_once), asyncio.Event(), Side(list(visits))
    cpu, began = hub.cpu_s(), time.monotonic()
    tasks = []
    try:
        async with asyncio.timeout(SIDE_WITHIN_S):
            for number, visit in enumerate(visits):
                visit.asked_s = number * within_s / len(visits)
                await asyncio.sleep(max(0.0, began + visit.asked_s - time.monotonic()))
                tasks.append(asyncio.create_task(visit_hub(hub, visit, gate, began, stay)))
            while not all(task.done() or not visit.failed for task, visit in zip(tasks, visits, strict=True)):
                await asyncio.sleep(0.1)
    except TimeoutError:
        print(f"  The time of a side is over: {SIDE_WITHIN_S:.0f} s", flush=True)
    side.wall_s = max((v.asked_s + v.result_s for v in side.arrived), default=float("nan"))
    side.hub_cpu_s = hub.cpu_s() - cpu
    await asyncio.sleep(3)
    weigh(hub, side)
    for task, visit in zip(tasks, visits, strict=False):
        if visit.failed:
            task.cancel()
    stay.set()
    for visit, ended in zip(visits, await asyncio.gather(*tasks, return_exceptions=True), strict=False):
        if visit.failed:
            print(f"  {visit.account} did not get past: {visit.failed} ({ended!r})"[:300], flush=True)
    return side


def weigh(hub: Hub, side: Side) -> None:
    """Read the memory of servers and kernels, and count which were forked from the template.

    They are found from outside: a sealed kernel knows itself by another number.
    """
    servers, kernels = hub.find_all("jupyterhub.singleuser"), hub.find_all("ipykernel_launcher")
    side.server_mib = [harness.pss_mib(pid) for pid in servers]
    side.kernel_mib = [harness.pss_mib(pid) for pid in kernels]
    if (hub.state / "warm").exists():
        keeper, pids = hub.keeper(), [*servers, *kernels]
        side.warm = sum(harness.is_forked(pid, keeper) for pid in pids)
        side.template_mib = harness.template_mib(keeper, pids)


def make_wheel(folder: Path) -> Path:
    """Write a small wheel of pure Python."""
    wheel, info = folder / f"{EXTRA}-1.0-py3-none-any.whl", f"{EXTRA}-1.0.dist-info"
    files = {
        f"{EXTRA}/__init__.py": "ANSWER = 42\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {EXTRA}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: doors\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(name, text)
    return wheel


def install_extras(hub: Hub, event: Event, teams: int, folder: Path) -> None:
    """Install the wheel into the teams' environments, as a member's %pip install would."""
    wheel = make_wheel(folder)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for team in event.team[:teams]:
        folders = Folders(hub.state)
        kernel = TeamKernel(team.id, team.title, folders.environment(team.id), folders.kernelspecs(team.id))
        make_environment(kernel)
        target = kernel.folder / "lib" / version / "site-packages"
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", str(target)]
        subprocess.run([*command, str(wheel)], check=True)


@contextlib.contextmanager
def prepared(ours: bool, visits: Sequence[Visit], event: Event, folder: Path) -> Iterator[Hub]:
    """Run a side's hub with everybody signed in."""
    with contextlib.ExitStack() as stack:
        names = [WARM_UP, *(visit.account for visit in visits)]
        hub = stack.enter_context(rounds_hub(folder) if ours else stock_hub(folder, names))
        if ours:
            install_extras(hub, event, len(event.team) if any(v.extra for v in visits) else 0, folder)
        for visit in visits:
            visit.token = hub.token_of(visit.person)
        yield hub


@contextlib.contextmanager
def busy(count: int) -> Iterator[None]:
    """Burn a core in each of so many processes."""
    burning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in burning:
            process.kill()
            process.wait()


def stop_servers(hub: Hub, visits: Sequence[Visit]) -> None:
    """Stop the servers of a round, and wait until the hub says so of all."""
    accounts = {visit.account for visit in visits}
    for account in accounts:
        hub.call("DELETE", f"/users/{account}/server", accept=(400, 404))
    deadline = time.monotonic() + STOPPED_WITHIN_S
    while running := [u["name"] for u in hub.call("GET", "/users?state=active&limit=200") if u["name"] in accounts]:
        if time.monotonic() > deadline:
            raise RuntimeError(f"still running: {running}")
        time.sleep(0.5)


def again(visits: Sequence[Visit]) -> list[Visit]:
    """Return the same people for another round."""
    return [Visit(visit.account, visit.person, visit.extra, visit.token) for visit in visits]


def measure(ours: bool, asked: argparse.Namespace, event: Event) -> list[Side]:
    """Run one side: a person first, then the class, as often as asked."""
    visits = choose_visits(event, asked.learning, asked.teams, ours)
    first = event.with_role(event.people[0].role)[0].username if ours else WARM_UP
    ahead = Visit(first, first, extra=False)
    with (
        tempfile.TemporaryDirectory(prefix="doors-", ignore_cleanup_errors=True) as root,
        prepared(ours, [ahead, *visits], event, Path(root)) as hub,
    ):
        asyncio.run(come(hub, [ahead], 0, 1))
        sides: list[Side] = []
        with busy(asked.busy):
            for number in range(1, asked.rounds + 1):
                if sides:
                    stop_servers(hub, visits)
                sides.append(asyncio.run(come(hub, again(visits), asked.within_s, len(visits) if ours else AT_ONCE)))
                if asked.rounds > 1:
                    print(f"  round {number}: {len(sides[-1].arrived)} of {len(visits)}", flush=True)
                if len(sides[-1].arrived) < len(visits):
                    shutil.copy(hub.log, f"doors-round-{number}.log")
        return sides


def describe_rounds(sides: Sequence[Side]) -> dict[str, float]:
    """Return the figures of a side's rounds: counts added up, the others' medians."""
    found = [describe(side) for side in sides]
    add = ("asked", "succeeded", "forked")
    return {
        name: sum(one[name] for one in found)
        if name in add
        else harness.rounded(harness.median([o[name] for o in found]))
        for name in found[0]
    }


def describe(side: Side) -> dict[str, float]:
    """Return a side's figures; the template's memory is divided among what was forked from it."""
    labs, results = ([getattr(v, name) for v in side.arrived] for name in ("lab_s", "result_s"))
    share = side.template_mib / max(1, side.warm)
    found = {
        "wall_s": side.wall_s,
        "p50_lab_s": harness.median(labs),
        "p95_lab_s": harness.quantile(labs, 0.95),
        "p50_first_result_s": harness.median(results),
        "p95_first_result_s": harness.quantile(results, 0.95),
        "server_mib": harness.median(side.server_mib) + share,
        "kernel_mib": harness.median(side.kernel_mib) + share,
        "template_mib": side.template_mib,
        "hub_cpu_s": side.hub_cpu_s,
    }
    counts = {"asked": len(side.visits), "succeeded": len(side.arrived), "forked": side.warm}
    return counts | {name: harness.rounded(value) for name, value in found.items()}


def summarise(found: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Return the results: ours, and stock's over ours where both ran."""
    ours, stock = found.get("ours", {}), found.get("stock", {})
    results: dict[str, Any] = {name: ours[name] for name in ("asked", "succeeded", "p95_first_result_s") if ours}
    if ours and stock:
        results["wall_ratio"] = harness.rounded(stock["wall_s"] / ours["wall_s"])
        results["pss_server_ratio"] = harness.rounded(stock["server_mib"] / ours["server_mib"])
        results["pss_kernel_ratio"] = harness.rounded(stock["kernel_mib"] / ours["kernel_mib"])
    return results | {f"{side}_{name}": value for side, values in found.items() for name, value in values.items()}


def main() -> None:
    """Run the sides, print their figures, and last one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learning", type=int, default=50)
    parser.add_argument("--teams", type=int, default=8)
    parser.add_argument("--within-s", type=float, default=10.0)
    parser.add_argument("--side", choices=("ours", "stock"))
    parser.add_argument("--busy", type=int, default=0, help="processes that burn a core each")
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    harness.end_on_signals()
    load, event = os.getloadavg()[0], load_event(harness.ROOT / "events" / "demo" / "event.toml")
    found = {}
    for name in [asked.side] if asked.side else ["ours", "stock"]:
        print(f"\n{name}", flush=True)
        found[name] = describe_rounds(measure(name == "ours", asked, event))
        print("\n".join(f"  {key:20}{value:>10,}" for key, value in found[name].items()), flush=True)
    harness.report("doors", summarise(found), load)


if __name__ == "__main__":
    main()
