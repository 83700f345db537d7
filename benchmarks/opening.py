"""A class opens the same lesson: from asking for it to its text, and to its first widget.

    python benchmarks/opening.py [--people 50] [--within-s 60] [--lesson a3-report-card]

On the demo event, spread evenly over a minute, nobody's server running: each person asks for the own learning server,
fetches the lesson's page, whose answer holds the text, starts a kernel and runs what the page runs by itself, in its
order (set-up, questions, buttons, widget), until the widget's cell has answered.  Pages are spoken by programs on the
same two cores: what a browser draws is on the learners' own machines (`lesson.py` has that).  Bar: p95 15 s to the
widget.  There is no peer: stock JupyterLab runs nothing by itself.  The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import Any

import harness
import httpx
from client import Server, new_client
from doors import Visit, ask_for_server
from hubs import Hub, report_on_demo
from presses import choose

from rounds.event import Event

BY_ITSELF = ("setup", "question", "widget", "check", "made", "show")


@dataclass
class Opening:
    """How many seconds after asking somebody had the text and the first widget."""

    text_s: float
    widget_s: float


async def open_lesson(hub: Hub, client: httpx.AsyncClient, name: str, lesson: str) -> Opening:
    """Open the lesson as its page does."""
    began = time.monotonic()
    visit = Visit(name, name, extra=False, token=hub.token_of(name))
    await ask_for_server(client, hub, visit)
    server = Server(f"{hub.base}/user/{name}", visit.token, client, hub.room_host(name))
    page = await client.get(f"{server.base}/rounds/lesson/{lesson}", headers=server.headers)
    page.raise_for_status()
    if "rounds-text-part" not in page.text:
        raise RuntimeError(f"the page of {name} holds no text")
    text_s = time.monotonic() - began
    path = str(page.url).partition("/notebooks/")[2]
    cells = await fetch_cells(client, server, path)
    async with contextlib.AsyncExitStack() as stack:
        kernel = await stack.enter_async_context(server.kernel())
        for cell in cells:
            await kernel.output(cell["source"])
            if cell["metadata"]["rounds"]["role"] == "widget":
                return Opening(text_s, time.monotonic() - began)
    raise RuntimeError(f"{lesson} has no widget")


async def fetch_cells(client: httpx.AsyncClient, server: Server, path: str) -> list[dict[str, Any]]:
    """Return the cells of the lesson that run by themselves, in their order."""
    answer = await client.get(f"{server.base}/api/contents/{path}", headers=server.headers)
    answer.raise_for_status()
    cells: list[dict[str, Any]] = answer.json()["content"]["cells"]
    return [cell for cell in cells if cell["metadata"].get("rounds", {}).get("role") in BY_ITSELF]


async def measure(hub: Hub, event: Event, asked: argparse.Namespace) -> dict[str, float]:
    """Let everybody come within the time, and return the quantiles."""
    names = choose(event, asked.people)

    async def come(number: int, client: httpx.AsyncClient) -> Opening:
        await asyncio.sleep(number * asked.within_s / len(names))
        return await open_lesson(hub, client, names[number], asked.lesson)

    async with new_client() as client:
        opened = await asyncio.gather(*(come(number, client) for number in range(len(names))))
    found = {"text": [one.text_s for one in opened], "widget": [one.widget_s for one in opened]}
    harness.print_table("seconds after asking", found)
    shares = {"p50": 0.5, "p95": 0.95}
    return {"people": len(opened)} | {
        f"{what}_{name}_s": harness.rounded(harness.quantile(times, share))
        for what, times in found.items()
        for name, share in shares.items()
    }


def main() -> None:
    """Run, print, and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--within-s", type=float, default=60)
    parser.add_argument("--lesson", default="a3-report-card")
    asked = parser.parse_args()
    report_on_demo("opening", lambda hub, event: measure(hub, event, asked))


if __name__ == "__main__":
    main()
