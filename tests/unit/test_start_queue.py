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


class Line:
    """A line behind one long start, at a clock that the test sets; the last starts took as long as it says."""

    def __init__(self) -> None:
        self.clock = 0.0
        self.queue = StartQueue(1, now=lambda: self.clock)
        self.doors: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def join(self, *names: str) -> None:
        for name in names:
            self.doors[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._start(name))
            await asyncio.sleep(0)

    async def finish(self, name: str, at: float) -> None:
        self.clock = at
        self.doors[name].set()
        await self.tasks[name]
        await asyncio.sleep(0)

    async def _start(self, name: str) -> None:
        async with self.queue.turn(name):
            await self.doors[name].wait()


def test_a_slow_start_of_another_promises_no_longer_wait_at_a_second_look() -> None:
    async def scene() -> list[float]:
        line = Line()
        await line.join(*"abcdef")
        await line.finish("a", 4.0)  # starts take 4 s: f is 4th, 16 s
        seen = [line.queue.expected_s("f")]
        await line.finish("b", 16.0)  # one took 12 s: the median is now 8 s, and f, the 3rd, would wait for 24 s
        seen.append(line.queue.expected_s("f"))
        line.clock = 17.5
        return [*seen, line.queue.expected_s("f")]

    assert asyncio.run(scene()) == [16.0, 4.0, 2.5]


def test_a_promise_that_has_passed_is_made_anew_and_an_earlier_turn_is_told_at_once() -> None:
    async def scene() -> list[float]:
        line = Line()
        await line.join(*"abcd")
        await line.finish("a", 10.0)  # d is 2nd of two: 20 s, until 30
        seen = [line.queue.expected_s("d")]
        line.clock = 30.0
        seen.append(line.queue.expected_s("d"))  # the promise has passed, d is still 2nd
        await line.finish("b", 32.0)  # 10 s and 22 s: 16 s for the 1st, until 48
        seen.append(line.queue.expected_s("d"))
        return seen

    assert asyncio.run(scene()) == [20.0, 20.0, 16.0]


def test_who_comes_back_later_is_held_to_no_old_promise() -> None:
    async def scene() -> float:
        line = Line()
        await line.join("a", "b")
        assert line.queue.expected_s("b") == 2.0
        line.tasks["b"].cancel()
        await asyncio.gather(line.tasks["b"], return_exceptions=True)
        await line.join("c", "b")
        return line.queue.expected_s("b")

    assert asyncio.run(scene()) == 4.0


def test_looking_is_no_place_in_line() -> None:
    queue = StartQueue(1)
    assert queue.expected_s("nobody") == 0
    assert queue.say("nobody") == "The server is starting."


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
