"""What a lesson's page asks of its room's server: how far, hand in, the lesson as it was released.

Each address takes a fixed thing and no path, no code and no name of a person.  jupyter_server's own cookie and XSRF
token stand before them; who hands in is what the hub says of the server's token.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError, authenticated

from rounds.errors import GradingError, UserError
from rounds.grading.service.client import find_client
from rounds.lessons.log import VARIABLE
from rounds.room.lesson.handing_in import HandIn
from rounds.room.lesson.released import ReleasedLesson, find_released
from rounds.room.lesson.standing import read_standing

NO_SERVICE = "There is no grading service here. Open this lesson from the home page of the desk."


class _Answer(APIHandler):
    """One address of a lesson."""

    def find(self, name: str) -> ReleasedLesson:
        """Return the lesson of this name; raise what the browser reads as a sentence."""
        outbound = self.settings.get("rounds_lessons")
        if outbound is None:
            raise HTTPError(404)
        try:
            return find_released(name, Path(outbound))
        except GradingError as error:
            raise HTTPError(404, reason=str(error)) from None


class ShowStanding(_Answer):
    """How far the learner is."""

    @authenticated
    def get(self, name: str) -> None:
        """Answer with the exercises that a check has passed, and the minutes."""
        lesson = self.find(name)
        log = Path(os.environ.get(VARIABLE, ""))
        self.finish(asdict(read_standing(log, (lesson.id, lesson.name), datetime.now(UTC))))


class ShowReleased(_Answer):
    """The lesson as it was released."""

    @authenticated
    def get(self, name: str) -> None:
        """Answer with the cells of the lesson, none of the learner's text in them."""
        self.finish({"cells": self.find(name).cells()})


class HandInHere(_Answer):
    """Hand in, and read what came back."""

    @authenticated
    async def get(self, name: str) -> None:
        """Answer with the newest attempt, and its marks when they are there."""
        await self._answer(HandIn.find_newest, name)

    @authenticated
    async def post(self, name: str) -> None:
        """Hand in what is saved, wait for the marks, and answer with them."""
        await self._answer(HandIn.hand_in, name)

    async def _answer(self, act: Any, name: str) -> None:
        lesson, client = self.find(name), find_client(os.environ)
        if client is None:
            self.finish({"refused": NO_SERVICE})
            return
        handing_in = HandIn(client.ask, lesson.name, Path(self.settings["server_root_dir"]))
        try:
            self.finish(await asyncio.to_thread(act, handing_in))
        except UserError as error:
            self.finish({"refused": str(error)})


def answer_handlers(at: str) -> list[tuple[Any, ...]]:
    """Return the addresses below that of a lesson, and their handlers."""
    return [
        (f"{at}/standing", ShowStanding),
        (f"{at}/released", ShowReleased),
        (f"{at}/hand-in", HandInHere),
    ]
