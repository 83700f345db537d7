"""A team has one file scored at a time: a second press is answered at once, and other teams have their places."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI
from tests.desk import Visitor

from rounds.desk.desk import IN_TURN, Desk
from rounds.errors import DataError


async def press_twice(desk: Desk) -> None:
    async with asyncio.timeout(20), desk.score_of("stork"):
        with pytest.raises(DataError, match="is being scored"):
            async with desk.score_of("stork"):
                pass
        async with desk.score_of("cradle"):
            pass
    async with desk.score_of("stork"):
        pass


def test_a_second_press_takes_no_place(app: FastAPI) -> None:
    asyncio.run(press_twice(app.state.desk))


def test_a_second_press_is_answered_on_the_page(app: FastAPI) -> None:
    app.state.desk._scored.add("stork")  # as while its first file is scored
    reply = Visitor(app, "noa").post("scores/stork", files={"file": ("p.csv", b"id,prediction\n1,2\n", "text/csv")})
    assert reply.status_code == 422
    assert IN_TURN in reply.text
