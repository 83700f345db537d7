"""The one service that the code in a room reaches: a Unix socket of the room's server, and a closed list of messages.

What concerns marks is passed on to the grading service with the server's token, which no code in the room has; the rest
the server does itself, in folders that the code in the room cannot write.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from rounds.errors import PublishError, RoomError, UserError
from rounds.grading.service.client import HELP_ADDRESS, find_client
from rounds.grading.service.messages import (
    LARGEST,
    AskForHelp,
    HandInLesson,
    HelpMessage,
    JudgeAnswer,
    ListAttempts,
    Message,
    Name,
    ReadFeedback,
)
from rounds.lessons.log import Pressed, record_check
from rounds.own_room import SOCKET
from rounds.room.publish import NO_TEAM, put_up
from rounds.store.folders import make_folder

READ_WITHIN_S = 30.0
AT_ONCE = 8  # messages of one room that are answered at a time; others wait
UNKNOWN = "The server of this room takes no such message."
log = logging.getLogger(__name__)


class WriteCheckDown(Message):
    """Write down that a check was pressed: never what was written in the cell."""

    kind: Literal["log"]
    lesson: Name
    exercise: Name
    passed: bool
    attempt: int = Field(ge=1, le=100_000)
    mistake: str = Field(default="", pattern=r"^[a-z0-9-]{0,40}$")  # a name of the lesson's, no words of the learner's


class Publish(Message):
    """Put up a dashboard that was frozen and tried in the room."""

    kind: Literal["publish"]
    name: str = Field(max_length=200)
    content: dict[str, Any]


class AskFromCode(AskForHelp):
    """Ask for help from code in the room, which is the room's account: nobody is named."""

    member: Literal[""] = ""


RoomMessage = Annotated[
    WriteCheckDown | Publish | AskFromCode | JudgeAnswer | HandInLesson | ListAttempts | ReadFeedback,
    Field(discriminator="kind"),
]
MESSAGES: TypeAdapter[RoomMessage] = TypeAdapter(RoomMessage)


def answer(message: RoomMessage, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the answer to one message; raise `UserError` with the reason when it is refused.

    `environ` is the server's own: it names the room's log and folders, and holds the token.
    """
    if isinstance(message, WriteCheckDown):
        record_check(Pressed(**message.model_dump(exclude={"kind"})), environ=environ)
        return {}
    if isinstance(message, Publish):
        target = environ.get("ROUNDS_PUBLISHED")
        if not target:
            raise PublishError(NO_TEAM)
        put_up(message.name, message.content, Path(target), environ)
        return {}
    if isinstance(message, AskFromCode):
        return ask_desk(message, environ)
    client = find_client(environ)
    if client is None:
        raise RoomError("This room has no grading service. Open your learning server from the home page.")
    return client.ask(message.model_dump())


def ask_desk(message: HelpMessage, environ: Mapping[str, str]) -> dict[str, Any]:
    """Pass a request for help on with the server's token; without the tick the box does not leave the room."""
    client = find_client(environ, HELP_ADDRESS)
    if client is None:
        raise RoomError("Nobody can be asked from this room. Ask on the desk: Help.")
    keeps_cell = isinstance(message, AskForHelp) and not message.with_cell
    return client.ask(message.model_dump() | ({"cell": None} if keeps_cell else {}))


class RoomService:
    """The socket and what answers at it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def open(self) -> asyncio.AbstractServer | None:
        """Listen at the socket that the environment names; None where it names none."""
        path = self._environ.get(SOCKET)
        if not path:
            return None
        make_folder(Path(path).parent)
        Path(path).unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._talk, path)
        os.chmod(path, 0o600)
        return server

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with self._turns:
                said = await self._answer(await asyncio.wait_for(_read(reader), READ_WITHIN_S))
            writer.write(json.dumps(said).encode())
            await writer.drain()
        except (TimeoutError, OSError):
            log.debug("a message broke off")
        finally:
            writer.close()

    async def _answer(self, body: bytes) -> dict[str, Any]:
        try:
            message = MESSAGES.validate_json(body)
            return await asyncio.to_thread(answer, message, self._environ)
        except ValidationError:
            return {"refused": UNKNOWN}
        except UserError as error:
            return {"refused": str(error)}
        except Exception:
            log.exception("a message of this room")
            return {"refused": "The server of this room could not do this: a fault of Rounds. Tell an organiser."}


async def _read(reader: asyncio.StreamReader) -> bytes:
    """Return one message up to the end of writing; nothing of one that is too long."""
    body = bytearray()
    while part := await reader.read(65536):
        body += part
        if len(body) > LARGEST:
            return b""
    return bytes(body)
