"""Press and hand in: from a learner's kernel through its room's server to the judge, and back to a sentence and a mark.

    python benchmarks/presses.py [--people 50] [--at-once 10] [--rounds 10]

On the demo event, with a learning server and a kernel for everybody: so many people at once press the check of an
exercise whose answer is judged, again and again; then all press once at the same moment; then all hand the lesson in at
the same moment, until every mark and its feedback are there.  Times are what the page sees over the kernel's
websocket.  There is no peer: stock nbgrader's button does not judge, and nothing grades what was handed in (its time
for a submission is in `grading.py`).  The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time
from collections.abc import Sequence

import harness
from client import Kernel, new_client
from doors import Visit, ask_for_server, open_lab
from hubs import Hub, report_on_demo

from rounds.event import Event
from rounds.grading.attempts import find_attempts
from rounds.grading.course import Course, course_of
from rounds.grading.service.queue import is_graded, refusal_of
from rounds.store.folders import Folders

PREPARE = "from rounds.lessons import open_lesson\ncheck = open_lesson('a3')\nprint('ready')"
PRESS = "print(check.e1({answer}))"
RIGHT, WRONG = "100 * 900 / 5850", "95"
HAND_IN = """
import base64, json, pathlib
from rounds.own_room import ask_room
text = pathlib.Path("a3-report-card/a3_report_card.ipynb").read_bytes()
print(ask_room("hand-in", lesson="a3-report-card", files={"a3_report_card.ipynb": base64.b64encode(text).decode()}))
"""


def choose(event: Event, count: int) -> list[str]:
    """Return the names of so many people of the event, participants first."""
    names = [person.username for person in event.people if person.role.value == "participant"]
    return (names + [person.username for person in event.people if person.username not in names])[:count]


async def press(kernel: Kernel, answer: str, says: str) -> float:
    """Press the check of an exercise with an answer; return the seconds until its sentence."""
    began = time.monotonic()
    said = await kernel.output(PRESS.format(answer=answer))
    if says not in said:
        raise RuntimeError(f"the check said: {said}")
    return time.monotonic() - began


async def press_often(kernels: Sequence[Kernel], rounds: int) -> list[float]:
    """Let these people press again and again, right and wrong in turn."""

    async def one(kernel: Kernel) -> list[float]:
        turns = [(RIGHT, "This is right"), (WRONG, "95 is how often")]
        return [await press(kernel, *turns[number % 2]) for number in range(rounds)]

    return [took for times in await asyncio.gather(*map(one, kernels)) for took in times]


async def hand_in(kernel: Kernel) -> None:
    """Hand in the lesson."""
    said = await kernel.output(HAND_IN)
    if "'time'" not in said:
        raise RuntimeError(f"the hand-in said: {said}")


async def see_marks(course: Course, people: int) -> None:
    """Wait until everybody's attempt has its feedback; the disk is looked at, for asking would take the cores."""
    while sum(is_graded(course, attempt) for attempt in find_attempts(course)) < people:
        refused = [said for attempt in find_attempts(course) if (said := refusal_of(course, attempt))]
        if refused:
            raise RuntimeError(f"not graded: {refused[0]}")
        await asyncio.sleep(0.2)


async def timed(acts: Sequence[object]) -> float:
    """Return the seconds until all of them are done."""
    began = time.monotonic()
    await asyncio.gather(*acts)  # type: ignore[call-overload]
    return time.monotonic() - began


async def measure(hub: Hub, event: Event, asked: argparse.Namespace) -> dict[str, float]:
    """Bring everybody to work and measure."""
    names, gate = choose(event, asked.people), asyncio.Semaphore(8)
    async with new_client() as client, contextlib.AsyncExitStack() as stack:

        async def come(name: str) -> Kernel:
            visit = Visit(name, name, extra=False, token=hub.token_of(name))
            async with gate:
                await ask_for_server(client, hub, visit)
                server = await open_lab(client, hub, visit)
                page = await client.get(f"{server.base}/rounds/lesson/a3-report-card", headers=server.headers)
                page.raise_for_status()
                kernel = await stack.enter_async_context(server.kernel())
                await kernel.output(PREPARE)
            return kernel

        kernels = [await come(name) for name in names]
        print(f"  {len(kernels)} people at work", flush=True)
        await press_often(kernels[: asked.at_once], 2)
        often = await press_often(kernels[: asked.at_once], asked.rounds)
        checks = await timed([press(kernel, RIGHT, "This is right") for kernel in kernels])
        marks = see_marks(course_of(event, Folders(hub.state)), len(kernels))
        hand_ins = await timed([*(hand_in(kernel) for kernel in kernels), marks])
        return {
            "people": len(kernels),
            "check_p50_s": harness.rounded(harness.quantile(often, 0.5)),
            "check_p95_s": harness.rounded(harness.quantile(often, 0.95)),
            f"burst{len(kernels)}_checks_s": harness.rounded(checks),
            f"burst{len(kernels)}_handins_s": harness.rounded(hand_ins),
        }


def main() -> None:
    """Run, print, and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--at-once", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=10)
    asked = parser.parse_args()
    report_on_demo("presses", lambda hub, event: measure(hub, event, asked))


if __name__ == "__main__":
    main()
