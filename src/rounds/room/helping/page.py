"""`/rounds/help` in a room: ask a mentor from a page, and read the own requests with their answers.

The page's request is of the signed-in person, whom the hub named; a POST shows the room's own XSRF secret, as every
change in a Jupyter server does.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from pydantic import ValidationError
from tornado.web import HTTPError, authenticated

from rounds.errors import UserError
from rounds.grading.service.client import HELP_ADDRESS
from rounds.grading.service.messages import AskForHelp, HelpMessage, ListHelp
from rounds.room.service import ask_desk
from rounds.slugs import TEAM_PREFIX

UNKNOWN = "A request for help has the fields lesson, exercise, words, with_cell and cell, and no others."
FIELDS = ("lesson", "exercise", "words", "with_cell", "cell")


class HelpHandler(APIHandler):
    """Take a request for help, and tell of the own ones."""

    @authenticated
    async def get(self) -> None:
        """Answer with the own requests: ``{"requests": [...]}``, the oldest first; 404 where nobody can be asked."""
        await self._pass_on(ListHelp(kind="help-list", member=self._member()))

    @authenticated
    async def post(self) -> None:
        """Ask, and answer with the own requests and the new one's number: ``{"id": 7, "requests": [...]}``."""
        said = self.get_json_body()
        if not isinstance(said, dict) or not set(said) <= set(FIELDS):
            raise HTTPError(400, UNKNOWN)
        try:
            message = AskForHelp.model_validate({**said, "kind": "help", "member": self._member()})
        except ValidationError:
            raise HTTPError(400, UNKNOWN) from None
        await self._pass_on(message)

    def _member(self) -> str:
        """Return who is signed in at a team's room; in a learning server its account says it."""
        account = os.environ.get("JUPYTERHUB_USER", "")
        user = str(getattr(self.current_user, "username", ""))
        return user if account.startswith(TEAM_PREFIX) and user != account else ""

    async def _pass_on(self, message: HelpMessage) -> None:
        if HELP_ADDRESS not in os.environ:
            raise HTTPError(404, "Nobody can be asked from this room.")
        try:
            said: dict[str, Any] = await asyncio.to_thread(ask_desk, message, os.environ)
        except UserError as error:
            self.set_status(409)
            said = {"refused": str(error)}
        self.finish(said)


def help_handlers(base_url: str) -> list[tuple[str, type[Any]]]:
    """Return the page's address and handler."""
    return [(url_path_join(base_url, "/rounds/help"), HelpHandler)]
