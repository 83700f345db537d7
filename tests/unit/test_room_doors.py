"""A person who has lost access: open websockets close, and what the hub said before is not believed any longer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from jupyterhub.services.auth import HubOAuth
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError

from rounds.room.doors import NO_LONGER_ALLOWED, Doors

SCOPE = "access:servers!server=team-stork/"


class Hub(RequestHandler):
    """The hub's word on a token: only the tokens of `members` have access; none has while it is `down`."""

    def get(self) -> None:
        if self.settings["down"]:
            self.set_status(500)
            return
        token = self.request.headers["Authorization"].removeprefix("token ")
        if token not in self.settings["members"]:
            self.set_status(403)
            return
        self.write(json.dumps({"name": token, "kind": "user", "scopes": [SCOPE]}))


class Echo(WebSocketHandler):
    """A page's websocket."""

    def on_message(self, message: str | bytes) -> None:
        self.write_message(message)


class Room(HubOAuth):
    """JupyterHub's own asker, whose pages bring their token in the address."""

    def get_token(self, handler: RequestHandler, in_cookie: bool = True) -> str:
        return handler.get_argument("token")


@asynccontextmanager
async def room_with_two() -> AsyncIterator[tuple[Room, Doors, Application, list[ClientConnection]]]:
    """Karim's and Roni's page open in one room, in this order."""
    listening, port = bind_unused_port()
    auth = Room(api_url=f"http://127.0.0.1:{port}/hub/api", api_token="room", access_scopes={SCOPE}, cache_max_age=30)
    doors = Doors(auth)  # type: ignore[arg-type]
    doors.watch(Echo)
    hub = Application([("/hub/api/user", Hub), ("/echo", Echo)], members={"karim", "roni"}, down=False)
    server = HTTPServer(hub)
    server.add_socket(listening)
    async with AsyncExitStack() as stack:
        address = f"ws://127.0.0.1:{port}/echo?token="
        pages = [await stack.enter_async_context(connect(f"{address}{name}")) for name in ("karim", "roni")]
        yield auth, doors, hub, pages
    server.stop()
    await server.close_all_connections()


def test_who_lost_access_is_closed_and_forgotten_and_the_others_stay() -> None:
    async def lose_one() -> None:
        async with room_with_two() as (auth, doors, hub, (karim, roni)):
            assert await auth.user_for_token("karim", sync=False)
            hub.settings["members"] = {"roni"}
            assert await doors.close_lost() == 1
            with pytest.raises(ConnectionClosedError):
                await karim.recv()
            assert karim.close_code == NO_LONGER_ALLOWED
            assert await auth.user_for_token("karim", sync=False) is None
            await roni.send("still here")
            assert await roni.recv() == "still here"

    asyncio.run(lose_one())


def test_a_hub_that_does_not_answer_throws_nobody_out() -> None:
    async def lose_the_hub() -> None:
        async with room_with_two() as (_auth, doors, hub, (karim, _roni)):
            hub.settings["down"] = True
            assert await doors.close_lost() == 0
            await karim.send("still here")
            assert await karim.recv() == "still here"

    asyncio.run(lose_the_hub())
