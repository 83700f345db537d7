"""Starts wait in order, a few at once; each knows its place, and a start that fails or is given up lets the next in."""

from __future__ import annotations

import asyncio

import pytest

from rounds.hub.start_queue import StartQueue, ordinal


def test_as_many_start_at_once_as_may_and_the_others_in_order() -> None:
    async def scene() -> tuple[list[str], int]:
        queue, order, most, running = StartQueue(2), [], 0, set()

        async def start(name: str) -> None:
            nonlocal most
            async with queue.turn(name):
                running.add(name)
                order.append(name)
                most = max(most, len(running))
                await asyncio.sleep(0.01)
                running.discard(name)

        await asyncio.gather(*(start(f"p{n}") for n in range(9)))
        return order, most

    order, most = asyncio.run(scene())
    assert order == [f"p{n}" for n in range(9)]
    assert most == 2


def test_each_knows_the_own_place_and_about_how_long() -> None:
    clock = [0.0]

    async def scene() -> list[str]:
        queue = StartQueue(1, now=lambda: clock[0])
        doors = {name: asyncio.Event() for name in "abc"}
        said = []

        async def start(name: str) -> None:
            async with queue.turn(name):
                await doors[name].wait()

        tasks = [asyncio.create_task(start(name)) for name in "abc"]
        await asyncio.sleep(0)
        said.append([queue.say(name) for name in "abc"])
        clock[0] = 6.0
        doors["a"].set()
        await asyncio.sleep(0.01)
        said.append([queue.say(name) for name in "bc"])
        for door in doors.values():
            door.set()
        await asyncio.gather(*tasks)
        said.append([queue.say("c")])
        return said

    assert asyncio.run(scene()) == [
        ["The server is starting.", "You are 1st in line; about 2 s.", "You are 2nd in line; about 4 s."],
        ["The server is starting.", "You are 1st in line; about 6 s."],
        ["The server is starting."],
    ]


def test_a_start_that_fails_lets_the_next_one_in() -> None:
    async def scene() -> list[str]:
        queue, came = StartQueue(1), []

        async def start(name: str, fails: bool) -> None:
            async with queue.turn(name):
                came.append(name)
                if fails:
                    raise OSError(name)

        done = await asyncio.gather(start("a", True), start("b", True), start("c", False), return_exceptions=True)
        assert [type(d) for d in done] == [OSError, OSError, type(None)]
        return came

    assert asyncio.run(scene()) == ["a", "b", "c"]


def test_who_gives_up_leaves_the_line() -> None:
    async def scene() -> list[int]:
        queue, door = StartQueue(1), asyncio.Event()

        async def start(name: str) -> None:
            async with queue.turn(name):
                await door.wait()

        tasks = {name: asyncio.create_task(start(name)) for name in "abc"}
        await asyncio.sleep(0)
        before = [queue.place(name) for name in "abc"]
        tasks["b"].cancel()
        with pytest.raises(asyncio.CancelledError):
            await tasks["b"]
        after = [queue.place(name) for name in "abc"]
        door.set()
        await asyncio.gather(tasks["a"], tasks["c"])
        return [*before, *after]

    assert asyncio.run(scene()) == [0, 1, 2, 0, 0, 1]


def test_ordinals() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 111)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "111th")
    ]
