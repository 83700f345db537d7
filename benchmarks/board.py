"""From a press in a room to the mentor's page: how long until a person at the board sees it, in a real browser.

    python benchmarks/board.py [--people 50] [--minutes 1] [--every 10]

On the demo event, with a learning server and a kernel for everybody: each presses the check of an exercise every so
many seconds, right and wrong in turn, at a moment of the own.  A mentor and an organiser look at the lessons board in
Chromium, which notes when a person's number of presses changes.  A time begins when the kernel is asked and ends when
the number stands on the page; it holds the judge's answer, the log, the desk's look, the stream and the page's own
asking.  There is no peer: nbgrader's pages say nothing while a class works.  The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence

import harness
import psutil
from client import Kernel, new_client
from doors import Visit, ask_for_server, open_lab
from hubs import Hub, report_on_demo
from playwright.async_api import Browser, Page, async_playwright
from presses import PREPARE, RIGHT, WRONG, choose

from rounds.event import Event

LOOKERS = {"dana": "mentor", "rivka": "organiser"}
PRESS = "said = check.e1({answer})"
WATCH = """() => {
  window.seen = {};
  const look = () => {
    for (const row of document.querySelectorAll("#board-people tr")) {
      const name = row.querySelector("th").firstChild.textContent.trim();
      const count = Number(row.querySelector("[data-label=Presses]").textContent) || 0;
      const times = (window.seen[name] ||= []);
      while (times.length < count) times.push(Date.now() / 1000);
    }
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true, characterData: true});
  look();
}"""
Times = dict[str, list[float]]  # of each person, by name, one for each press


async def sign_in(browser: Browser, hub: Hub, name: str) -> Page:
    """Return the lessons board as a person sees it, watched."""
    command = [sys.executable, "-m", "rounds", "people", "invite", name, "--state", str(hub.state)]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=harness.ROOT, capture_output=True, text=True, check=True
    )
    page = await browser.new_page()
    await page.goto(done.stdout.strip().split("\t")[2])
    await page.get_by_label("Choose a password").fill("a quiet ward at night")
    await page.get_by_label("The same password again").fill("a quiet ward at night")
    await page.get_by_label("I accept the terms").check()
    await page.get_by_role("button", name="Set my password and go in").click()
    await page.wait_for_url("**/services/desk/**")
    await page.goto(f"{hub.base}/services/desk/lessons")
    await page.evaluate(WATCH)
    return page


async def press_for(kernel: Kernel, seconds: float, every_s: float) -> list[float]:
    """Press until the time is over; return when the kernel was asked each time."""
    await asyncio.sleep(random.uniform(0, every_s))
    end, asked = time.monotonic() + seconds, []
    while time.monotonic() < end:
        began = time.monotonic()
        asked.append(time.time())
        await kernel.output(PRESS.format(answer=(RIGHT, WRONG)[len(asked) % 2]))
        await asyncio.sleep(max(0.0, began + every_s - time.monotonic()))
    return asked


@contextlib.asynccontextmanager
async def at_work(hub: Hub, names: Sequence[str]) -> AsyncIterator[list[Kernel]]:
    """Give each of these people a server and a kernel in which the lesson's checks are loaded."""
    async with new_client() as client, contextlib.AsyncExitStack() as stack:
        kernels = []
        for name in names:
            visit = Visit(name, name, extra=False, token=hub.token_of(name))
            await ask_for_server(client, hub, visit)
            server = await open_lab(client, hub, visit)
            kernels.append(await stack.enter_async_context(server.kernel()))
            await kernels[-1].output(PREPARE)
        yield kernels


def find_delays(asked: Times, seen: Times) -> list[float]:
    """Return the seconds from each press to the page, for those whom the page shows; all of them must have come."""
    delays = []
    for name in asked.keys() & seen.keys():
        if len(seen[name]) < len(asked[name]):
            raise RuntimeError(f"{name} pressed {len(asked[name])} times, the page shows {len(seen[name])}")
        delays += [shown - began for began, shown in zip(asked[name], seen[name], strict=False)]
    return delays


def desk_cpu_s(hub: Hub) -> float:
    """Return the CPU seconds that the desk has used."""
    times = psutil.Process(hub.find_all("rounds.desk")[0]).cpu_times()
    return float(times.user + times.system)


async def measure(hub: Hub, event: Event, given: argparse.Namespace) -> dict[str, float]:
    """Bring everybody to work, let them press, and compare with what the pages showed."""
    names, results = choose(event, given.people), {"people": given.people}
    async with at_work(hub, names) as kernels, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        pages = {name: await sign_in(browser, hub, name) for name in LOOKERS}
        print(f"  {len(kernels)} people at work, {len(pages)} look", flush=True)
        before, began = desk_cpu_s(hub), time.monotonic()
        presses = [press_for(kernel, given.minutes * 60, given.every) for kernel in kernels]
        asked = dict(zip(names, await asyncio.gather(*presses), strict=True))
        results["desk_cpu_share"] = harness.rounded((desk_cpu_s(hub) - before) / (time.monotonic() - began))
        results["presses"] = sum(map(len, asked.values()))
        await asyncio.sleep(5)
        for name, page in pages.items():
            by_name = {event.person_by_name[username].name: times for username, times in asked.items()}
            delays = find_delays(by_name, await page.evaluate("window.seen"))
            for share in (0.5, 0.95):
                key = f"{LOOKERS[name]}_p{round(share * 100)}_s"
                results[key] = harness.rounded(harness.quantile(delays, share))
            results[f"{LOOKERS[name]}_seen"] = len(delays)
        await browser.close()
    return results


def main() -> None:
    """Run, print, and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--every", type=float, default=10.0)
    given = parser.parse_args()
    report_on_demo("board", lambda hub, event: measure(hub, event, given))


if __name__ == "__main__":
    main()
